import { AxeBuilder } from '@axe-core/playwright';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { hasSampleFiles, sampleFolder } from '../../support/sample-files.ts';

/** The sample case that this machine offers, and the figures a person finds in it by hand (data/SOURCES.md, sample/README.md). */
export const sampleCase = hasSampleFiles()
  ? {
      title: /Rivera/,
      folder: sampleFolder('rivera-v-bestvalue'),
      files: 7,
      providers: 8,
      billed: '$19,748.00',
      paid: '$13,047.00',
      owed: '$6,701.00',
      claim: 'BVG-CLM-240215-14221',
      loss: 'February 15, 2024',
    }
  : {
      title: /Okafor/,
      folder: join(import.meta.dirname, '../../../sample/okafor-v-lakeside-market'),
      files: 4,
      providers: 5,
      billed: '$9,299.50',
      paid: '$6,144.95',
      owed: '$3,154.55',
      claim: 'LM-CLM-240511-0031',
      loss: 'May 11, 2024',
    };

/** Looks at the screen: nothing serious for axe, and a picture where STENO_SHOTS names a folder. */
export async function look(page: Page, name: string): Promise<void> {
  // what fades in or out is half transparent, and neither a picture nor a measure of contrast means anything then
  await page.evaluate(async () => {
    // what was changed just now begins to move with the next frame
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    await Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => Number.isFinite(Number(effect?.getComputedTiming().endTime)))
        .map(({ finished }) => finished.catch(() => undefined)),
    );
  });
  const shots = process.env['STENO_SHOTS'];
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
}

/** The same screen light, dark, and as narrow as 200 % zoom makes the smallest window. */
export async function lookAround(page: Page, name: string): Promise<void> {
  await look(page, name);
  await setScheme(page, 'dark');
  await look(page, `${name}-dark`);
  await setScheme(page, 'light');
  await page.setViewportSize({ width: 640, height: 480 });
  await look(page, `${name}-narrow`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** What the system says; the window follows where nobody chose otherwise. */
export async function setScheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
}

/** First run: a Postgres of our own, a firm, its people. */
export async function startDemoFirm(page: Page): Promise<void> {
  await page.getByRole('button', { name: /demo firm/i }).click();
  await expect(page.getByRole('button', { name: /Elena Pardo/ })).toBeVisible({ timeout: 60_000 });
}

export async function signIn(page: Page, who: 'Elena Pardo' | 'John Watson' | 'Ruth Adeyemi'): Promise<void> {
  await page.getByRole('button', { name: new RegExp(who) }).click();
  await expect(page.getByLabel('Status')).toContainText(who);
}

/** Opens the sample case as a matter and waits until every file is read, is a scan whose turn comes, or says why not. */
export async function openSampleCase(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample case' }).click();
  await allRead(page);
}

/** The same files in the folder where they lie, for a firm that has no sample case to offer. */
export async function openCaseFolder(page: Page): Promise<void> {
  await expect(page.getByLabel('Status')).toContainText('Synced');
  await page.getByRole('button', { name: 'Choose a case folder' }).click();
  await page.getByLabel('Path of the case folder').fill(sampleCase.folder);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await allRead(page);
}

async function allRead(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: sampleCase.title })).toBeVisible();
  const documents = page.getByRole('region', { name: 'Documents' });
  await expect(documents.getByRole('listitem')).toHaveCount(sampleCase.files, { timeout: 30_000 });
  await expect(documents.getByText(/Waiting to be read|Being read/)).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByLabel('Reading documents')).toHaveCount(0);
}

/** Waits until the scans are turned into text as well: after that no more facts come. */
export async function waitForScans(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Documents' }).getByText('Waiting for text recognition')).toHaveCount(0, {
    timeout: 60_000,
  });
}

export async function openTab(page: Page, name: 'Evidence' | 'Facts' | 'Letter' | 'Package'): Promise<void> {
  await page.getByRole('tablist', { name: 'Matter' }).getByRole('tab', { name }).click();
}

export async function draftLetter(page: Page): Promise<void> {
  await openTab(page, 'Letter');
  await page.getByRole('button', { name: /draft/i }).click();
  await expect(letter(page)).toContainText(sampleCase.claim);
}

export function letter(page: Page) {
  return page.getByRole('textbox', { name: 'Letter' });
}

/** Types at the end of the paragraph that begins with `after`. */
export async function typeAfter(page: Page, after: string, text: string): Promise<void> {
  await letter(page).getByText(after).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(text);
}
