import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { makeFirmFile, makeTestKey } from '../../support/firm-file.ts';
import { ada, provision, startFirmServer } from '../support/firm-server.ts';
import { look } from '../support/journey.ts';
import { expect, test } from '../support/steno.ts';

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

async function signInAsAda(tab: Page): Promise<void> {
  await expect(tab.getByLabel('Firm')).toHaveValue('pardo-lane');
  await tab.getByLabel('Email').fill(ada.email);
  await tab.getByLabel('Password', { exact: true }).fill(ada.password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await expect(tab.getByLabel('Status')).toContainText('Ada Adams');
}

/** Drops a file anywhere on the first screen. */
async function drop(tab: Page, text: string): Promise<void> {
  // the screen before it has a main part too, which knows nothing of files
  await expect(tab.getByRole('button', { name: 'Open the file from your IT' })).toBeVisible();
  const transfer = await tab.evaluateHandle((content) => {
    const made = new DataTransfer();
    made.items.add(new File([content], 'firm.steno'));
    return made;
  }, text);
  await tab.getByRole('main').dispatchEvent('drop', { dataTransfer: transfer });
}

test('from the file of IT to the first sign-in; a damaged file and another key are refused', async ({ tab, dataDir }) => {
  test.setTimeout(120_000);
  const server = await startFirmServer();
  try {
    const it = join(dataDir, 'it');
    await mkdir(it);
    const file = join(it, 'firm.steno');
    const fingerprint = provision(server, join(it, 'firm.key'), file);
    const text = await readFile(file, 'utf8');
    const chooser = tab.getByLabel('The file from your IT');
    await expect(tab.getByRole('button', { name: 'Open the file from your IT' })).toBeFocused();
    await lookAround(tab, 'provision-1-first-run');

    await writeFile(join(it, 'changed.steno'), text.replace(server.connection.host, '127.0.0.2'));
    await chooser.setInputFiles(join(it, 'changed.steno'));
    await expect(tab.getByRole('alert')).toContainText('It was changed after your IT signed it.');
    await lookAround(tab, 'provision-2-changed-file');

    await chooser.setInputFiles(file);
    await expect(tab.getByRole('heading', { name: 'Pardo Lane LLP' })).toBeFocused();
    await expect(tab.getByText(fingerprint)).toBeVisible();
    await expect(tab.getByText(`127.0.0.1, port ${String(server.connection.port)}`)).toBeVisible();
    await expect(tab.getByRole('status')).toContainText('Compare with the sheet from your IT.');
    await lookAround(tab, 'provision-3-compare');
    await tab.getByRole('button', { name: 'It matches, connect' }).click();
    await signInAsAda(tab);

    // IT lost its key and made another: the laptop asks, and takes it only when told
    await tab.getByRole('button', { name: /Sign out/ }).click();
    await tab.getByRole('button', { name: 'Use another firm' }).click();
    const newFingerprint = provision(server, join(it, 'new.key'), join(it, 'new.steno'));
    const newText = await readFile(join(it, 'new.steno'), 'utf8');
    await chooser.setInputFiles(join(it, 'new.steno'));
    await expect(tab.getByRole('alert')).toContainText(`It knows ${fingerprint}.`);
    await expect(tab.getByText(newFingerprint)).toBeVisible();
    await lookAround(tab, 'provision-4-another-key');
    await tab.getByRole('button', { name: 'Do not connect' }).click();
    await drop(tab, newText);
    await tab.getByRole('button', { name: 'This is the new key' }).click();
    await expect(tab.getByLabel('Firm')).toHaveValue('pardo-lane');
    await tab.getByRole('button', { name: 'Use another firm' }).click();
    await drop(tab, newText);
    await expect(tab.getByRole('status')).toContainText('the key this computer knows');

    // the server is away: the words of connecting, on the same screen
    await server.stop();
    await tab.getByRole('button', { name: 'Connect' }).click();
    await expect(tab.getByText('Nothing answers at 127.0.0.1')).toBeVisible();
    await look(tab, 'provision-5-no-answer');
    await tab.getByRole('button', { name: 'Back' }).click();
    await tab.getByRole('button', { name: 'Enter it by hand' }).click();
    await expect(tab.getByRole('textbox', { name: 'Server' })).toBeVisible();
    await look(tab, 'provision-6-by-hand');
  } finally {
    await server.stop();
  }
});

test('where IT installed its key, no other file and no server by hand', async ({ tab, dataDir }) => {
  await expect(tab.getByRole('button', { name: 'Enter it by hand' })).toBeVisible();
  await writeFile(join(dataDir, 'provision.pub'), makeTestKey().publicPem);
  await tab.reload();
  await expect(tab.getByText('signed files of your IT only')).toBeVisible();
  await expect(tab.getByRole('button', { name: 'Enter it by hand' })).toHaveCount(0);
  await drop(tab, makeFirmFile(makeTestKey(), { expiresAt: '2126-01-01T00:00:00.000Z' }));
  await expect(tab.getByRole('alert')).toContainText('not signed with the key that your IT installed');
  await look(tab, 'provision-7-managed');
});
