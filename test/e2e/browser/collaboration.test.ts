import type { Page } from '@playwright/test';
import { draftLetter, letter, look, lookAround, openSampleCase, openTab, sampleCase, signIn, startDemoFirm } from '../support/journey.ts';
import { inspector, select, suggest } from '../support/remarks.ts';
import { expect, test } from '../support/steno.ts';

const tabOf = (page: Page, name: RegExp) => inspector(page).getByRole('tab', { name });

test('two people talk about a letter and suggest changes: each is accepted or rejected by itself, by whom is on record', async ({
  tab,
  browserHost,
  browser,
}) => {
  test.setTimeout(240_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);
  await tabOf(tab, /^Comments/).click();
  await expect(inspector(tab).getByText('Nobody has anything open to say about this letter.')).toBeVisible();
  await tabOf(tab, /^Suggestions/).click();
  await expect(inspector(tab).getByText('No change is suggested.')).toBeVisible();

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(browserHost.url);
  await signIn(other, 'John Watson');
  await other.getByRole('row', { name: sampleCase.title }).click();
  await openTab(other, 'Letter');

  await test.step('a comment names a colleague, by keyboard alone', async () => {
    await select(other, 'Each statement of fact');
    await expect(other.getByRole('button', { name: 'Comment (Ctrl+Alt+M)' })).toBeEnabled(); // known by now whether he may
    await other.keyboard.press('Control+Alt+m');
    await expect(other.getByRole('textbox', { name: 'Comment' })).toBeFocused();
    await other.keyboard.type('Is that true of the wages, @Ele');
    await inspector(other).getByRole('button', { name: 'Elena Pardo' }).click();
    await expect(other.getByRole('textbox', { name: 'Comment' })).toHaveValue('Is that true of the wages, @Elena Pardo ');
    await other.getByRole('textbox', { name: 'Comment' }).press('Control+Enter');
    await expect(inspector(other).getByText('Is that true of the wages, @Elena Pardo')).toBeVisible();
    await expect(letter(other).locator('.remark')).toHaveText('Each statement of fact');
    await expect(tabOf(tab, /^Comments ?1/)).toBeVisible();
    await expect(letter(tab).locator('.remark')).toHaveText('Each statement of fact');
  });

  await test.step('she is told where she is named, and goes there', async () => {
    await tab.getByRole('button', { name: 'Matters', exact: true }).click();
    const named = tab.getByRole('region', { name: 'For you' });
    await expect(named.getByText(/^John Watson, /)).toBeVisible();
    await look(tab, 'mentions');
    await named.getByRole('button', { name: /Is that true of the wages/ }).click();
    await expect(letter(tab).locator('.remark')).toHaveText('Each statement of fact');
  });

  await test.step('she answers it where it stands', async () => {
    await letter(tab).locator('.remark').click();
    await expect(inspector(tab).getByText('Is that true of the wages, @Elena Pardo')).toBeVisible();
    await inspector(tab).getByRole('textbox', { name: 'Reply' }).fill('It is: see the payroll letter.');
    await inspector(tab).getByRole('button', { name: 'Reply' }).click();
    await expect(inspector(other).getByText('It is: see the payroll letter.')).toBeVisible();
    await lookAround(tab, 'comments');
  });

  await test.step('three suggestions; two are accepted, one is not', async () => {
    await suggest(other, 'names the exhibit and page', 'names its exhibit and page', 'Plainer.');
    await suggest(other, 'where it can be checked', 'where anybody can check it');
    await suggest(other, 'and the terms on which it can be settled', 'and our terms: $999,999.00 by return');
    await expect(tabOf(tab, /^Suggestions ?3/)).toBeVisible();
    await tabOf(tab, /^Suggestions/).click();
    const items = inspector(tab)
      .getByRole('listitem')
      .filter({ has: tab.getByRole('button', { name: 'Accept' }) });
    await expect(items).toHaveCount(3);
    await lookAround(tab, 'suggestions');
    await items.filter({ hasText: 'Plainer.' }).getByRole('button', { name: 'Accept' }).click();
    await expect(letter(tab)).toContainText('names its exhibit and page');
    await expect(letter(other)).toContainText('names its exhibit and page');
    // a figure that nothing supports is not accepted unseen
    const invented = items.filter({ hasText: '$999,999.00' });
    await expect(invented.getByText('“$999,999.00” stands in no fact, bill line or computed value of this matter.')).toBeVisible();
    await expect(invented.getByRole('button', { name: 'Accept' })).toBeDisabled();
    await invented.getByLabel('I have looked at this').check();
    await expect(invented.getByRole('button', { name: 'Accept' })).toBeEnabled();
    await invented.getByRole('button', { name: 'Reject' }).click();
    await items.filter({ hasText: 'anybody can check it' }).getByRole('button', { name: 'Accept' }).click();
    await expect(letter(other)).toContainText('Each statement of fact names its exhibit and page where anybody can check it.');
    await expect(letter(other)).not.toContainText('$999,999.00');
    await inspector(tab).getByRole('button', { name: '3 decided' }).click();
    await expect(inspector(tab).getByText(/Suggested by John Watson, rejected by Elena Pardo/)).toBeVisible();
    await look(tab, 'suggestions-decided');
  });

  await test.step('resolved, the mark is gone from the text', async () => {
    await tabOf(tab, /^Comments/).click();
    await inspector(tab).getByRole('button', { name: 'Resolve' }).click();
    await expect(letter(tab).locator('.remark')).toHaveCount(0);
    await expect(letter(other).locator('.remark')).toHaveCount(0);
    await inspector(tab).getByRole('button', { name: '1 resolved' }).click();
    await expect(inspector(tab).getByText(/Resolved by Elena Pardo/)).toBeVisible();
  });

  await test.step('the letter is sent to a colleague to look at, who is told and asks for changes', async () => {
    await tab.getByRole('button', { name: 'Send to review…' }).click();
    const form = tab.getByRole('form', { name: 'Send to review' });
    await form.getByLabel('Who looks at it').selectOption({ label: 'John Watson, Paralegal' });
    await form.getByLabel('What to look at').fill('Are the wages right?');
    await form.getByLabel('By when').fill('2027-02-03');
    await look(tab, 'review-ask');
    await form.getByRole('button', { name: 'Send to review' }).click();
    await expect(tab.getByRole('region', { name: 'Review', exact: true })).toContainText(
      'You asked John Watson to look at this letter, by Feb 3, 2027.',
    );
    await other.getByRole('button', { name: 'Matters', exact: true }).click();
    const forHim = other.getByRole('region', { name: 'For you' });
    await expect(forHim).toContainText('1 review for you');
    await look(other, 'review-for-you');
    await forHim.getByRole('button', { name: /^Elena Pardo asks you to review/ }).click();
    const card = other.getByRole('region', { name: 'Review', exact: true });
    await expect(card).toContainText('Are the wages right?');
    await lookAround(other, 'review-answer');
    await expect(card.getByRole('button', { name: 'Ask for changes' })).toBeDisabled();
    await card.getByLabel('Your answer').fill('The second week is missing.');
    await card.getByRole('button', { name: 'Ask for changes' }).click();
    await expect(card).toHaveCount(0);
    await expect(tab.getByRole('region', { name: 'Review', exact: true })).toHaveCount(0);
    await expect(tab.getByRole('button', { name: 'Send to review…' })).toBeVisible();
    await tabOf(tab, /^Comments/).click();
    const said = inspector(tab).getByRole('region', { name: 'Reviews' });
    await expect(said).toContainText(/John Watson asked for changes/);
    await expect(said).toContainText('The second week is missing.');
    await look(tab, 'review-answered');
  });
  await context.close();
});
