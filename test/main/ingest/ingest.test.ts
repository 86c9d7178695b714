import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DocumentRow } from '../../../src/shared/documents.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeXlsx } from '../../support/make-zip.ts';

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
const settled = (): boolean => [...rows().values()].every(({ state }) => state !== 'waiting' && state !== 'reading');
const countOf = (table: string): number => (t.seat.store.raw.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;

test('good and bad files together: the good are read, each bad one is listed with what to do, none is dropped', async () => {
  await put('note.txt', 'Claim Number: HM-2024-778812\nDate of loss: March 3, 2024');
  await put('empty.pdf', '');
  await put('broken.pdf', '%PDF-1.7\nthis is not a page tree');
  await put('drawing.dwg', Buffer.from([0x41, 0x43, 0x31, 0x30, 0x32, 0x37, 0, 1, 2, 3, 255, 254]));
  await put('wrong-name.pdf', 'a plain text file under the wrong name, long enough to be looked at as text');
  await watch();
  const list = rows();
  expect([...list.keys()].sort()).toEqual(['broken.pdf', 'drawing.dwg', 'empty.pdf', 'note.txt', 'wrong-name.pdf']);
  expect(list.get('note.txt')?.state).toBe('read');
  for (const name of ['empty.pdf', 'broken.pdf', 'drawing.dwg']) {
    const row = list.get(name);
    expect(['failed', 'unsupported']).toContain(row?.state);
    expect(row?.reason?.length).toBeGreaterThan(20);
  }
  expect(t.seat.ingest.progress(matterId)).toMatchObject({ total: 5, done: 5, problem: null });
  expect(t.seat.facts.list(matterId).find(({ kind }) => kind === 'claim_number')?.value).toBe('HM-2024-778812');
});

test('a document that was read in part says so in the list, beside what its amounts say, and again after it is read anew', async () => {
  const row = (cells: string[]): string =>
    `<row>${cells.map((text, n) => `<c r="${String.fromCharCode(65 + n)}1" t="str"><v>${text}</v></c>`).join('')}</row>`;
  const sheet = [
    row(['Mercy Hospital, patient Maria Rivera']),
    row(['Date', 'CPT', 'Description', 'Billed']),
    row(['01/02/2024', '99213', 'Office visit', '$10.00']),
    row(['01/02/2024', '97110', 'Therapy', '$200,00']),
    '<row><c r="IW9" t="str"><v>far right</v></c></row>',
  ].join('');
  await put('bill.xlsx', makeXlsx({ Ledger: sheet }));
  await put('note.txt', 'nothing is left out of this');
  await watch();
  const cut = 'Only the first 256 columns of sheet “Ledger” were read.';
  const reason = (): string => rows().get('bill.xlsx')?.reason ?? '';
  expect(rows().get('bill.xlsx')?.state).toBe('read');
  expect(reason()).toMatch(/^Amounts that cannot be read without guessing, .*\$200,00.* Only the first 256 columns/);
  expect(reason().endsWith(cut)).toBe(true);
  expect(rows().get('note.txt')?.reason).toBeNull();
  const before = reason();
  t.seat.ingest.retry(rows().get('bill.xlsx')?.documentId ?? '');
  await t.seat.jobs.idle();
  expect(reason()).toBe(before);
});

test('[R10] a name with a line break is a file like others; a link that leaves the folder is none', async () => {
  await put('two\nlines.txt', 'Claim Number: HM-2024-778812');
  await writeFile(join(t.dataDir, 'outside.txt'), 'of another client');
  await symlink(join(t.dataDir, 'outside.txt'), join(t.folder, 'link.txt'));
  await watch();
  expect([...rows()].map(([path, { state }]) => [path, state])).toEqual([['two\nlines.txt', 'read']]);
});

test('the same bytes twice are one document; a second name for it is no second reading', async () => {
  await put('a.txt', 'the same words');
  await put('b.txt', 'the same words');
  await watch();
  expect(rows().size).toBe(1);
  expect(countOf('page')).toBe(1);
});

test('a restart in the middle reads each file exactly once', async () => {
  for (let n = 0; n < 12; n += 1) await put(`file-${String(n)}.txt`, `record number ${String(n)}`);
  const created = await t.seat.matters.create({ folder: t.folder });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, t.folder);
  await t.until('the first file', () => rows().size > 0);
  await t.restart();
  await t.until('all twelve', () => rows().size === 12 && settled());
  expect(countOf('page')).toBe(12);
  const outbox = t.seat.store.raw
    .prepare(`select count(*) as n, count(distinct entity_id) as d from outbox where op = 'insert' and entity = 'document'`)
    .get();
  expect(outbox).toEqual({ n: 12, d: 12 });
});

