import { openSampleCase, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

test('in the real shell: what was found is copied with its citation, though windows are granted no permission', async ({ window }) => {
  test.setTimeout(180_000);
  await startDemoFirm(window);
  await signIn(window, 'Elena Pardo');
  await openSampleCase(window);
  await window
    .getByRole('button', { name: /ledger/ })
    .first()
    .click();
  const viewer = window.getByRole('region', { name: /^Pages of .*ledger/ });
  await expect(viewer.locator('.desk [data-drawn]').first()).toBeVisible();
  await window.keyboard.press('Control+f');
  await window.keyboard.type('MEDICAL');
  await expect(viewer.getByText(/^1 of \d+$/)).toBeVisible();
  await viewer.getByLabel('Copy this place with its citation').click();
  await window.getByLabel('Filter documents').fill('');
  await window.getByLabel('Filter documents').press('Control+v');
  await expect(window.getByLabel('Filter documents')).toHaveValue(/^“medical” \(.*ledger.*\.\w+, p\. \d+\)$/i);
});
