import { beforeEach, expect, test } from 'vitest';
import type { FindFilters } from '../../../src/shared/find.ts';
import type { DocumentId, MatterId } from '../../../src/shared/ids.ts';
import { candidatesFor, scopeOf, type Candidate } from '../../../src/main/find/candidates.ts';
import { expressionOf, plainly } from '../../../src/main/find/expression.ts';
import { isCommon } from '../../../src/main/find/weigh.ts';
import { makeFindLaptop, partOf as part, type FindLaptop } from '../../support/find-pages.ts';

const everywhere: FindFilters = {
  matterId: null,
  documentId: null,
  kinds: [],
  provider: null,
  from: null,
  to: null,
  folder: null,
  addedBy: null,
};
const asked = [part('lumbar'), part('strain')];

const expression = expressionOf(asked, [], plainly) ?? '';

let laptop: FindLaptop;
beforeEach(() => {
  laptop = makeFindLaptop();
});
function find(filters: Partial<FindFilters> = {}, most = 100): Candidate[] {
  const scope = scopeOf(laptop.store, { ...everywhere, ...filters });
  if (!scope) throw new Error('nothing can be there');
  return candidatesFor(laptop.store, expression, scope, most, asked);
}
/** As if a hundred thousand pages said these words. */
const makeCommon = (): void => {
  laptop.store.raw.prepare(`update find_word set uses = 6000 where word in ('lumbar', 'strain')`).run();
  expect(isCommon(laptop.store, asked)).toBe(true);
};
/** The index's own order, of what both words are on. */
const byIndex = (): number[] =>
  laptop.store.raw
    .prepare('select rowid from find_words where find_words match ? order by rank, rowid')
    .pluck()
    .all(expression) as number[];
const fill = (words: number): string => Array.from({ length: words }, (_, n) => `note${String(n)}`).join(' ');

test('few passages that common words find come in the order the index would give them, and no more than were asked for', async () => {
  const matter = laptop.addMatter();
  laptop.addDocument(matter, 'records.txt', [
    `A lumbar strain. ${fill(60)}`,
    'Lumbar strain; lumbar strain again; the strain is lumbar.',
    `Lumbar strain and lumbar strain. ${fill(12)}`,
    'Of the knee alone.',
  ]);
  await laptop.find.settled();
  makeCommon();
  const found = find();
  expect(found.map(({ chunkId }) => chunkId)).toEqual(byIndex());
  expect(found).toHaveLength(3);
  expect(found.every(({ score }, n) => score > (found[n + 1]?.score ?? 0))).toBe(true);
  expect(find({}, 2).map(({ chunkId }) => chunkId)).toEqual(byIndex().slice(0, 2));
});

test('they are of the matter, the document and the kind that was asked for, and of nothing that was deleted', async () => {
  const [one, other] = [laptop.addMatter('Ames v. Harbor') as MatterId, laptop.addMatter('Boyd v. Mills') as MatterId];
  const record = laptop.addDocument(one, 'a/record.txt', ['A lumbar strain.'], 'Medical_Record');
  const letter = laptop.addDocument(one, 'b/letter.txt', ['The lumbar strain.'], 'Correspondence') as DocumentId;
  const foreign = laptop.addDocument(other, 'a/record.txt', ['Her lumbar strain.'], 'Medical_Record');
  await laptop.find.settled();
  makeCommon();
  const documents = (filters: Partial<FindFilters>): Set<string> => new Set(find(filters).map(({ documentId }) => documentId));
  expect(documents({})).toEqual(new Set([record, letter, foreign]));
  expect(documents({ matterId: one })).toEqual(new Set([record, letter]));
  expect(documents({ kinds: ['Medical_Record'] })).toEqual(new Set([record, foreign]));
  expect(documents({ documentId: letter })).toEqual(new Set([letter]));
  expect(documents({ folder: 'a', matterId: other })).toEqual(new Set([foreign]));
  laptop.store.raw.prepare('update document set deleted_at = 1 where document_id = ?').run(letter);
  expect(documents({ matterId: one })).toEqual(new Set([record]));
});

test('of more than sixty the index says which are best, also where the words are common', async () => {
  const matter = laptop.addMatter();
  laptop.addDocument(
    matter,
    'records.txt',
    Array.from({ length: 70 }, (_, n) => `A lumbar strain. ${fill(n)}`),
  );
  await laptop.find.settled();
  makeCommon();
  expect(find().map(({ chunkId }) => chunkId)).toEqual(byIndex());
  expect(find()).toHaveLength(70);
});
