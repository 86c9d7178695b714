import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DocumentKind, DocumentRow } from '../../../src/shared/documents.ts';
import { feedback } from '../../../src/main/store/link-schema.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeScan } from '../../support/make-scan.ts';

let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, t.folder);
});
afterEach(() => t.stop());

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(t.folder, path, '..'), { recursive: true });
    await writeFile(join(t.folder, path), text);
  }
  await t.seat.ingest.rescan(matterId);
  await t.until('all files to be read', () => {
    const rows = t.seat.documents.list(matterId);
    return Object.keys(files).every((path) => rows.some((row) => row.relativePath === path && row.state === 'read'));
  });
  await t.seat.jobs.idle();
}
const row = (path: string): DocumentRow => {
  const found = t.seat.documents.list(matterId).find(({ relativePath }) => relativePath === path);
  if (!found) throw new Error(`no document ${path}`);
  return found;
};
const told = (path: string): unknown[] => [row(path).kind, row(path).kindBy, row(path).kindWhy];
function call(path: string, kind: DocumentKind): void {
  const set = t.seat.kinds.set(row(path).documentId, kind);
  if (!set.ok) throw new Error(set.error.code);
  t.seat.jobs.wake();
}
const text = (n: number): string => 'lorem ipsum dolor '.repeat(n);

test('the rules say how sure they are, and why', async () => {
  await put({ 'Billing/statement.txt': 'Itemized Statement\nCPT 99283\nBalance due $10.00', 'x.txt': text(3) });
  expect(row('Billing/statement.txt')).toMatchObject({
    kind: 'Bill',
    kindBy: 'rule',
    kindWhy: 'its text begins with “Itemized Statement”',
  });
  expect(row('Billing/statement.txt').kindConfidence).toBeGreaterThan(80);
  expect(row('x.txt')).toMatchObject({ kind: 'Other', kindConfidence: 30 });
});

