import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { createOpenFiles } from '../../../src/main/documents/open-files.ts';
import { createPageTurns } from '../../../src/main/documents/page-turns.ts';
import { pageSizes, read, renderPage } from '../../../src/main/documents/read/read-worker.ts';
import { idOf } from '../../../src/main/host/ids.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { keepFile, sha256 } from '../../../src/main/sync/files/kept-files.ts';
import type { MatterId } from '../../../src/shared/ids.ts';
import { ok } from '../../../src/shared/result.ts';
import { makePdf } from '../../support/make-pdf.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat | null = null;
afterEach(async () => {
  await t?.stop();
  t = null;
});

const pdf = 'application/pdf';
const shared = (bytes: Uint8Array): Uint8Array => {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
};

/** A seat with one matter and these files in its folder, all read. */
async function seatWith(
  files: Record<string, Uint8Array | string>,
): Promise<{ seat: TestSeat['seat']; idOfFile: (name: string) => string }> {
  t = await startTestSeat();
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(t.folder, name), bytes);
  const made = await t.seat.matters.create({ folder: t.folder });
  if (!made.ok) throw new Error(made.error.code);
  const matterId: MatterId = made.value.matterId;
  t.seat.watch(matterId, t.folder);
  const { seat } = t;
  await t.until('all is read', () => {
    const rows = seat.documents.list(matterId);
    return rows.length === Object.keys(files).length && rows.every(({ state }) => state === 'read' || state === 'failed');
  });
  const idOfFile = (name: string): string => idOf('document', matterId, sha256(Buffer.from(files[name] ?? '')).toString('hex'));
  return { seat, idOfFile };
}

test('an outline tells every page’s size before one is drawn, and what has no picture has none', async () => {
  const wide = await makePdf([[{ text: 'Total due: $513.00 for the ambulance', x: 60, y: 60 }]], { layout: 'landscape' });
  const { seat, idOfFile } = await seatWith({ 'wide.pdf': wide, 'note.txt': 'one\ftwo', 'broken.pdf': '%PDF-1.4 no' });
  const outline = await seat.documents.outline(idOfFile('wide.pdf'));
  expect(outline).toMatchObject({
    ok: true,
    value: { fileName: 'wide.pdf', pages: [{ size: { widthPt: 792, heightPt: 612 }, upright: 0, turn: 0, hasText: true }] },
  });
  const note = await seat.documents.outline(idOfFile('note.txt'));
  expect(note).toMatchObject({ ok: true, value: { pages: [{ size: null }, { size: null }] } });
  expect(await seat.documents.outline(idOfFile('broken.pdf'))).toMatchObject({ ok: true, value: { pages: [] } });
  expect(await seat.documents.outline(idOf('nothing'))).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('places are found in the order of the pages, each with its characters', async () => {
  const pages = Array.from({ length: 120 }, (_, n) => [
    { text: n % 50 === 0 ? 'The sprain and the Sprain' : 'Nothing to see here at all', x: 60, y: 60 },
  ]);
  const { seat, idOfFile } = await seatWith({ 'long.pdf': await makePdf(pages) });
  const documentId = idOfFile('long.pdf');
  const found = await seat.documents.findPlaces({ documentId, words: ' SPRAIN ' });
  expect(found).toMatchObject({ ok: true, value: { hasMore: false } });
  if (found.ok)
    expect(found.value.places.map(({ page, start, end }) => [page, start, end])).toEqual(
      [1, 51, 101].flatMap((page) => [
        [page, 4, 10],
        [page, 19, 25],
      ]),
    );
  const page = await seat.documents.page({ documentId, page: 51, widthPx: 300 });
  expect(page.ok && page.value.text.slice(19, 25)).toBe('Sprain');
  expect(await seat.documents.findPlaces({ documentId, words: ' ' })).toEqual({ ok: true, value: { places: [], hasMore: false } });
});

test('words that run across a page break, blank pages between, are one place on both pages', async () => {
  const text = ['The doctor found a cervical', ' ', 'strain. Later a cervical strain', 'strain was seen'].join('\f');
  const { seat, idOfFile } = await seatWith({ 'note.txt': text });
  const found = await seat.documents.findPlaces({ documentId: idOfFile('note.txt'), words: 'Cervical  strain' });
  expect(found).toEqual({
    ok: true,
    value: {
      places: [
        { page: 1, start: 19, end: 27, goesOn: { page: 3, start: 0, end: 6 } },
        { page: 3, start: 16, end: 31 },
      ],
      hasMore: false,
    },
  });
});

test('a file whose pages are turned is decrypted once, two at a time are kept, and workers see the same memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steno-open-files-'));
  const opened = openStore(join(folder, 'steno.db'), 'a1'.repeat(32));
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  const hashes = ['one', 'two', 'three'].map((text) => {
    const bytes = Buffer.from(text);
    const hash = sha256(bytes).toString('hex');
    store.transaction((db) => {
      keepFile(db, hash, bytes, 1);
      return ok({});
    });
    return hash;
  });
  const files = createOpenFiles(store);
  const [one, two, three] = hashes.map((hash) => files.read(hash));
  expect(Buffer.from(three ?? []).toString()).toBe('three');
  expect([one, two, three].every((bytes) => bytes?.buffer instanceof SharedArrayBuffer)).toBe(true);
  // the one looked at longest ago was let go
  expect([files.read(hashes[1] ?? '') === two, files.read(hashes[2] ?? '') === three, files.read(hashes[0] ?? '') === one]).toEqual([
    true,
    true,
    false,
  ]);
  expect(files.read('0'.repeat(64))).toBeNull();
  store.close();
  await rm(folder, { recursive: true });
});

