import type { SectionView } from '../../shared/drafting.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { chipText } from '../../shared/citations.ts';
import type { TemplateSection } from '../../shared/template-content.ts';
import { readable, textBlocks } from '../sync/letter-suggestion.ts';

/** A section of a letter: a heading and what stands under it. Blocks are counted from 1, paragraphs and headings. */
export interface Section extends SectionView {
  /** The last of its blocks: behind it comes what is drafted. */
  last: number;
  /** What stands in it, chips by name. */
  text: string;
  /** The template's words for it, or null. */
  template: TemplateSection | null;
}

/** The sections of a letter as it stands, in order; what is before the first heading is none. `known`: those of its template. */
export function sectionsOf(known: readonly TemplateSection[], state: Uint8Array, values: LetterValues): Section[] {
  const sections: Section[] = [];
  for (const { block, text, isHeading } of textBlocks(state)) {
    const last = sections.at(-1);
    if (isHeading && text.trim() !== '') {
      const title = readable(text, (chip) => chipText(values, chip)).trim();
      const found = known.find((one) => key(one.title) === key(text)) ?? null;
      sections.push({ block, title, isInTemplate: found !== null, last: block, text: '', template: found });
    } else if (last) Object.assign(last, { last: block, text: `${last.text}\n${text}`.trim() });
  }
  return sections;
}

const key = (title: string): string => title.toLowerCase().replace(/\s+/g, ' ').trim();
