import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { makePdf } from '../../support/make-pdf.ts';
import { makeScan } from '../../support/make-scan.ts';
import { look, lookAround, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

const pageCount = 500;

/** A long record: each page says its number, and some a word that is nowhere else. */
function longRecord(): Promise<Uint8Array> {
  return makePdf(
    Array.from({ length: pageCount }, (_, n) => [
      { text: `MEDICAL RECORD, sheet ${String(n + 1)}`, x: 60, y: 60, size: 16 },
      ...Array.from({ length: 38 }, (_, line) => ({
        text: `${String(line + 1)}. The patient reports pain in the cervical spine radiating to the left arm, sheet ${String(n + 1)}.`,
        x: 60,
        y: 96 + line * 17,
      })),
      ...((n + 1) % 100 === 0 ? [{ text: 'Radiculopathy was confirmed.', x: 60, y: 752 }] : []),
    ]),
  );
}

const viewer = (tab: Page, name = 'record.pdf') => tab.getByLabel(`Pages of ${name}`, { exact: true });
const desk = (tab: Page, name = 'record.pdf') => tab.getByRole('region', { name: `${name}, page by page` });
const pageIn = (tab: Page, page: number, name = 'record.pdf') =>
  desk(tab, name).getByRole('group', { name: `Page ${String(page)}`, exact: true });
const drawn = (tab: Page, page: number, name = 'record.pdf') => pageIn(tab, page, name).locator('[data-drawn]');

/** Opens a folder as a matter and one of its documents. */
async function openFolder(tab: Page, folder: string, first: string): Promise<void> {
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: /Choose a case folder|New matter from folder/ }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await tab.getByRole('region', { name: 'Documents' }).getByRole('button', { name: first }).click();
}

/** Counts the pages that core was asked to draw and has not answered. */
function watchDrawing(tab: Page): { asked: number; open: Set<number>; mostOpen: number } {
  const seen = { asked: 0, open: new Set<number>(), mostOpen: 0 };
  tab.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { id, call } = JSON.parse(String(payload)) as { id: number; call: string };
      if (call !== 'documents.page') return;
      seen.asked += 1;
      seen.open.add(id);
      seen.mostOpen = Math.max(seen.mostOpen, seen.open.size);
    });
    socket.on('framereceived', ({ payload }) => {
      const answered = /^\{"id":(\d+),/.exec(String(payload))?.[1];
      if (answered !== undefined) seen.open.delete(Number(answered));
    });
  });
  return seen;
}

