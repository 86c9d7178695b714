import type { Page } from '@playwright/test';
import { draftLetter, letter, openSampleCase, openTab, sampleCase, signIn, startDemoFirm, typeAfter } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';
import { watchPage } from '../support/watch-page.ts';

async function openMatter(page: Page): Promise<void> {
  await page.getByRole('row', { name: sampleCase.title }).click();
  await openTab(page, 'Letter');
  await expect(letter(page)).toContainText(sampleCase.claim);
}

test('two windows on two accounts: each sees what the other types and corrects, nothing is lost', async ({ tab, browserHost, browser }) => {
  test.setTimeout(180_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);

  const context = await browser.newContext();
  const other = await context.newPage();
  const watched = watchPage(other);
  await other.goto(browserHost.url);
  await signIn(other, 'John Watson');
  await openMatter(other);

  await typeAfter(tab, 'This letter sets out the claim', ' Written by Elena.');
  await expect(letter(other)).toContainText('Written by Elena.');
  await typeAfter(other, 'Nothing in this letter waives', ' Written by John.');
  await expect(letter(tab)).toContainText('Written by John.');

  // both at once, in the same paragraph
  await Promise.all([
    typeAfter(tab, 'It is our client', ' Elena adds this while John types.'),
    typeAfter(other, 'Please preserve all evidence', ' John adds this while Elena types.'),
  ]);
  for (const page of [tab, other]) {
    await expect(letter(page)).toContainText('Elena adds this while John types.');
    await expect(letter(page)).toContainText('John adds this while Elena types.');
  }
  // the words: where the other's caret stands at the end of a paragraph, the layout text has a line more
  await expect.poll(async () => (await letter(tab).textContent()) === (await letter(other).textContent())).toBe(true);

  // John corrects a bill line; Elena's table and paragraphs follow without a reload
  await openTab(other, 'Facts');
  await other.getByText(/^Bill ledger/).click();
  await other.getByRole('button', { name: 'Correct (e)' }).first().click();
  const billed = other.getByLabel('Billed').last();
  await billed.fill('1.00');
  await other
    .getByRole('button', { name: /^Save|^Correct$/ })
    .first()
    .click();
  await expect(letter(tab)).not.toContainText(sampleCase.billed);
  await expect(letter(tab).locator('table tbody tr')).toHaveCount(sampleCase.providers);
  await tab.getByRole('tab', { name: 'Authors' }).click();
  for (const name of ['Elena Pardo', 'John Watson']) await expect(tab.getByLabel('Inspector').getByText(name)).toBeVisible();

  // a reloaded window is still signed in, and what was typed is there
  await tab.reload();
  await expect(letter(tab)).toContainText('Written by John.');
  await context.close();
  watched.expectNone();
});
