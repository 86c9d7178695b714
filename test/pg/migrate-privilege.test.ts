import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, test } from 'vitest';
import { rollbackServer, serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { createTestDatabase } from '../support/postgres.ts';

test('who is not a superuser is told so, and the database stays as it is', async () => {
  const database = await createTestDatabase();
  const role = `limited_${randomBytes(6).toString('hex')}`;
  const superuser = new pg.Client(database);
  await superuser.connect();
  const version = async () => (await superuser.query<{ v: number }>('select max(version) as v from public.steno_migration')).rows[0]?.v;
  try {
    await superuser.query(`create role ${role} login createrole password 'limited'`);
    const before = await version();
    const limited = new pg.Client({ ...database, user: role, password: 'limited' });
    await limited.connect();
    const outcome = await rollbackServer(limited, serverMigrations(), { target: 0 });
    await limited.end();
    expect(outcome).toMatchObject({ ok: false, error: { code: 'forbidden', reason: expect.stringContaining('Here that is postgres.') } });
    expect(await version()).toBe(before);
  } finally {
    await superuser.query(`drop role if exists ${role}`);
    await superuser.end();
  }
});
