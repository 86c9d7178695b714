import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { withAdmin, type OwnServer } from '../../../src/main/admin/admin.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import type { Mutation } from '../../../src/main/sync/outbox.ts';
import { createPostgresDoor, createPostgresRemote } from '../../../src/main/sync/postgres.ts';
import { ok } from '../../../src/shared/result.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { aMatter, inserting, patching } from '../../support/mutations.ts';
import { launchBrowserHost } from '../support/browser-host.ts';
import { letter, lookAround, openTab, typeAfter } from '../support/journey.ts';
import { layLine } from '../support/line.ts';
import { inspector, suggest } from '../support/remarks.ts';
import { expect, test } from '../support/steno.ts';
import { elenaPardo, johnWatson, startFirm, takeSeat } from '../support/two-laptops.ts';
import { watchPage } from '../support/watch-page.ts';

/** Elena at another laptop of hers, without a window: what she pushes there the others hear of. */
async function elenaElsewhere({ connection }: OwnServer) {
  const where = { ...connection, firmSlug: 'pardo-lane' };
  const door = createPostgresDoor(where);
  const opened = await door.signIn({
    firmSlug: 'pardo-lane',
    email: elenaPardo.email,
    password: elenaPardo.password,
    deviceId: freshId(),
    deviceName: 'elsewhere',
  });
  await door.close();
  const remote = createPostgresRemote(where, opened?.token ?? '');
  return {
    close: () => remote.close(),
    async push(...batch: Mutation[]): Promise<void> {
      const verdicts = await remote.push(batch);
      for (const { verdict, reason } of verdicts) expect(['applied', 'merged'], reason).toContain(verdict);
    },
  };
}

const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const body = (name: string): Block[] => [
  paragraph('Dear Counsel'),
  ...['One', 'Two', 'Three', 'Four'].map((n) => paragraph(`Paragraph ${n} of the demand for ${name}, which nobody changes.`)),
  paragraph('We ask for payment within thirty days of this letter.'),
  paragraph('Yours sincerely'),
];

/** A matter with a letter, as it comes to the firm from another laptop. */
function aCase(name: string) {
  const matter = aMatter(name);
  const demand = inserting('letter', { matter_id: matter.entityId, title: `${name} demand`, letter_date: '2026-11-02' });
  const payload = `\\x${Buffer.from(letterBodyFromBlocks(body(name))).toString('hex')}`;
  return { letterId: demand.entityId, rows: [matter, demand, inserting('letter_update', { letter_id: demand.entityId, payload })] };
}

async function openLetter(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Matters', exact: true }).click();
  await page.getByRole('row', { name }).click();
  await openTab(page, 'Letter');
  await expect(letter(page)).toContainText('Dear Counsel');
}

async function enterDemand(page: Page, amount: string): Promise<void> {
  await page.getByLabel('Demand').fill(amount);
  await page.getByLabel('Demand').press('Enter');
  await expect(page.getByText(/^Saved/)).toBeVisible();
}

const toSync = (page: Page): Promise<void> => page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /^Sync/ }).click();
const inbox = (page: Page) => page.getByRole('region', { name: 'Inbox' });
const inHand = (page: Page) => page.getByRole('article', { name: 'In hand' });

