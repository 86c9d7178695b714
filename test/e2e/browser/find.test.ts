import type { Page } from '@playwright/test';
import { look, lookAround, openSampleCase, openTab, sampleCase, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

const box = (tab: Page) => tab.getByRole('combobox', { name: 'Find in pages' });
const places = (tab: Page) => tab.getByRole('listbox', { name: 'Places' }).getByRole('option');

test('words are found in the pages of a matter, and Enter opens the page at the sentence', async ({ tab }) => {
  test.setTimeout(180_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await tab.keyboard.press('/');
  await expect(box(tab)).toBeFocused();
  await lookAround(tab, 'find-empty');

  // the day as the papers do not write it
  await box(tab).fill(`${sampleCase.loss} -nothinglikethis`);
  await expect(places(tab).first()).toBeVisible();
  await expect(tab.getByRole('listbox', { name: 'Places' }).locator('mark').first()).toBeVisible();
  await lookAround(tab, 'find-hits');

  const second = places(tab).nth(1);
  await box(tab).press('ArrowDown');
  await expect(second).toHaveAttribute('aria-selected', 'true');
  await box(tab).press('ArrowUp');
  await expect(places(tab).first()).toHaveAttribute('aria-selected', 'true');
  const name = (await places(tab).first().locator('strong').textContent()) ?? '';
  await box(tab).press('Enter');
  await expect(box(tab)).toHaveCount(0);
  const viewer = tab.getByLabel(`Pages of ${name}`);
  await expect(viewer).toBeVisible();
  await expect(viewer.locator('mark').first()).toBeInViewport();
  await look(tab, 'find-opened');

  // from another tab, over all matters, with a slip
  await openTab(tab, 'Facts');
  await tab.keyboard.press('Control+Shift+F');
  await box(tab).fill('plantiff');
  await tab.getByRole('dialog', { name: 'Find in pages' }).getByRole('button', { name: 'All matters' }).click();
  await expect(places(tab).first()).toContainText('spelled like “plantiff”');
  await lookAround(tab, 'find-typo');
  await box(tab).fill('zzyzx quux');
  await expect(tab.getByText('No page says that.')).toBeVisible();
  await look(tab, 'find-none');
  await box(tab).press('Escape');
  await expect(box(tab)).toHaveCount(0);

  // what was typed into the palette goes on here
  await tab.keyboard.press('Control+k');
  await tab.getByLabel('Find a matter, words in pages or a command').fill('claim number');
  await tab.getByText('Find “claim number” in pages').click();
  await expect(box(tab)).toHaveValue('claim number');
  await expect(places(tab).first()).toBeVisible();
});
