import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { caseOfPapers } from '../../support/case-papers.ts';
import { look, lookAround, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

const openPaper = (tab: Page, name: string) =>
  tab.getByRole('region', { name: 'Documents' }).locator('.document-open').filter({ hasText: name }).click();
const about = (tab: Page, name: string) => tab.getByRole('region', { name: `About ${name}` });

test('what belongs together is proposed beside the page, decided by a person, and linked by hand; a kind is corrected', async ({
  tab,
  dataDir,
}) => {
  test.setTimeout(180_000);
  const folder = join(dataDir, 'Ames');
  for (const [path, text] of Object.entries(caseOfPapers)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: /Choose a case folder|New matter from folder/ }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(tab.getByRole('heading', { name: 'Ames' })).toBeVisible();

  await openPaper(tab, 'ledger.csv');
  const ledger = about(tab, 'ledger.csv');
  await expect(ledger.getByText('er-record.txt')).toBeVisible({ timeout: 30_000 });
  await expect(ledger).toContainText('95% sure. Both name Harbor Hospital and Feb 15, 2024.');
  await lookAround(tab, 'links-proposed');
  await ledger.getByRole('button', { name: 'Approve the link to er-record.txt' }).click();
  await expect(ledger.getByText('Linked', { exact: true })).toBeVisible();

  // from the other side, and back by the link
  await ledger.getByRole('button', { name: 'er-record.txt', exact: true }).click();
  const record = about(tab, 'er-record.txt');
  await expect(record).toContainText('Record behind the bill');
  await record.getByRole('button', { name: 'Unlink ledger.csv' }).click();
  await record.getByText('1 turned down').click();
  await look(tab, 'links-turned-down');
  await record.getByRole('button', { name: 'Link ledger.csv after all' }).click();
  await expect(record.getByText('Linked', { exact: true })).toBeVisible();

  // by hand
  await record.getByRole('button', { name: 'Link a document' }).click();
  await record.getByLabel('Find the document to link').fill('mri');
  await lookAround(tab, 'links-add');
  await record.getByRole('button', { name: /mri-report\.txt/ }).click();
  await record.getByLabel('How it belongs').selectOption({ label: 'Takes the place of' });
  await look(tab, 'links-add-how');
  await record.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(record).toContainText('Linked by hand');

  // what it is
  await record.getByLabel('Kind of er-record.txt').selectOption({ label: 'Correspondence' });
  await expect(record).toContainText('Elena Pardo said so');
  await expect(tab.getByRole('region', { name: 'Correspondence' }).getByText('er-record.txt')).toBeVisible();
  await lookAround(tab, 'links-kind');

  // what words and links answer, by which way, and whether it was right
  await record.getByLabel('Kind of er-record.txt').selectOption({ label: 'Medical record' });
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('Control+Shift+F');
  const find = tab.getByRole('dialog', { name: 'Find in pages' });
  await find.getByRole('button', { name: 'Follow links' }).click();
  await look(tab, 'links-find-empty');
  await find.getByRole('combobox').fill('What lies behind the $1,200.00 billed for the visit?');
  const answer = find.getByRole('option').filter({ has: tab.locator('strong', { hasText: 'er-record.txt' }) });
  await expect(answer).toContainText('By ledger.csv, p. 1 → rests on the record → er-record.txt, p. 1');
  const place = (await find.getByRole('option').locator('strong').allTextContents()).indexOf('er-record.txt');
  for (let down = 0; down < place; down += 1) await find.getByRole('combobox').press('ArrowDown');
  await expect(answer).toHaveAttribute('aria-selected', 'true');
  await find.getByRole('button', { name: 'Yes' }).click();
  await expect(find.getByRole('button', { name: 'Yes' })).toHaveAttribute('aria-pressed', 'true');
  // it goes up, and stays chosen
  await expect(find.getByRole('option').first()).toContainText('er-record.txt');
  await expect(answer).toHaveAttribute('aria-selected', 'true');
  await lookAround(tab, 'links-find');
  await find.getByRole('combobox').press('Alt+y');
  await expect(find.getByRole('button', { name: 'Yes' })).toHaveAttribute('aria-pressed', 'false');
});
