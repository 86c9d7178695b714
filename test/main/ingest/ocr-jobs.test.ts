import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest';
import type { DocumentRow } from '../../../src/shared/documents.ts';
import type { Workers } from '../../../src/main/host/host.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { makeMixedPdf, makeScan } from '../../support/make-scan.ts';

let t: TestSeat;
let matterId: string;
beforeEach(async () => {
  t = await startTestSeat();
});
afterEach(() => t.stop());

const timeout = { timeout: 90_000 };
const rows = (): DocumentRow[] => t.seat.documents.list(matterId);
const idOf = (name: string): string => rows().find(({ relativePath }) => relativePath === name)?.documentId ?? '';
const stateOf = (name: string): string | undefined => rows().find(({ relativePath }) => relativePath === name)?.state;
const textsOf = (name: string): string[] => t.seat.documents.pages(idOf(name)).map(({ text }) => text);
const count = (sql: string): number => (t.seat.store.raw.prepare(sql).get() as { n: number }).n;
/** How often text recognition was started, told by what it was given. */
const recognitions = (): number => ran.mock.calls.filter(([, task]) => task === 'ocrPage').length;
let ran: Mock<Workers['run']>;

async function watch(folder = t.folder): Promise<void> {
  const created = await t.seat.matters.create({ folder, title: 'Rivera' });
  if (!created.ok) throw new Error(created.error.code);
  matterId = created.value.matterId;
  t.seat.watch(matterId, folder);
}
beforeEach(() => {
  ran = vi.spyOn(t.workers, 'run');
});

test('a file of text pages and pictures: each page once, words with places, then its facts', timeout, async () => {
  const text = 'This page is text as it is, and long enough that nobody takes it for a stamp on a picture.';
  await writeFile(join(t.folder, 'mixed.pdf'), await makeMixedPdf([text, ['Claim Number: HM-2024-778812', 'Date of loss: March 3, 2024']]));
  await watch();
  await t.seat.ingest.settled(matterId);
  expect(rows()).toMatchObject([{ state: 'read', reason: null, pageCount: 2 }]);
  const [first = '', second = ''] = textsOf('mixed.pdf');
  expect(first.replace(/\s+/g, ' ')).toContain('This page is text');
  expect(second).toContain('HM-2024-778812');
  expect(second).toContain('RIVERA 000123');
  expect(recognitions()).toBe(1);
  const page = await t.seat.documents.page({ documentId: idOf('mixed.pdf'), page: 2, widthPx: 400 });
  if (!page.ok) throw new Error('no page');
  expect(page.value).toMatchObject({ readBy: 'ocr', rotation: 0 });
  expect(page.value.words.map(({ start, end }) => page.value.text.slice(start, end))).toContain('HM-2024-778812');
  expect(t.seat.facts.list(matterId).map(({ kind, source }) => [kind, source.page])).toContainEqual(['claim_number', 2]);
  expect(t.seat.ingest.progress(matterId).ocr).toEqual({ total: 1, done: 1 });
});

test('the same bytes in another matter are not recognised again, nor after a restart', timeout, async () => {
  await writeFile(join(t.folder, 'scan.png'), await makeScan(['Claim Number: HM-2024-778812']));
  await watch();
  await t.seat.ingest.settled(matterId);
  const before = textsOf('scan.png');
  expect(before[0]).toContain('HM-2024-778812');
  const other = join(t.dataDir, 'other');
  await mkdir(other);
  await copyFile(join(t.folder, 'scan.png'), join(other, 'same.png'));
  await watch(other);
  await t.seat.ingest.settled(matterId);
  expect(textsOf('same.png')).toEqual(before);
  expect(recognitions()).toBe(1);
  await t.restart();
  await t.seat.ingest.settled(matterId);
  expect(recognitions()).toBe(1);
  expect(count(`select count(*) as n from page where read_by = 'ocr' and word_boxes is not null`)).toBe(2);
});

test('a page that a colleague’s laptop read meanwhile is left as it is', timeout, async () => {
  ran.mockImplementation((...given: unknown[]) => {
    // as if it came by sync while this laptop began
    if (given[1] === 'ocrPage') t.seat.store.raw.exec(`update page set read_by = 'ocr', extracted_text = 'theirs' where page_number = 2`);
    return original(given);
  });
  const original = keepOriginal();
  await writeFile(join(t.folder, 'two.pdf'), await makeMixedPdf([['the first page'], ['the second page']]));
  await watch();
  await t.seat.ingest.settled(matterId);
  expect(textsOf('two.pdf')).toEqual([expect.stringContaining('the first page'), 'theirs']);
  expect(recognitions()).toBe(1);
});

