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
const pageIn = (tab: Page, page: number, name = 'record.pdf') => desk(tab, name).getByRole('group', { name: `Page ${String(page)}`, exact: true });
const drawn = (tab: Page, page: number, name = 'record.pdf') => pageIn(tab, page, name).locator('[data-drawn]');

/** Opens a folder as a matter and one of its documents. */
async function openFolder(tab: Page, folder: string): Promise<void> {
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: 'Choose a case folder' }).first().click();
  await tab.getByLabel(/folder/i).last().fill(folder);
  await tab.keyboard.press('Enter');
}

test('a record of 500 pages', async ({ tab, dataDir }) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Long case');
  await mkdir(folder);
  await writeFile(join(folder, 'record.pdf'), await longRecord());
  await openFolder(tab, folder);
  await tab.getByText('record.pdf').first().click();
  await expect(drawn(tab, 1)).toBeVisible();
  await look(tab, 'viewer-first');
});
