import type { Node } from '@tiptap/pm/model';
import type { LetterValues } from '../../shared/letters.ts';
import { blockText } from './block-text.ts';

/** How much a letter is: words as they read, chips and computed tables included, and pages as the PDF would have, about. */
export interface LetterSize {
  words: number;
  pages: number;
}

export interface LetterMeter {
  of(doc: Node): LetterSize;
  /** Words of [from, to). */
  wordsIn(doc: Node, from: number, to: number): number;
}

/** Points, as main/export/pdf-pages.ts has them: text from 72 to 540, from 90 to 720 down, the letterhead above. */
const [pageHeight, lineHeight, columnWidth, letterheadHeight] = [630, 15, 468, 32];
/** Width of a letter of Source Serif 4 at 11 points, in running English. */
const letterWidth = 5.06;

/** Reads each block once for as long as it says the same; blocks of the editor are never changed, only replaced. */
export function createLetterMeter(values: LetterValues): LetterMeter {
  const known = new WeakMap<Node, { words: number; points: number }>();

  function measured(block: Node): { words: number; points: number } {
    const before = known.get(block);
    if (before) return before;
    const now = block.isTextblock ? ofText(block, values) : ofComputed(block, values);
    known.set(block, now);
    return now;
  }

  return {
    of(doc) {
      let [words, points] = [0, letterheadHeight];
      doc.descendants((node) => {
        if (!node.isTextblock && !(node.isBlock && node.isLeaf)) return true;
        const size = measured(node);
        words += size.words;
        points += size.points;
        return false;
      });
      return { words, pages: Math.max(1, Math.ceil(points / pageHeight)) };
    },
    wordsIn(doc, from, to) {
      let words = 0;
      doc.nodesBetween(from, to, (node, position) => {
        if (!node.isTextblock) return true;
        const { text, at } = blockText(node, values);
        const first = at.findIndex((offset) => position + 1 + offset >= from);
        const end = at.findIndex((offset) => position + 1 + offset >= to);
        words += countWords(text.slice(first < 0 ? text.length : first, end < 0 ? text.length : end));
        return false;
      });
      return words;
    },
  };
}

function ofText(block: Node, values: LetterValues): { words: number; points: number } {
  const { text } = blockText(block, values);
  const isHeading = block.type.name === 'heading';
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil((line.length * letterWidth) / columnWidth)), 0);
  return { words: countWords(text), points: lines * lineHeight + (isHeading ? 16 : 8) };
}

/** Tables and exhibits stand in the letter as what they are computed to. */
function ofComputed(block: Node, { specials, exhibits }: LetterValues): { words: number; points: number } {
  if (block.type.name === 'specialsTable') {
    const names = specials.providers.reduce((sum, { provider }) => sum + countWords(provider), 0);
    return { words: names + specials.providers.length * 5 + 10, points: (specials.providers.length + 2) * 18 + 14 };
  }
  if (block.type.name === 'exhibitList')
    return { words: exhibits.reduce((sum, { name }) => sum + 2 + countWords(name), 0), points: exhibits.length * 17 };
  return { words: 0, points: 0 };
}

/** Words as Word counts them: what stands between spaces. */
export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;
