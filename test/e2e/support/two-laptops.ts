import type { Page } from '@playwright/test';
import { startOwnServer, withAdmin, type OwnServer } from '../../../src/main/admin/admin.ts';
import { createFirm, createUser } from '../../../src/main/admin/firm.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { ok } from '../../../src/shared/result.ts';
import { silentLog } from '../../support/silent-log.ts';
import { expect } from './steno.ts';

const password = 'correct horse battery';
export const elenaPardo = { email: 'elena@pardolane.example', firstName: 'Elena', lastName: 'Pardo', role: 'Attorney' as const, password };
export const johnWatson = { email: 'john@pardolane.example', firstName: 'John', lastName: 'Watson', role: 'Paralegal' as const, password };

/** A firm of two on a server of its own, to which laptops lay lines that can be cut. */
export async function startFirm(): Promise<OwnServer> {
  const server = await startOwnServer({ dataDir: null, durable: false, clientPassword: 'the login of all laptops', log: silentLog });
  const made = await withAdmin(server.adminUrl, async (admin) => {
    const firm = await createFirm(admin, { name: 'Pardo Lane LLP', slug: 'pardo-lane' }, [...defaultTemplates]);
    if (!firm.ok) return firm;
    for (const person of [elenaPardo, johnWatson]) await createUser(admin, 'pardo-lane', person);
    return ok({});
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return server;
}

/** Connects a laptop by hand and signs somebody in. */
export async function takeSeat(
  page: Page,
  url: string,
  { port, database }: { port: number; database: string },
  who: typeof elenaPardo | typeof johnWatson,
): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: /by hand/ }).click();
  await page.getByLabel('Firm', { exact: true }).fill('pardo-lane');
  await page.getByLabel('Server', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('Port').fill(String(port));
  await page.getByLabel('Database').fill(database);
  await page.getByLabel('Connection password').fill('the login of all laptops');
  await page.getByText('Off', { exact: true }).click();
  await page.getByRole('button', { name: /Connect/ }).click();
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByLabel('Status')).toContainText(`${who.firstName} ${who.lastName}`);
}
