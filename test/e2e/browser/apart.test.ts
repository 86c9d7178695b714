import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { launchBrowserHost } from '../support/browser-host.ts';
import { draftLetter, letter, lookAround, openCaseFolder, openTab, sampleCase, typeAfter } from '../support/journey.ts';
import { layLine } from '../support/line.ts';
import { expect, test } from '../support/steno.ts';
import { elenaPardo, johnWatson, startFirm, takeSeat } from '../support/two-laptops.ts';
import { watchPage } from '../support/watch-page.ts';

/** Puts other words in the place of a whole paragraph, as one who rewrites it does. */
async function rewrite(page: Page, begins: string, text: string): Promise<void> {
  await letter(page).getByText(begins).first().click({ clickCount: 3 });
  await page.keyboard.type(text);
  await expect(letter(page)).toContainText(text);
}
const saved = (page: Page): Promise<void> => expect(page.getByText('Saved', { exact: true })).toBeVisible();

test('[S8] [S32] two who are offline rewrite the same letter; back on the network both have one text, with all that either wrote', async ({
  page: elena,
  browserHost,
  browser,
  dataDir,
}) => {
  base.setTimeout(300_000);
  const server = await startFirm();
  const { database } = server.connection;
  const [hers, his] = [await layLine(server.connection), await layLine(server.connection)];
  const johnsHost = await launchBrowserHost(join(dataDir, 'john'));
  const john = await (await browser.newContext()).newPage();
  const watched = [watchPage(elena), watchPage(john)];
  try {
    await takeSeat(elena, browserHost.url, { port: hers.port, database }, elenaPardo);
    await openCaseFolder(elena);
    await draftLetter(elena);
    await saved(elena);
    await takeSeat(john, johnsHost.url, { port: his.port, database }, johnWatson);
    await john.getByRole('row', { name: sampleCase.title }).click();
    await openTab(john, 'Letter');
    await expect(letter(john)).toContainText(sampleCase.claim);

    hers.cut();
    his.cut();
    const elenaWrote = [
      'Elena rewrites the claim for non-economic damages from beginning to end.',
      'Elena adds to the same paragraph.',
      'Elena says how the manager answered.',
    ];
    const johnWrote = [
      'John rewrites what our position on liability is.',
      'John adds to the same paragraph, too.',
      'John asks that the video be kept.',
    ];
    const lostWords = ' (Elena names the liens)';
    await rewrite(elena, 'Our client also claims the non-economic damages', elenaWrote[0] ?? '');
    await rewrite(john, 'It is our client', johnWrote[0] ?? '');
    // the same paragraph, and paragraphs of their own between others
    await typeAfter(elena, 'The terms are these', ` ${elenaWrote[1] ?? ''}`);
    await typeAfter(john, 'The terms are these', ` ${johnWrote[1] ?? ''}`);
    await typeAfter(elena, 'Nothing in this letter waives', '\n' + (elenaWrote[2] ?? ''));
    await typeAfter(john, 'Nothing in this letter waives', '\n' + (johnWrote[2] ?? ''));
    // one takes out a paragraph, and the other writes in it
    await letter(john).getByText('Valid liens and rights').first().click({ clickCount: 3 });
    await john.keyboard.press('Delete');
    await john.keyboard.press('Backspace');
    await typeAfter(elena, 'Valid liens and rights', lostWords);
    for (const [page, theirs, others] of [
      [elena, elenaWrote, johnWrote],
      [john, johnWrote, elenaWrote],
    ] as const) {
      await saved(page);
      await expect(page.getByLabel('Status')).toContainText(/waiting, offline/);
      for (const text of theirs) await expect(letter(page)).toContainText(text);
      await expect(letter(page)).not.toContainText(others[0] ?? '');
    }
    await lookAround(elena, 'apart-offline');

    hers.mend();
    his.mend();
    for (const page of [elena, john]) {
      for (const text of [...elenaWrote, ...johnWrote]) await expect(letter(page)).toContainText(text, { timeout: 60_000 });
      await expect(letter(page)).not.toContainText('Valid liens and rights');
      await expect(page.getByLabel('Status')).not.toContainText('waiting');
    }
    const notice = (page: Page) =>
      page.getByRole('status').filter({ hasText: 'While Elena Pardo wrote in a paragraph, a colleague deleted it.' });
    for (const page of [elena, john]) await expect(notice(page)).toContainText(lostWords.trim());
    await lookAround(john, 'apart-lost-words');
    await notice(john).getByRole('button', { name: 'Put them back' }).click();
    for (const page of [elena, john]) {
      await expect(notice(page)).toHaveCount(0);
      await expect(letter(page)).toContainText(lostWords.trim());
    }
    await expect.poll(async () => (await letter(elena).textContent()) === (await letter(john).textContent())).toBe(true);
    await elena.getByRole('tab', { name: 'Authors' }).click();
    for (const { firstName, lastName } of [elenaPardo, johnWatson])
      await expect(elena.getByLabel('Inspector').getByText(`${firstName} ${lastName}`)).toBeVisible();
    for (const each of watched) each.expectNone();
  } finally {
    await johnsHost.stop();
    await Promise.all([hers, his].map((line) => line.close()));
    await server.stop();
  }
});
