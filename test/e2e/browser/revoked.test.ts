import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { OwnServer } from '../../../src/main/admin/admin.ts';
import { launchBrowserHost } from '../support/browser-host.ts';
import { ada, asIt, provision, startFirmServer } from '../support/firm-server.ts';
import { look } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';
import { watchPage } from '../support/watch-page.ts';

const passphrase = 'four words that nobody guesses\n';

/** The same screen as people see it: light, dark, and as narrow as 200 % zoom makes the smallest window. */
async function lookAround(tab: Page, name: string): Promise<void> {
  await look(tab, name);
  await tab.emulateMedia({ colorScheme: 'dark' });
  await look(tab, `${name}-dark`);
  await tab.emulateMedia({ colorScheme: 'light' });
  await tab.setViewportSize({ width: 640, height: 400 });
  await look(tab, `${name}-narrow`);
  await tab.setViewportSize({ width: 1280, height: 800 });
}

async function fillIn(tab: Page): Promise<void> {
  await expect(tab.getByLabel('Firm')).toHaveValue('pardo-lane');
  await tab.getByLabel('Email').fill(ada.email);
  await tab.getByLabel('Password', { exact: true }).fill(ada.password);
  await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
}
async function signInAsAda(tab: Page): Promise<void> {
  await fillIn(tab);
  await expect(tab.getByLabel('Status')).toContainText('Ada Adams');
}
async function signOut(tab: Page): Promise<void> {
  await tab.getByRole('button', { name: /Sign out/ }).click();
  await expect(tab.getByLabel('Firm')).toBeVisible();
}

/** Connects the laptop by a file from IT, and makes the firm's recovery key. */
async function setUp(tab: Page, server: OwnServer, dataDir: string): Promise<{ it: string; createKey(): void; whose: string[] }> {
  const it = join(dataDir, 'it');
  await mkdir(it);
  provision(server, join(it, 'firm.key'), join(it, 'firm.steno'));
  await tab.getByLabel('The file from your IT').setInputFiles(join(it, 'firm.steno'));
  await tab.getByRole('button', { name: 'It matches, connect' }).click();
  const whose = ['--url', server.adminUrl, '--slug', 'pardo-lane'];
  const createKey = (): void => void asIt(['escrow', 'create', ...whose, '--out', join(it, 'recovery.key')], passphrase);
  return { it, createKey, whose };
}

async function makeMatter(tab: Page, dataDir: string, title: string): Promise<void> {
  await mkdir(join(dataDir, title));
  await tab.getByRole('button', { name: /Choose a case folder|New matter from folder/ }).click();
  await tab.getByLabel('Path of the case folder').fill(join(dataDir, title));
  await tab.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(tab.getByRole('heading', { name: title })).toBeVisible();
}

test('told before, told when it happens, told where the work is: a laptop that its firm revoked', async ({
  tab,
  browserHost,
  browser,
  dataDir,
}) => {
  test.setTimeout(180_000);
  const server = await startFirmServer();
  try {
    const { it, createKey, whose } = await setUp(tab, server, dataDir);
    await signInAsAda(tab);
    const warning = tab.getByText('Your firm has no recovery key.');
    await expect(warning).toBeVisible();
    await lookAround(tab, 'revoke-1-told-before');
    await tab.getByRole('button', { name: 'I have read this' }).click();
    await expect(warning).toHaveCount(0);
    await tab.reload();
    await expect(tab.getByLabel('Status')).toContainText('Ada Adams');
    await expect(warning).toHaveCount(0);

    createKey();
    await signOut(tab);
    await signInAsAda(tab);
    await makeMatter(tab, dataDir, 'Okafor');
    await expect(tab.getByLabel('Status')).toContainText(/Synced/);
    const context = await browser.newContext();
    const other = await context.newPage();
    const watched = watchPage(other);
    await other.goto(browserHost.url);
    await signInAsAda(other);

    asIt(['revoke', ...whose, '--email', ada.email, '--erase']);
    await tab.getByRole('button', { name: 'Matters', exact: true }).click();
    await mkdir(join(dataDir, 'Rivera'));
    await tab.getByRole('button', { name: 'New matter from folder' }).click();
    await tab.getByLabel('Path of the case folder').fill(join(dataDir, 'Rivera'));
    await tab.getByRole('button', { name: 'Open', exact: true }).click();
    for (const page of [tab, other]) {
      await expect(page.getByText('Your firm has revoked this laptop.')).toBeVisible();
      await expect(
        page.getByText(/1 change that the firm did not have was saved first, in a file that only your IT can open/),
      ).toBeVisible();
      await expect(page.getByText('Rivera')).toHaveCount(0);
    }
    await lookAround(tab, 'revoke-2-erased');
    const path = await tab.locator('.lost-copy-path').innerText();
    expect(basename(path)).toMatch(/^\d{4}-\d\d-\d\d \d{6} [0-9a-f]{8} key [0-9A-F]{4}-[0-9A-F]{4}\.age$/);
    expect(asIt(['rescue', 'open', path, '--key', join(it, 'recovery.key')], passphrase)).toContain('## Rivera');
    expect(asIt(['devices', ...whose])).toContain('erased; 1 changes and 0 files the firm never had are in a rescue file on the laptop');

    await tab.getByRole('button', { name: 'I have read this' }).click();
    for (const page of [tab, other]) await expect(page.getByText('Your firm has revoked this laptop.')).toHaveCount(0);
    await fillIn(tab);
    await expect(tab.getByRole('alert')).toContainText('It may not open the firm’s data any more.');
    await look(tab, 'revoke-3-refused');
    await context.close();
    watched.expectNone();
  } finally {
    await server.stop();
  }
});

test('the key is gone from the keychain: words, a fresh start, and where the old copy is', async ({ page: tab, browserHost, dataDir }) => {
  test.setTimeout(180_000);
  const server = await startFirmServer();
  try {
    await tab.goto(browserHost.url);
    const { createKey } = await setUp(tab, server, dataDir);
    createKey();
    await signInAsAda(tab);
    await makeMatter(tab, dataDir, 'Okafor');
    await expect(tab.getByLabel('Status')).toContainText(/Synced/);
    await browserHost.stop();
    const secrets = join(dataDir, 'secrets.json');
    const kept = JSON.parse(await readFile(secrets, 'utf8')) as Record<string, string>;
    await writeFile(secrets, JSON.stringify(Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith('store-key:')))));
    const again = await launchBrowserHost(dataDir);
    try {
      await tab.goto('about:blank');
      await tab.goto(again.url);
      await fillIn(tab);
      await expect(tab.getByRole('alert')).toContainText('The key to this laptop’s copy is gone from its keychain.');
      await expect(tab.getByRole('alert')).toContainText('brought back by your IT with the firm’s recovery key');
      await lookAround(tab, 'revoke-4-key-gone');
      await tab.getByRole('button', { name: 'Start afresh' }).click();
      await expect(tab.getByLabel('Status')).toContainText('Ada Adams');
      await expect(tab.getByRole('row', { name: 'Okafor' })).toBeVisible();
      await signOut(tab);
      await expect(tab.getByText('The old copy was put aside, locked.')).toBeVisible();
      await lookAround(tab, 'revoke-5-afresh');
    } finally {
      await again.stop();
    }
  } finally {
    await server.stop();
  }
});
