import { tokensOf } from '../store/index-tables.ts';
import { daysIn, sumsIn } from './numbers.ts';
import { synonymsOf, mostSynonymWords } from './synonyms.ts';

/** One thing that has to be there, in the ways it may be said. Each way is words in a row. */
export interface Part {
  /** As it was asked, in small letters. */
  asked: string;
  /** What is as good as what was asked: every one of these has to be there (AND)... */
  words: string[];
  /** ...or the index's word for this day or sum is; null for others. */
  told: string | null;
  /** Counts less. */
  synonyms: string[];
  /** A word that may go on, or be mistyped: it was neither in quotes nor of digits. */
  isOpen: boolean;
  /** The last word, while it is typed. */
  isBegun: boolean;
}

export interface Query {
  parts: Part[];
  /** Rows of words that must not be there. */
  without: string[];
}

/** More is no question; the index would give up on it. */
const mostParts = 12;
/** Everywhere, so that they say nothing: left out beside other words. */
const fillers = new Set(
  'a an and are as at be by did do for from had has have he her his in is it its of on or she that the their this to was were what when where which who will with'.split(
    ' ',
  ),
);

/** What a person typed, in any spelling. Nothing in it can be wrong: what has no letters or digits asks nothing. */
export function parseQuery(text: string, isTyping = false): Query {
  const parts: Part[] = [];
  const without: string[] = [];
  let rest = text.normalize('NFC');
  // what is understood is blanked out, so that the places of the rest stay
  const blank = (start: number, end: number): void => void (rest = rest.slice(0, start) + '\n'.repeat(end - start) + rest.slice(end));
  const places: { at: number; part: Part }[] = [];
  for (const { index, 0: whole, 1: minus, 2: words } of [
    ...rest.matchAll(/(?<![\p{L}\p{N}])(-?)["\u201c\u201d]([^"\u201c\u201d]*)["\u201c\u201d]?/gu),
  ]) {
    const phrase = tokensOf(words ?? '').join(' ');
    if (phrase !== '' && minus === '-') without.push(phrase);
    else if (phrase !== '') places.push({ at: index, part: plainPart(phrase, [phrase]) });
    blank(index, index + whole.length);
  }
  for (const { index, 0: whole, 1: word } of [...rest.matchAll(/(?<!\S)-(?=[\p{L}\p{N}])(\S+)/gu)]) {
    const phrase = tokensOf(word ?? '').join(' ');
    if (phrase !== '') without.push(phrase);
    blank(index, index + whole.length);
  }
  for (const find of [daysIn, sumsIn]) {
    for (const { start, end, word } of find(rest)) {
      const asked = rest.slice(start, end).toLowerCase();
      // a plain number may be the number of something as well
      places.push({ at: start, part: { ...plainPart(asked, /^\d+$/.test(asked) ? [asked] : []), told: word } });
      blank(start, end);
    }
  }
  places.push(...wordsIn(rest, isTyping && !/\s$/.test(text)));
  for (const { part } of places.sort((a, b) => a.at - b.at)) parts.push(part);
  const telling = parts.filter(({ words, synonyms }) => words.length !== 1 || synonyms.length > 0 || !fillers.has(words[0] ?? ''));
  return { parts: (telling.length > 0 ? telling : parts).slice(0, mostParts), without: without.slice(0, mostParts) };
}

const plainPart = (asked: string, words: string[]): Part => ({
  asked,
  words,
  told: null,
  synonyms: [],
  isOpen: false,
  isBegun: false,
});

/** Plain words, the longest row of them that has synonyms together. C5-C6 is one word of two: they have to stand in a row. */
function wordsIn(text: string, isTyping: boolean): { at: number; part: Part }[] {
  const words = [...text.matchAll(/\S+/g)].flatMap(({ index, 0: word }) => {
    const tokens = tokensOf(word);
    return tokens.length === 0 ? [] : [{ at: index, tokens, end: index + word.length }];
  });
  const found: { at: number; part: Part }[] = [];
  for (let n = 0; n < words.length;) {
    let taken = 1;
    let synonyms: string[] = [];
    for (let length = Math.min(mostSynonymWords, words.length - n); length >= 1 && synonyms.length === 0; length -= 1) {
      const row = words.slice(n, n + length);
      const isUnbroken = row.every(({ at }, i) => i === 0 || !text.slice(row[i - 1]?.end, at).includes('\n'));
      if (isUnbroken) synonyms = synonymsOf(row.flatMap(({ tokens }) => tokens).join(' '));
      if (synonyms.length > 0) taken = length;
    }
    const row = words.slice(n, n + taken);
    const isLast = n + taken === words.length;
    const rows = row.map(({ tokens }) => tokens.join(' '));
    const asked = rows.join(' ');
    const isWord = taken === 1 && row[0]?.tokens.length === 1;
    const isEnd = isTyping && isLast && !text.endsWith('\n');
    const kept = taken > 1 ? rows.filter((word) => !fillers.has(word)) : rows;
    found.push({
      at: row[0]?.at ?? 0,
      part: {
        ...plainPart(asked, kept.length > 0 ? kept : rows),
        synonyms,
        isOpen: isWord && !/\p{N}/u.test(asked),
        isBegun: isWord && isEnd,
      },
    });
    n += taken;
  }
  return found;
}
