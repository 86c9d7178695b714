import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { draftLetter, letter, look, openSampleCase, openTab, sampleCase, signIn, startDemoFirm, typeAfter } from '../support/journey.ts';
import { launchBrowserHost } from '../support/browser-host.ts';
import { expect, test } from '../support/steno.ts';

test('the server goes away: writing goes on, a restart signs in offline, nothing typed is lost', async ({
  page: tab,
  browserHost,
  dataDir,
}) => {
  test.setTimeout(180_000);
  await tab.goto(browserHost.url);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  await openSampleCase(tab);
  await draftLetter(tab);

  const data = await readFile(join(dataDir, 'demo-postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number(data.split('\n')[0]), 'SIGINT');
  await typeAfter(tab, 'This letter sets out the claim', ' Typed without a server.');
  await expect(tab.getByText('Saved', { exact: true })).toBeVisible();
  await expect(tab.getByLabel('Status')).toContainText(/waiting|[Oo]ffline/);
  await look(tab, '20-offline');

  // the machine is switched off and on again
  await browserHost.kill();
  const again = await launchBrowserHost(dataDir);
  try {
    await tab.goto('about:blank');
    await tab.goto(again.url);
    await signIn(tab, 'Elena Pardo');
    const row = tab.getByRole('row', { name: sampleCase.title });
    await row.or(letter(tab)).first().waitFor();
    if (await row.isVisible()) await row.click();
    await openTab(tab, 'Letter');
    await expect(letter(tab)).toContainText('Typed without a server.');
  } finally {
    await again.stop();
  }
});

test('a wrong password is answered in words, and the right one still works', async ({ tab }) => {
  await startDemoFirm(tab);
  await tab.getByLabel(/email/i).fill('elena@pardolaw.example');
  await tab
    .getByLabel(/password/i)
    .first()
    .fill('not the password');
  await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(tab.getByText(/is not right/)).toBeVisible();
  await signIn(tab, 'Elena Pardo');
});

test('a script inside the page finds no Node, no network, and no way out (R15)', async ({ page: tab, browserHost }) => {
  await tab.goto(browserHost.url);
  await startDemoFirm(tab);
  await signIn(tab, 'Elena Pardo');
  const found = await tab.evaluate(() => {
    const scope = globalThis as unknown as Record<string, unknown>;
    const elsewhere = document.createElement('img');
    const blocked = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
    });
    elsewhere.src = 'http://127.0.0.1:9/beacon.png';
    return blocked.then((directive) => ({ node: typeof scope['require'] + typeof scope['process'] + typeof scope['Buffer'], directive }));
  });
  expect(found).toEqual({ node: 'undefinedundefinedundefined', directive: 'img-src' });
});
