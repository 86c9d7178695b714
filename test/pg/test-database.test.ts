import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { findPostgres } from '../../src/main/admin/find-postgres.ts';
import { createTestDatabase } from '../support/postgres.ts';

test('a test file has a database of its own, cloned from the template', async () => {
  const one = await createTestDatabase();
  const other = await createTestDatabase();
  const clients = [new pg.Client(one), new pg.Client(other)];
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query('CREATE TABLE mark (id int)');
    const seen = await Promise.all(clients.map((client) => client.query("SELECT to_regclass('mark') IS NOT NULL AS there")));
    expect(seen.map((result) => (result.rows as { there: boolean }[])[0]?.there)).toEqual([true, false]);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
});

test('the server is of the version this run is about', async () => {
  const { major } = await findPostgres(inject('postgresMajor') ?? undefined);
  const client = new pg.Client(await createTestDatabase());
  await client.connect();
  try {
    const { rows } = await client.query<{ number: string }>(`SELECT current_setting('server_version_num') AS number`);
    expect(rows[0]?.number.slice(0, 2)).toBe(major);
  } finally {
    await client.end();
  }
});