test('[S12] work that came too late: the author is told, the attorney accepts it; a conflict, a refused change tried again and saved', async ({
  page: john,
  browserHost,
  browser,
  dataDir,
}) => {
  base.setTimeout(180_000);
  const server = await startFirm();
  const { database } = server.connection;
  const line = await layLine(server.connection);
  const elsewhere = await elenaElsewhere(server);
  const [rivera, okafor, ames] = [aCase('Rivera'), aCase('Okafor'), aCase('Ames')];
  const elenasHost = await launchBrowserHost(join(dataDir, 'elena'));
  const elena = await (await browser.newContext()).newPage();
  const watched = [watchPage(john), watchPage(elena)];
  try {
    await elsewhere.push(...rivera.rows, ...okafor.rows, ...ames.rows);
    await takeSeat(john, browserHost.url, { port: line.port, database }, johnWatson);
    await expect(john.getByRole('row', { name: 'Rivera' })).toBeVisible();
    await toSync(john);
    await expect(john.getByText('Nothing needs you')).toBeVisible();
    await lookAround(john, 'sync-1-empty');

    // John writes on a train without a network
    await openLetter(john, 'Rivera');
    line.cut();
    await typeAfter(john, 'We ask for payment', ' Interest runs from then on.');
    await expect(john.getByText('Saved', { exact: true })).toBeVisible();
    await typeAfter(john, 'Paragraph Two', ' John adds what the second witness said.');
    await expect(john.getByText('Saved', { exact: true })).toBeVisible();
    await suggest(john, 'thirty days', 'twenty days', 'As we told them.');
    await openLetter(john, 'Okafor');
    await enterDemand(john, '10,000');
    await openLetter(john, 'Ames');
    await enterDemand(john, '6,660');
    await expect(john.getByLabel('Status')).toContainText(/waiting, offline/);
    await john
      .getByLabel('Status')
      .getByRole('button', { name: /waiting/ })
      .click();
    await john.getByRole('tab', { name: /Waiting/ }).click();
    await expect(john.getByRole('row', { name: /Rivera.*edits? of the letter/ })).toBeVisible();
    await expect(
      john.getByText('The firm’s server cannot be reached.').or(john.getByText("The firm's server cannot be reached.")),
    ).toBeVisible();
    await lookAround(john, 'sync-2-offline-waiting');

    // meanwhile at the firm: one letter is finalized, another's demand set, and a third figure is one that the firm's database refuses
    await elsewhere.push(
      patching('letter', rivera.letterId, 1, { status: 'Finalized' }),
      patching('letter', okafor.letterId, 1, { demand_cents: 2_000_000 }),
    );
    const rule = (sql: string) =>
      withAdmin(server.adminUrl, async (admin) => {
        await admin.query(sql);
        return ok({});
      });
    await rule('alter table steno.demand_letter add constraint no_such_figure check (demand_cents <> 666000)');
    line.mend();

    await expect(john.getByText(/Rivera demand was finalized on .*; your \d+ changes wait for Elena Pardo in the inbox/)).toBeVisible({
      timeout: 30_000,
    });
    await john.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(inbox(john)).toContainText('Yours, waiting for others');
    await expect(john.getByRole('navigation', { name: 'Main' }).getByLabel('2 things need you')).toBeVisible();
    await inbox(john)
      .getByRole('button', { name: /Rivera demand/ })
      .click();
    await expect(inHand(john)).toContainText('Interest runs from then on.');
    await expect(inHand(john).getByRole('button', { name: /Accept/ })).toHaveCount(0);
    await lookAround(john, 'sync-3-mine');

    // two values for one field
    await inbox(john)
      .getByRole('button', { name: /Okafor/ })
      .click();
    await expect(inHand(john)).toContainText('$10,000.00');
    await expect(inHand(john)).toContainText('$20,000.00');
    await lookAround(john, 'sync-4-conflict');
    await john.keyboard.press('m');
    await expect(inbox(john).getByRole('button', { name: /Okafor/ })).toHaveCount(0);

    // a refused change: saved as files, let go and taken back, tried again
    await inbox(john).getByRole('button', { name: /Ames/ }).click();
    await expect(inHand(john)).toContainText('The firm’s database refused a value in it.');
    await lookAround(john, 'sync-5-refused');
    await inHand(john)
      .getByRole('button', { name: /Save as files/ })
      .click();
    await expect(john.getByText(/Saved in .*refused changes/)).toBeVisible();
    const files = (await readdir(join(dataDir, 'exports'))).sort();
    expect(files).toEqual([expect.stringMatching(/^refused changes .*\.json$/), expect.stringMatching(/^refused changes .*\.txt$/)]);
    expect(await readFile(join(dataDir, 'exports', files[1] ?? ''), 'utf8')).toContain('demand: $6,660.00');
    await inHand(john)
      .getByRole('button', { name: /Discard/ })
      .click();
    await expect(inbox(john).getByRole('button', { name: /Ames/ })).toHaveCount(0);
    await john.getByRole('button', { name: 'Undo' }).click();
    await inbox(john).getByRole('button', { name: /Ames/ }).click();
    await rule('alter table steno.demand_letter drop constraint no_such_figure');
    await inHand(john)
      .getByRole('button', { name: /Try again/ })
      .click();
    await expect(inbox(john).getByRole('button', { name: /Ames/ })).toHaveCount(0);
    await john.getByRole('tab', { name: 'Last answers' }).click();
    await expect(john.getByRole('row', { name: /Rivera demand.*Kept as a proposal/ }).first()).toBeVisible();
    await expect(john.getByRole('row', { name: /Ames demand.*Taken/ }).first()).toBeVisible();
    await lookAround(john, 'sync-6-answers');

    // Elena finds it in her inbox
    await takeSeat(elena, elenasHost.url, server.connection, elenaPardo);
    await expect(elena.getByRole('navigation', { name: 'Main' }).getByLabel('1 thing needs you')).toBeVisible();
    await elena.keyboard.press('Control+k');
    await elena.getByRole('textbox', { name: /Find a matter/ }).fill('inbox');
    await elena.keyboard.press('Enter');
    await expect(inHand(elena)).toContainText('by John Watson');
    await expect(inHand(elena).locator('ins', { hasText: 'Interest runs from then on.' })).toBeVisible();
    await expect(inHand(elena).locator('ins', { hasText: 'second witness' })).toBeVisible();
    await expect(inHand(elena)).toContainText('Accepting opens the letter as a draft again');
    await expect(inHand(elena).getByRole('row', { name: /A suggestion, new/ })).toContainText(
      '“thirty days” becomes “twenty days” (As we told them.)',
    );
    await lookAround(elena, 'sync-7-proposal');
    // dismissed, and taken back in time
    await inHand(elena)
      .getByRole('button', { name: /Dismiss/ })
      .click();
    await expect(elena.getByText('Nothing needs you')).toBeVisible();
    await elena.getByRole('button', { name: 'Undo' }).click();
    await inHand(elena)
      .getByRole('button', { name: /Accept/ })
      .click();
    await expect(inbox(elena).getByRole('region', { name: 'Decided' })).toContainText('Rivera demand');
    await lookAround(elena, 'sync-8-decided');

    // the letter is a draft again, with John's words, on both screens
    await openLetter(elena, 'Rivera');
    await expect(letter(elena)).toContainText('Interest runs from then on.');
    await expect(letter(elena)).toHaveAttribute('contenteditable', 'true');
    await inspector(elena)
      .getByRole('tab', { name: /^Suggestions ?1/ })
      .click();
    await expect(inspector(elena)).toContainText(/John Watson.*thirty days.*twenty days/);
    await expect(john.getByText('Elena Pardo accepted what you proposed for Rivera demand.')).toBeVisible();
    await openLetter(john, 'Rivera');
    await expect(letter(john)).toContainText('John adds what the second witness said.');
    await typeAfter(john, 'Yours sincerely', ' and again');
    await expect(letter(elena)).toContainText('Yours sincerely and again');

    // a session that was ended elsewhere stops syncing, with words and what to do
    await rule(
      `update auth.session set revoked_at = now(), ended_reason = 'signed_out' where user_id = (select user_id from steno."user" where first_name = 'John')`,
    );
    await typeAfter(john, 'Dear Counsel', ' and Colleagues');
    await toSync(john);
    await expect(john.getByText('Syncing has stopped').first()).toBeVisible({ timeout: 40_000 });
    await lookAround(john, 'sync-9-stopped');
    await john.getByRole('button', { name: 'Sign in again' }).click();
    await john.getByLabel('Email').fill(johnWatson.email);
    await john.getByLabel('Password', { exact: true }).fill(johnWatson.password);
    await john.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(letter(elena)).toContainText('and Colleagues', { timeout: 40_000 });
    for (const each of watched) each.expectNone();
  } finally {
    await elsewhere.close();
    await elenasHost.stop();
    await line.close();
    await server.stop();
  }
});