describe('what a person calls a document', () => {
  test('decides what counts: a letter that repeats a bill’s table leaves the sums, and comes back with a word; what was approved stays', async () => {
    const table =
      'Provider,Date of Service,CPT,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,99283,ER visit,"$1,200.00",$0.00,"$1,200.00"\n';
    await put({ 'ledger.csv': `${table}Harbor Hospital,02/16/2024,73721,MRI of the hip,"$900.00",$0.00,$900.00\n` });
    const total = (): unknown => t.seat.facts.ledger(matterId).totals.billedCents;
    const states = (): unknown[] => t.seat.facts.ledger(matterId).lines.map(({ billedCents, state }) => [billedCents, state]);
    expect(total()).toBe(210_000);
    const approved = t.seat.facts.ledger(matterId).lines.find(({ billedCents }) => billedCents === 90_000);
    if (!approved) throw new Error('no line');
    expect(t.seat.facts.decideBillLines([approved.billLineId], 'approved').ok).toBe(true);
    call('ledger.csv', 'Demand');
    await t.seat.jobs.idle();
    expect(states()).toEqual(
      expect.arrayContaining([
        [120_000, 'rejected'],
        [90_000, 'approved'],
      ]),
    );
    expect(total()).toBe(90_000);
    call('ledger.csv', 'Bill');
    await t.seat.jobs.idle();
    expect(total()).toBe(210_000);
    expect(states()).toEqual(
      expect.arrayContaining([
        [120_000, 'proposed'],
        [90_000, 'approved'],
      ]),
    );
  });

  test('stays when it is read again or moves, and is on record as her correction', async () => {
    await put({ 'er.txt': 'Emergency department\nVisit summary\nDiagnosis: strain' });
    expect(told('er.txt')[0]).toBe('Medical_Record');
    call('er.txt', 'Insurance');
    await t.seat.jobs.idle();
    t.seat.ingest.retry(row('er.txt').documentId);
    await t.seat.jobs.idle();
    expect(told('er.txt')).toEqual(['Insurance', 'person', 'Dana Marsh said so']);
    await rename(join(t.folder, 'er.txt'), join(t.folder, 'er2.txt'));
    await t.until('the file to be followed', () => t.seat.documents.list(matterId)[0]?.relativePath === 'er2.txt');
    expect(told('er2.txt')).toEqual(['Insurance', 'person', 'Dana Marsh said so']);
    call('er2.txt', 'Contract');
    expect(t.seat.store.db.select().from(feedback).all()).toMatchObject([
      { subject: 'document', correctedType: 'Contract', isHelpful: null },
    ]);
  });

  test('stays when the text of its picture comes; control: the next one is told by it', { timeout: 90_000 }, async () => {
    // the text decides where nobody spoke, so the person speaks while both are still pictures
    const lines = ['EMERGENCY DEPARTMENT RECORD', 'Chief complaint: fall', 'Diagnosis: lumbar strain', 'Physical exam: tender'];
    await writeFile(join(t.folder, 'one.png'), await makeScan([...lines, 'Page one']));
    await writeFile(join(t.folder, 'two.png'), await makeScan([...lines, 'Page two']));
    await t.seat.ingest.rescan(matterId);
    await t.until('both to be listed', () => t.seat.documents.list(matterId).filter(({ kind }) => kind === 'Photo').length === 2);
    call('one.png', 'Insurance');
    await t.until('both to be read', () => t.seat.documents.list(matterId).every(({ state }) => state === 'read'), 80_000);
    expect(told('one.png')).toEqual(['Insurance', 'person', 'Dana Marsh said so']);
    expect(told('two.png').slice(0, 2)).toEqual(['Medical_Record', 'rule']);
  });

  test('control: a kind that no person set is told anew when it is read again', async () => {
    await put({ 'er.txt': 'Emergency department\nVisit summary\nDiagnosis: strain' });
    t.seat.store.raw.prepare(`update document set document_type = 'Insurance'`).run();
    t.seat.ingest.retry(row('er.txt').documentId);
    await t.seat.jobs.idle();
    expect(told('er.txt')[0]).toBe('Medical_Record');
  });

  test('is looked through anew for its facts and links', async () => {
    await put({
      'ledger.csv':
        'Provider,Date of Service,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,ER visit,"$1,200.00",$0.00,"$1,200.00"\n',
      'a.txt': 'Harbor Hospital, 02/15/2024. She walked in.',
    });
    expect(t.seat.links.of(row('a.txt').documentId)).toEqual([]);
    call('ledger.csv', 'Bill');
    call('a.txt', 'Medical_Record');
    await t.until('the link', () => t.seat.links.of(row('a.txt').documentId).length === 1);
  });

  test('who may only read cannot', async () => {
    await t.stop();
    t = await startTestSeat('Viewer');
    expect(t.seat.kinds.set('x', 'Bill')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });
});

describe('corrections teach', () => {
  test('what lies in a folder of which some files were corrected is taken for the same', async () => {
    await put({ 'Liens/a1.txt': text(1), 'Liens/b2.txt': text(2), 'Liens/c3.txt': text(3), 'Liens/d4.txt': text(4) });
    call('Liens/a1.txt', 'Bill');
    await put({ 'Liens/e5.txt': text(5) });
    expect(told('Liens/e5.txt')[0]).toBe('Other'); // one is no lesson
    for (const path of ['Liens/b2.txt', 'Liens/c3.txt', 'Liens/d4.txt', 'Liens/e5.txt']) call(path, 'Bill');
    await put({ 'Liens/f6.txt': text(6), 'Elsewhere/g7.txt': text(7) });
    expect(told('Liens/f6.txt')).toEqual(['Bill', 'learned', 'you called 5 files of the folder “Liens” Bill']);
    expect(row('Liens/f6.txt').kindConfidence).toBe(96);
    expect(told('Elsewhere/g7.txt')[0]).toBe('Other');
    // what a colleague said comes by sync, and counts the same
    t.seat.store.raw.prepare(`update feedback set created_by = 'a colleague'`).run();
    await put({ 'Liens/h8.txt': text(8) });
    expect(told('Liens/h8.txt')).toEqual(['Bill', 'learned', 'your firm called 5 files of the folder “Liens” Bill']);
  });

  test('so does the same heading once, and the same word in names twice; in other matters as well', async () => {
    await put({ '1.txt': `NOTICE OF HOSPITAL LIEN\n${text(1)}`, 'lop smith.txt': text(2), 'lop jones.txt': text(3) });
    call('1.txt', 'Insurance');
    call('lop smith.txt', 'Contract');
    call('lop jones.txt', 'Contract');
    const folder = join(t.dataDir, 'second');
    await mkdir(folder);
    const created = await t.seat.matters.create({ folder, title: 'Other v. Case' });
    if (!created.ok) throw new Error(created.error.code);
    [matterId, t.folder] = [created.value.matterId, folder];
    t.seat.watch(matterId, folder);
    await put({ '9.txt': `Notice of hospital lien\n${text(9)}`, 'lop brown.txt': text(8), 'lopez.txt': text(7) });
    expect(told('9.txt')).toEqual(['Insurance', 'learned', 'you called 1 file that begins with “Notice of hospital lien” Insurance']);
    expect(told('lop brown.txt')).toEqual(['Contract', 'learned', 'you called 2 files with “lop” in their name Contract']);
    expect(told('lopez.txt')[0]).toBe('Other');
  });

  test('corrections that contradict each other, or that are few among many left as they were, teach nothing', async () => {
    await put({ 'Mixed/a.txt': text(1), 'Mixed/b.txt': text(2), 'Mixed/c.txt': text(3), 'Mixed/d.txt': text(4) });
    call('Mixed/a.txt', 'Bill');
    call('Mixed/b.txt', 'Bill');
    call('Mixed/c.txt', 'Contract');
    call('Mixed/d.txt', 'Contract');
    await put({ 'Mixed/e.txt': text(5) });
    expect(told('Mixed/e.txt')[0]).toBe('Other');
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`Medical/note${'abcdefghijkl'[n] ?? ''}.txt`, `Progress note\n${text(20 + n)}`]),
    );
    await put({ ...many, 'Medical/x.txt': text(40), 'Medical/y.txt': text(41) });
    call('Medical/x.txt', 'Bill');
    call('Medical/y.txt', 'Bill');
    await put({ 'Medical/z.txt': text(42) });
    expect(told('Medical/z.txt')).toEqual(['Medical_Record', 'rule', 'it lies in the folder “Medical”']);
  });

  test('control: without the corrections on record nothing is learned', async () => {
    await put({ 'Liens/a1.txt': text(1), 'Liens/b2.txt': text(2), 'Liens/c3.txt': text(3) });
    for (const path of ['Liens/a1.txt', 'Liens/b2.txt', 'Liens/c3.txt']) call(path, 'Bill');
    t.seat.store.raw.prepare('delete from feedback').run();
    await put({ 'Liens/f6.txt': text(6) });
    expect(told('Liens/f6.txt')[0]).toBe('Other');
  });
});
