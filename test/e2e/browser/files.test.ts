import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchBrowserHost } from '../support/browser-host.ts';
import { lookAround, openSampleCase, openTab, sampleCase, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

/** Documents whose pages are shown as pictures; not what stops or repeats the reading of one. */
const drawn = (page: Page) => page.getByLabel('Documents').getByRole('button', { name: /^\S+\.(pdf|png) \d+ page/ });
/** The first page that is drawn. A scan may have no words yet; then its picture has no name. */
const picture = (page: Page) => page.locator('.paper img').first();
const storage = (page: Page) => page.getByRole('region', { name: 'Files on this laptop' });

async function openEvidence(page: Page): Promise<void> {
  const row = page.getByRole('row', { name: sampleCase.title });
  const pin = page.getByLabel('Keep this matter’s files on this laptop');
  await row.or(pin).first().waitFor();
  if (await row.isVisible()) await row.click();
  await openTab(page, 'Evidence');
  await expect(pin).toBeVisible();
}

test('a colleague’s files come when they are opened, wait while the firm cannot be reached, and stay with a pinned matter', async ({
  page: tab,
  browserHost,
  dataDir,
  browser,
}) => {
  test.setTimeout(180_000);
  await tab.goto(browserHost.url);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await expect(tab.getByText('All are here.')).toBeVisible();
  await tab
    .getByLabel('Status')
    .getByRole('button', { name: /synced/i })
    .click();
  await tab.getByRole('tab', { name: 'Files' }).click();
  await expect(storage(tab)).toContainText('of 20.0 GB');
  await expect(storage(tab)).not.toContainText('on this laptop only');
  await lookAround(tab, 'files-1-storage');

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(browserHost.url);
  await signIn(other, 'John Watson');
  await openEvidence(other);
  const total = String(sampleCase.files);
  await expect(other.getByText(`0 of ${total} are here`)).toBeVisible();
  await drawn(other).first().click();
  await expect(picture(other)).toBeVisible();
  await expect(other.getByText(`1 of ${total} are here`)).toBeVisible();

  // the server goes away: the text is there, the page is not, and the window says so
  const data = await readFile(join(dataDir, 'demo-postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number(data.split('\n')[0]), 'SIGINT');
  await expect(other.getByLabel('Status')).toContainText(/[Oo]ffline/);
  await drawn(other).nth(1).click();
  await expect(other.getByText('Not on this laptop, and the firm cannot be reached')).toBeVisible();
  await lookAround(other, 'files-2-offline');
  await context.close();

  // the machine is switched off and on: what was asked for comes by itself
  await browserHost.kill();
  const again = await launchBrowserHost(dataDir);
  try {
    await tab.goto('about:blank');
    await tab.goto(again.url);
    await signIn(tab, 'John Watson');
    await openEvidence(tab);
    await expect(tab.getByText(`2 of ${total} are here`)).toBeVisible();
    await tab.getByLabel('Keep this matter’s files on this laptop').check();
    await expect(tab.getByText('All are here.')).toBeVisible();
    await drawn(tab).nth(1).click();
    await expect(picture(tab)).toBeVisible();
    await lookAround(tab, 'files-3-pinned');
    await tab
      .getByLabel('Status')
      .getByRole('button', { name: /synced/i })
      .click();
    await tab.getByRole('tab', { name: 'Files' }).click();
    await expect(storage(tab)).toContainText('always stays');
    await tab.getByLabel('Space for files, GB').fill('0');
    await expect(storage(tab)).toContainText('A whole number from 1');
    await tab.getByLabel('Space for files, GB').fill('5');
    await storage(tab).getByRole('button', { name: 'Save' }).click();
    await expect(storage(tab)).toContainText('of 5.0 GB');
  } finally {
    await again.stop();
  }
});
