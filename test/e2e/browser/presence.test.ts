import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import {
  draftLetter,
  letter,
  look,
  openSampleCase,
  openTab,
  sampleCase,
  setScheme,
  signIn,
  startDemoFirm,
  typeAfter,
} from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';
import { watchPage } from '../support/watch-page.ts';

/** The words of the paragraph before the other's caret, as this window shows it. */
async function beforeCaret(page: Page): Promise<string | null> {
  return letter(page).evaluate((text) => {
    const caret = text.querySelector('.caret');
    const block = caret?.closest('p, h1, h2, h3, li');
    if (!caret || !block) return null;
    const range = document.createRange();
    range.setStart(block, 0);
    range.setEndBefore(caret);
    return range.toString();
  });
}
/** Clicks before these words in the letter. */
async function clickBefore(page: Page, words: string): Promise<void> {
  const at = await letter(page).evaluate((text, wanted) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const from = node.textContent?.indexOf(wanted) ?? -1;
      if (from < 0) continue;
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, from + 1);
      node.parentElement?.scrollIntoView({ block: 'center' });
      const { left, top, height } = range.getBoundingClientRect();
      return { x: left + 1, y: top + height / 2 };
    }
    return null;
  }, words);
  if (!at) throw new Error(`“${words}” is not in the letter`);
  await page.mouse.click(at.x, at.y);
}
const whoIsHere = (page: Page) => page.getByRole('button', { name: /^Who is here/ });

test('two laptops in a letter: each sees the other’s caret at its word, what is selected, what is done; who goes is gone', async ({
  tab,
  browserHost,
  browser,
  dataDir,
}) => {
  test.setTimeout(240_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);
  await expect(whoIsHere(tab)).toHaveCount(0);

  const context = await browser.newContext();
  const other = await context.newPage();
  const watched = watchPage(other);
  await other.goto(browserHost.url);
  await signIn(other, 'John Watson');
  await other.getByRole('row', { name: sampleCase.title }).click();
  await openTab(other, 'Facts');
  await expect(whoIsHere(tab)).toHaveAccessibleName(/John Watson has this matter open/);
  await openTab(other, 'Letter');
  await expect(whoIsHere(tab)).toHaveAccessibleName(/John Watson is reading the letter/);
  await expect(whoIsHere(other)).toHaveAccessibleName(/Elena Pardo is (reading|editing) the letter/);

  // John's caret stands in Elena's window where it stands in his, and moves with him
  await clickBefore(other, 'letter sets out the claim');
  await expect.poll(() => beforeCaret(tab)).toMatch(/This $/);
  await other.keyboard.press('Control+ArrowRight');
  await expect.poll(() => beforeCaret(tab)).toMatch(/This letter ?$/);
  await expect(tab.locator('.caret')).toHaveAttribute('data-name', 'John Watson');

  // Elena types before it: it stays at its word, in both windows
  await clickBefore(tab, 'This letter');
  await expect.poll(() => beforeCaret(other)).toMatch(/\. $/);
  await tab.keyboard.type('Dear colleague. ');
  await expect.poll(() => beforeCaret(tab)).toMatch(/Dear colleague\. This letter ?$/);
  await expect.poll(() => beforeCaret(other)).toMatch(/Dear colleague\. $/);
  await expect(whoIsHere(other)).toHaveAccessibleName(/Elena Pardo is editing/);
  await expect(other.locator('[data-news]')).toContainText('Elena Pardo is editing');

  // and John goes on where he was; what he selects has his colour
  await other.keyboard.type(' here and now');
  await expect(letter(tab)).toContainText('This letter here and now sets');
  await expect.poll(() => beforeCaret(tab)).toMatch(/here and now$/);
  await other.keyboard.press('Control+Shift+ArrowLeft');
  await other.keyboard.press('Control+Shift+ArrowLeft');
  await expect(tab.locator('.caret-selection')).toHaveText('and now');
  await expect(tab.getByLabel('Status')).toContainText('John Watson is editing');
  expect(await letter(tab).textContent()).toBe(await letter(other).textContent());

  for (const scheme of ['light', 'dark'] as const) {
    for (const [page, whose] of [
      [tab, 'elena'],
      [other, 'john'],
    ] as const) {
      await setScheme(page, scheme);
      await look(page, `30-presence-${whose}-${scheme}`);
    }
  }
  await whoIsHere(tab).click();
  await expect(tab.getByRole('list', { name: 'Who is here' })).toContainText(/John Watson is (editing|reading) the letter/);
  await look(tab, '31-presence-list');
  await tab.getByRole('button', { name: /^John Watson/ }).click();
  await expect(tab.locator('.caret')).toBeInViewport();

  // who only looks at the facts has no caret in the letter; who closes is gone
  await openTab(other, 'Facts');
  await openTab(other, 'Facts');
  await expect(whoIsHere(tab)).toHaveAccessibleName(/John Watson has this matter open/);
  await expect(tab.locator('.caret')).toHaveCount(0);
  await openTab(other, 'Letter');
  await letter(other).getByText('Nothing in this letter waives').click();
  await expect(tab.locator('.caret')).toHaveCount(1);
  await context.close();
  await expect(whoIsHere(tab)).toHaveCount(0);
  await expect(tab.locator('.caret')).toHaveCount(0);
  await expect(tab.locator('[data-news]')).toContainText('John Watson has left');
  watched.expectNone();

  // the line is cut: no ghost stays, and what is typed is kept
  const again = await browser.newContext({ reducedMotion: 'reduce' });
  const back = await again.newPage();
  await back.goto(browserHost.url);
  await signIn(back, 'John Watson');
  await back.getByRole('row', { name: sampleCase.title }).click();
  await openTab(back, 'Letter');
  await letter(back).getByText('Nothing in this letter waives').click();
  await expect(tab.locator('.caret')).toHaveCount(1);
  await clickBefore(tab, 'Dear colleague');
  const nameOfCaret = () =>
    back.locator('.caret').evaluate((caret) => {
      const { animationName, opacity, content } = getComputedStyle(caret, '::after');
      return { animationName, opacity, content };
    });
  // with reduced motion nothing fades: the name stays
  await expect.poll(nameOfCaret).toEqual({ animationName: 'none', opacity: '1', content: '"Elena Pardo"' });
  const pid = (await readFile(join(dataDir, 'demo-postgres', 'postmaster.pid'), 'utf8')).split('\n')[0];
  process.kill(Number(pid), 'SIGINT');
  for (const page of [tab, back]) {
    await expect(page.locator('.caret')).toHaveCount(0, { timeout: 20_000 });
    await expect(whoIsHere(page)).toHaveCount(0);
  }
  await typeAfter(tab, 'Dear colleague', ' Typed alone.');
  await expect(tab.getByText('Saved', { exact: true })).toBeVisible();
  await again.close();
});
