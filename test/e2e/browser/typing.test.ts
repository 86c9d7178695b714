import type { Page } from '@playwright/test';
import {
  draftLetter,
  letter,
  lookAround,
  openSampleCase,
  sampleCase,
  signIn,
  startDemoFirm,
  typeAfter,
  waitForScans,
} from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

async function openLetter(tab: Page): Promise<void> {
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await waitForScans(tab); // facts that come meanwhile are words that come
  await draftLetter(tab);
}

const anchor = 'Counsel:';

test('words are found and replaced, all with one undo, and what is computed stays', async ({ tab }) => {
  test.setTimeout(180_000);
  await openLetter(tab);
  const bar = tab.getByRole('search', { name: 'Find in the letter' });
  const words = bar.getByLabel('Words to find');
  await typeAfter(tab, anchor, ' Zebra one, zebra two.');
  await tab.keyboard.press('Control+b');
  await tab.keyboard.type(' The zeb');
  await tab.keyboard.press('Control+b');
  await tab.keyboard.type('ra three.');

  await test.step('found by keyboard, across bold and plain', async () => {
    await tab.keyboard.press('Control+f');
    await expect(words).toBeFocused();
    await tab.keyboard.type('zebra');
    await expect(bar.getByRole('status')).toHaveText(/^[123] of 3$/);
    const before = await bar.getByRole('status').textContent();
    await tab.keyboard.press('Enter');
    await expect(bar.getByRole('status')).not.toHaveText(before ?? '');
    await tab.keyboard.press('Shift+Enter');
    await expect(bar.getByRole('status')).toHaveText(before ?? '');
    await bar.getByRole('button', { name: 'Match case' }).click();
    await expect(bar.getByRole('status')).toHaveText(/of 2$/);
    await bar.getByRole('button', { name: 'Match case' }).click();
    await expect(letter(tab).locator('.hit-held')).toHaveCount(1);
    await lookAround(tab, 'find-in-letter');
  });

  await test.step('a hit that a chip shows says where it comes from', async () => {
    await words.fill(sampleCase.claim);
    await expect(bar.getByText('Computed from')).toBeVisible();
    await bar.getByRole('button', { name: 'Open its source' }).click();
    await expect(tab.getByRole('complementary', { name: 'Inspector' }).getByText(sampleCase.claim).first()).toBeVisible();
  });

  await test.step('all replaced, the claim number untouched, and one undo takes it back', async () => {
    await letter(tab).getByText(anchor).first().click();
    await tab.keyboard.press('Control+h');
    await words.fill('zebra');
    await tab.keyboard.press('Tab');
    await bar.getByLabel('Words to write instead').fill('lion');
    await lookAround(tab, 'replace-in-letter');
    await bar.getByRole('button', { name: 'Replace all' }).click();
    await expect(letter(tab)).toContainText('lion one, lion two. The lion three.');
    await expect(tab.getByText('3 places replaced.')).toBeVisible();
    await bar.getByRole('button', { name: 'Close' }).click();
    await expect(letter(tab)).toBeFocused();
    await tab.keyboard.press('Control+z');
    await expect(letter(tab)).toContainText('Zebra one, zebra two. The zebra three.');
    await expect(letter(tab).locator('.hit')).toHaveCount(0);

    await tab.keyboard.press('Control+h');
    await words.fill(sampleCase.claim);
    await expect(bar.getByRole('button', { name: 'Replace all' })).toBeDisabled();
    await expect(bar.getByText('so it is not replaced here')).toBeVisible();
    await tab.keyboard.press('Escape');
    await expect(bar).toHaveCount(0);
    await expect(letter(tab)).toContainText(sampleCase.claim);
  });
});

test('the firm’s letterhead stands above the letter, and its words are counted', async ({ tab }) => {
  test.setTimeout(180_000);
  await openLetter(tab);
  const head = tab.getByRole('group', { name: 'Letterhead' });
  await expect(head).toContainText('Pardo & Associates, P.C.');
  await expect(head).not.toHaveAttribute('contenteditable');
  const footer = tab.locator('.letter-footer');
  const counted = async (): Promise<number> => Number(/([\d,]+) words/.exec((await footer.textContent()) ?? '')?.[1]?.replaceAll(',', ''));
  await expect(footer).toHaveText(/^[\d,]+ words, about \d+ pages?$/);
  const before = await counted();
  await typeAfter(tab, anchor, ' Four more words here.');
  await expect.poll(counted).toBe(before + 4);
  for (let times = 0; times < ' more words here.'.length; times += 1) await tab.keyboard.press('Shift+ArrowLeft');
  await expect(footer).toHaveText(/^3 of .* selected$/);
  await tab.locator('.letter-scroll').evaluate((element) => {
    element.scrollTop = 0;
  });
  await lookAround(tab, 'letterhead');
});