test(
  'what the laptop of a colleague reads just now is not read here as well; what it gave up is, once somebody looks at it',
  timeout,
  async () => {
    const gate = Promise.withResolvers<undefined>();
    const original = keepOriginal();
    ran.mockImplementation(async (...given: unknown[]) => {
      if (given[1] === 'ocrPage') await gate.promise;
      return original(given);
    });
    await writeFile(join(t.folder, 'a.pdf'), await makeMixedPdf([['one'], ['two']]));
    await watch();
    await t.until('recognition to begin', () => recognitions() === 1);
    const { seat } = t;
    const documentId = idOf('a.pdf');
    const waiting = (): number => seat.jobs.countReady('ocr-page', `${documentId}:`);
    seat.jobs.cancel('ocr-page', `${documentId}:`);
    const theirs = seat.store.raw.prepare(`update document set uploaded_by = 'colleague', updated_at = ?`);
    const pages = seat.store.raw.prepare('update page set updated_at = ?');
    const longAgo = Date.now() - 11 * 60_000;
    theirs.run(longAgo);
    pages.run(Date.now());
    seat.ingest.ocr.lookAt(documentId, 1);
    expect(waiting()).toBe(0);
    pages.run(longAgo);
    seat.ingest.ocr.lookAt(documentId, 1);
    expect(waiting()).toBe(2);
    gate.resolve(undefined);
    await t.until('both pages', () => stateOf('a.pdf') === 'read');
  },
);

test('what a window looks at goes first; stopped it stays stopped, and Retry goes on', timeout, async () => {
  const gate = Promise.withResolvers<undefined>();
  const order: string[] = [];
  const original = keepOriginal();
  ran.mockImplementation(async (...given: unknown[]) => {
    if (given[1] === 'ocrPage') {
      order.push(String((given[2] as { page: number }).page));
      await gate.promise;
    }
    return original(given);
  });
  await writeFile(join(t.folder, 'a.pdf'), await makeMixedPdf([['one'], ['two'], ['three']]));
  await watch();
  await t.until('recognition to begin', () => order.length === 1);
  expect(stateOf('a.pdf')).toBe('waiting_for_ocr');
  t.seat.ingest.ocr.lookAt(idOf('a.pdf'), 3);
  gate.resolve(undefined);
  await t.until('the page that was looked at', () => order.length >= 2);
  expect(order[1]).toBe('3');
  expect(t.seat.ingest.ocr.cancel(idOf('a.pdf'))).toMatchObject({ ok: true });
  await t.seat.jobs.idle();
  expect(rows()).toMatchObject([{ state: 'failed', reason: expect.stringMatching(/stopped.*Retry/) as string }]);
  const started = order.length;
  expect(t.seat.ingest.retry(idOf('a.pdf')).ok).toBe(true);
  await t.until('the rest', () => stateOf('a.pdf') === 'read');
  expect(order.length).toBeGreaterThan(started);
  expect(textsOf('a.pdf').map((text) => text.trim().split(/\s/)[0]?.toLowerCase())).toEqual(['one', 'two', 'three']);
});

test('a page that cannot be recognised is named, the others are read', timeout, async () => {
  const original = keepOriginal();
  ran.mockImplementation((...given: unknown[]) => {
    const isSecond = given[1] === 'ocrPage' && (given[2] as { page: number }).page === 2;
    return isSecond ? Promise.resolve({ ok: false, error: { code: 'corrupt', what: 'x', reason: 'x' } }) : original(given);
  });
  await writeFile(join(t.folder, 'a.pdf'), await makeMixedPdf([['one'], ['two']]));
  await watch();
  await t.seat.ingest.settled(matterId);
  expect(rows()).toMatchObject([{ state: 'read', reason: expect.stringMatching(/^Page 2 is a picture that could not/) as string }]);
});

test('what another laptop of the same person reads just now waits here, and is read once that one gave it up', timeout, async () => {
  const gate = Promise.withResolvers<undefined>();
  const original = keepOriginal();
  ran.mockImplementation(async (...given: unknown[]) => {
    if (given[1] === 'ocrPage') {
      const { signal } = given[3] as { signal: AbortSignal };
      await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      signal.throwIfAborted();
    }
    return original(given);
  });
  await writeFile(join(t.folder, 'a.pdf'), await makeMixedPdf([['one'], ['two']]));
  await watch();
  await t.until('recognition to begin', () => recognitions() === 1);
  // as the rows look where the file was not read: they came from the firm, and no job did
  t.seat.jobs.cancel('ocr-page', `${idOf('a.pdf')}:`);
  const pagesChanged = (at: number): unknown => t.seat.store.raw.prepare('update page set updated_at = ?').run(at);
  pagesChanged(Date.now());
  await t.restart();
  const putOff = (): number => count(`select count(*) as n from job where kind = 'ocr-page' and last_error = 'retry later'`);
  await t.until('its pages to be put off', () => putOff() === 2);
  expect(recognitions()).toBe(1);
  // the other one went away
  t.seat.store.raw.prepare(`update document set updated_at = ?`).run(Date.now() - 11 * 60_000);
  pagesChanged(Date.now() - 11 * 60_000);
  t.seat.store.raw.exec(`update job set run_after = 0 where kind = 'ocr-page'`);
  gate.resolve(undefined);
  t.seat.jobs.wake();
  // the first page that is read here changes the rows anew, and does not stop the second
  await t.until('both pages', () => stateOf('a.pdf') === 'read');
  expect(textsOf('a.pdf').map((text) => text.trim().toLowerCase().slice(0, 3))).toEqual(['one', 'two']);
});

/** The workers themselves, under the spy. */
function keepOriginal(): (given: unknown[]) => Promise<unknown> {
  const run = t.runWorker;
  return (given) => run(...(given as Parameters<typeof run>));
}
