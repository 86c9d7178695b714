import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { createIndexing } from '../../../src/main/find/indexing.ts';
import { emptyIndex } from '../../../src/main/store/index-tables.ts';
import { ok } from '../../../src/shared/result.ts';
import { finder, makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';
import { indexText, missingPages, wrongInIndex } from '../../support/whole-index.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);
const found = (laptop: FindLaptop, words: string): number => must(finder(laptop.store).search({ words })).hits.length;
const pagesOf = ({ store }: FindLaptop): string[] =>
  store.raw.prepare('select page_id from page order by page_id').pluck().all() as string[];
const documentsOf = ({ store }: FindLaptop): string[] =>
  store.raw.prepare('select document_id from document order by document_id').pluck().all() as string[];

/** What may happen to rows, by a person, by sync or by a crash. */
const steps: Record<string, (laptop: FindLaptop, n: number, text: string) => Promise<void> | void> = {
  add: (laptop, n, text) => void laptop.addDocument(laptop.addMatter(), `folder/${String(n)}.txt`, [text, `${text} page two`]),
  change: (laptop, n, text) => {
    const id = pagesOf(laptop)[n % 7];
    if (id) must(laptop.write((change) => ok(change.patch('page', id, { extractedText: text }))));
  },
  goes: (laptop, n) => void laptop.store.raw.prepare('delete from page where page_id = ?').run(pagesOf(laptop)[n % 5] ?? ''),
  documentGoes: (laptop, n) =>
    void laptop.store.raw.prepare('delete from document where document_id = ?').run(documentsOf(laptop)[n % 5] ?? ''),
  replace: (laptop, n, text) => {
    const id = pagesOf(laptop)[n % 6] ?? '';
    laptop.store.raw
      .prepare(
        'insert or replace into page (page_id, document_id, page_number, extracted_text) select page_id, document_id, page_number, ? from page where page_id = ?',
      )
      .run(text, id);
  },
  replaceDocument: (laptop, n) => {
    const id = documentsOf(laptop)[n % 6] ?? '';
    laptop.store.raw
      .exec(`create temp table moved as select * from document where document_id = '${id}'; update moved set matter_id = '${freshId()}';
      insert or replace into document select * from moved; drop table moved`);
  },
  rename: (laptop, n) =>
    void laptop.store.raw
      .prepare('update document set relative_path = ?, matter_id = ? where document_id = ?')
      .run(`renamed/${String(n)}`, freshId(), documentsOf(laptop)[n % 4] ?? ''),
  pageFirst: (laptop, _n, text) =>
    void laptop.store.raw
      .prepare('insert into page (page_id, document_id, page_number, extracted_text) values (?, ?, 1, ?)')
      .run(freshId(), freshId(), text),
  index: (laptop) => finder(laptop.store).settled(),
  oneBatch: async (laptop) => {
    let paused = 0;
    const cut = createIndexing({
      store: laptop.store,
      onBug: () => undefined,
      pause: () => ((paused += 1) === 2 ? Promise.reject(new Error('the laptop died')) : Promise.resolve()),
    });
    await cut.work().catch(() => undefined);
    laptop.reopen();
  },
  empty: (laptop) => {
    must(
      laptop.store.transaction(() => {
        emptyIndex(laptop.store.raw);
        return ok({});
      }),
    );
  },
};

test(`whatever happens to rows, the index holds what they hold or less, and all of it once it has caught up (seed ${String(seed)})`, async () => {
  const text = fc
    .array(
      fc.constantFrom('Rivera', 'fracture', 'L4-L5', 'é\u0301clair', '\u{1f9b4} bone', 'x'.repeat(1_700), '$1,234.00', '\n\n', 'naïve. '),
      { minLength: 1, maxLength: 8 },
    )
    .map((words) => words.join(' '));
  const history = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(30), text), { minLength: 5, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(history, async (happened) => {
      const laptop = makeFindLaptop();
      laptop.addDocument(laptop.addMatter(), 'first.txt', ['Rivera was here', 'and left']);
      for (const [name, n, words] of happened) {
        await steps[name]?.(laptop, n, words);
        expect(wrongInIndex(laptop.store), name).toEqual([]);
      }
      await finder(laptop.store).settled();
      expect(wrongInIndex(laptop.store)).toEqual([]);
      expect(missingPages(laptop.store)).toEqual([]);
      laptop.store.close();
    }),
    { seed, numRuns: 25 },
  );
}, 60_000);

