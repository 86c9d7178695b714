import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../support/model-server.ts';
import { look, lookAround, openTab, signIn, startDemoFirm } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

let folder = '';
let server: ModelServer;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steno-okafor-'));
  server = await startModelServer();
});
test.afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

const report = `INCIDENT REPORT
Patient: Adaeze Okafor
Claim No. LM-CLM-240511-0031
The store's claims are looked after by Dana Whitfield of Keystone Mutual.`;

test('an administrator sets the assistant up, a paralegal sees what leaves and asks, and what does not stand is refused', async ({
  tab,
}) => {
  test.setTimeout(180_000);
  writeFileSync(join(folder, 'report.txt'), report);
  await startDemoFirm(tab);

  await test.step('to begin with nothing leaves', async () => {
    await signIn(tab, 'Ruth Adeyemi');
    await tab.getByRole('button', { name: 'Settings' }).click();
    await expect(tab.getByText('No text leaves this laptop. Facts are found by rules.')).toBeVisible();
    await lookAround(tab, 'settings-offline');
  });

  await test.step('a server of the firm’s own', async () => {
    await tab.getByLabel('Model provider').selectOption('OpenAI, or a server like it');
    await tab.getByLabel('Model', { exact: true }).fill('a-model');
    await tab.getByLabel('Address').fill('http://models.example/v1');
    await tab.getByLabel('Limit for a matter').fill('5.00');
    await tab.getByRole('button', { name: 'Save for the firm' }).click();
    await expect(tab.getByText('Without https the text could be read on its way.')).toBeVisible();
    await tab.getByLabel('Address').fill(`${server.origin}/v1`);
    await tab.getByLabel('Price per million tokens in').fill('3.00');
    await tab.getByLabel('Price per million tokens out').fill('15.00');
    await tab.getByRole('button', { name: 'Save for the firm' }).click();
    const { host } = new URL(server.origin);
    await expect(tab.getByText(`the text of those pages goes to ${host}, and nothing at any other time.`)).toBeVisible();
    await tab.getByLabel('Key', { exact: true }).fill('a-secret-key');
    await tab.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(tab.getByText('A key of yours is kept on this computer.')).toBeVisible();
    expect(await tab.content()).not.toContain('a-secret-key');
    await expect(tab.getByText('The key is kept.')).toBeVisible();
    await lookAround(tab, 'settings-assistant');
    await tab.getByRole('button', { name: 'Sign out' }).click();
  });

  await test.step('a paralegal sees it locked', async () => {
    await signIn(tab, 'John Watson');
    await expect(tab.getByText('The key is kept.')).toHaveCount(0, { timeout: 500 }); // it was told to somebody else
    await tab.getByRole('button', { name: 'Settings' }).click();
    await expect(tab.getByText('Your firm decided this. An administrator can change it.')).toBeVisible();
    await expect(tab.getByRole('definition').filter({ hasText: 'a-model' })).toBeVisible();
    await expect(tab.getByLabel('Model', { exact: true })).toHaveCount(0);
    await expect(tab.getByRole('button', { name: 'Save for the firm' })).toHaveCount(0);
    await lookAround(tab, 'settings-locked');
    await tab.getByLabel('Key', { exact: true }).fill('key-of-john');
    await tab.getByRole('button', { name: 'Keep', exact: true }).click();
    await expect(tab.getByText('A key of yours is kept on this computer.')).toBeVisible();
  });

  await test.step('and asks', async () => {
    await tab.getByRole('button', { name: 'Matters' }).click();
    await tab.getByRole('button', { name: 'Choose a case folder' }).click();
    await tab.getByLabel('Path of the case folder').fill(folder);
    await tab.getByRole('button', { name: 'Open', exact: true }).click();
    const documents = tab.getByRole('region', { name: 'Documents' });
    await expect(documents.getByRole('listitem')).toHaveCount(1, { timeout: 30_000 });
    await expect(documents.getByText(/Waiting to be read|Being read/)).toHaveCount(0, { timeout: 30_000 });
    await openTab(tab, 'Facts');
    await tab.getByRole('button', { name: 'Ask the assistant' }).click();
    const panel = tab.getByRole('region', { name: 'Ask the assistant' });
    await expect(panel.getByText('no calls yet')).toBeVisible();
    server.script({ does: 'hang' });
    await panel.getByRole('button', { name: 'Ask for facts' }).click();
    await expect(panel.getByText('asking')).toBeVisible();
    await look(tab, 'ask-running');
    await panel.getByRole('button', { name: 'Stop' }).click();
    await expect(panel.getByText('stopped')).toBeVisible();

    server.script({
      does: 'tool',
      input: {
        facts: [
          { kind: 'adjuster', value: 'Dana Whitfield', page: 1, quote: 'looked after by Dana Whitfield' },
          { kind: 'carrier', value: 'Keystone Mutual', page: 1, quote: 'Whitfield of Keystone Mutual' },
          { kind: 'date_of_loss', value: 'May 11, 2024', page: 1, quote: 'On May 11, 2024 she fell' },
          { kind: 'witness', value: 'Sam Porter', page: 1, quote: 'looked after by Dana Whitfield' },
        ],
      },
      usage: { input: 1200, output: 300 },
    });
    await panel.getByRole('button', { name: 'Ask for facts' }).click();
    await expect(panel.getByText('2 new facts to check, 2 refused')).toBeVisible();
    await panel.getByText('2 values of its answer refused').click();
    await expect(panel.getByText('The words given for it do not stand on page 1.')).toBeVisible();
    await lookAround(tab, 'ask-done');
    await expect(tab.getByRole('row', { name: /Dana Whitfield/ })).toContainText('60%');
    expect(server.received.map(({ body }) => body).join()).not.toMatch(/okafor|LM-CLM-240511-0031/i);
    expect(server.received.at(-1)?.headers.authorization).toBe('Bearer key-of-john');
    // 1,200 tokens at $3 and 300 at $15 a million, and what was sent before it was stopped
    await expect(panel.getByText(/This matter so far: \$0\.0[1-9] for 2 calls/)).toBeVisible();
  });

  await test.step('asked to rewrite it answers with suggestions', async () => {
    await openTab(tab, 'Letter');
    await tab.getByRole('button', { name: 'Draft from template' }).click();
    const inspector = tab.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByRole('tab', { name: 'Assistant' }).click();
    server.script({
      does: 'tool',
      name: 'refine',
      input: {
        changes: [
          { paragraph: 9, quote: 'no such words', becomes: 'x', why: '' },
          ...Array.from({ length: 12 }, (_, n) => ({
            paragraph: n + 1,
            quote: 'This letter sets out the claim',
            becomes: 'This letter proves the claim and demands $750,000.00',
            why: 'Firmer.',
          })),
        ],
      },
      usage: { input: 1000, output: 100 },
    });
    await inspector.getByLabel('What to change').fill('Firmer, please');
    await inspector.getByRole('button', { name: 'Rewrite', exact: true }).click();
    await expect(inspector.getByRole('button', { name: '1 suggestion' })).toBeVisible();
    await expect(inspector.getByText('12 changes of its answer refused')).toBeVisible();
    await inspector.getByRole('button', { name: '1 suggestion' }).click();
    const item = inspector.getByRole('listitem').filter({ has: tab.getByRole('button', { name: 'Accept' }) });
    await expect(item.getByText('“$750,000.00” stands in no fact, bill line or computed value of this matter.')).toBeVisible();
    await expect(item.getByRole('button', { name: 'Accept' })).toBeDisabled();
    expect(server.received.at(-1)?.body).toContain('Firmer, please');
    await lookAround(tab, 'refined');
    await item.getByRole('button', { name: 'Reject' }).click();
    await expect(inspector.getByText('1 decided')).toBeVisible();
  });

  await test.step('an attorney narrows it for this matter', async () => {
    await tab.getByRole('button', { name: 'Sign out' }).click();
    await signIn(tab, 'Elena Pardo');
    await tab.getByRole('row', { name: /Adaeze Okafor/ }).click();
    await openTab(tab, 'Facts');
    await tab.getByRole('button', { name: 'Ask the assistant' }).click();
    const panel = tab.getByRole('region', { name: 'Ask the assistant' });
    await panel.getByRole('button', { name: 'For this matter…' }).click();
    const form = panel.getByRole('form', { name: 'For this matter' });
    await form.getByLabel('Limit for this matter').fill('6.00');
    await form.getByRole('button', { name: 'Save for this matter' }).click();
    await expect(panel.getByText('A matter may be stricter than the firm, not laxer.')).toBeVisible();
    await form.getByLabel('Model for this matter').fill('b-model');
    await form.getByLabel('Limit for this matter').fill('2.00');
    await lookAround(tab, 'ask-for-this-matter');
    await form.getByRole('button', { name: 'Save for this matter' }).click();
    await expect(panel.getByText('Asked is b-model. Its limit is $2.00.')).toBeVisible();
    // no price is known of it, so its limit could not be kept to
    await panel.getByRole('button', { name: 'Ask for facts' }).click();
    await expect(panel.getByText('Steno does not know what this model costs')).toBeVisible();
    await panel.getByRole('button', { name: 'For this matter…' }).click();
    await form.getByLabel('What may leave of this matter').selectOption('Nothing');
    await form.getByRole('button', { name: 'Save for this matter' }).click();
    await expect(panel.getByText('No text leaves this laptop. Facts are found by rules.')).toBeVisible();
  });
});
