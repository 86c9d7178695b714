import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startOwnServer, withAdmin, type OwnServer } from '../../../src/main/admin/admin.ts';
import { createFirm, createUser } from '../../../src/main/admin/firm.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { silentLog } from '../../support/silent-log.ts';

const root = join(import.meta.dirname, '../../..');
const clientPassword = 'the shared login of all laptops';
export const ada = { email: 'ada@pardolane.example', password: 'correct horse battery' };

/** A firm's own server as IT sets it up, with one attorney. */
export async function startFirmServer(): Promise<OwnServer> {
  const server = await startOwnServer({ dataDir: null, durable: false, clientPassword, log: silentLog });
  const made = await withAdmin(server.adminUrl, async (admin) => {
    const firm = await createFirm(admin, { name: 'Pardo Lane LLP', slug: 'pardo-lane' }, [...defaultTemplates]);
    return firm.ok ? createUser(admin, 'pardo-lane', { ...ada, firstName: 'Ada', lastName: 'Adams', role: 'Attorney' }) : firm;
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return server;
}

/** Types a command of IT's; what it printed. */
export function asIt(words: string[], input = ''): string {
  const ran = spawnSync(process.execPath, ['src/main/cli.ts', 'admin', ...words], { cwd: root, input, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout;
}

/** Types `steno admin provision`; the fingerprint that IT prints on the sheet. */
export function provision({ adminUrl, connection }: OwnServer, key: string, out: string): string {
  const words = ['provision', '--json', '--url', adminUrl, '--slug', 'pardo-lane', '--host', connection.host];
  words.push('--port', String(connection.port), '--database', connection.database, '--days', '90', '--key', key, '--out', out);
  return (JSON.parse(asIt(words, `${clientPassword}\n`)) as { fingerprint: string }).fingerprint;
}
