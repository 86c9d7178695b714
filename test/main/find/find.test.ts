import { expect, test } from 'vitest';
import type { FindHit, FindRequest } from '../../../src/shared/find.ts';
import { makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

async function firm(): Promise<FindLaptop & { ames: string; bell: string; hits(words: string, more?: Partial<FindRequest>): FindHit[] }> {
  const laptop = makeFindLaptop();
  const [ames, bell] = [laptop.addMatter('Ames v. Harbor'), laptop.addMatter('Bell v. Pier')];
  laptop.addDocument(ames, 'records/er-visit.pdf', [
    'Harbor General Emergency Department. The patient, Maria Gonzalez, was seen on 02/15/2024 after a motor vehicle accident. She reports neck pain.\n\nX-ray shows no fracture of the clavicle. MRI of the C5-C6 level was ordered.',
    'Discharge instructions. Return if symptoms worsen. Total charge $1,234.00 for the visit.',
  ]);
  laptop.addDocument(ames, 'bills/ledger.txt', [
    'Balance of 11,234.00 and 1,234,567.00 remains unpaid. Date of service February 15, 2024.',
  ]);
  laptop.addDocument(bell, 'photos/broken railing.jpg', ['']);
  laptop.addDocument(bell, 'letters/offer.txt', [
    'Our insured, Robert Schwarzkopf, disputes the lien. The car crash happened on 2024-02-16.',
  ]);
  await laptop.find.settled();
  expect(laptop.bugs).toEqual([]);
  return Object.assign(laptop, {
    ames,
    bell,
    hits: (words: string, more: Partial<FindRequest> = {}) => must(laptop.find.search({ words, ...more })).hits,
  });
}
const names = (hits: FindHit[]): string[] => hits.map(({ fileName, page }) => `${fileName} ${String(page)}`);

test('words find their page, its sentence and what to mark, in any ending', async () => {
  const { hits } = await firm();
  const [first] = hits('fractures clavicle');
  expect(first).toMatchObject({ fileName: 'er-visit.pdf', page: 1, quote: 'X-ray shows no fracture of the clavicle.', why: [] });
  expect(first?.snippet.marks.map(({ start, end }) => first.snippet.text.slice(start, end))).toEqual(['fracture', 'clavicle']);
  expect(hits('nowhere to be found')).toEqual([]);
});

test('a phrase stands in a row, a minus keeps away, the last word may go on', async () => {
  const { hits } = await firm();
  expect(names(hits('"neck pain"'))).toEqual(['er-visit.pdf 1']);
  expect(hits('"pain neck"')).toEqual([]);
  expect(names(hits('harbor -gonzalez'))).toEqual([]);
  expect(names(hits('gonz', { isTyping: true }))).toEqual(['er-visit.pdf 1']);
  expect(hits('gonz')).toEqual([]);
});

test('a day and a sum are found in any spelling, and a sum that is part of another is not', async () => {
  const { hits } = await firm();
  for (const day of ['02/15/2024', '2/15/24', '2024-02-15', 'February 15, 2024', 'Feb. 15 2024', '15 February 2024'])
    expect(names(hits(day)).sort(), day).toEqual(['er-visit.pdf 1', 'ledger.txt 1']);
  for (const sum of ['$1,234.00', '1234', '$1234', '1,234', '1234.00']) expect(names(hits(sum)), sum).toEqual(['er-visit.pdf 2']);
});

test('another word for it is found after the word itself, and says so', async () => {
  const { hits } = await firm();
  const found = hits('MVA');
  expect(names(found).sort()).toEqual(['er-visit.pdf 1', 'offer.txt 1']);
  expect(found.map(({ why }) => why[0]?.how)).toEqual(['synonym', 'synonym']);
  expect(names(hits('car crash'))[0]).toBe('offer.txt 1');
  expect(names(hits('emergency room'))).toContain('er-visit.pdf 1');
  expect(names(hits('subrogation'))).toEqual(['offer.txt 1']);
});

test('a word that was mistyped is taken for the one it is like, and says so', async () => {
  const { hits } = await firm();
  expect(hits('Gonzales')[0]).toMatchObject({ page: 1, why: [{ how: 'typo', asked: 'gonzales', found: 'gonzalez' }] });
  expect(names(hits('Schwarzkpof'))).toEqual(['offer.txt 1']);
  expect(names(hits('Shwarzkof'))).toEqual(['offer.txt 1']);
});

test('one matter or all, a kind, a folder; a document that only its name tells is found by it', async () => {
  const { hits, ames, bell } = await firm();
  expect(names(hits('harbor', { filters: { matterId: bell } }))).toEqual([]);
  expect(names(hits('harbor', { filters: { matterId: ames } }))).toEqual(['er-visit.pdf 1']);
  expect(hits('broken railing')[0]).toMatchObject({ fileName: 'broken railing.jpg', sentence: null, why: [{ how: 'name' }] });
  expect(names(hits('2024-02-15', { filters: { folder: 'bills' } }))).toEqual(['ledger.txt 1']);
  expect(hits('harbor', { filters: { kinds: ['Bill'] } })).toEqual([]);
});

test('the sentence that is opened goes on behind a number’s or a name’s full stop', async () => {
  const { hits, ...laptop } = await firm();
  laptop.addDocument(laptop.ames, 'complaint.txt', ['She entered Store No. 0147 to see Dr. Raye. The floor was wet.']);
  await laptop.find.settled();
  expect(hits('raye')[0]?.quote).toBe('She entered Store No. 0147 to see Dr. Raye.');
});

test('where no page says all of it, what says all but the commonest word is found, and says without what', async () => {
  const { hits } = await firm();
  expect(hits('gonzalez visit lien')).toEqual([]);
  const [first] = hits('schwarzkopf gonzalez');
  expect(first?.why[0]?.how).toBe('without');
});
