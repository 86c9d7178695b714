import { and, eq, isNull } from 'drizzle-orm';
import type { SectionView } from '../../shared/drafting.ts';
import type { Block, LetterValues } from '../../shared/letters.ts';
import { chipText } from '../../shared/citations.ts';
import { TemplateContent, templateToBlocks } from '../letters/letters.ts';
import { letter, template } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
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
type TemplateSection = ReturnType<typeof TemplateContent.parse>['sections'][number];

/** The sections of a letter as it stands, in order; what is before the first heading is none. */
export function sectionsOf(store: Store, letterId: string, state: Uint8Array, values: LetterValues): Section[] {
  const known = templateOf(store, letterId);
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

function templateOf(store: Store, letterId: string): TemplateSection[] {
  const row = store.db
    .select({ content: template.templateContent })
    .from(letter)
    .innerJoin(template, eq(template.templateId, letter.templateId))
    .where(and(eq(letter.letterId, letterId), isNull(template.deletedAt)))
    .get();
  const content = TemplateContent.safeParse(row?.content);
  return content.success ? content.data.sections : [];
}

/** What the template writes in a section, its conditions decided by what is known now; without the heading. Null where the firm's template has no such section. */
export function templateBlocks(section: Section, { variables }: LetterValues): Block[] | null {
  if (!section.template) return null;
  const isKnown = (name: string): boolean => Object.hasOwn(variables, name) && variables[name]?.state !== 'missing';
  const made = templateToBlocks({ sections: [{ ...section.template, heading: false }] }, isKnown);
  return made.ok ? made.value.blocks : null;
}
