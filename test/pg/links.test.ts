import { expect, test } from 'vitest';
import { freshId, idOf } from '../../src/main/host/ids.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { replayParked } from '../../src/main/sync/parked.ts';
import { ok } from '../../src/shared/result.ts';
import { copyInto } from '../support/copying.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { asOlderApp } from '../support/older-app.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

async function sync({ store }: TestLaptop, remote: Remote): Promise<void> {
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
}
const connect = (laptop: TestLaptop, role: 'Paralegal' | 'Attorney' = 'Paralegal') => world.connect('one', role, laptop.deviceId);

const file = { fileType: 'x', fileSize: 1, isMissing: false, processingStatus: 'read', documentType: 'Bill', kindBy: 'rule' as const };
/** Two documents of a matter, at the firm. */
async function twoPapers(laptop: TestLaptop, remote: Remote): Promise<{ matterId: string; bill: string; record: string; linkId: string }> {
  const [matterId, bill, record] = [freshId(), freshId(), freshId()];
  must(
    laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      for (const documentId of [bill, record])
        change.insert('document', { ...file, documentId, matterId, fileName: 'a', relativePath: documentId, contentHash: 'a'.repeat(64) });
      return ok({});
    }),
  );
  await sync(laptop, remote);
  return { matterId, bill, record, linkId: idOf('document_link', record, bill, 'record_for') };
}
const propose = (laptop: TestLaptop, { bill, record, linkId }: Awaited<ReturnType<typeof twoPapers>>): boolean =>
  must(
    laptop.write((change) => {
      const link = { linkKind: 'record_for', confidence: 90, method: 'rule' as const, state: 'proposed' as const, why: 'Both name it.' };
      return ok(change.insert('document_link', { linkId, fromDocumentId: record, toDocumentId: bill, ...link }));
    }),
  );
const decide = (laptop: TestLaptop, linkId: string, state: 'approved' | 'rejected'): boolean =>
  must(laptop.write((change) => ok(change.patch('document_link', linkId, { state }))));

test('two laptops propose the same link: one row, on all of them; what a person says of it as well, by the feed and in a copy', async () => {
  const [mine, theirs, fresh] = [makeLaptop(), makeLaptop(), makeLaptop()];
  const [my, their] = [await connect(mine), await connect(theirs, 'Attorney')];
  const papers = await twoPapers(mine, my);
  await sync(theirs, their);
  propose(mine, papers);
  propose(theirs, papers);
  await sync(mine, my);
  await sync(theirs, their);
  expect([outboxOf(mine.store), outboxOf(theirs.store)]).toEqual([[], []]);
  decide(theirs, papers.linkId, 'rejected');
  await sync(theirs, their);
  await sync(mine, my);
  await copyInto(fresh.store, my);
  for (const { store } of [mine, theirs, fresh]) {
    const row = rowsOf(store, 'document_link').get(papers.linkId);
    expect(row).toMatchObject({ state: 'rejected', why: 'Both name it.', confidence: 90 });
    expect(row?.['decided_by']).toBeTruthy();
  }
  // proposed once more by a laptop that has not heard of it: the firm's row stands
  const late = makeLaptop();
  propose(late, papers);
  await sync(late, await connect(late));
  expect(rowsOf(late.store, 'document_link').get(papers.linkId)).toMatchObject({ state: 'rejected' });
});

test('a link by hand goes as it is, and one across matters is refused', async () => {
  const laptop = makeLaptop();
  const remote = await connect(laptop);
  const [here, there] = [await twoPapers(laptop, remote), await twoPapers(laptop, remote)];
  const link = (to: string): string => {
    const linkId = idOf('document_link', here.record, to, 'record_for');
    const row = { linkKind: 'record_for', confidence: 100, method: 'person' as const, state: 'approved' as const };
    must(laptop.write((change) => ok(change.insert('document_link', { linkId, fromDocumentId: here.record, toDocumentId: to, ...row }))));
    return linkId;
  };
  const [good, bad] = [link(here.bill), link(there.bill)];
  await sync(laptop, remote);
  expect(rowsOf(laptop.store, 'document_link').get(good)).toMatchObject({ state: 'approved', revision: 1 });
  expect(outboxOf(laptop.store)).toMatchObject([{ entity_id: bad, state: 'dead', reason: 'link_across_matters' }]);
});

test('a document that goes to another matter takes its links apart on every laptop', async () => {
  const [mine, theirs] = [makeLaptop(), makeLaptop()];
  const [my, their] = [await connect(mine), await connect(theirs, 'Attorney')];
  const [papers, elsewhere] = [await twoPapers(mine, my), await twoPapers(mine, my)];
  propose(mine, papers);
  await sync(mine, my);
  await sync(theirs, their);
  expect(rowsOf(theirs.store, 'document_link').get(papers.linkId)).toMatchObject({ state: 'proposed' });
  must(mine.write((change) => ok(change.patch('document', papers.bill, { matterId: elsewhere.matterId }))));
  await sync(mine, my);
  await sync(theirs, their);
  expect(rowsOf(theirs.store, 'document_link').get(papers.linkId)).toMatchObject({
    state: 'rejected',
    decision_reason: 'One of the two documents was moved to another matter.',
  });
  // and it goes with its document
  await world.admin.query('delete from steno.source_document where document_id = $1', [papers.record]);
  await sync(theirs, their);
  expect(rowsOf(theirs.store, 'document_link').has(papers.linkId)).toBe(false);
});

