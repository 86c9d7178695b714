import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LinkView } from '../../../src/shared/links.ts';
import type { DocumentId } from '../../../src/shared/ids.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeEml } from '../../support/make-mail.ts';

let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

const papers: Record<string, string | Uint8Array> = {
  'ledger.csv':
    'Provider,Date of Service,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,ER visit,"$1,200.00",$0.00,"$1,200.00"\n',
  'er-record.txt': 'HARBOR HOSPITAL\nEmergency Department record\nChief complaint: fall. Seen 02/15/2024.',
  'other-record.txt': 'HARBOR HOSPITAL\nProgress note\nChief complaint: none. Seen 03/15/2024.',
  'demand letter.txt': 'June 3, 2024\nSettlement demand\nWe hereby demand $250,000.00.',
  'offer.txt': 'July 1, 2024\nOffer of settlement\nYour demand letter dated June 3, 2024 is declined. We offer $40,000.',
  'records.eml': makeEml('Records', 'Attached.', [{ name: 'mri.txt', type: 'text/plain', bytes: 'MRI report. Diagnosis: strain.' }]),
};

async function watch(names = Object.keys(papers)): Promise<void> {
  for (const name of names) await writeFile(join(t.folder, name), papers[name] ?? '');
  const created = await t.seat.matters.create({ folder: t.folder, title: 'Ames v. Harbor' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
}
const idOfFile = (path: string): DocumentId => {
  const row = t.seat.documents.list(matterId).find(({ relativePath }) => relativePath === path);
  if (!row) throw new Error(`no document ${path}`);
  return row.documentId;
};
const linksOf = (path: string): LinkView[] => t.seat.links.of(idOfFile(path));
const said = (path: string): string[] =>
  linksOf(path).map(({ kind, isFrom, other, state }) => `${isFrom ? '' : 'is '}${kind} ${other.fileName} ${state}`);
const count = (): unknown => t.seat.store.raw.prepare('select count(*) from document_link').pluck().get();
async function again(path: string): Promise<void> {
  t.seat.store.transaction((tx) => {
    t.seat.links.enqueue(tx, idOfFile(path));
    return { ok: true, value: {} };
  });
  t.seat.jobs.wake();
  await t.seat.jobs.idle();
}

test('what belongs together is found after it was read, in whichever order it came', async () => {
  await watch();
  expect(said('ledger.csv')).toEqual(['is record_for er-record.txt proposed']);
  expect(said('er-record.txt')).toEqual(['record_for ledger.csv proposed']);
  expect(said('other-record.txt')).toEqual([]);
  expect(said('offer.txt')).toEqual(['counter_offer demand letter.txt proposed']);
  expect(said('records.eml')).toEqual(['is attachment_of mri.txt proposed']);
  expect(linksOf('er-record.txt')[0]).toMatchObject({ confidence: 95, why: 'Both name Harbor Hospital and Feb 15, 2024.', method: 'rule' });
  expect(t.events.some(({ name }) => name === 'links.changed')).toBe(true);
  const before = count();
  for (const path of ['ledger.csv', 'er-record.txt', 'offer.txt', 'records.eml']) await again(path);
  expect(count()).toBe(before);
});

test('what a person turned down is not proposed again, what she approved stays; both can be changed', async () => {
  await watch(['ledger.csv', 'er-record.txt']);
  const [link] = linksOf('ledger.csv');
  if (!link) throw new Error('nothing was proposed');
  expect(t.seat.links.decide({ linkIds: [link.linkId], decision: 'rejected' })).toMatchObject({ ok: true });
  await again('ledger.csv');
  await again('er-record.txt');
  expect(said('ledger.csv')).toEqual(['is record_for er-record.txt rejected']);
  expect(t.seat.links.decide({ linkIds: [link.linkId], decision: 'approved' })).toMatchObject({ ok: true });
  expect(said('ledger.csv')).toEqual(['is record_for er-record.txt approved']);
});

test('by hand: two documents of a matter, once; the same again takes back that it was turned down', async () => {
  await watch(['demand letter.txt', 'er-record.txt']);
  const pair = { fromDocumentId: idOfFile('er-record.txt'), toDocumentId: idOfFile('demand letter.txt'), kind: 'record_for' as const };
  expect(t.seat.links.add(pair)).toMatchObject({ ok: true });
  expect(linksOf('er-record.txt')).toMatchObject([{ method: 'person', state: 'approved', confidence: 100, why: null }]);
  const [link] = linksOf('er-record.txt');
  if (!link) throw new Error('nothing was linked');
  t.seat.links.decide({ linkIds: [link.linkId], decision: 'rejected' });
  expect(said('er-record.txt')).toEqual(['record_for demand letter.txt rejected']);
  expect(t.seat.links.add(pair)).toMatchObject({ ok: true });
  expect(said('er-record.txt')).toEqual(['record_for demand letter.txt approved']);
  expect(t.seat.links.add({ ...pair, toDocumentId: pair.fromDocumentId })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});

test('never from one matter to another: not by rule, not by hand, not once a document has moved', async () => {
  await watch(['ledger.csv']);
  const ledger = idOfFile('ledger.csv');
  const [first, folder] = [matterId, t.folder];
  t.folder = join(t.dataDir, 'second');
  await mkdir(t.folder);
  await watch(['er-record.txt']);
  expect(count()).toBe(0);
  const pair = { fromDocumentId: idOfFile('er-record.txt'), toDocumentId: ledger, kind: 'record_for' as const };
  expect(t.seat.links.add(pair)).toMatchObject({ ok: false, error: { reason: 'The two documents belong to different matters.' } });
  expect(count()).toBe(0);
  // in one matter they are linked, so it is the matter that keeps them apart
  await writeFile(join(folder, 'er-record.txt'), papers['er-record.txt'] ?? '');
  matterId = first;
  await t.seat.ingest.rescan(matterId);
  await t.until('the record to be linked', () => count() === 1);
  t.seat.store.raw.prepare(`update document set matter_id = 'elsewhere' where document_id = ?`).run(ledger);
  expect(said('er-record.txt')).toEqual([]);
});

test('a proposal about what turned out to be something else is not shown', async () => {
  await watch(['ledger.csv', 'er-record.txt']);
  t.seat.store.raw.prepare(`update document set document_type = 'Other' where document_id = ?`).run(idOfFile('er-record.txt'));
  expect(said('ledger.csv')).toEqual([]);
});

test('who may only read is told so', async () => {
  await t.stop();
  t = await startTestSeat('Viewer');
  expect(t.seat.links.decide({ linkIds: ['x' as never], decision: 'approved' })).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  await rm(t.folder, { recursive: true, force: true });
});