test('500 pages are one scroll: few are there, few are drawn, and each place is reached', async ({ tab, dataDir }) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Long case');
  await mkdir(folder);
  await writeFile(join(folder, 'record.pdf'), await longRecord());
  const drawing = watchDrawing(tab);
  await tab.reload();
  await openFolder(tab, folder, 'record.pdf');
  await expect(drawn(tab, 1)).toBeVisible({ timeout: 60_000 });
  await look(tab, 'viewer-first');

  // through all of it, a screenful a frame, as a held key does
  const most = await desk(tab).evaluate(async (element) => {
    let pages = 0;
    let thumbnails = 0;
    while (element.scrollTop + element.clientHeight < element.scrollHeight - 1) {
      element.scrollBy({ top: element.clientHeight, behavior: 'instant' });
      await new Promise(requestAnimationFrame);
      pages = Math.max(pages, element.querySelectorAll('.desk-page').length);
      thumbnails = Math.max(thumbnails, document.querySelectorAll('.thumbnail').length);
    }
    return { pages, thumbnails, images: document.images.length };
  });
  await expect(drawn(tab, pageCount)).toBeVisible();
  await expect(viewer(tab).getByText(`Page ${String(pageCount)} of ${String(pageCount)}`)).toBeAttached();
  expect(most.pages).toBeLessThanOrEqual(6);
  expect(most.thumbnails).toBeLessThanOrEqual(24);
  // what was passed by was not drawn, and what is asked for at once is little
  expect(drawing.mostOpen).toBeLessThanOrEqual(2);
  expect(drawing.asked).toBeLessThan(pageCount);
  await expect.poll(() => drawing.open.size).toBe(0);
  await look(tab, 'viewer-last');

  // by number, by key, by thumbnail
  await tab.getByLabel('Page number').fill('250');
  await tab.keyboard.press('Enter');
  await expect(drawn(tab, 250)).toBeVisible();
  await expect(pageIn(tab, 250)).toBeInViewport({ ratio: 0.5 });
  await desk(tab).focus();
  await tab.keyboard.press('ArrowRight');
  await expect(tab.getByLabel('Page number')).toHaveValue('251');
  await tab.keyboard.press('Home');
  await expect(tab.getByLabel('Page number')).toHaveValue('1');
  await tab.keyboard.press('End');
  await expect(tab.getByLabel('Page number')).toHaveValue(String(pageCount));
  await viewer(tab).getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Page 498', exact: true }).click();
  await expect(tab.getByLabel('Page number')).toHaveValue('498');

  // a reload opens it where it was
  await tab.reload();
  await expect(tab.getByLabel('Page number')).toHaveValue('498');
  await expect(drawn(tab, 498)).toBeVisible();

  // found on five pages, from the one in front on
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('radiculopathy WAS');
  const find = viewer(tab).getByRole('search');
  await expect(find.getByText('5 of 5')).toBeVisible();
  await expect(pageIn(tab, 500).locator('mark.paper-mark-current')).toBeInViewport();
  await look(tab, 'viewer-found');
  await tab.keyboard.press('Enter');
  await expect(find.getByText('1 of 5')).toBeVisible();
  await expect(pageIn(tab, 100).locator('mark.paper-mark-current')).toBeInViewport();
  await tab.keyboard.press('Shift+Enter');
  await expect(pageIn(tab, 500).locator('mark.paper-mark-current')).toBeInViewport();
  await find.getByLabel('Words to find in this document').fill('xylophone');
  await expect(find.getByText('Not in this document')).toBeVisible();
  await tab.keyboard.press('Escape');
  await expect(find).toHaveCount(0);
});

/** A report of three pages, a scan, a note, a mail and a file that is none. */
async function smallCase(folder: string): Promise<void> {
  const lines = (page: number) => [
    { text: `Radiology report, page ${String(page)}`, x: 72, y: 72, size: 16 },
    { text: `On sheet ${String(page)} the spine shows a moderate strain of the cervical muscles.`, x: 72, y: 120, size: 12 },
    { text: 'No fracture is seen. Follow-up in six weeks is advised.', x: 72, y: 140, size: 12 },
  ];
  await mkdir(folder);
  await writeFile(join(folder, 'report.pdf'), await makePdf([lines(1), lines(2), lines(3)]));
  const scan = await makeScan(['EMERGENCY ROOM RECORD', 'Patient complains of neck pain after collision', 'Blood pressure is normal']);
  await writeFile(join(folder, 'scan.png'), await sharp(scan).rotate(180).png().toBuffer());
  await writeFile(join(folder, 'note.txt'), 'Called the adjuster.\nShe said the demand was received and the strain is disputed.\n');
  await writeFile(
    join(folder, 'mail.eml'),
    'From: Ann <ann@example.com>\r\nTo: Bob <bob@example.com>\r\nSubject: The strain\r\nDate: Mon, 05 Feb 2024 10:00:00 +0000\r\n\r\nThe strain is documented.\r\n',
  );
  await writeFile(join(folder, 'broken.pdf'), '%PDF-1.4 and nothing more');
}

/** Where a mark lies on its page, in fractions of it. */
async function placeOn(
  tab: Page,
  page: number,
  mark: string,
  name = 'report.pdf',
): Promise<{ x: number; y: number; w: number; h: number }> {
  const paper = await pageIn(tab, page, name).boundingBox();
  const box = await pageIn(tab, page, name).locator(mark).boundingBox();
  if (!paper || !box) throw new Error('the mark is not there');
  return {
    x: (box.x + box.width / 2 - paper.x) / paper.width,
    y: (box.y + box.height / 2 - paper.y) / paper.height,
    w: box.width,
    h: box.height,
  };
}

