import pg from 'pg';
import { migrateServer, serverMigrations } from '../../src/main/admin/server-migrations.ts';
import type { TestServer } from './postgres-setup.ts';

export const TEMPLATE = 'steno_template';

/** The login that every laptop has. The role belongs to the whole cluster, so it is the same in every test file. */
export const clientPassword = 'laptops of the test run';

/** Makes the template: a database that our own migrator brought to the newest version. */
export async function prepareTemplate(server: TestServer): Promise<void> {
  await connected(server, 'postgres', (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
  const migrated = await connected(server, TEMPLATE, (client) => migrateServer(client, serverMigrations()));
  if (!migrated.ok) throw new Error(`the template could not be migrated: ${JSON.stringify(migrated.error)}`);
  await connected(server, 'postgres', (client) => client.query(`ALTER ROLE steno_client PASSWORD '${clientPassword}'`));
}

async function connected<T>(server: TestServer, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...server, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
