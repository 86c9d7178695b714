import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { docxParts } from '../../support/docx-parts.ts';
import { draftLetter, letter, look, lookAround, openSampleCase, openTab, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

/** The caret behind the paragraph that begins with these words, on a new line. */
async function newLineAfter(tab: Page, words: string): Promise<void> {
  await letter(tab).getByText(words).first().click();
  await tab.keyboard.press('End');
  await tab.keyboard.press('Enter');
}

/** Until the page has told the editor where its own keys put the caret: it tells in a task of its own, which a machine under load puts off behind the next key. */
const caretTold = (tab: Page): Promise<void> =>
  tab.evaluate(
    () =>
      new Promise((told) => {
        requestAnimationFrame(() => {
          setTimeout(told);
        });
      }),
  );

async function insert(tab: Page, what: string): Promise<void> {
  await tab.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Block' }).click();
  await tab.getByRole('menuitem', { name: what, exact: true }).click();
}

test('tables, footnotes, page breaks and numbered paragraphs by keyboard, after a reload, compared and exported', async ({ tab }) => {
  test.setTimeout(300_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);
  const inspector = tab.getByRole('complementary', { name: 'Inspector' });
  const save = async (name: string): Promise<void> => {
    await inspector.getByRole('tab', { name: 'Versions' }).click();
    await inspector.getByRole('button', { name: 'Save a version…' }).click();
    await tab.getByRole('textbox', { name: 'Name' }).fill(name);
    await tab.keyboard.press('Enter');
    await expect(inspector.getByRole('list', { name: 'Versions' }).getByRole('listitem').filter({ hasText: name })).toBeVisible();
  };
  await save('Plain');
  const cells = letter(tab).locator('.typed-table').locator('th, td');

  await test.step('a table: Tab moves on, and adds a row at the end', async () => {
    await newLineAfter(tab, 'This letter sets out the claim');
    await insert(tab, 'Table');
    await expect(cells).toHaveCount(9);
    for (const words of ['Item', 'Date', 'Amount', 'Rental car', 'May 2, 2024', '$412.50', 'Towing', 'May 3, 2024', '$180.00']) {
      await tab.keyboard.type(words);
      await tab.keyboard.press('Tab');
    }
    await expect(cells).toHaveCount(12);
    for (const words of ['Total', '', '$590.00']) {
      if (words !== '') await tab.keyboard.type(words);
      if (words !== '$590.00') await tab.keyboard.press('Tab');
    }
    await expect(letter(tab).locator('.typed-table .amount')).toHaveText(['Amount', '$412.50', '$180.00', '$590.00']);
    // 412.50 and 180.00 are no 590.00
    await expect(letter(tab).locator('.typed-table .finding-blocks')).toHaveText('$590.00');
  });

  await test.step('rows and columns come and go', async () => {
    const menu = async (item: string): Promise<void> => {
      await tab.getByRole('toolbar', { name: 'Formatting' }).getByRole('button', { name: 'Table', exact: true }).click();
      await tab.getByRole('menuitem', { name: item, exact: true }).click();
    };
    await menu('Add a column at the right');
    await expect(cells).toHaveCount(16);
    await menu('Delete the column');
    await expect(cells).toHaveCount(12);
    await menu('Add a row above');
    await expect(cells).toHaveCount(15);
    await menu('Delete the row');
    await expect(cells).toHaveCount(12);
    await expect(cells.last()).toHaveText('$590.00');
  });

  await test.step('a footnote: words beside its number, and at the foot of the letter', async () => {
    await letter(tab).getByText('Counsel:').first().click();
    await tab.keyboard.press('End');
    await tab.keyboard.press('Control+Alt+f');
    await tab.keyboard.type('See the police report, which names the the witness.');
    await expect(letter(tab).locator('.footnote.is-open .footnote-text')).toBeVisible();
    await look(tab, 'layout-footnote');
    await tab.keyboard.press('Enter');
    await tab.keyboard.type(' After the number.');
    await expect(letter(tab).locator('.footnote-text')).toBeHidden();
    await expect(letter(tab).locator('.footnote-text')).toHaveText('See the police report, which names the the witness.');
    const foot = tab.getByRole('region', { name: 'Footnotes' });
    await expect(foot).toContainText('1 See the police report');
    // words of a footnote are linted
    await expect(letter(tab).locator('.footnote-text .finding-asks, .footnote-text .finding-blocks')).toHaveCount(1);
    // the arrow takes the number in hand, Enter opens it, Escape leaves it
    for (const _ of ' After the number.') await tab.keyboard.press('ArrowLeft');
    await caretTold(tab);
    await tab.keyboard.press('ArrowLeft');
    await tab.keyboard.press('Enter');
    await expect(letter(tab).locator('.footnote.is-open')).toHaveCount(1);
    await tab.keyboard.type(' Page 2.');
    await tab.keyboard.press('Escape');
    await expect(foot).toContainText('names the the witness. Page 2.');
    await foot.getByRole('button').first().click();
    await expect(letter(tab).locator('.footnote.is-open')).toHaveCount(1);
    await tab.keyboard.press('Escape');
  });

  await test.step('keys beside a footnote do what they do beside a chip', async () => {
    await newLineAfter(tab, 'Counsel:');
    await tab.keyboard.type('It rained');
    await tab.keyboard.press('Control+Alt+f');
    await tab.keyboard.type('All day.');
    await tab.keyboard.press('ArrowRight'); // behind the last word: out of it
    const line = letter(tab).locator('p', { hasText: 'It rained' });
    const [note, said] = [line.locator('.footnote-text'), async () => (await line.innerText()).trim()];
    await tab.keyboard.press('Home');
    await caretTold(tab);
    await tab.keyboard.press('End');
    await caretTold(tab);
    await tab.keyboard.type('!');
    await expect(note).toHaveText('All day.');
    expect((await said()).replaceAll(/\s/g, '')).toBe('Itrained!');
    expect(await line.evaluate((element) => element.lastChild?.textContent ?? '')).toContain('!');
    // the first Backspace takes it in hand, the second takes it away, and it can be had back
    await tab.keyboard.press('Backspace');
    await tab.keyboard.press('Backspace');
    await expect(note).toHaveCount(1);
    await tab.keyboard.press('Backspace');
    await expect(note).toHaveCount(0);
    await tab.keyboard.press('Control+z');
    await expect(note).toHaveText('All day.');
    // two paragraphs pasted into it become words of it
    await line.locator('.footnote-mark').click();
    await tab.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/html', '<p>One</p><p>two</p>');
      document
        .querySelector('.letter-text')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await expect(note).toHaveText('All day.One two');
    // an arrow down from its line stays in the text, wherever the footnote's words are
    await tab.keyboard.press('Escape');
    await tab.keyboard.press('Home');
    await caretTold(tab);
    await tab.keyboard.press('ArrowDown');
    await caretTold(tab);
    await tab.keyboard.type('NEXT ');
    await expect(note).toHaveText('All day.One two');
    await expect(letter(tab)).toContainText('NEXT ');
    for (const _ of 'NEXT ') await tab.keyboard.press('Backspace');
    // Shift and the arrows, and a key: what was selected goes, the footnote with it
    await line.click();
    await caretTold(tab);
    await tab.keyboard.press('Home');
    await caretTold(tab);
    await tab.keyboard.press('Shift+End');
    await caretTold(tab);
    await tab.keyboard.press('Delete');
    await tab.keyboard.press('Backspace');
    await expect(letter(tab).locator('.footnote')).toHaveCount(1);
    await expect(letter(tab)).not.toContainText('It rained');
  });

  await test.step('paragraphs that count on, and a page break', async () => {
    await newLineAfter(tab, 'Counsel:');
    await tab.keyboard.type('The first numbered paragraph.');
    await tab.keyboard.press('Control+Shift+9');
    await tab.keyboard.press('Enter');
    await tab.keyboard.type('The second numbered paragraph.');
    await expect(letter(tab).locator('p[data-numbered]')).toHaveCount(2);
    await tab.keyboard.press('Control+Enter');
    await tab.keyboard.type('On a new page. ');
    await expect(letter(tab).getByRole('separator', { name: 'Page break' })).toHaveCount(1);
    await expect(letter(tab).locator('p[data-numbered]')).toHaveCount(2);
  });
  await lookAround(tab, 'layout');
  await cells.nth(4).click();
  await look(tab, 'layout-table');
  await tab.getByRole('region', { name: 'Footnotes' }).scrollIntoViewIfNeeded();
  await look(tab, 'layout-foot');

  await test.step('it is all there after a reload', async () => {
    await expect(tab.getByText(/^Saved$/)).toBeVisible();
    const before = await letter(tab).innerText();
    await tab.reload();
    await expect(cells).toHaveCount(12);
    await expect(letter(tab)).toContainText('After the number.');
    expect((await letter(tab).innerText()).replaceAll(/\s+/g, ' ')).toBe(before.replaceAll(/\s+/g, ' '));
  });

  await test.step('compared with what it was, and restored', async () => {
    await save('With a table');
    await cells.nth(3).click();
    await tab.keyboard.press('End');
    await tab.keyboard.type(' and fuel');
    await expect(tab.getByText(/^Saved$/)).toBeVisible();
    const comparison = tab.getByRole('region', { name: 'Compared versions' });
    await inspector.getByRole('button', { name: 'Compare with now: With a table' }).click();
    await expect(comparison.locator('.typed-table ins')).toHaveText([' and fuel']);
    await tab.keyboard.press('Escape');
    await inspector.getByRole('button', { name: 'Compare with now: Plain' }).click();
    await expect(comparison.locator('.typed-table tr[data-change="added"]')).toHaveCount(4);
    await expect(comparison.locator('.page-break[data-change="added"]')).toHaveCount(1);
    await expect(comparison.locator('p[data-footnote] ins')).toContainText('See the police report');
    await tab.keyboard.press('n');
    await lookAround(tab, 'layout-compared');
    await tab.keyboard.press('Escape');
    await inspector.getByRole('button', { name: 'Restore: Plain' }).click();
    await expect(cells).toHaveCount(0);
    await expect(letter(tab).locator('.footnote')).toHaveCount(0);
    await inspector.getByRole('button', { name: 'Restore: With a table' }).click();
    await expect(cells).toHaveCount(12);
    await expect(tab.getByRole('region', { name: 'Footnotes' })).toContainText('1 See the police report');
  });

  await test.step('a pasted table with cells over others loses none of them', async () => {
    await letter(tab).getByText('On a new page.').click();
    await tab.keyboard.press('Home');
    await tab.evaluate(() => {
      const data = new DataTransfer();
      data.setData(
        'text/html',
        '<table><tr><th colspan="2">Repairs</th><th>Cost</th></tr><tr><td rowspan="2">Door</td><td>Paint</td><td>$90.00</td></tr><tr><td>Lock<table><tr><td>inner</td></tr></table></td><td>$45.00</td></tr></table>',
      );
      document
        .querySelector('.letter-text')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    const pasted = letter(tab).locator('.typed-table').filter({ hasText: 'Repairs' });
    await expect(pasted.locator('th, td')).toHaveText(['Repairs', '', 'Cost', 'Door', 'Paint', '$90.00', '', /Lock\s*inner/, '$45.00']);
    await expect(pasted.locator('table')).toHaveCount(0);
    await expect(tab.getByText(/^Saved$/)).toBeVisible();
    await tab.keyboard.press('Control+z');
    await expect(pasted).toHaveCount(0);
  });

  await test.step('exported with real footnotes', async () => {
    await expect(tab.getByText(/^Saved$/)).toBeVisible();
    await openTab(tab, 'Package');
    for (const format of ['DOCX', 'PDF']) {
      const [download] = await Promise.all([
        tab.waitForEvent('download'),
        tab.getByRole('button', { name: new RegExp(`Export as .*${format}`) }).click(),
      ]);
      const bytes = await readFile(await download.path());
      if (format === 'DOCX') expect(docxParts(bytes).get('word/footnotes.xml')?.text).toContain('See the police report');
      else expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    }
  });
});