type Call = readonly [documentType: string, kindBy: 'person' | 'rule', kindConfidence: number];
/** One laptop says what a document is while another says something else of it, and comes later. */
async function callTwice(first: Call, later: Call): Promise<Record<string, unknown>[]> {
  const [mine, theirs] = [makeLaptop(), makeLaptop()];
  const [my, their] = [await connect(mine), await connect(theirs, 'Attorney')];
  const { bill } = await twoPapers(mine, my);
  await sync(theirs, their);
  for (const [laptop, [documentType, kindBy, kindConfidence]] of [
    [theirs, first],
    [mine, later],
  ] as const)
    must(
      laptop.write((change) => ok(change.patch('document', bill, { documentType, kindBy, kindConfidence, kindWhy: 'w', pageCount: 2 }))),
    );
  await sync(theirs, their);
  await sync(mine, my);
  await sync(theirs, their);
  return [mine, theirs].map(({ store }) => rowsOf(store, 'document').get(bill) ?? {});
}

test('what a person called a document stays, though a laptop that read it meanwhile comes later', async () => {
  for (const row of await callTwice(['Insurance', 'person', 100], ['Medical_Record', 'rule', 70]))
    expect(row).toMatchObject({ document_type: 'Insurance', kind_by: 'person', kind_confidence: 100, page_count: 2 });
  // of two people, and of two machines, the later word stands
  for (const row of await callTwice(['Insurance', 'person', 100], ['Contract', 'person', 100]))
    expect(row).toMatchObject({ document_type: 'Contract' });
  for (const row of await callTwice(['Insurance', 'rule', 60], ['Photo', 'rule', 50]))
    expect(row).toMatchObject({ document_type: 'Photo' });
});

test('control: without the rule of the firm’s database the later laptop would be believed', async () => {
  await world.admin.query('alter table steno.source_document disable trigger source_document_kind');
  try {
    for (const row of await callTwice(['Insurance', 'person', 100], ['Medical_Record', 'rule', 70]))
      expect(row).toMatchObject({ document_type: 'Medical_Record' });
  } finally {
    await world.admin.query('alter table steno.source_document enable trigger source_document_kind');
  }
});

test('thumbs go to all laptops and can be taken back; the later word of one person counts', async () => {
  const [mine, theirs] = [makeLaptop(), makeLaptop()];
  const [my, their] = [await connect(mine), await connect(theirs, 'Attorney')];
  const { bill } = await twoPapers(mine, my);
  const feedbackId = freshId();
  const place = { page: 1, startOffset: 0, endOffset: 20, queryHash: 'b'.repeat(64), queryWords: ['0011aabb'] };
  must(
    mine.write((change) => ok(change.insert('feedback', { feedbackId, subject: 'chunk', documentId: bill, isHelpful: true, ...place }))),
  );
  await sync(mine, my);
  await sync(theirs, their);
  expect(rowsOf(theirs.store, 'feedback').get(feedbackId)).toMatchObject({
    is_helpful: true,
    page: 1,
    end_offset: 20,
    query_words: ['0011aabb'],
  });
  for (const isHelpful of [false, null]) {
    must(mine.write((change) => ok(change.patch('feedback', feedbackId, { isHelpful }))));
    await sync(mine, my);
    await sync(theirs, their);
    expect(outboxOf(mine.store)).toEqual([]);
    expect(rowsOf(theirs.store, 'feedback').get(feedbackId)).toMatchObject({ is_helpful: isHelpful });
  }
});

test('[S7] an app that does not know why documents belong together, nor what a kind rests on, keeps both for later', async () => {
  const [mine, theirs] = [makeLaptop(), makeLaptop()];
  const my = await connect(mine);
  const papers = await twoPapers(mine, my);
  propose(mine, papers);
  await sync(mine, my);
  const older = [
    asOlderApp('document_link', { columns: ['why'] }),
    asOlderApp('document', { columns: ['kind_by', 'kind_confidence', 'kind_why'] }),
  ];
  try {
    await sync(theirs, await connect(theirs, 'Attorney'));
  } finally {
    for (const one of older) one.update();
  }
  expect(rowsOf(theirs.store, 'document_link').get(papers.linkId)).toMatchObject({ confidence: 90, why: null });
  replayParked(theirs.store);
  expect(rowsOf(theirs.store, 'document_link').get(papers.linkId)).toMatchObject({ why: 'Both name it.' });
  expect(rowsOf(theirs.store, 'document').get(papers.bill)).toMatchObject({ kind_by: 'rule' });
});
