import { expect, test } from '../support/steno.ts';

test('a browser tab opens the first screen', async ({ tab }) => {
  await expect(tab).toHaveTitle(/Steno/);
  await expect(tab.getByRole('button').first()).toBeVisible();
});
