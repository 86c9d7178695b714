import { expect, test } from 'vitest';
import { inPages } from '../../src/main/documents/read/flowing-pages.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { ok } from '../../src/shared/result.ts';
import { makeLaptop, must, outboxOf, rowsOf } from '../support/laptop.ts';
import { aMatter, inserting } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const remote = await world.connect('one', 'Paralegal');
const matter = aMatter();
const file = { file_name: 'a', relative_path: 'a', file_type: 'x', file_size: 1, content_hash: 'a'.repeat(64) };
const bill = inserting('document', { matter_id: matter.entityId, ...file });
await remote.push([matter, bill]);
const place = { matter_id: matter.entityId, document_id: bill.entityId, page: 1, start_offset: 0, end_offset: 9, quote: 'x' };
let pageNumber = 0;
const pageOf = (text: string) => inserting('page', { document_id: bill.entityId, page_number: (pageNumber += 1), extracted_text: text });
/** A row of each kind, one of its texts so long. */
const rows = {
  page: pageOf,
  fact: (text: string) =>
    inserting('fact', { ...place, kind: 'date_of_loss', value: 'x', normal: 'x', confidence: 1, method: 'rule', quote: text }),
  bill_line: (text: string) =>
    inserting('bill_line', {
      ...{ ...place, line_order: 0, provider: 'x', billed_cents: 1, paid_cents: 1, method: 'rule', confidence: 1 },
      ...{ description: text, quote: text },
    }),
  stated_total: (text: string) =>
    inserting('stated_total', { ...place, label: text, quote: text, billed_cents: 1, paid_cents: 1, owed_cents: 0 }),
};
/** What readers make at most of one page: a part of a long text, and a page of a PDF (documents/read). */
const readers = { 'a part of a long text': 100_000, 'a page of a PDF': 200_000 };

test.each(Object.entries(readers))('%s is taken, and so is all that is quoted from it', async (_, length) => {
  // four bytes each in Postgres, two places each in JavaScript
  for (const character of ['x', '\u{1F9FE}']) {
    const text = character.repeat(length / character.length);
    expect(await remote.push(Object.values(rows).map((row) => row(text)))).toMatchObject(
      Object.keys(rows).map(() => ({ verdict: 'applied' })),
    );
  }
});

test.each(Object.entries(rows))('a %s larger than any reader makes is refused by itself: its neighbours go through', async (kind, row) => {
  const many = [row('x'), row('x'.repeat(kind === 'page' ? 1_000_001 : 400_001)), row('x')];
  expect(await remote.push(many)).toMatchObject([
    { verdict: 'applied' },
    { verdict: 'rejected', reason: 'invalid' },
    { verdict: 'applied' },
  ]);
});

test('control: without the check a page of eight million characters would go to every laptop', async () => {
  const huge = pageOf('x'.repeat(8_000_000));
  await admin.query('alter table steno.document_page drop constraint document_page_extracted_text_check');
  expect(await remote.push([huge])).toMatchObject([{ verdict: 'applied' }]);
  // and what came so stays, and can be worked with, once there is one
  await admin.query(
    'alter table steno.document_page add constraint document_page_extracted_text_check check (length(extracted_text) <= 1000000) not valid',
  );
  expect(await remote.push([pageOf('x'.repeat(8_000_000))])).toMatchObject([{ verdict: 'rejected' }]);
  await admin.query('delete from steno.document_page where page_id = $1', [huge.entityId]);
});

test('a laptop pushes a long text in the pages that the reader makes of it; what is refused it keeps for its user', async () => {
  const laptop = makeLaptop();
  const line = await world.connect('one', 'Paralegal', laptop.deviceId);
  while ((await pullOnce(laptop.store, line, () => 0)).more);
  const { documentId, pageId } = { documentId: freshId(), pageId: freshId() };
  const pages = inPages([{ page: 1, text: 'word '.repeat(90_000), words: [], needsOcr: false }]);
  expect(pages.length).toBe(5);
  const add = (id: string, number: number, extractedText: string): void => {
    must(laptop.write((change) => ok(change.insert('page', { pageId: id, documentId, pageNumber: number, extractedText }))));
  };
  const document = { fileName: 'a', relativePath: documentId, fileType: 'x', fileSize: 1, contentHash: 'a'.repeat(64) };
  const more = { isMissing: false, processingStatus: 'read', documentType: 'Bill' };
  must(laptop.write((change) => ok(change.insert('document', { documentId, matterId: matter.entityId, ...document, ...more }))));
  for (const { page, text } of pages) add(freshId(), page, text);
  add(pageId, 99, 'x'.repeat(1_000_001));
  while ((await pushWaiting(laptop.store, line)).did === 'pushed');
  expect(outboxOf(laptop.store)).toMatchObject([{ entity_id: pageId, state: 'dead', reason: 'invalid' }]);
  while ((await pullOnce(laptop.store, line, () => 0)).more);
  const held = [...rowsOf(laptop.store, 'page').values()].filter((row) => row['document_id'] === documentId);
  expect(held.map((row) => String(row['extracted_text'])).sort()).toEqual(pages.map(({ text }) => text).sort());
});

/** Text of travelling rows that a client can push, and that no check holds to a length, a list of words or a form. */
const endless = `select e.entity || ' ' || f.field as name from steno.entity e join steno.entity_field f using (entity)
  join pg_attribute a on a.attrelid = format('steno.%I', e.table_name)::regclass and a.attname = f.field
  where e.travels and a.atttypid in ('text'::regtype, 'public.citext'::regtype) and not exists (
    select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and a.attnum = any (k.conkey)
      and pg_get_constraintdef(k.oid) ~ ('length\\(' || f.field || '\\)|length\\(COALESCE\\(' || f.field || '|\\(' || f.field || ' (= ANY|~ )'))`;

test('no text that travels is endless', async () => {
  expect((await admin.query(endless)).rows).toEqual([]);
});

test('control: a text without a limit is found', async () => {
  await admin.query('begin');
  await admin.query('alter table steno.fact drop constraint fact_quote_check');
  expect((await admin.query(endless)).rows).toEqual([{ name: 'fact quote' }]);
  await admin.query('rollback');
});
