import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestServer } from './postgres-setup.ts';

export const TEMPLATE = 'steno_template';

/** Makes the template: a database at the newest version of migrations/server. */
export async function prepareTemplate(server: TestServer): Promise<void> {
  await run(server, 'postgres', [`CREATE DATABASE ${TEMPLATE}`]);
  const root = join(import.meta.dirname, '../..');
  const files = globSync('migrations/server/*.sql', { cwd: root }).filter((file) => !file.endsWith('.down.sql'));
  await run(
    server,
    TEMPLATE,
    files.sort().map((file) => readFileSync(join(root, file), 'utf8')),
  );
}

async function run(server: TestServer, database: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ ...server, database });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
