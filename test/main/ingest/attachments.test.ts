import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DocumentRow } from '../../../src/shared/documents.ts';
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
