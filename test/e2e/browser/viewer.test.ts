import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makePdf } from '../../support/make-pdf.ts';
import { look, signIn, startDemoFirm } from '../support/journey.ts';
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
const desk = (tab: Page, name = 'record.pdf') => tab.getByRole('region', { name: `Pages of ${name} to read` });
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
  await tab.getByRole('button', { name: first }).click();
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
