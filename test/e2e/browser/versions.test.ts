import type { Page } from '@playwright/test';
import {
  draftLetter,
  letter,
  look,
  lookAround,
  openSampleCase,
  openTab,
  signIn,
  startDemoFirm,
  typeAfter,
  waitForScans,
} from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

const inspector = (tab: Page) => tab.getByRole('complementary', { name: 'Inspector' });
const versions = (tab: Page) => inspector(tab).getByRole('list', { name: 'Versions' }).getByRole('listitem');
const comparison = (tab: Page) => tab.getByRole('region', { name: 'Compared versions' });

async function saveVersion(tab: Page, name: string, why: string): Promise<void> {
  await inspector(tab).getByRole('button', { name: 'Save a version…' }).click();
  await tab.getByRole('textbox', { name: 'Name' }).fill(name);
  await tab.getByRole('textbox', { name: /^Why/ }).fill(why);
  await tab.keyboard.press('Enter');
  await expect(versions(tab).filter({ hasText: name })).toBeVisible();
}

test('a letter’s versions: saved, compared, restored; a finalized letter opened again', async ({ tab }) => {
  test.setTimeout(300_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await waitForScans(tab);
  await draftLetter(tab);
  await inspector(tab).getByRole('tab', { name: 'Versions' }).click();
  await expect(inspector(tab)).toContainText('No versions yet');
  await look(tab, 'versions-empty');
  await saveVersion(tab, 'First draft', 'For the client to read');

  await typeAfter(tab, 'This letter sets out the claim', ' We look forward to your reply.');
  await tab.getByLabel('Demand').fill('95,000');
  await tab.getByLabel('Demand').press('Enter');
  await expect(letter(tab)).toContainText('$95,000.00');
  await expect(tab.getByText(/^Saved$/)).toBeVisible();
  await saveVersion(tab, 'With a demand', '');
  await expect(versions(tab).first()).toContainText('Version 2');

  // one with now: the words that were typed, and the chip whose value came
  await inspector(tab).getByRole('button', { name: 'Compare with now: First draft' }).click();
  await expect(comparison(tab)).toContainText('the letter now');
  await expect(comparison(tab).locator('ins').filter({ hasText: 'We look forward to your reply.' })).toBeVisible();
  await expect(comparison(tab).locator('ins').filter({ hasText: '$95,000.00' }).first()).toBeAttached();
  await expect(comparison(tab).locator('table.specials tr').first()).toBeAttached();
  await expect(letter(tab)).toBeHidden();
  await tab.keyboard.press('n');
  await expect(comparison(tab)).toContainText('Change 1 of');
  await tab.keyboard.press('p');
  await lookAround(tab, 'versions-compared');
  await tab.keyboard.press('Escape');
  await expect(comparison(tab)).toHaveCount(0);
  await expect(letter(tab)).toBeVisible();
  await expect(inspector(tab).getByRole('button', { name: 'Compare with now: First draft' })).toBeFocused();

  // two with each other, by the keyboard alone; chosen the newer first, the older is still the one before
  await inspector(tab).getByRole('checkbox', { name: 'Choose to compare: With a demand' }).focus();
  await tab.keyboard.press('Space');
  await inspector(tab).getByRole('checkbox', { name: 'Choose to compare: First draft' }).focus();
  await tab.keyboard.press('Space');
  await inspector(tab).getByRole('button', { name: 'Compare the two' }).focus();
  await tab.keyboard.press('Enter');
  await expect(comparison(tab).getByRole('heading', { name: 'First draft' }).first()).toContainText('With a demand');
  await expect(comparison(tab).locator('ins').filter({ hasText: 'We look forward' })).toBeVisible();
  await tab.keyboard.press('Escape');

  await inspector(tab).getByRole('button', { name: 'Restore: First draft' }).click();
  await expect(letter(tab)).not.toContainText('We look forward to your reply.');
  await expect(versions(tab).first()).toContainText('Restored: “First draft”');
  await lookAround(tab, 'versions-restored');
  await inspector(tab).getByRole('button', { name: 'Restore: With a demand' }).click();
  await expect(letter(tab)).toContainText('We look forward to your reply.');

  await approveEverything(tab);
  await tab.getByRole('button', { name: /^Finalize/ }).click();
  await tab.getByRole('button', { name: 'Finalize now' }).click();
  await expect(tab.getByText(/no longer change/).first()).toBeVisible();
  await inspector(tab).getByRole('tab', { name: 'Versions' }).click();
  await expect(versions(tab).first()).toContainText('stays as it was finalized');
  await expect(inspector(tab).getByRole('button', { name: /^(Restore|Save)/ })).toHaveCount(0);
  await look(tab, 'versions-finalized');

  await tab.getByRole('button', { name: 'Reopen…' }).click();
  await tab.getByRole('textbox', { name: 'Why it is reopened' }).fill('The hospital sent another bill');
  await look(tab, 'versions-reopening');
  await tab.keyboard.press('Enter');
  await expect(letter(tab)).toHaveAttribute('contenteditable', 'true');
  await expect(versions(tab).first()).toContainText('Opened again: The hospital sent another bill');
  await typeAfter(tab, 'This letter sets out the claim', ' It was opened again.');
  await inspector(tab).getByRole('button', { name: 'Compare with now: Finalized' }).click();
  await expect(comparison(tab).locator('ins')).toHaveText([' It was opened again.']);
  await lookAround(tab, 'versions-reopened');
  await tab.keyboard.press('Escape');

  // what was finalized goes out as it was
  await openTab(tab, 'Package');
  const [download] = await Promise.all([
    tab.waitForEvent('download'),
    tab.getByRole('region', { name: 'Finalized versions' }).getByRole('button', { name: /PDF/ }).click(),
  ]);
  expect(download.suggestedFilename()).not.toContain('DRAFT');
  await lookAround(tab, 'versions-package');
});

async function approveEverything(tab: Page): Promise<void> {
  await openTab(tab, 'Facts');
  await tab
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();
  while ((await tab.getByRole('button', { name: 'Approve (a)' }).and(tab.locator(':enabled')).count()) > 0) {
    const open = await tab.getByText('To check').count();
    await tab.getByRole('button', { name: 'Approve (a)' }).and(tab.locator(':enabled')).first().click();
    await expect.poll(() => tab.getByText('To check').count()).toBeLessThan(open);
  }
  await tab.getByText(/^Bill ledger/).click();
  await tab
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();
  await expect(tab.getByText('To check')).toHaveCount(0);
  await openTab(tab, 'Letter');
}
