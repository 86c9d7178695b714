import { createHash } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DocumentRow } from '../../../src/shared/documents.ts';
import { idOf } from '../../../src/main/host/ids.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeEml } from '../../support/make-mail.ts';
import { makeZip } from '../../support/make-zip.ts';

let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

async function watch(): Promise<void> {
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
}
const put = (name: string, bytes: string | Uint8Array): Promise<void> => writeFile(join(t.folder, name), bytes);
const rows = (): Map<string, DocumentRow> => new Map(t.seat.documents.list(matterId).map((row) => [row.relativePath, row]));
const parents = (): Record<string, string | null> =>
  Object.fromEntries(
    (
      t.seat.store.raw
        .prepare(
          'select c.relative_path as path, p.relative_path as parent from document c left join document p on p.document_id = c.parent_document_id',
        )
        .all() as { path: string; parent: string | null }[]
    ).map(({ path, parent }) => [path, parent]),
  );

const zipped = makeZip([
  { name: 'Billing/claim.txt', bytes: 'Claim Number: HM-2024-778812' },
  { name: 'inner.zip', bytes: makeZip([{ name: 'a.txt', bytes: 'a' }]) },
]);
const mail = (): Uint8Array =>
  makeEml('Records', 'Attached.', [
    { name: 'records.zip', type: 'application/zip', bytes: zipped },
    { name: 'same.txt', type: 'text/plain', bytes: 'lies in the folder too' },
  ]);

test('what came with a mail is a document of its own, with its facts; an archive in an archive is listed with its reason', async () => {
  await put('same.txt', 'lies in the folder too');
  await put('records.eml', mail());
  await watch();
  expect(Object.fromEntries([...rows()].map(([path, { state }]) => [path, state]))).toEqual({
    'records.eml': 'read',
    'records.eml/records.zip': 'read',
    'records.eml/records.zip/claim.txt': 'read',
    'records.eml/records.zip/inner.zip': 'unsupported',
    'same.txt': 'read',
  });
  expect(rows().get('records.eml/records.zip/inner.zip')?.reason).toMatch(/archive inside an archive/);
  expect(t.seat.facts.list(matterId).find(({ kind }) => kind === 'claim_number')?.source.documentName).toBe('claim.txt');
  expect(parents()).toMatchObject({
    'records.eml': null,
    'records.eml/records.zip': 'records.eml',
    'records.eml/records.zip/claim.txt': 'records.eml/records.zip',
  });
});

test('attachments go with their mail and come back with it; one that lies in the folder stays', async () => {
  await put('same.txt', 'lies in the folder too');
  await put('records.eml', mail());
  await watch();
  await rm(join(t.folder, 'records.eml'));
  await t.until('the marks', () => rows().get('records.eml/records.zip/claim.txt')?.missing === true);
  expect(rows().get('same.txt')?.missing).toBe(false);
  await put('records.eml', mail());
  await t.until('them to be back', () => [...rows().values()].every(({ missing }) => !missing));
});

test('the mail’s file is found again under another name, and what came with it as well', async () => {
  await put('records.eml', mail());
  await put('copy.eml', mail());
  await watch();
  const [kept, gone] = rows().has('copy.eml') ? ['records.eml', 'copy.eml'] : ['copy.eml', 'records.eml'];
  await rename(join(t.folder, gone), join(t.folder, '..', 'away.eml'));
  await t.until('the other name', () => rows().has(`${kept}/records.zip/claim.txt`));
  expect([...rows().keys()].filter((path) => path.startsWith(`${gone}/`))).toEqual([]);
});

test('no more than two thousand documents come out of one file, however its mails and archives lie in each other; the rest is said to be left', async () => {
  const archive = makeZip(['a', 'b', 'c'].map((name) => ({ name: `${name}.txt`, bytes: name })));
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  const top = idOf('document', matterId, createHash('sha256').update(archive).digest('hex'));
  const others = t.seat.store.raw.prepare(
    `insert into document (document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status, is_missing, parent_document_id, revision)
     values (?, ?, 'x', 'x', 'text/plain', 1, ?, 'Other', 'read', 0, ?, 1)`,
  );
  // half of them lie one deeper
  for (let n = 0; n < 1_998; n += 1) others.run(`other ${String(n)}`, matterId, `hash ${String(n)}`, n < 1_000 ? top : 'other 1');
  await put('records.zip', archive);
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
  const paths = (): string[] => [...rows().keys()].filter((path) => path.startsWith('records.zip/'));
  expect(paths()).toEqual(['records.zip/a.txt', 'records.zip/b.txt']);
  expect(rows().get('records.zip')?.reason).toMatch(/^1 file was left in it: more than 2000 came out of one file/);
  t.seat.ingest.retry(top);
  await t.seat.jobs.idle();
  expect(paths()).toHaveLength(2);
});

