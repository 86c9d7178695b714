import { expect, type Page } from '@playwright/test';
import { letter } from './journey.ts';

export const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

/** Selects these words, which stand in one run of the letter's text. */
export async function select(page: Page, words: string): Promise<void> {
  await letter(page).evaluate((text, wanted) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = node.textContent?.indexOf(wanted) ?? -1;
      if (from < 0) continue;
      (text as HTMLElement).focus();
      node.parentElement?.scrollIntoView({ block: 'center' });
      getSelection()?.setBaseAndExtent(node, from, node, from + wanted.length);
      return;
    }
    throw new Error(`“${wanted}” is not in the letter`);
  }, words);
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe(words);
}

/** Suggests other words for some of the letter's, in the form beside it. */
export async function suggest(page: Page, words: string, becomes: string, why = ''): Promise<void> {
  await select(page, words);
  await page.keyboard.press('Control+Alt+s');
  const form = inspector(page).getByRole('region', { name: 'New suggestion' });
  await expect(form.getByLabel('Write instead')).toHaveValue(words);
  await form.getByLabel('Write instead').fill(becomes);
  await form.getByLabel('Why').fill(why);
  await form.getByRole('button', { name: 'Suggest' }).click();
  await expect(form).toHaveCount(0);
}
