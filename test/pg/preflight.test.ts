import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { migrateServer, serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { checkServer, refuseServer, type ServerFacts } from '../../src/main/admin/preflight.ts';
import { createTestDatabase } from '../support/postgres.ts';

const database = await createTestDatabase();

async function connect(over: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...database, ...over });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const fine: ServerFacts = {
  versionNumber: 180004,
  version: '18.4',
  isStandby: false,
  user: 'postgres',
  isSuperuser: true,
  superusers: ['postgres'],
  encoding: 'UTF8',
  extensions: [
    { name: 'pgcrypto', isAvailable: true, schema: null },
    { name: 'citext', isAvailable: true, schema: 'public' },
  ],
};

test('a real server as we want it passes, and is measured', async () => {
  expect(refuseServer(fine)).toBeNull();
  expect(await checkServer(await connect())).toMatchObject({ ok: true, value: { isSuperuser: true, encoding: 'UTF8', isStandby: false } });
});

test.each<[what: string, facts: Partial<ServerFacts>, code: string, words: RegExp]>([
  ['an old server', { versionNumber: 140012, version: '14.12' }, 'unsupported', /version 14\.12.*15 or newer.*pg_upgrade/],
  ['a standby', { isStandby: true }, 'unsupported', /standby.*primary into --url/],
  [
    'no superuser',
    { isSuperuser: false, user: 'app', superusers: ['postgres', 'root'] },
    'forbidden',
    /names app.*Here that is postgres or root/,
  ],
  ['another encoding', { encoding: 'LATIN1' }, 'unsupported', /LATIN1.*encoding 'UTF8' template template0/],
  [
    'missing extensions',
    { extensions: fine.extensions.map((extension) => ({ ...extension, isAvailable: false })) },
    'unsupported',
    /lacks pgcrypto and citext.*postgresql-contrib/,
  ],
  [
    'an extension elsewhere',
    { extensions: [{ name: 'citext', isAvailable: true, schema: 'tools' }] },
    'unsupported',
    /alter extension citext set schema public/,
  ],
])('%s is named with the fix, and nothing was changed', (_, facts, code, words) => {
  const refusal = refuseServer({ ...fine, ...facts });
  expect(refusal).toMatchObject({ code, reason: expect.stringMatching(words) });
  expect(refusal).toMatchObject({ reason: expect.stringContaining('Nothing was changed.') });
});

test('measured on a real server: encoding, extension in another schema; migrate refuses before it writes anything', async () => {
  const name = `latin_${randomBytes(6).toString('hex')}`;
  const admin = await connect();
  await admin.query(`create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`);
  const latin = new pg.Client({ ...database, database: name });
  await latin.connect();
  try {
    expect(await migrateServer(latin, serverMigrations())).toMatchObject({
      ok: false,
      error: { reason: expect.stringContaining('SQL_ASCII') },
    });
    expect((await latin.query("select to_regclass('public.steno_migration') as t")).rows).toEqual([{ t: null }]);
  } finally {
    await latin.end();
    await admin.query(`drop database ${name}`);
  }
  await admin.query('create schema tools; alter extension pgcrypto set schema tools');
  expect(await checkServer(admin)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('pgcrypto is in schema tools') } });
});
