import {
  draftLetter,
  letter,
  openSampleCase,
  openTab,
  sampleCase,
  signIn,
  startDemoFirm,
  typeAfter,
  waitForScans,
} from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

test('in the real shell: evidence to letter, and a second window on another account sees it live', async ({ electron, window }) => {
  test.setTimeout(180_000);
  await startDemoFirm(window);
  await signIn(window, 'Elena Pardo');
  await openSampleCase(window);
  await waitForScans(window);
  await openTab(window, 'Facts');
  await window.getByText('Wages and care').click();
  await expect(
    window.getByRole('region', { name: 'Wages and care' }).or(window.getByText('No wage loss or future care found')),
  ).toBeVisible();
  await window.getByText('Chronology', { exact: true }).click();
  await expect(window.getByRole('group', { name: 'Time line of treatment' })).toBeVisible();
  await window.getByText(/^Contradictions/).click();
  await expect(window.getByRole('region', { name: 'Contradictions' }).or(window.getByText('Nothing contradicts itself'))).toBeVisible();
  await window.getByRole('button', { name: 'Activity' }).click();
  await expect(window.getByRole('img', { name: /^Documents read, day by day: [1-9]/ })).toBeVisible();
  await window.getByRole('button', { name: 'Matters' }).click();
  await window.getByRole('row', { name: sampleCase.title }).click();
  await draftLetter(window);
  for (const figure of [sampleCase.billed, sampleCase.paid, sampleCase.owed]) await expect(letter(window)).toContainText(figure);
  await expect(letter(window).locator('table tbody tr')).toHaveCount(sampleCase.providers);

  const opened = electron.waitForEvent('window');
  await electron.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find(({ label }) => /new window/i.test(label))?.click();
  });
  const other = await opened;
  await signIn(other, 'John Watson');
  await other.getByRole('row', { name: sampleCase.title }).click();
  await openTab(other, 'Letter');
  await typeAfter(window, 'This letter sets out the claim', ' Written by Elena.');
  await expect(letter(other)).toContainText('Written by Elena.');
  await typeAfter(other, 'Nothing in this letter waives', ' Written by John.');
  await expect(letter(window)).toContainText('Written by John.');
});
