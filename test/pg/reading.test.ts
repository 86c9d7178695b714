import { expect, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { packWords, unpackWords } from '../../src/main/documents/word-boxes.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { replayParked } from '../../src/main/sync/parked.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { copyInto } from '../support/copying.ts';
import { makeLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { asOlderApp } from '../support/older-app.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

async function sync({ store }: TestLaptop, remote: Remote): Promise<void> {
  while ((await pushWaiting(store, remote)).did === 'pushed');
  while ((await pullOnce(store, remote, () => 0)).more);
}

const words = [
  { start: 0, end: 6, x: 0.1, y: 0.2, w: 0.05, h: 0.02 },
  { start: 7, end: 12, x: 0.2, y: 0.2, w: 0.04, h: 0.02 },
];
const text = 'Rivera Maria';

/** A mail with a scan in it, of which the one page was recognised after it had been synced as a picture. */
async function aScan(laptop: TestLaptop, remote: Remote): Promise<{ mailId: string; scanId: string; pageId: string }> {
  const [matterId, mailId, scanId, pageId] = [freshId(), freshId(), freshId(), freshId()];
  const file = { matterId, fileType: 'x', fileSize: 1, documentType: 'Other', isMissing: false };
  must(
    laptop.write((change) => {
      change.insert('matter', { matterId, title: 'x', status: 'Open' });
      change.insert('document', {
        ...file,
        documentId: mailId,
        fileName: 'a.eml',
        relativePath: 'a.eml',
        contentHash: 'a'.repeat(64),
        processingStatus: 'read',
      });
      change.insert('document', {
        ...file,
        ...{
          documentId: scanId,
          fileName: 'scan.pdf',
          relativePath: 'a.eml/scan.pdf',
          contentHash: 'b'.repeat(64),
          processingStatus: 'waiting_for_ocr',
        },
        parentDocumentId: mailId,
      });
      change.insert('page', { pageId, documentId: scanId, pageNumber: 1, extractedText: '', readBy: null });
      return ok({});
    }),
  );
  await sync(laptop, remote);
  must(
    laptop.write((change) => {
      const read = {
        extractedText: text,
        readBy: 'ocr' as const,
        ocrConfidence: 93,
        rotation: 270,
        wordBoxes: Buffer.from(packWords(words)),
      };
      return ok({ is: change.patch('page', pageId, read) });
    }),
  );
  await sync(laptop, remote);
  expect(outboxOf(laptop.store)).toEqual([]);
  return { mailId, scanId, pageId };
}

test('what one laptop recognised, with the places of its words, is on the others: by the feed and in a copy', async () => {
  const [mine, theirs, fresh] = [makeLaptop(), makeLaptop(), makeLaptop()];
  const { mailId, scanId, pageId } = await aScan(mine, await world.connect('one', 'Paralegal', mine.deviceId));
  const remote = await world.connect('one', 'Attorney', theirs.deviceId);
  await sync(theirs, remote);
  await copyInto(fresh.store, remote);
  for (const { store } of [theirs, fresh]) {
    const page = rowsOf(store, 'page').get(pageId);
    expect(page).toMatchObject({ extracted_text: text, read_by: 'ocr', ocr_confidence: 93, rotation: 270 });
    const boxes = Buffer.from(String(page?.['word_boxes']).slice(2), 'hex');
    expect(unpackWords(boxes, text.length).map(({ start, end }) => text.slice(start, end))).toEqual(['Rivera', 'Maria']);
    expect(rowsOf(store, 'document').get(scanId)).toMatchObject({ parent_document_id: mailId });
  }
});

test('[S7] an app that does not know how pages are read has their words, and the rest once it is updated', async () => {
  const [mine, theirs] = [makeLaptop(), makeLaptop()];
  const { pageId } = await aScan(mine, await world.connect('one', 'Paralegal', mine.deviceId));
  const older = [
    asOlderApp('page', { columns: ['read_by', 'ocr_confidence', 'rotation', 'word_boxes'] }),
    asOlderApp('document', { columns: ['parent_document_id'] }),
  ];
  try {
    await sync(theirs, await world.connect('one', 'Attorney', theirs.deviceId));
    expect(theirs.store.raw.prepare('select extracted_text, read_by from page where page_id = ?').get(pageId)).toEqual({
      extracted_text: text,
      read_by: null,
    });
  } finally {
    for (const one of older) one.update();
  }
  replayParked(theirs.store);
  expect(rowsOf(theirs.store, 'page').get(pageId)).toMatchObject({ read_by: 'ocr', rotation: 270 });
});

test('the audit keeps where words stand as a hash, as it does the words', async () => {
  const { rows } = await world.admin.query<{ said: string }>(
    `select new_values::text as said from steno.audit_event where table_name = 'document_page' and new_values ? 'word_boxes' and new_values ->> 'read_by' = 'ocr' limit 1`,
  );
  expect(rows[0]?.said).toContain('word_boxes');
  expect(rows[0]?.said).not.toContain(Buffer.from(packWords(words)).toString('hex'));
});
