import { expect, test } from 'vitest';
import { expressionOf, plainly } from '../../../src/main/find/expression.ts';
import { weigh } from '../../../src/main/find/weigh.ts';
import { makeFindLaptop, partOf as part } from '../../support/find-pages.ts';

const words = ['lumbar', 'collision', 'store', 'invoice', 'clavicle', 'knee', 'mri', 'ladder', 'wet', 'floor', 'cane', 'brace'];

/** A small generator of numbers that the same seed repeats. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test('the few that were found are weighed as the index would rank them, words that are rarer and said more often first', async () => {
  const seed = Date.now() % 1_000_000;
  const pick = numbers(seed);
  const laptop = makeFindLaptop();
  const matter = laptop.addMatter('Ames v. Harbor');
  const pages = Array.from({ length: 60 }, () =>
    // common words and rare ones, short pages and long ones
    Array.from({ length: 8 + pick(60) }, () => words[Math.min(pick(words.length), pick(words.length))]).join(' '),
  );
  laptop.addDocument(matter, 'records.txt', pages);
  await laptop.find.settled();
  const { store } = laptop;
  const textOf = store.raw.prepare('select body from find_text where chunk_id = ?').pluck();
  for (let round = 0; round < 30; round += 1) {
    const parts = [part(words[pick(words.length)] ?? ''), part(words[pick(words.length)] ?? '')];
    const ranked = store.raw
      .prepare('select rowid, rank from find_words where find_words match ? order by rank')
      .all(expressionOf(parts, [], plainly)) as { rowid: number; rank: number }[];
    const texts = ranked.map(({ rowid }) => String(textOf.get(rowid)));
    const scores = weigh(store, texts, parts);
    // the average length is of those found here, of all passages there: near neighbours may change places
    for (const [n, { rank }] of ranked.entries()) {
      for (let other = n + 1; other < ranked.length; other += 1) {
        const apart = (ranked[other]?.rank ?? 0) / rank; // both are below zero: the smaller share, the further apart
        if (apart < 0.8)
          expect(scores[n], `seed ${String(seed)}: ${parts.map(({ asked }) => asked).join(' ')}`).toBeGreaterThan(scores[other] ?? 0);
      }
    }
  }
  expect(laptop.bugs).toEqual([]);
});

test('a day that was asked for counts for itself, where no word of the question is on the page', () => {
  const laptop = makeFindLaptop();
  const day = { ...part(''), words: [], told: 'd20240215' };
  expect(weigh(laptop.store, ['Seen on 02/15/2024.'], [day])).toEqual([1]);
});

test('numbers and words of two letters, which nobody counts, weigh no more than the words beside them', async () => {
  const laptop = makeFindLaptop();
  const matter = laptop.addMatter('Ames v. Harbor');
  laptop.addDocument(matter, 'records.txt', [
    'The surgery of the knee was done.',
    'Seen in surgery.',
    ...Array.from({ length: 40 }, (_, n) => `Nothing of note, sheet ${String(n)}.`),
  ]);
  await laptop.find.settled();
  const [said = 0, numbered = 0] = weigh(laptop.store, ['surgery surgery page 2', 'surgery page 2 2 2 2 2'], [part('surgery'), part('2')]);
  expect(said).toBeGreaterThan(numbered * 0.8);
  // "surgeries" is on no page, and no rarer for that
  expect(weigh(laptop.store, ['surgery'], [part('surgeries')])).toEqual(weigh(laptop.store, ['surgery'], [part('surgery')]));
});