test('a page stays turned for this person, and a restart of Steno does not turn it back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steno-turns-'));
  const path = join(folder, 'turns.json');
  const documentId = idOf('document');
  const turns = createPageTurns(path);
  turns.turn(documentId, 3, 90);
  turns.turn(documentId, 3, 90);
  turns.turn(documentId, null, 270);
  const again = createPageTurns(path).of(documentId);
  expect([again(1), again(3), createPageTurns(path).of(idOf('other'))(3)]).toEqual([270, 90, 0]);
  // nothing but ids and degrees
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ [documentId]: { all: 270, pages: { 3: 180 } } });
  turns.turn(documentId, null, 90);
  turns.turn(documentId, 3, 180);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({});
  turns.turn(documentId, 2, 90);
  turns.turn(documentId, null, 180);
  turns.turn(documentId, null, 0);
  expect([1, 2].map(createPageTurns(path).of(documentId))).toEqual([0, 0]);
  for (const broken of ['{', '[]', '{"x":1}', `{"${documentId}":{"all":45,"pages":{}}}`]) {
    await writeFile(path, broken);
    expect(createPageTurns(path).of(documentId)(1)).toBe(0);
  }
  await rm(folder, { recursive: true });
});

test('a document that is kept open for its next page draws the same, and another one is not taken for it', async () => {
  const [one, other] = await Promise.all(
    ['first', 'second'].map((word) => makePdf([1, 2].map((n) => [{ text: `${word} ${String(n)}`, x: 60, y: 60, size: 40 }]))),
  );
  if (!one || !other) throw new Error('not made');
  const draw = async (bytes: Uint8Array, page: number, key?: string) => {
    const drawn = await renderPage({ bytes: shared(bytes), mediaType: pdf, page, widthPx: 300, ...(key !== undefined && { key }) });
    if (!drawn.ok || !drawn.value.image) throw new Error('not drawn');
    return { text: drawn.value.text, base64: drawn.value.image.base64 };
  };
  const plain = { one: await draw(one, 2), other: await draw(other, 2) };
  expect(plain.one.base64).not.toBe(plain.other.base64);
  expect(await draw(one, 1, 'a')).toMatchObject({ text: 'first 1' });
  expect(await draw(one, 2, 'a')).toEqual(plain.one);
  // reading another file between lets it go
  expect(await read({ bytes: other, fileName: 'other.pdf' })).toMatchObject({ ok: true });
  expect(await draw(one, 2, 'a')).toEqual(plain.one);
  expect(await draw(other, 2, 'b')).toEqual(plain.other);
  expect(await draw(one, 2, 'a')).toEqual(plain.one);
  for (let n = 0; n < 70; n += 1) expect((await draw(one, 2, 'a')).text).toBe('first 2');
});

test('pages of a scan and a photo are as large as a letter page would hold them, upright', async () => {
  const photo = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#888' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const sizes = await pageSizes({ bytes: shared(photo), mediaType: 'image/jpeg' });
  expect(sizes).toEqual({ ok: true, value: [{ widthPt: 396, heightPt: 792 }] });
  expect(await pageSizes({ bytes: shared(Buffer.from('no picture')), mediaType: 'image/png' })).toMatchObject({ ok: false });
  expect(await pageSizes({ bytes: shared(Buffer.from('%PDF no')), mediaType: pdf })).toMatchObject({
    ok: false,
    error: { code: 'corrupt' },
  });
});

test('what is print goes to the window as PNG, what is a picture as JPEG', async () => {
  const noise = randomBytes(1000 * 1000 * 3);
  const photo = await sharp(noise, { raw: { width: 1000, height: 1000, channels: 3 } })
    .blur(2)
    .png()
    .toBuffer();
  const drawn = await renderPage({ bytes: shared(photo), mediaType: 'image/png', page: 1, widthPx: 1000 });
  expect(drawn).toMatchObject({ ok: true, value: { image: { mediaType: 'image/jpeg', widthPx: 1000 } } });
  const print = await renderPage({ bytes: await makePdf([[{ text: 'print', x: 60, y: 60 }]]), mediaType: pdf, page: 1, widthPx: 1000 });
  expect(print).toMatchObject({ ok: true, value: { image: { mediaType: 'image/png' } } });
});
