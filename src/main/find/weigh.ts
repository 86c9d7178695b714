import { wordsOf } from '../store/index-tables.ts';
import type { Store } from '../store/store.ts';
import type { OpenedPart } from './expression.ts';
import { countsOf } from './marks.ts';
import { stemOf } from './stem.ts';

/** As the index's own ranking has them. */
const [saturation, lengthShare] = [1.2, 0.75];
const leastWeight = 1e-6;
/** Counted in a millisecond or two. */
const fewUses = 5_000;

/**
 * How well each text says the parts of a question: BM25, as the index ranks. The index counts for each word on how many passages of the firm it is before it
 * ranks even one, which takes a hundred times as long as to look at the few that were found; here the words' own counts say how rare each is.
 * Returns a score for each text, more is better.
 */
export function weigh(store: Store, texts: readonly string[], parts: readonly OpenedPart[]): number[] {
  const ways = waysOf(parts);
  // days and sums are told in an own spelling, and once
  const told = parts.filter((part) => part.told !== null).length;
  const weights = raritiesOf(store, ways);
  const counted = texts.map((text) => countsOf(text, ways));
  const average = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counted.length);
  return counted.map(({ length, counts }) => {
    const norm = saturation * (1 - lengthShare + lengthShare * (length / Math.max(1, average)));
    return counts.reduce((sum, count, n) => sum + ((weights[n] ?? 0) * count * (saturation + 1)) / (count + norm), told);
  });
}

/** Whether the index would have to count so many pages that it is quicker to look at the few that were found. */
export function isCommon(store: Store, parts: readonly OpenedPart[]): boolean {
  const words = waysOf(parts).flatMap((way) => way.split(' '));
  const { uses } = store
    .compiled('select coalesce(sum(uses), 0) as uses from find_word where word in (select value from json_each(?))')
    .get(JSON.stringify(words)) as { uses: number };
  return uses > fewUses;
}

const waysOf = (parts: readonly OpenedPart[]): string[] => [
  ...new Set(parts.flatMap(({ words, begun, synonyms, typos }) => [...words, ...begun, ...synonyms, ...typos])),
];

/** Of each row of words, by the rarest of them. What is not counted, numbers and words of two letters, weighs as the commonest of the others. */
function raritiesOf(store: Store, ways: readonly string[]): number[] {
  const pages = (store.compiled('select coalesce(max(page_key), 0) as n from find_page').get() as { n: number }).n;
  const weighed = ways.map((way) => {
    const counted = way.split(' ').filter((word) => wordsOf(word).size > 0);
    const fewest = Math.min(...counted.map((word) => usesOf(store, word)), pages);
    return counted.length === 0 ? null : Math.max(leastWeight, Math.log((pages - fewest + 0.5) / (fewest + 0.5)));
  });
  const least = Math.min(...weighed.filter((weight) => weight !== null), 1);
  return weighed.map((weight) => weight ?? least);
}

/** Pages with the word in its commonest ending: whichever was asked for, the others are found as well. */
function usesOf(store: Store, word: string): number {
  const stem = stemOf(word);
  const beginning = stem.endsWith('i') ? stem.slice(0, -1) : stem; // injury, injuries
  const found = store
    .compiled('select coalesce(max(uses), 0) as uses from find_word where word = ? or (word >= ? and word < ?)')
    .get(word, beginning, `${beginning}\u{10ffff}`) as { uses: number };
  return found.uses;
}
