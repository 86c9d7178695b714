import pg from 'pg';
import { expect, test } from 'vitest';
import { measureLoss } from '../../src/main/admin/rollback-loss.ts';
import { serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { readStatus } from '../../src/main/admin/status.ts';
import { adminServerCommands } from '../../src/main/cli/admin-server-commands.ts';
import { fillFirm } from '../support/full-firm.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { runCommand } from '../support/run-command.ts';

const world = await createPgWorld();
const migrations = serverMigrations();
const newest = migrations.at(-1)?.version ?? 0;
await fillFirm(await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal'), world.admin);
// a role that came with a later version than the ones we go back to
await world.admin.query(`delete from steno."user" where role = 'Guest'`);
const { user, password, host, port, database } = world.database;
const url = `postgres://${user}:${password}@${host}:${String(port)}/${database}`;

const steno = (name: string, ...words: string[]) => runCommand(adminServerCommands[`admin ${name}`], ['--url', url, ...words]);

const versionNow = async (): Promise<number> =>
  (await world.admin.query<{ v: number }>('select max(version) as v from public.steno_migration')).rows[0]?.v ?? 0;

test('what a way back takes with it is measured: tables that go with their rows, columns that go with their values; nothing is changed', async () => {
  const steps = (to: number) => migrations.filter(({ version }) => version > to).reverse();
  const losses = must(await measureLoss(world.admin, steps(2)));
  const rowsOf = Object.fromEntries(losses.map(({ what, rows }) => [what, rows]));
  expect(rowsOf).toMatchObject({ 'steno.fact': 1, 'steno.letter_update': 1, 'steno.matter': 1 });
  expect(rowsOf).not.toHaveProperty('steno.firm');
  expect(await versionNow()).toBe(newest);
  expect((await world.admin.query('select from steno.fact')).rowCount).toBe(1);

  const own = { version: newest + 1, name: 'own', up: '', checksum: '' };
  const withColumn = { ...own, down: 'alter table steno.stated_total drop column quote; delete from steno.matter where false' };
  expect(must(await measureLoss(world.admin, [withColumn]))).toEqual([{ what: 'steno.stated_total.quote', rows: 1 }]);
  const withRows = { ...own, down: 'delete from steno."user" where role = \'Viewer\'' };
  expect(must(await measureLoss(world.admin, [withRows]))).toContainEqual({ what: 'steno."user"', rows: 2 });
  expect(must(await measureLoss(world.admin, [{ ...own, down: '' }]))).toEqual([]);
});

test('a table in use stops the look with words, and the look lets go of everything', async () => {
  const reader = new pg.Client(world.database);
  await reader.connect();
  await reader.query('begin');
  await reader.query('select from steno.fact');
  const step = { version: newest + 1, name: 'own', up: '', down: 'drop table steno.fact cascade', checksum: '' };
  expect(await measureLoss(world.admin, [step], 50)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  await reader.end();
  expect(must(await measureLoss(world.admin, [step])).map(({ what }) => what)).toContain('steno.fact');
});

test('on the command line: rollback without --yes names the rows and changes nothing; --dry-run too; with --yes it goes', async () => {
  const refused = await steno('rollback', '--to', '2');
  expect(refused).toMatchObject({ code: 1, outcome: { error: { code: 'conflict', reason: expect.stringContaining('steno.fact (1)') } } });
  expect(await versionNow()).toBe(newest);
  const looked = await steno('rollback', '--to', '2', '--dry-run');
  expect(looked).toMatchObject({
    code: 0,
    outcome: { value: { from: newest, to: 2 } },
    progress: expect.stringContaining('would lose 1 in steno.fact'),
  });
  expect(await versionNow()).toBe(newest);
  const wrongWay = await steno('migrate', '--to', '2');
  expect(wrongWay).toMatchObject({ code: 1, outcome: { error: { reason: expect.stringContaining('admin rollback') } } });
  expect((await steno('rollback', '--to', 'two')).code).toBe(1);

  const gone = await steno('rollback', '--to', '2', '--yes');
  expect(gone).toMatchObject({ code: 0, outcome: { value: { to: 2 } }, progress: expect.stringContaining('running 0003') });
  expect(await versionNow()).toBe(2);
  const status = must(await readStatus(world.admin, migrations));
  expect(status.schema.pending).toHaveLength(migrations.filter(({ version }) => version > 2).length);
  expect(await steno('migrate')).toMatchObject({ code: 0, outcome: { value: { from: 2, to: newest } } });
});

test('status: version, pending, drift, people, sizes; on the command line as well', async () => {
  const status = must(await readStatus(world.admin, migrations));
  expect(status).toMatchObject({
    schema: { version: newest, newest, pending: [], drift: [] },
    people: { firms: 2, users: 8, sessions: expect.any(Number) },
  });
  expect(status.roles.map(({ name }) => name)).toEqual(expect.arrayContaining(['steno_owner', 'steno_auth', 'steno_client']));
  expect(status.tables.find(({ name }) => name === 'steno.fact')?.sizeBytes).toBeGreaterThan(0);
  expect(status.extensions.map(({ name }) => name)).toEqual(expect.arrayContaining(['pgcrypto', 'citext']));
  const drifted = migrations.map((m) => (m.version === 3 ? { ...m, checksum: 'other' } : m));
  expect(must(await readStatus(world.admin, drifted)).schema.drift).toEqual([migrations[2]?.name]);
  expect(await steno('status')).toMatchObject({
    code: 0,
    said: expect.stringMatching(/nothing pending, no drift\n(.*\n)+2 firms, 8 users/),
  });
});
