import { expect, test } from '../support/steno.ts';

test('an Electron window opens the first screen', async ({ window }) => {
  await expect(window).toHaveTitle(/Steno/);
  await expect(window.getByRole('button').first()).toBeVisible();
});
