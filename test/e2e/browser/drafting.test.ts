import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { says } from '../../support/cited-replies.ts';
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
Date of loss: May 11, 2024
The floor by the dairy case was wet and no warning sign had been put out.`;
const mri = `RADIOLOGY
MRI of the lumbar spine, performed June 4, 2024.
Impression: a herniated disc at L5-S1. Surgery was first recommended on July 2, 2024.`;

test('a section is drafted, offline and by a model, taken piece by piece; a question is answered with its pages; all of it is on record with its cost', async ({
  tab,
}) => {
  test.setTimeout(180_000);
  writeFileSync(join(folder, 'report.txt'), report);
  writeFileSync(join(folder, 'mri.txt'), mri);
  await startDemoFirm(tab);
  await signIn(tab, 'Ruth Adeyemi');
  await tab.getByRole('button', { name: 'Choose a case folder' }).click();
  await tab.getByLabel('Path of the case folder').fill(folder);
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  const documents = tab.getByRole('region', { name: 'Documents' });
  await expect(documents.getByRole('listitem')).toHaveCount(2, { timeout: 30_000 });
  await expect(documents.getByText(/Waiting to be read|Being read/)).toHaveCount(0, { timeout: 30_000 });
  await openTab(tab, 'Letter');
  await tab.getByRole('button', { name: 'Draft from template' }).click();
  const inspector = tab.getByRole('complementary', { name: 'Inspector' });
  const draft = inspector.getByRole('region', { name: 'Draft', exact: true });
  const file = inspector.getByRole('region', { name: 'Ask the file' });
  const history = inspector.getByRole('region', { name: 'History' });

  await test.step('without a model: the template’s words, and passages of the file', async () => {
    await expect(inspector.getByRole('tab', { name: 'Assistant' })).toBeVisible();
    await tab.keyboard.press('Control+Alt+KeyA');
    await expect(inspector.getByText('No model is set up for this matter. Drafts are')).toBeVisible();
    await expect(history.getByText('Nothing was asked about this letter yet.')).toBeVisible();
    await expect(draft.getByLabel('Section', { exact: true })).toBeFocused();
    await lookAround(tab, 'drafting-empty');
    await draft.getByRole('button', { name: 'Draft this section' }).click();
    await expect(draft.getByText(/stands in the letter already/)).toBeVisible();
    await file.getByLabel('Question').fill('When was surgery first recommended?');
    await tab.keyboard.press('Enter');
    await expect(file.getByText('No model is set up for this matter: these passages of the file say most about it.')).toBeVisible();
    await expect(file.getByText('Surgery was first recommended on July 2, 2024.').first()).toBeVisible();
    await expect(history.getByText('answered by passages')).toBeVisible();
    await lookAround(tab, 'drafting-offline');
  });

  await test.step('a model of the firm’s own', async () => {
    await tab.getByRole('button', { name: 'Settings' }).first().click();
    await tab.getByLabel('Model provider').selectOption('OpenAI, or a server like it');
    await tab.getByLabel('Model', { exact: true }).fill('a-model');
    await tab.getByLabel('Address').fill(`${server.origin}/v1`);
    await tab.getByLabel('Price per million tokens in').fill('3.00');
    await tab.getByLabel('Price per million tokens out').fill('15.00');
    await tab.getByRole('button', { name: 'Save for the firm' }).click();
    await expect(tab.getByText('and nothing at any other time.')).toBeVisible();
    await tab.getByRole('button', { name: 'Matters' }).click();
    await tab.getByRole('row', { name: /Adaeze Okafor/ }).click();
    await openTab(tab, 'Letter');
    await inspector.getByRole('tab', { name: 'Assistant' }).click();
  });

  await test.step('what comes is shown while it comes, and can be stopped', async () => {
    server.script({
      does: 'begin',
      name: 'draft',
      json: '{"paragraphs": [{"text": "The MRI shows it [[1]].", "sources": []}, {"text": "And',
    });
    const titles = await draft.getByLabel('Section', { exact: true }).locator('option').allTextContents();
    const treatment = titles.find((title) => /treat|injur/i.test(title)) ?? titles[0] ?? '';
    await draft.getByLabel('Section', { exact: true }).selectOption(treatment);
    await draft.getByRole('button', { name: 'Draft this section' }).click();
    await expect(draft.getByText('The MRI shows it.')).toBeVisible();
    await look(tab, 'drafting-coming');
    await draft.getByRole('button', { name: 'Stop' }).click();
    await expect(draft.getByText('Stopped. What had not come whole was dropped.')).toBeVisible();
  });

  await test.step('suggestions with their sources; what is made up is marked', async () => {
    server.script(
      says(
        'draft',
        {
          text: 'The MRI of June 4, 2024 shows a herniated disc at L5-S1 [[1]].',
          sources: [{ mark: 1, words: 'herniated', quote: 'performed June 4, 2024.\nImpression: a herniated disc at L5-S1' }],
        },
        {
          text: 'Officer Paul Kent says she will need $75,000.00 for it [[1]].',
          sources: [{ mark: 1, words: 'herniated', quote: 'a herniated disc at L5-S1' }],
        },
      ),
    );
    await draft.getByLabel('What to mind').fill('Add the MRI and the surgery');
    await draft.getByLabel('What to mind').press('Enter');
    await draft.getByRole('button', { name: '2 suggestions' }).click();
    const items = inspector.getByRole('listitem').filter({ has: tab.getByRole('button', { name: 'Accept' }) });
    await expect(items).toHaveCount(2);
    const [good, bad] = [items.nth(0), items.nth(1)];
    await expect(good.getByText('A new paragraph')).toBeVisible();
    await expect(bad.getByText('“$75,000.00” does not stand in the source that its sentence gives.')).toBeVisible();
    await expect(bad.getByText('“Officer Paul Kent” does not stand in the source that its sentence gives.')).toBeVisible();
    await expect(bad.getByRole('button', { name: 'Accept' })).toBeDisabled();
    await good.getByRole('button', { name: 'Show' }).click();
    await expect(tab.locator('.remark-block').first()).toBeInViewport();
    await lookAround(tab, 'drafting-suggested');
    await bad.getByRole('button', { name: 'Reject' }).click();
    await expect(items).toHaveCount(1);
    await items.getByRole('button', { name: 'Accept' }).click();
    await expect(inspector.getByText('2 decided')).toBeVisible();
    const page = tab.getByRole('region', { name: 'Letter' });
    await expect(page.getByText('The MRI of June 4, 2024 shows a herniated disc at L5-S1')).toBeVisible();
    // the citation is a chip like any other, and opens the page
    await page
      .locator('.citation', { hasText: /Ex\. [A-Z]+ at 1/ })
      .filter({ hasText: 'Ex.' })
      .last()
      .click();
    await look(tab, 'drafting-accepted');
  });

  await test.step('a question to the model, an answer into the letter, the history', async () => {
    await inspector.getByRole('tab', { name: 'Assistant' }).click();
    server.script(
      says('answer', {
        text: 'Surgery was first recommended on July 2, 2024 [[1]]. It went well.',
        sources: [{ mark: 1, words: 'Surgery was', quote: 'Surgery was first recommended on July 2, 2024' }],
      }),
    );
    await file.getByLabel('Question').fill('When was surgery first recommended?');
    await file.getByRole('button', { name: 'Ask the file' }).click();
    await expect(file.getByText('No page of the file was given for this.')).toBeVisible();
    await expect(history.getByText(/2 suggestions \(1 accepted, 1 rejected\)/)).toBeVisible();
    await expect(history.getByText(/This letter so far: \$0\.\d\d for 3 calls/)).toBeVisible();
    await lookAround(tab, 'drafting-answered');
    await file.getByRole('button', { name: /mri\.txt/ }).click();
    await expect(tab.getByText('RADIOLOGY').first()).toBeVisible();
    await look(tab, 'drafting-source');
    await tab.keyboard.press('Escape');
    await file.getByRole('button', { name: 'Insert into the letter as a suggestion' }).click();
    // what no page says comes along and says so: it is not accepted unseen
    await expect(inspector.getByText('“It went well.” names no source.')).toBeVisible();
    await expect(inspector.getByRole('button', { name: 'Accept' })).toBeDisabled();
    await look(tab, 'drafting-answer-suggested');
    await inspector.getByRole('tab', { name: 'Assistant' }).click();
    server.script({ does: 'status', status: 401 });
    await file.getByLabel('Question').fill('When was the second surgery?');
    await tab.keyboard.press('Enter');
    await expect(file.getByText(/did not accept the key/)).toBeVisible();
    await lookAround(tab, 'drafting-failed');
    expect(server.received.map(({ body }) => body).join()).not.toMatch(/okafor/i);
  });
});
