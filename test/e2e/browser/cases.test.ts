import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { lookAround, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

let root = '';
test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steno-cases-'));
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

function addFolder(name: string): void {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, 'letter.txt'), 'Dear Ms. Doe, thank you for your letter. Sincerely, the adjuster');
}
const matter = (tab: Page, name: string) => tab.getByRole('button', { name, exact: true });

test('each new folder in a cases folder becomes a matter; one that may be a matter already is asked about', async ({ tab }) => {
  test.setTimeout(180_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  addFolder('old-case');
  await tab.getByRole('button', { name: 'Or choose the folder in which all your cases lie' }).click();
  const panel = tab.getByRole('region', { name: 'Cases folders' });
  await lookAround(tab, 'cases-empty');
  await panel.getByRole('button', { name: 'Add a cases folder' }).click();
  await panel.getByLabel('Path of the cases folder').fill(join(root, 'nowhere'));
  await panel.getByRole('button', { name: 'Next' }).click();
  await panel.getByRole('button', { name: 'Make a matter of each new folder' }).click();
  await expect(panel.getByText('There is no folder of that name here.')).toBeVisible();
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await panel.getByRole('button', { name: 'Add a cases folder' }).click();
  await panel.getByLabel('Path of the cases folder').fill(root);
  await panel.getByRole('button', { name: 'Next' }).click();
  await expect(panel.getByText('Make a matter of the folder that is in it now, too')).toBeVisible();
  await lookAround(tab, 'cases-confirm');
  await panel.getByRole('button', { name: 'Make a matter of each new folder' }).click();
  await expect(panel.getByTitle(root)).toBeVisible();

  addFolder('okafor-v-transit');
  await expect(matter(tab, 'Okafor v. Transit')).toBeVisible({ timeout: 60_000 });
  await expect(matter(tab, 'Old Case')).toHaveCount(0);

  addFolder('Okafor v. Transit');
  const question = tab.getByText('Is the new folder “Okafor v. Transit” a new matter?');
  await expect(question).toBeVisible({ timeout: 60_000 });
  await lookAround(tab, 'cases-asked');
  await tab.getByRole('button', { name: 'Make a new matter' }).click();
  await expect(question).toHaveCount(0);
  await expect(matter(tab, 'Okafor v. Transit')).toHaveCount(2);

  await panel.getByRole('button', { name: `Stop making matters of ${root}` }).click();
  await expect(panel.getByTitle(root)).toHaveCount(0);
  await expect(matter(tab, 'Okafor v. Transit')).toHaveCount(2);
});
