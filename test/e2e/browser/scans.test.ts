import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeMixedPdf } from '../../support/make-scan.ts';
import { lookAround, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steno-scans-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('how far text recognition has come is said, and it can be stopped and gone on with', async ({ tab }) => {
  test.setTimeout(180_000);
  // more pages than are read while somebody looks for the button
  const pages = Array.from({ length: 40 }, (_, n) => [`Progress note ${String(n + 1)}`, 'The patient reports less pain on the left side.']);
  writeFileSync(join(folder, 'chart.pdf'), await makeMixedPdf(pages));
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: 'Choose a case folder' }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(tab.getByText(/^Recognizing text: page \d+ of 40$/)).toBeVisible({ timeout: 60_000 });
  await lookAround(tab, 'scans');
  await tab.getByRole('button', { name: 'Stop recognizing the text of chart.pdf' }).click();
  await expect(tab.getByText(/^Recognizing text/)).toHaveCount(0);
  await expect(tab.getByText('Turning its pictures into text was stopped.')).toBeVisible();
  await lookAround(tab, 'scans-stopped');
  await tab.getByRole('button', { name: 'Try chart.pdf again' }).click();
  await expect(tab.getByText(/^Recognizing text: page \d+ of 40$/)).toBeVisible({ timeout: 60_000 });
});