/** What the clipboard holds, by way of a box it is pasted into. */
async function pasted(tab: Page): Promise<string> {
  const box = tab.getByLabel('Filter documents');
  await box.fill('');
  await box.press('Control+v');
  const text = await box.inputValue();
  await box.fill('');
  return text;
}

test('a document is enlarged, turned, quoted from and compared with another', async ({ tab, dataDir }) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Small case');
  await smallCase(folder);
  await openFolder(tab, folder, 'report.pdf');
  const report = viewer(tab, 'report.pdf');
  await expect(drawn(tab, 1, 'report.pdf')).toBeVisible({ timeout: 60_000 });
  const value = report.getByLabel(/^Zoom, now/);
  const shownZoom = async () => Number.parseInt((await value.textContent()) ?? '', 10);

  // enlarged by keys, by the wheel around the pointer, and to fit
  await tab.getByLabel('Page number').fill('2');
  await tab.keyboard.press('Enter');
  await expect(pageIn(tab, 2, 'report.pdf')).toBeInViewport({ ratio: 0.5 });
  await desk(tab, 'report.pdf').focus();
  const fitted = await shownZoom();
  await tab.keyboard.press('+');
  await expect.poll(shownZoom).toBeGreaterThan(fitted);
  await tab.keyboard.press('0');
  await expect.poll(shownZoom).toBe(fitted);
  await pageIn(tab, 2, 'report.pdf').hover({ position: { x: 200, y: 200 } });
  await tab.keyboard.down('Control');
  await tab.mouse.wheel(0, -120);
  await tab.keyboard.up('Control');
  await expect.poll(shownZoom).toBeGreaterThan(fitted);
  await expect(tab.getByLabel('Page number')).toHaveValue('2');
  await tab.keyboard.press('p');
  await expect.poll(shownZoom).toBeLessThan(fitted);
  await expect(pageIn(tab, 2, 'report.pdf')).toBeInViewport({ ratio: 1 });
  await tab.keyboard.press('w');

  // found, turned, and the mark goes with the words
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('moderate strain');
  const find = report.getByRole('search');
  await expect(find.getByText('2 of 3')).toBeVisible();
  const flat = await placeOn(tab, 2, 'mark.paper-mark-current');
  await find.getByLabel('Copy this place with its citation').click();
  expect(await pasted(tab)).toBe('“moderate strain” (report.pdf, p. 2)');
  await desk(tab, 'report.pdf').focus();
  await tab.keyboard.press('r');
  await expect(pageIn(tab, 2, 'report.pdf').locator('img')).toHaveCSS('transform', /matrix\(0, 1, -1, 0/);
  const turned = await placeOn(tab, 2, 'mark.paper-mark-current');
  expect(turned.x).toBeCloseTo(1 - flat.y, 1);
  expect(turned.y).toBeCloseTo(flat.x, 1);
  expect(turned.h).toBeGreaterThan(turned.w);
  await expect(pageIn(tab, 1, 'report.pdf').locator('img')).toHaveCSS('transform', 'none');
  await look(tab, 'viewer-turned');
  await tab.reload();
  await expect(pageIn(tab, 2, 'report.pdf').locator('img')).toHaveCSS('transform', /matrix\(0, 1, -1, 0/);
  await report.getByLabel('Turn pages').click();
  await tab.getByRole('menuitem', { name: 'As they came' }).click();
  await expect(pageIn(tab, 2, 'report.pdf').locator('img')).toHaveCSS('transform', 'none');

  // words are selected by hand and copied with their citation
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('No fracture');
  const mark = pageIn(tab, 2, 'report.pdf').locator('mark.paper-mark-current');
  await expect(mark).toBeInViewport();
  const box = await mark.boundingBox();
  if (!box) throw new Error('the words are not there');
  await tab.keyboard.press('Escape');
  await tab.mouse.move(box.x + 6, box.y + box.height / 2);
  await tab.mouse.down();
  await tab.mouse.move(box.x + box.width + 12, box.y + box.height / 2, { steps: 4 });
  await tab.mouse.up();
  await expect(pageIn(tab, 2, 'report.pdf').locator('mark.paper-mark-selected')).toBeVisible();
  await look(tab, 'viewer-selected');
  await tab.keyboard.press('Control+c');
  expect(await pasted(tab)).toBe('“No fracture is” (report.pdf, p. 2)');
  await desk(tab, 'report.pdf').focus();
  await tab.keyboard.press('>');
  await report.getByRole('button', { name: 'Copy with citation' }).click();
  expect(await pasted(tab)).toBe('“No fracture is seen.” (report.pdf, p. 2)');
  await desk(tab, 'report.pdf').focus();
  await tab.keyboard.press('Escape');
  await expect(report.locator('mark.paper-mark-selected')).toHaveCount(0);

  // a second document beside, each with its own page; the keys go to the one used last
  await tab.keyboard.press('b');
  await tab.getByRole('menuitem', { name: 'note.txt' }).click();
  const note = viewer(tab, 'note.txt');
  await expect(note.getByText('Called the adjuster.')).toBeVisible();
  await desk(tab, 'note.txt').focus();
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('strain is');
  await expect(note.getByText('1 of 1')).toBeVisible();
  await expect(note.locator('mark.text-mark-current')).toHaveText('strain is');
  await expect(report.getByRole('search')).toHaveCount(0);
  await note.getByLabel('Copy this place with its citation').click();
  expect(await pasted(tab)).toBe('“strain is” (note.txt, p. 1)');
  await note.getByText('Called the adjuster.').dblclick({ position: { x: 45, y: 34 } });
  await expect(note.getByRole('toolbar', { name: 'Selected words' })).toBeVisible();
  await tab.keyboard.press('Control+c');
  expect(await pasted(tab)).toBe('“Called” (note.txt, p. 1)');
  await lookAround(tab, 'viewer-beside');
  await tab.setViewportSize({ width: 1700, height: 900 });
  await look(tab, 'viewer-beside-wide');
  await tab.setViewportSize({ width: 1280, height: 800 });
  await desk(tab, 'report.pdf').focus();
  await tab.keyboard.press('?');
  await expect(tab.getByText('turn the page, turn all pages')).toBeVisible();
  await look(tab, 'viewer-keys');
  await tab.keyboard.press('Escape');
  await note.getByLabel('Close the document beside').click();
  await expect(note).toHaveCount(0);

  // a scan is found in as soon as it was read; what cannot be read says why
  await tab.getByRole('button', { name: 'scan.png' }).click();
  await expect(drawn(tab, 1, 'scan.png')).toBeVisible();
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('neck pain');
  await expect(viewer(tab, 'scan.png').getByText('1 of 1')).toBeVisible({ timeout: 60_000 });
  // it came upside down, is shown upright, and the words are where they stand on it
  await expect(pageIn(tab, 1, 'scan.png').locator('img')).toHaveCSS('transform', /matrix\(-1, 0, 0, -1/);
  const onScan = await placeOn(tab, 1, 'mark.paper-mark-current', 'scan.png');
  expect(onScan.x).toBeCloseTo(0.36, 1);
  expect(onScan.y).toBeCloseTo(0.15, 1);
  await lookAround(tab, 'viewer-scan');
  await tab.getByRole('button', { name: 'mail.eml' }).click();
  await expect(viewer(tab, 'mail.eml').getByText('The strain is documented.')).toBeVisible();
  await look(tab, 'viewer-mail');
  await tab.getByRole('button', { name: /^broken.pdf/ }).click();
  await expect(viewer(tab, 'broken.pdf').getByText('No pages to show')).toBeVisible();
  await look(tab, 'viewer-broken');
});

test('a page that cannot be drawn says why in its place, and is tried again', async ({ tab, dataDir }) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Small case');
  await smallCase(folder);
  let isBroken = true;
  const asked = new Map<number, number>();
  await tab.routeWebSocket(/core/, (line) => {
    const core = line.connectToServer();
    line.onMessage((message) => {
      const { id, call, input } = JSON.parse(String(message)) as { id: number; call: string; input: { page?: number; widthPx?: number } };
      if (call === 'documents.page' && input.page === 2) asked.set(id, 2);
      core.send(message);
    });
    core.onMessage((message) => {
      const { id } = JSON.parse(String(message)) as { id?: number };
      const isHit = id !== undefined && asked.delete(id) && isBroken;
      const error = { code: 'corrupt', what: 'this page', reason: 'It took too long to draw.' };
      line.send(isHit ? JSON.stringify({ id, outcome: { ok: false, error } }) : message);
    });
  });
  await tab.reload();
  await openFolder(tab, folder, 'report.pdf');
  await expect(drawn(tab, 1, 'report.pdf')).toBeVisible({ timeout: 60_000 });
  await tab.getByLabel('Page number').fill('2');
  await tab.keyboard.press('Enter');
  await expect(pageIn(tab, 2, 'report.pdf').getByText('It took too long to draw.')).toBeVisible();
  await expect(drawn(tab, 3, 'report.pdf')).toBeAttached();
  await lookAround(tab, 'viewer-failed');
  isBroken = false;
  await pageIn(tab, 2, 'report.pdf').getByRole('button', { name: 'Try again' }).click();
  await expect(drawn(tab, 2, 'report.pdf')).toBeVisible();
  await expect(pageIn(tab, 2, 'report.pdf').getByText('It took too long to draw.')).toHaveCount(0);
});

test('columns of a table stand straight, and are found, selected and quoted as any text', async ({ tab, dataDir }) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Small case');
  await smallCase(folder);
  const long = 'Therapeutic exercises, each 15 minutes, with a note on range of motion that nobody would call short';
  const rows = [
    'Date,Description,CPT,Billed',
    `2024-03-03,Visit,99213,$150.00`,
    `2024-03-04,"${long}",97110,"$1,250.00"`,
    '2024-03-05,,97140,$95.00',
  ];
  await writeFile(join(folder, 'ledger.csv'), `${rows.join('\n')}\n`);
  const wide = Array.from({ length: 60 }, (_, n) => `Column ${String(n)}`).join(',');
  await writeFile(join(folder, 'wide.csv'), `${wide}\n${wide}\n`);
  await openFolder(tab, folder, 'ledger.csv');
  const cells = pageIn(tab, 1, 'ledger.csv').locator('.text-row');
  await expect(cells).toHaveCount(4);
  for (const column of [0, 1, 2, 3]) {
    const lefts = await cells.evaluateAll(
      (list, at) => list.map((row) => Math.round(row.children[at]?.getBoundingClientRect().left ?? -1)),
      column,
    );
    expect(new Set(lefts).size).toBe(1);
  }
  // no line of it is higher for the tab or the line end that it holds
  const heights = await cells.evaluateAll((list) => list.map((row) => Math.round(row.getBoundingClientRect().height)));
  expect(new Set([heights[0], heights[1], heights[3]]).size).toBe(1);
  await desk(tab, 'ledger.csv').focus();
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('short 97110');
  await expect(pageIn(tab, 1, 'ledger.csv').locator('mark.text-mark-current')).toHaveText(['short\t', '97110']);
  await viewer(tab, 'ledger.csv').getByLabel('Copy this place with its citation').click();
  expect(await pasted(tab)).toBe('“short 97110” (ledger.csv, p. 1)');
  await pageIn(tab, 1, 'ledger.csv')
    .getByText('$1,250.00')
    .dblclick({ position: { x: 20, y: 8 } });
  await expect(viewer(tab, 'ledger.csv').getByRole('toolbar', { name: 'Selected words' })).toBeVisible();
  await tab.keyboard.press('Control+c');
  expect(await pasted(tab)).toMatch(/^“\S*1,250\S*” \(ledger.csv, p. 1\)$/);
  await lookAround(tab, 'viewer-table');
  await tab.getByRole('button', { name: 'wide.csv' }).click();
  await expect(pageIn(tab, 1, 'wide.csv').locator('.text-row')).toHaveCount(2);
  await look(tab, 'viewer-table-wide');
  await desk(tab, 'wide.csv').focus();
  await tab.keyboard.press('Control+f');
  await tab.keyboard.type('Column 55');
  await expect(pageIn(tab, 1, 'wide.csv').locator('mark.text-mark-current')).toBeInViewport();
});