test('control: where what is replaced fires no trigger the index is wrong', async () => {
  const laptop = makeFindLaptop();
  laptop.addDocument(laptop.addMatter(), 'a.txt', ['Rivera was here']);
  await laptop.find.settled();
  laptop.store.raw.pragma('recursive_triggers = off');
  await steps['replace']?.(laptop, 0, 'Somebody else was here');
  expect(wrongInIndex(laptop.store)).not.toEqual([]);
});

test('a page that goes is not found any more and not to be read in the index, before anything else is done', async () => {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  const gone = laptop.addDocument(matterId, 'zyxwvuts.txt', ['Quetzalcoatlus was seen by the doctor']);
  laptop.addDocument(matterId, 'stays.txt', ['The doctor stays']);
  await laptop.find.settled();
  expect(indexText(laptop.store)).toContain('uetzalcoatlu');
  laptop.store.raw.prepare('delete from page where document_id = ?').run(gone);
  laptop.store.raw.prepare('delete from document where document_id = ?').run(gone);
  for (const part of ['uetzal', 'coatl', 'yxwv', 'etz', 'lus']) expect(indexText(laptop.store), part).not.toContain(part);
  expect([found(laptop, 'Quetzalcoatlus'), found(laptop, 'Quetzalcoatlis'), found(laptop, 'doctor')]).toEqual([0, 0, 1]);
});

test('control: without secure deletion its words stay readable in the index', async () => {
  const laptop = makeFindLaptop();
  const gone = laptop.addDocument(laptop.addMatter(), 'a.txt', ['Quetzalcoatlus was seen by the doctor']);
  await laptop.find.settled();
  laptop.store.raw.exec(`insert into find_words (find_words, rank) values ('secure-delete', 0)`);
  laptop.store.raw.prepare('delete from page where document_id = ?').run(gone);
  expect(indexText(laptop.store)).toContain('uetzalcoatlu');
});

test('pages that were there before the index are looked through, in as many batches as it takes, and a start goes on where the last one ended', async () => {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  for (let n = 0; n < 5; n += 1)
    laptop.addDocument(
      matterId,
      `${String(n)}.txt`,
      Array.from({ length: 40 }, (_, page) => `Record ${String(n)} page ${String(page)} of Okafor`),
    );
  laptop.store.raw.exec('delete from find_todo'); // as in a store that a copy took the place of
  let batches = 0;
  const cut = createIndexing({
    store: laptop.store,
    onBug: () => undefined,
    pause: () => ((batches += 1) === 5 ? Promise.reject(new Error('the laptop died')) : Promise.resolve()),
  });
  await expect(cut.work()).rejects.toThrow('died');
  expect(cut.waiting()).toBeGreaterThan(0);
  expect(cut.waiting()).toBeLessThan(200);
  laptop.reopen();
  await finder(laptop.store).settled();
  expect(missingPages(laptop.store)).toEqual([]);
  expect(wrongInIndex(laptop.store)).toEqual([]);
});

test('an index that another version made is made anew', async () => {
  const laptop = makeFindLaptop();
  laptop.addDocument(laptop.addMatter(), 'a.txt', ['Okafor fell']);
  await laptop.find.settled();
  laptop.store.raw.exec('update find_state set version = 999; delete from find_chunk');
  laptop.reopen();
  await finder(laptop.store).settled();
  expect(found(laptop, 'Okafor')).toBe(1);
  expect(wrongInIndex(laptop.store)).toEqual([]);
});

test('a page that cannot be indexed holds up no other', async () => {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  await laptop.find.settled();
  for (const text of ['first Okafor', 'second Okafor', 'third Okafor']) laptop.addDocument(matterId, `${text}.txt`, [text]);
  laptop.store.raw
    .exec(`create temp trigger broken before insert on find_page when new.document_id = (select document_id from document where relative_path = 'second Okafor.txt')
    begin select raise(abort, 'broken'); end`);
  await laptop.find.settled();
  expect(laptop.bugs).toHaveLength(1);
  expect(must(laptop.find.search({ words: 'Okafor' })).hits.filter(({ sentence }) => sentence !== null)).toHaveLength(2);
  expect(laptop.find.search({ words: 'Okafor' })).toMatchObject({ value: { waitingPages: 0 } });
});