test('a file whose row came from a colleague’s laptop without its bytes is kept from the folder, and can be read', async () => {
  const bytes = 'Claim Number: HM-2024-778812';
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  const hash = createHash('sha256').update(bytes).digest('hex');
  const documentId = idOf('document', matterId, hash);
  t.seat.store.raw
    .prepare(
      `insert into document (document_id, matter_id, file_name, relative_path, file_type, file_size, content_hash, document_type, processing_status, is_missing, uploaded_by, revision)
       values (?, ?, 'claim.txt', 'claim.txt', 'text/plain', ?, ?, 'Other', 'waiting', 0, 'colleague', 1)`,
    )
    .run(documentId, matterId, bytes.length, hash);
  await put('claim.txt', bytes);
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
  expect([...rows().values()].map(({ contentHere }) => contentHere)).toEqual([true]);
  expect(t.seat.ingest.retry(documentId).ok).toBe(true);
  await t.seat.jobs.idle();
  expect(rows().get('claim.txt')?.state).toBe('read');
});

const billOf = (day: string): string =>
  `Mercy Hospital\nPatient: Maria Rivera\nClaim Number: HM-${day.replaceAll('/', '')}\n\nDate\tCPT\tDescription\tBilled\n${day}\t99213\tOffice visit\t$10.00\n${day}\t97110\tTherapy\t$20.00\n`;
const mailWith = (days: string[]): Uint8Array =>
  makeEml(
    'Bills',
    `With ${String(days.length)}.`,
    days.map((day, n) => ({ name: `bill ${String(n)} ${day.replaceAll('/', '-')}.txt`, type: 'text/plain', bytes: billOf(day) })),
  );
const counted = (): string[] =>
  t.seat.facts
    .ledger(matterId)
    .lines.filter(({ state }) => state !== 'rejected')
    .map(({ serviceFrom, billedCents }) => `${serviceFrom ?? ''} ${String(billedCents)}`)
    .toSorted();
const claims = (): string[] =>
  t.seat.facts
    .list(matterId)
    .filter(({ kind, state }) => kind === 'claim_number' && state !== 'rejected')
    .map(({ value }) => value)
    .toSorted();

test('what a newer version of a mail left out counts no more, unless a person decided about it; with the old version it is back', async () => {
  const [first, second] = ['01/02/2024', '02/03/2024'];
  await put('bills.eml', mailWith([first, second]));
  await watch();
  const all = ['2024-01-02 1000', '2024-01-02 2000', '2024-02-03 1000', '2024-02-03 2000'];
  expect([counted(), claims().length]).toEqual([all, 2]);
  const approved = t.seat.facts.ledger(matterId).lines.find((line) => line.serviceFrom === '2024-02-03' && line.billedCents === 2000);
  expect(t.seat.facts.decideBillLines([approved?.billLineId ?? ''], 'approved').ok).toBe(true);

  await put('bills.eml', mailWith([first]));
  await t.until('the new version', () => counted().length === 3);
  await t.seat.ingest.settled(matterId);
  expect([counted(), claims().length]).toEqual([all.filter((line) => line !== '2024-02-03 1000'), 1]);
  const dropped = [...rows().values()].find(({ fileName }) => fileName.startsWith('bill 1'));
  expect(dropped).toMatchObject({ missing: true, reason: expect.stringMatching(/replaced by a newer version/) as string });
  expect(rows().get('bills.eml/bill 0 01-02-2024.txt')).toMatchObject({ missing: false, reason: null });
  // a person's word is not taken back by reading it again
  expect(t.seat.ingest.retry(dropped?.documentId ?? '').ok).toBe(true);
  await t.seat.jobs.idle();
  expect(counted()).toHaveLength(3);

  await put('bills.eml', mailWith([first, second]));
  await t.until('the old version', () => counted().length === 4);
  await t.seat.jobs.idle();
  expect([counted(), claims().length]).toEqual([all, 2]);
  expect([...rows().values()].filter(({ missing }) => missing).map(({ fileName }) => fileName)).toEqual(['bills.eml']);
});

