import type { Node } from '@tiptap/pm/model';
import type { LetterValues } from '../../shared/letters.ts';
import { blockText } from './block-text.ts';

/** A word of the letter, and its positions [from, to). */
export interface SpelledWord {
  word: string;
  from: number;
  to: number;
}

const words = /(?<![\p{L}\p{M}\p{N}_@#/\\])[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*(?![\p{L}\p{M}\p{N}_@/\\])/gu;
/** Addresses of people and pages are not spelled. */
const addresses = /\S+@\S+|\b(?:https?:\/\/|www\.)\S+/g;

/** The words of a textblock that a person typed: of chips none, nor one that touches a chip. `start`: where the block's content begins. */
export function wordsOf(block: Node, start: number, values: LetterValues): SpelledWord[] {
  const { text, at, chips } = blockText(block, values);
  const left = [...chips, ...[...text.matchAll(addresses)].map((match) => ({ start: match.index, end: match.index + match[0].length }))];
  return [...text.matchAll(words)].flatMap(({ 0: word, index }) => {
    const end = index + word.length;
    const [from, last] = [at[index], at[end - 1]];
    if (word.length < 2 || word.length > 64 || from === undefined || last === undefined) return [];
    if (left.some((other) => other.start <= end && index <= other.end)) return [];
    return [{ word, from: start + from, to: start + last + 1 }];
  });
}
