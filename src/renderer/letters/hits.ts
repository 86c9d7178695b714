import type { Node } from '@tiptap/pm/model';
import type { LetterValues } from '../../shared/letters.ts';
import { blockText } from './block-text.ts';

export interface Wanted {
  words: string;
  matchCase: boolean;
  wholeWords: boolean;
}

/** A place that says what is looked for. Positions [from, to) in the letter. */
export interface Hit {
  from: number;
  to: number;
  /** The variable of the first chip that shows some of it: such words are computed, and replaced where they come from. Null where all of it was typed. */
  variable: string | null;
}

export interface HitFinder {
  /** In reading order. */
  in(doc: Node): Hit[];
}

/**
 * Finds words in a letter as it reads: across bold and plain, in what chips show as well, not across paragraphs. Straight and curved quotation marks are alike, and so
 * are a space and one that does not break. A block that did not change since the last look is not read again: the editor's blocks are never changed, only replaced.
 */
export function createHitFinder(wanted: Wanted, values: LetterValues): HitFinder {
  const pattern = patternOf(wanted);
  const known = new WeakMap<Node, Hit[]>();

  function inBlock(block: Node, words: RegExp): Hit[] {
    const { text, at, chips } = blockText(block, values);
    return [...text.matchAll(words)].flatMap((match) => {
      const [start, end] = [match.index, match.index + match[0].length];
      const [from, last] = [at[start], at[end - 1]];
      if (from === undefined || last === undefined || end === start) return [];
      // whatever stands in a block, a character or a chip, takes up one place
      return [{ from, to: last + 1, variable: chips.find((chip) => chip.start < end && start < chip.end)?.variable ?? null }];
    });
  }

  return {
    in(doc) {
      if (pattern === null) return [];
      const hits: Hit[] = [];
      doc.descendants((node, position) => {
        if (!node.isTextblock) return !node.isLeaf;
        const found = known.get(node) ?? inBlock(node, pattern);
        known.set(node, found);
        for (const { from, to, variable } of found) hits.push({ from: position + 1 + from, to: position + 1 + to, variable });
        return false;
      });
      return hits;
    },
  };
}

const [before, after] = ['(?<![\\p{L}\\p{M}\\p{N}_])', '(?![\\p{L}\\p{M}\\p{N}_])'];
const alike = [
  ["'’‘", "['’‘]"],
  ['"“”', '["“”]'],
  [' \u00a0', '[ \u00a0]'],
  ['-‐‑', '[-‐‑]'],
] as const;

function patternOf({ words, matchCase, wholeWords }: Wanted): RegExp | null {
  if (words === '') return null;
  const literal = words
    .normalize('NFC')
    .replace(
      /./gsu,
      (character) => alike.find(([all]) => all.includes(character))?.[1] ?? character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'),
    );
  return new RegExp(wholeWords ? `${before}${literal}${after}` : literal, matchCase ? 'gu' : 'giu');
}

/** Which hit comes next from a position, as a number in the list; the first after the last one. -1 where there is none. */
export function hitFrom(hits: readonly Hit[], position: number, step: 1 | -1): number {
  if (hits.length === 0) return -1;
  if (step === 1)
    return Math.max(
      0,
      hits.findIndex(({ from }) => from >= position),
    );
  const index = hits.findLastIndex(({ from }) => from < position);
  return index < 0 ? hits.length - 1 : index;
}
