import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { migrateServer, serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { must } from './laptop.ts';
import { silentLog } from './silent-log.ts';

export interface Primary {
  server: EmbeddedPostgres;
  admin: pg.Client;
  url: string;
  /** A folder of the test's own, gone afterwards. */
  folder: string;
  connect(): Promise<pg.Client>;
}

/** A server of this test file's own that can be backed up, migrated, with a firm in it. Call it at the top of a file or in a hook. */
export async function startPrimary(major: string, settings: Record<string, string> = {}): Promise<Primary> {
  const folder = await mkdtemp(join(tmpdir(), 'steno-primary-'));
  await chmod(folder, 0o755); // where tests run as root, the server is somebody else
  const replicates = { wal_level: 'replica', max_wal_senders: '4', max_replication_slots: '4', ...settings };
  const server = await startEmbeddedPostgres({ dataDir: null, durable: false, major, settings: replicates, log: silentLog });
  const { host, port, superuser: user, superuserPassword: password } = server;
  const open: pg.Client[] = [];
  afterAll(async () => {
    for (const client of open) await client.end().catch(() => undefined);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ host, port, user, password, database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    return client;
  };
  const admin = await connect();
  must(await migrateServer(admin, serverMigrations()));
  must(await createFirm(admin, { name: 'Firm', slug: 'firm' }, []));
  must(
    await createUser(admin, 'firm', {
      email: 'a@firm.example',
      firstName: 'A',
      lastName: 'B',
      role: 'Admin',
      password: 'long enough it is',
    }),
  );
  return { server, admin, folder, connect, url: `postgres://${user}:${password}@${host}:${String(port)}/postgres` };
}

/** Matters of the one firm, titled by number. */
export async function addMatters(admin: pg.Client, from: number, to: number): Promise<void> {
  await admin.query(
    `insert into steno.matter (firm_id, matter_id, title) select firm_id, gen_random_uuid(), 'Matter ' || n from steno.firm, generate_series($1::int, $2::int) n`,
    [from, to],
  );
}
