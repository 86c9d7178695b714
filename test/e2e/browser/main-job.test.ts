import { stat } from 'node:fs/promises';
import {
  draftLetter,
  letter,
  look,
  openSampleCase,
  openTab,
  sampleCase,
  signIn,
  startDemoFirm,
  typeAfter,
  waitForScans,
} from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

test('from a folder of evidence to a finalized letter, on every screen', async ({ tab }) => {
  test.setTimeout(300_000);
  await expect(tab.getByRole('button', { name: 'Open the file from your IT' })).toBeVisible();
  await look(tab, '01-first-run');
  await startDemoFirm(tab);
  await look(tab, '02-sign-in');
  await signIn(tab, 'Elena Pardo');
  await look(tab, '03-matters-empty');

  await openSampleCase(tab);
  await waitForScans(tab);
  await tab
    .getByText(/ledger/)
    .first()
    .click();
  await expect(tab.getByLabel(/^Pages of/).getByText(/^Page 1 of/)).toBeVisible();
  await expect(
    tab
      .getByLabel(/^Pages of/)
      .locator('img')
      .last(),
  ).toBeVisible();
  await look(tab, '04-evidence');

  await openTab(tab, 'Facts');
  await expect(tab.getByText(sampleCase.claim).first()).toBeVisible();
  await look(tab, '05-facts');
  // what was treated stands together, further down
  await tab.getByRole('rowheader', { name: 'Treatment' }).scrollIntoViewIfNeeded();
  await tab
    .getByText('Hypertension')
    .or(tab.getByText(/^97110/))
    .first()
    .scrollIntoViewIfNeeded();
  await look(tab, '05-facts-treatment');
  await draftLetter(tab);
  for (const figure of [sampleCase.billed, sampleCase.paid, sampleCase.owed, sampleCase.loss])
    await expect(letter(tab)).toContainText(figure);
  await expect(letter(tab).locator('table tbody tr')).toHaveCount(sampleCase.providers);
  // the page that was open stays beside the letter, and says what it is of
  await expect(tab.getByLabel('Source page').getByRole('region', { name: /^Pages of .*ledger/ })).toBeVisible();
  await look(tab, '06-letter-draft');

  // what nobody has approved keeps the letter open
  await tab.getByRole('button', { name: /^Finalize/ }).click();
  await expect(tab.getByText(/nobody has approved/).first()).toBeVisible();
  await expect(tab.getByText(/demand has not been entered/).first()).toBeVisible();
  await tab.keyboard.press('Escape');

  await openTab(tab, 'Facts');
  await tab
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();
  // those the bulk leaves to a person: facts that contradict each other
  while ((await tab.getByRole('button', { name: 'Approve (a)' }).and(tab.locator(':enabled')).count()) > 0) {
    const open = await tab.getByText('To check').count();
    await tab.getByRole('button', { name: 'Approve (a)' }).and(tab.locator(':enabled')).first().click();
    await expect.poll(() => tab.getByText('To check').count()).toBeLessThan(open);
  }
  await tab.getByText(/^Bill ledger/).click();
  await look(tab, '07-ledger');
  await tab
    .getByRole('button', { name: /^Approve/ })
    .first()
    .click();
  await expect(tab.getByText('To check')).toHaveCount(0);

  await openTab(tab, 'Letter');
  await typeAfter(tab, 'This letter sets out the claim', ' We look forward to your reply.');
  await tab.getByLabel('Demand').fill('95,000');
  await tab.getByLabel('Demand').press('Enter');
  await expect(letter(tab)).toContainText('$95,000.00');
  await expect(tab.getByText(/^Saved/)).toBeVisible();
  await look(tab, '08-letter-ready');
  await tab.getByRole('button', { name: /^Finalize/ }).click();
  await tab
    .getByRole('button', { name: /^Finalize/ })
    .last()
    .click();
  await expect(tab.getByText(/no longer change/).first()).toBeVisible();
  await expect(letter(tab)).toHaveAttribute('contenteditable', 'false');
  await expect(letter(tab)).toContainText('We look forward to your reply.');
  await look(tab, '09-letter-finalized');

  await openTab(tab, 'Package');
  for (const format of ['DOCX', 'PDF']) {
    const [download] = await Promise.all([
      tab.waitForEvent('download'),
      tab
        .getByRole('button', { name: new RegExp(`Export as .*${format}`) })
        .first()
        .click(),
    ]);
    expect((await stat(await download.path())).size).toBeGreaterThan(5_000);
  }
  await look(tab, '10-package');
  await tab.emulateMedia({ colorScheme: 'dark' });
  for (const name of ['Package', 'Letter', 'Facts', 'Evidence'] as const) {
    await openTab(tab, name);
    await look(tab, `11-dark-${name.toLowerCase()}`);
  }
});