test('an attachment that is replaced before it was read proposes nothing that counts, and is not asked about', async () => {
  await put('bills.eml', mailWith(['01/02/2024', '02/03/2024']));
  await watch();
  const [bill] = [...rows().values()].filter(({ fileName }) => fileName.startsWith('bill 1'));
  const forget = (table: string): unknown => t.seat.store.raw.prepare(`delete from ${table} where document_id = ?`).run(bill?.documentId);
  for (const table of ['fact', 'bill_line']) forget(table);
  await put('bills.eml', mailWith(['01/02/2024']));
  await t.until('the new version', () => rows().get(bill?.relativePath ?? '')?.missing === true);
  await t.seat.jobs.idle();
  t.seat.ingest.retry(bill?.documentId ?? '');
  await t.seat.jobs.idle();
  expect(t.seat.facts.ledger(matterId).lines.filter(({ source }) => source.documentId === bill?.documentId)).toHaveLength(2);
  expect(counted()).toHaveLength(2);
  await t.seat.find.settled();
  expect(t.seat.questions.list(matterId).flatMap(({ places }) => places.map(({ documentId }) => documentId))).not.toContain(
    bill?.documentId,
  );
});

test('what a person said a replaced attachment is holds when it is back', async () => {
  await put('bills.eml', mailWith(['01/02/2024', '02/03/2024']));
  await watch();
  const [bill] = [...rows().values()].filter(({ fileName }) => fileName.startsWith('bill 1'));
  await put('bills.eml', mailWith(['01/02/2024']));
  await t.until('the new version', () => counted().length === 2);
  expect(t.seat.kinds.set(bill?.documentId ?? '', 'Demand').ok).toBe(true);
  await t.seat.jobs.idle();
  await put('bills.eml', mailWith(['01/02/2024', '02/03/2024']));
  await t.until('it to be back', () => rows().get(bill?.relativePath ?? '')?.missing === false);
  await t.seat.jobs.idle();
  expect(counted()).toEqual(['2024-01-02 1000', '2024-01-02 2000']);
});

test('a bill that came with two mails counts for as long as one of them brings it', async () => {
  await put('a.eml', mailWith(['01/02/2024', '02/03/2024']));
  await watch();
  await put('b.eml', mailWith(['02/03/2024']));
  await t.until('the other mail', () => rows().get('b.eml')?.state === 'read');
  await t.seat.jobs.idle();
  const both = t.seat.facts.ledger(matterId).totals.billedCents;
  await put('a.eml', mailWith(['01/02/2024']));
  await t.until('the second place', () => rows().get('b.eml/bill 0 02-03-2024.txt')?.missing === false);
  await t.seat.jobs.idle();
  expect([both, t.seat.facts.ledger(matterId).totals.billedCents]).toEqual([6000, 6000]);
});

test('a newer version that cannot be read leaves out nothing: a copy that broke off says nothing of what it holds', async () => {
  const zip = makeZip([{ name: 'bill.txt', bytes: billOf('01/02/2024') }, { name: 'other.txt', bytes: 'x'.repeat(5_000) }]); // prettier-ignore
  await put('bills.zip', zip);
  await watch();
  expect(t.seat.facts.ledger(matterId).totals.billedCents).toBe(3000);
  await put('bills.zip', zip.subarray(0, zip.length - 40));
  await t.until('the broken copy', () => rows().get('bills.zip')?.state === 'failed');
  await t.seat.jobs.idle();
  expect(t.seat.facts.ledger(matterId).totals.billedCents).toBe(3000);
  await put('bills.zip', makeZip([{ name: 'other.txt', bytes: 'x'.repeat(5_000) }]));
  await t.until('the newest version', () => rows().get('bills.zip')?.state === 'read');
  await t.seat.jobs.idle();
  expect(t.seat.facts.ledger(matterId).totals.billedCents).toBe(0);
});
