import pg from 'pg';
import { expect, test } from 'vitest';
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
