import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleBytes } from '../../support/sample-files.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

const sheet = sampleBytes('rivera-v-bestvalue', 'Medical/ems-run-sheet.png');
const row = () => t.seat.documents.list(matterId)[0];

async function create(folder = t.folder): Promise<string> {
  const created = await t.seat.matters.create({ folder, title: 'Rivera' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, folder);
  return matterId;
}

test('a picture is turned into text in the background; its words have places and its facts are found', { timeout: 90_000 }, async () => {
  await writeFile(join(t.folder, 'ems-run-sheet.png'), sheet);
  await create();
  await t.seat.ingest.settled(matterId);
  expect(row()).toMatchObject({ state: 'read', reason: null, kind: 'Medical_Record' });
  const { documentId } = row() ?? { documentId: '' };
  const page = await t.seat.documents.page({ documentId, page: 1, widthPx: 400 });
  if (!page.ok) throw new Error('no page');
  expect(page.value).toMatchObject({ readBy: 'ocr', rotation: 0 });
  expect(page.value.confidence).toBeGreaterThan(85);
  expect(page.value.words.map(({ start, end }) => page.value.text.slice(start, end))).toContain('Rivera,');
  expect(t.seat.ingest.progress(matterId).ocr).toEqual({ total: 1, done: 1 });
  expect(t.seat.facts.list(matterId).length).toBeGreaterThan(0);
});