test('a deleted file stays as a document, marked; when it comes back the mark goes', async () => {
  await put('kept.txt', 'what it said');
  await watch();
  await rm(join(t.folder, 'kept.txt'));
  await t.until('the mark', () => rows().get('kept.txt')?.missing === true);
  expect(t.seat.documents.pages(rows().get('kept.txt')?.documentId ?? '')[0]?.text).toContain('what it said');
  await put('kept.txt', 'what it said');
  await t.until('the mark to go', () => rows().get('kept.txt')?.missing === false);
});

test('of two files with the same bytes one is changed or goes: the document stands at the other, and is not missing', async () => {
  // which of them is read first is nobody's promise
  const left = new Set(['a.txt', 'b.txt', 'c.txt']);
  for (const name of left) await put(name, 'the same words');
  await watch();
  const documentId = [...rows().values()][0]?.documentId ?? '';
  const place = (): { at: string; missing: boolean | undefined } => {
    const { relativePath = '', missing } = t.seat.documents.list(matterId).find((row) => row.documentId === documentId) ?? {};
    return { at: relativePath, missing };
  };
  const standsAtOneLeft = (): boolean => left.has(place().at) && place().missing === false;
  expect(standsAtOneLeft()).toBe(true);
  const changed = place().at;
  left.delete(changed);
  await put(changed, 'other words');
  await t.until('the changed one', () => rows().size === 2 && settled());
  expect(standsAtOneLeft()).toBe(true);
  const gone = place().at;
  left.delete(gone);
  await rm(join(t.folder, gone));
  await t.until('the other place', standsAtOneLeft);
  const [last = ''] = left;
  await rm(join(t.folder, last));
  await t.until('the mark', () => place().at === last && place().missing === true);
  await put('d.txt', 'the same words');
  await t.until('the new place', () => place().at === 'd.txt' && place().missing === false);
});

test('a folder that disappears says so, calls nothing missing, and goes on when it is back', async () => {
  await put('one.txt', 'first');
  await watch();
  await rename(t.folder, `${t.folder}-away`);
  await t.seat.ingest.rescan(matterId);
  await t.until('the problem', () => t.seat.ingest.progress(matterId).problem !== null);
  expect(rows().get('one.txt')?.missing).toBe(false);
  await rename(`${t.folder}-away`, t.folder);
  await put('two.txt', 'second');
  await t.seat.ingest.rescan(matterId);
  await t.until('the second file', () => rows().has('two.txt') && settled());
  await t.until('the problem to go', () => t.seat.ingest.progress(matterId).problem === null);
});

const bill = (paid: string): string =>
  `MEDICAL BILLING LEDGER\n\n1. Harbor Clinic (2024-03-03)\n\nDate\tDescription\tBilled\tPaid\tBalance\n2024-03-03\tOffice visit\t$250.00\t${paid}\n`;

test('a changed bill is a new document; the old one is kept, marked, and its lines are not counted twice', async () => {
  await put('bill.txt', bill('$100.00\t$150.00'));
  await watch();
  expect(t.seat.facts.ledger(matterId).totals).toMatchObject({ billedCents: 25_000, paidCents: 10_000 });
  await put('bill.txt', bill('$120.00\t$130.00'));
  await t.until('the new one', () => t.seat.documents.list(matterId).length === 2 && settled());
  expect(t.seat.documents.list(matterId).filter(({ missing }) => missing).length).toBe(1);
  expect(t.seat.facts.ledger(matterId).totals).toMatchObject({ billedCents: 25_000, paidCents: 12_000 });
  expect(t.seat.facts.ledger(matterId).lines.length).toBe(2);
});

test('retry reads a failed document again', async () => {
  await put('broken.pdf', '%PDF-1.7\nnothing');
  await watch();
  const before = rows().get('broken.pdf');
  expect(before?.state).not.toBe('read');
  expect(t.seat.ingest.retry(before?.documentId ?? '').ok).toBe(true);
  await t.until('the second try', settled);
  expect(rows().get('broken.pdf')?.reason).toBe(before?.reason);
});

test('a folder that is not there, or is a matter already, is refused in words', async () => {
  expect(await t.seat.matters.create({ folder: join(t.folder, 'nowhere') })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  await mkdir(join(t.folder, 'case-two'));
  const first = await t.seat.matters.create({ folder: join(t.folder, 'case-two') });
  expect(first.ok).toBe(true);
  expect(await t.seat.matters.create({ folder: join(t.folder, 'case-two', '.') })).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  });
});

test('a full disk is told while it is full, and no longer', async () => {
  await watch();
  const { raw } = t.seat.store;
  // room to note the file, none to keep it
  raw.pragma(`max_page_count = ${String(Number(raw.pragma('page_count', { simple: true })) + 8)}`);
  await put('long.txt', 'a record of many pages '.repeat(10_000));
  await t.until('the problem to be told', () => t.seat.ingest.progress(matterId).problem !== null);
  expect(t.seat.ingest.progress(matterId).problem).toMatch(/disk/);
  raw.pragma('max_page_count = 1000000');
  await t.until('the file to be read', () => rows().get('long.txt')?.state === 'read');
  expect(t.seat.ingest.progress(matterId).problem).toBeNull();
});
