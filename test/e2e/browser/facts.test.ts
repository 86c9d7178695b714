import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { look, lookAround, openSampleCase, signIn, startDemoFirm, waitForScans } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

let folder = '';
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steno-ames-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const papers = {
  'incident report.txt': `INCIDENT REPORT
Date of incident: February 15, 2024
Store policy requires a sweep check every 15 minutes. The last sweep was 41 minutes before the fall.
Employee Ortega placed a wet-floor cone approximately four feet from the spill.`,
  'statement of dana cole.txt': `WITNESS STATEMENT
Date of incident: February 16, 2024
I am Dana Cole. The warning cone was 8 feet away from the puddle.`,
  'statement.txt': `HARBOR HOSPITAL
Statement of charges

Date\tCPT\tDescription\tBilled\tPaid\tBalance
02/15/2024\t99285\tER visit\t$2,140.00\t$1,412.00\t$728.00
02/20/2024\t99213\tFollow-up\t$285.00\t$188.00\t$97.00
05/06/2024\t99213\tFollow-up\t$260.00\t$172.00\t$88.00
`,
};

test('what the documents do not agree on stands side by side: one value is said to hold, the rest is accepted with a note, without a mouse', async ({
  tab,
}) => {
  test.setTimeout(180_000);
  for (const [name, text] of Object.entries(papers)) writeFileSync(join(folder, name), text);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: 'Choose a case folder' }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await tab.getByRole('tab', { name: /Facts/ }).click();
  await tab.getByText('Contradictions · 3').click({ timeout: 60_000 });
  const board = tab.getByRole('region', { name: 'Contradictions' });
  await expect(board.getByRole('heading', { name: '3 contradictions to look at' })).toBeVisible();
  const day = board.getByRole('listitem').filter({ hasText: 'Date of loss: the documents do not agree.' });
  await expect(day).toHaveAttribute('aria-current', 'true');
  await lookAround(tab, 'contradictions');

  await tab.keyboard.press('Enter'); // the page of the first side
  await expect(tab.locator('mark').first()).toBeVisible();
  await look(tab, 'contradictions-page');
  const values = await day.locator('.side-value').allTextContents();
  await tab.keyboard.press(String(values.indexOf('February 15, 2024') + 1));
  await expect(board.getByRole('heading', { name: '2 contradictions to look at' })).toBeVisible();
  await expect(day).toHaveCount(0);

  const cone = board.getByRole('listitem').filter({ hasText: 'The warning cone' });
  await expect(cone.locator('.side-value')).toHaveText(['Warning cone: 4 feet', 'Warning cone: 8 feet']);
  await expect(cone).toHaveAttribute('aria-current', 'true');
  await tab.keyboard.press('n');
  await tab.keyboard.type('Two people, two memories. The footage will tell.');
  await look(tab, 'contradictions-note');
  await tab.keyboard.press('Control+Enter');
  await expect(board.getByText('Accepted by Elena Pardo')).toBeVisible();
  await expect(board.getByRole('heading', { name: '1 contradiction to look at' })).toBeVisible();

  // what holds is approved, what does not is rejected, and the letter takes the one that holds
  await tab.getByText(/^Facts · /).click();
  const rows = tab.getByRole('row');
  await expect(rows.filter({ hasText: 'February 15, 2024' }).filter({ hasText: 'incident report.txt' })).toContainText('Approved');
  await expect(rows.filter({ hasText: 'February 16, 2024' }).filter({ hasText: 'dana cole' })).toContainText('Rejected');

  // and counts for how right dates are read
  await tab.getByRole('button', { name: 'Activity' }).click();
  await expect(tab.getByRole('row', { name: /Date of loss 50% 1 0 1/ })).toBeVisible();
  await expect(tab.getByRole('img', { name: 'Documents read, day by day: 3 in all, at most 3 a day' })).toBeVisible();
  await lookAround(tab, 'activity');
});

test('visits stand on a time line with what lies between them, each opening its page', async ({ tab }) => {
  test.setTimeout(180_000);
  for (const [name, text] of Object.entries(papers)) writeFileSync(join(folder, name), text);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await tab.getByRole('button', { name: 'Choose a case folder' }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await tab.getByRole('tab', { name: /Facts/ }).click();
  await tab.getByText('Chronology').click();
  const visits = tab.locator('table.chronology tbody tr:not(.gap-row)');
  await expect(visits).toHaveCount(3, { timeout: 60_000 });
  await expect(tab.getByText('76 days without treatment')).toBeVisible();
  await lookAround(tab, 'chronology');
  await tab.keyboard.press('j');
  await tab.keyboard.press('Enter');
  await expect(tab.getByLabel('Pages of statement.txt').locator('mark').first()).toContainText('02/15/2024');
  await tab
    .getByRole('group', { name: 'Time line of treatment' })
    .getByLabel(/May 6, 2024/)
    .click();
  await expect(tab.getByLabel('Pages of statement.txt').locator('mark').first()).toContainText('05/06/2024');
  await look(tab, 'chronology-page');
});

test('the whole sample file is reviewed without a mouse: the least sure by itself, each document at once, the ledger at last', async ({
  tab,
}) => {
  test.setTimeout(300_000);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await waitForScans(tab);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await tab.keyboard.press(key);
  };
  // to the tab and its parts by the keyboard too
  await tab.getByRole('tablist', { name: 'Matter' }).getByRole('tab', { name: 'Evidence' }).focus();
  await press('ArrowRight');
  const toCheck = tab.getByRole('radio', { name: /^Facts/ });
  await expect(toCheck).toHaveAccessibleName(/Facts · \d+ to check/);
  await press('o');
  await expect(tab.getByText('To check, the least sure first')).toBeVisible();
  await press('j', 'Enter');
  await expect(tab.locator('mark').first()).toBeVisible(); // the page of the least sure fact
  const open = async (): Promise<number> =>
    Number(/Facts · (\d+) to check/.exec((await tab.getByRole('radiogroup', { name: 'What to review' }).textContent()) ?? '')?.[1] ?? 0);
  const before = await open();
  await press('x');
  await expect.poll(open).toBe(before - 1);
  await press('a');
  await expect.poll(open).toBe(before - 2);
  await look(tab, 'facts-least-sure');
  await press('o');
  await expect(tab.getByRole('button', { name: /^Approve \d+ undisputed$/ }).nth(1)).toBeVisible();
  await look(tab, 'facts-by-document');
  const inHand = tab.locator('tr[aria-selected="true"]');
  const undisputed = inHand.locator('xpath=ancestor::tbody').getByRole('button', { name: /^Approve \d+ undisputed$/ });
  for (let left = await open(); left > 0;) {
    if ((await inHand.getByText('To check').count()) === 0) {
      await press('a'); // it is approved already: on to the next that is open
      await expect(inHand.getByText('To check')).toBeVisible();
    }
    // a document at once; what is disputed no key approves with the rest
    await press((await undisputed.count()) > 0 ? 'd' : 'a');
    await expect.poll(open).toBeLessThan(left);
    left = await open();
  }
  await expect(toCheck).toHaveAccessibleName('Facts');
  await toCheck.focus();
  await press('ArrowRight');
  await expect(tab.getByRole('radio', { name: /^Bill ledger/ })).toBeChecked();
  await press('j');
  for (let n = 0; n < 60 && (await tab.getByRole('radio', { name: 'Bill ledger', exact: true }).count()) === 0; n += 1) await press('a');
  await expect(tab.getByRole('radio', { name: 'Bill ledger', exact: true })).toBeChecked();
});
