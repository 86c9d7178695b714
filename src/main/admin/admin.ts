import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { DemoFirm, FirmConnection } from '../../shared/setup.ts';
import type { Log } from '../host/host.ts';
import { freshId } from '../host/ids.ts';
import { lockSecret, makeRecoveryKey } from '../rescue/seal.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { addEscrowKey, listEscrowKeys } from './escrow.ts';
import { createFirm, createUser, setClientPassword, type FirmTemplate, type NewFirm, type NewUser } from './firm.ts';
import { migrateServer, serverMigrations } from './server-migrations.ts';
import { writeNew } from './signing-key.ts';

/** The administrator's line to a Postgres. Errors: offline, forbidden, invalid_input, in words for IT. */
export async function connectAdmin(url: string): Promise<Outcome<pg.Client>> {
  if (url === '')
    return err({ code: 'invalid_input', what: 'the command', reason: 'Say which database: --url URL, or its address in STENO_ADMIN_URL.' });
  let client: pg.Client;
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'steno admin' });
  } catch (error) {
    const { code, path } = error as { code?: string; path?: string };
    if (code === 'ENOENT' && path !== undefined)
      return err({ code: 'invalid_input', what: 'the database address', reason: `It names a file that is not there: ${path}.` });
    return err({ code: 'invalid_input', what: 'the database address', reason: 'Write it as postgres://user:password@host:5432/database.' });
  }
  client.on('error', () => undefined); // the statement under way meets it too
  try {
    await client.connect();
    return ok(client);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code === '28P01' || code === '28000')
      return err({ code: 'forbidden', what: 'this database', reason: 'It refuses the user or password in the address.' });
    if (code === '3D000')
      return err({
        code: 'invalid_input',
        what: 'the database address',
        reason: 'That server has no such database. Make it there first: create database steno;',
      });
    return err({
      code: 'offline',
      reason: `The database does not answer (${code ?? message ?? 'no reason given'}). Check host, port and that it runs. Nothing was changed.`,
    });
  }
}

/** A Postgres of our own, migrated, with a login for laptops: behind the demo firm, `npm run demo` and tests. */
export interface OwnServer {
  postgres: EmbeddedPostgres;
  /** For laptops; without a firm's slug. */
  connection: Omit<FirmConnection, 'firmSlug'>;
  adminUrl: string;
  stop(): Promise<void>;
}

export async function startOwnServer(options: {
  dataDir: string | null;
  port?: number;
  durable?: boolean;
  clientPassword?: string;
  log: Log;
}): Promise<OwnServer> {
  const postgres = await startEmbeddedPostgres(options);
  try {
    const { host, port, superuser, superuserPassword } = postgres;
    const adminUrl = `postgres://${superuser}:${superuserPassword}@${host}:${String(port)}/postgres`;
    const password = options.clientPassword ?? randomBytes(24).toString('hex');
    const ready = await withAdmin(adminUrl, async (admin) => {
      const migrated = await migrateServer(admin, serverMigrations());
      if (!migrated.ok) return migrated;
      await setClientPassword(admin, password);
      return ok({});
    });
    if (!ready.ok) throw new Error(ready.error.code);
    const connection = {
      host,
      port,
      database: 'postgres',
      user: 'steno_client',
      password,
      tls: 'off' as const,
      tlsRoot: null,
      replica: null,
    };
    return { postgres, connection, adminUrl, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Makes a firm with its people, once: a firm that is there already stays as it is. */
export async function seedFirm(
  adminUrl: string,
  firm: NewFirm,
  users: NewUser[],
  templates: FirmTemplate[],
  matters: string[] = [],
): Promise<Outcome<{ made: boolean }>> {
  return withAdmin<{ made: boolean }>(adminUrl, async (admin) => {
    const made = await createFirm(admin, firm, templates);
    if (!made.ok) return made.error.code === 'conflict' ? ok({ made: false }) : made;
    for (const user of users) {
      const added = await createUser(admin, firm.slug, user);
      if (!added.ok) return added;
    }
    for (const title of matters) {
      await admin.query('insert into steno.matter (firm_id, matter_id, title) values ($1, $2, $3)', [made.value.firmId, freshId(), title]);
    }
    return ok({ made: true });
  });
}

export async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const admin = await connectAdmin(url);
  if (!admin.ok) return admin;
  try {
    return await work(admin.value);
  } finally {
    await admin.value.end();
  }
}

/** The firm that "Try it with a demo firm", `npm run demo` and the tests use; its passwords are no secret and its server listens on this machine only. */
export const demoFirm: { firm: NewFirm; accounts: DemoFirm['accounts'] } = {
  firm: {
    name: 'Pardo & Associates, P.C.',
    slug: 'pardo',
    address: '210 Court Street, Suite 400\nMiddletown, Example State 00000',
    contactEmail: 'office@pardolaw.example',
    contactPhone: '(555) 010-0142',
  },
  accounts: [
    { email: 'elena@pardolaw.example', password: 'demo attorney 1', name: 'Elena Pardo', role: 'Attorney' },
    { email: 'john@pardolaw.example', password: 'demo paralegal 1', name: 'John Watson', role: 'Paralegal' },
    { email: 'it@pardolaw.example', password: 'demo administrator 1', name: 'Ruth Adeyemi', role: 'Admin' },
  ],
};

export function demoUsers(): NewUser[] {
  return demoFirm.accounts.map(({ email, password, name, role }) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    return { email, password, role, firstName, lastName };
  });
}

/** What opens the demo firm's recovery key, which lies in the data folder: no secret, like its people's passwords. */
const demoPassphrase = 'demo recovery key';
const demoLogRounds = 12;

/** Gives the demo firm a recovery key, as a real one's IT does; one that it has stays. */
export async function seedRecoveryKey(adminUrl: string, out: string): Promise<Outcome<Nothing>> {
  return withAdmin<Nothing>(adminUrl, async (admin) => {
    const { slug } = demoFirm.firm;
    const keys = await listEscrowKeys(admin, slug);
    if (!keys.ok) return keys;
    if (keys.value.length > 0 || existsSync(out)) return ok({});
    const { publicKey, secret } = await makeRecoveryKey();
    const file = await lockSecret(secret, demoPassphrase, demoLogRounds);
    const added = await addEscrowKey(admin, slug, publicKey, { rotate: false, save: () => writeNew('the demo', out, file, 0o600) });
    return added.ok ? ok({}) : added;
  });
}

/** With the three of the demo, a person of each role. */
export const seedColleagues: NewUser[] = [
  { email: 'records@pardolaw.example', password: 'demo viewer 1', role: 'Viewer', firstName: 'Sam', lastName: 'Ito' },
  { email: 'adjuster@carrier.example', password: 'demo guest 123', role: 'Guest', firstName: 'Dana', lastName: 'Cole' },
];

/** Matters to begin with, for seeding. */
export const seedMatters = ['Rivera v. BestValue Stores', 'Okafor v. Lakeside Market', 'Lindqvist v. Harbor Transit'];
