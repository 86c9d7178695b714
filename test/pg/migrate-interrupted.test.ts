import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import type { ServerMigration } from '../../src/main/admin/migration-record.ts';
import { migrateServer, rollbackServer } from '../../src/main/admin/server-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

/** Steps small enough to be stopped at a known place: the second makes a table, then waits for a lock that the test holds. */
function steps(second: string): ServerMigration[] {
  return [
    { version: 1, name: 'first', up: 'create table public.one (a integer)', down: 'drop table public.one', checksum: '1' },
    { version: 2, name: 'second', up: `create table public.two (a integer); ${second}`, down: 'drop table public.two', checksum: '2' },
    { version: 3, name: 'third', up: 'create table public.three (a integer)', down: 'drop table public.three', checksum: '3' },
  ];
}
const plain = steps('');
const waiting = steps('select pg_advisory_xact_lock(42)');

const opened: pg.Client[] = [];
afterAll(() => Promise.all(opened.map((client) => client.end().catch(() => undefined))));

async function connect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  opened.push(client);
  return client;
}

async function emptyDatabase(): Promise<{ config: TestDatabase; watcher: pg.Client }> {
  const config = await createTestDatabase();
  const watcher = await connect(config);
  await watcher.query('drop table public.steno_migration, public.steno_client');
  await watcher.query('select pg_advisory_lock(42)'); // step two stops here
  return { config, watcher };
}

const tables = async (client: pg.Client): Promise<string[]> =>
  (await client.query<{ t: string }>("select tablename::text as t from pg_tables where schemaname = 'public' order by 1")).rows.map(
    ({ t }) => t,
  );

const soon = { timeout: 10_000 };
/** Until somebody waits for the advisory lock that stands for the middle of step two. */
async function untilInTheMiddle(watcher: pg.Client): Promise<number> {
  return await vi.waitFor(async () => {
    const { rows } = await watcher.query<{ pid: number }>(
      "select pid from pg_locks where locktype = 'advisory' and objid = 42 and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    expect(rows).toHaveLength(1);
    return rows[0]?.pid ?? 0;
  }, soon);
}

const lost = { ok: false, error: { code: 'offline', reason: expect.stringMatching(/lost during step second.*nothing is half done/i) } };

test('the client vanishes in the middle of a step: the step is undone, the lock is free, the next run finishes', async () => {
  const { config, watcher } = await emptyDatabase();
  const victim = await connect(config);
  const run = migrateServer(victim, waiting);
  const pid = await untilInTheMiddle(watcher);
  (victim as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  expect(await run).toMatchObject(lost);
  // the server notices a vanished client when it next writes to it: what IT would do about one that waits
  await watcher.query('select pg_terminate_backend($1, 5000)', [pid]);
  expect(await tables(watcher)).toEqual(['one', 'steno_migration']);
  expect(await migrateServer(await connect(config), plain)).toMatchObject({
    ok: true,
    value: { from: 1, to: 3, steps: ['second', 'third'] },
  });
  expect(await tables(watcher)).toEqual(['one', 'steno_migration', 'three', 'two']);
});

test('its backend is terminated in the middle of a step: named, undone, finished by the next run', async () => {
  const { config, watcher } = await emptyDatabase();
  const run = migrateServer(await connect(config), waiting);
  await watcher.query('select pg_terminate_backend($1, 5000)', [await untilInTheMiddle(watcher)]);
  expect(await run).toMatchObject(lost);
  expect(await tables(watcher)).toEqual(['one', 'steno_migration']);
  expect(await migrateServer(await connect(config), plain)).toMatchObject({ ok: true, value: { from: 1, to: 3 } });
});

test('the server crashes in the middle of a step: after its recovery the next run finishes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steno-crash-'));
  let server: EmbeddedPostgres | null = null;
  onTestFinished(async () => {
    await server?.stop();
    if (server) await rm(server.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const start = async (): Promise<pg.ClientConfig> => {
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: silentLog });
    const { host, port, superuser: user, superuserPassword: password } = server;
    return { host, port, user, password, database: 'postgres' };
  };
  const before = await start();
  const watcher = await connect(before);
  await watcher.query('select pg_advisory_lock(42)');
  const run = migrateServer(await connect(before), waiting);
  await untilInTheMiddle(watcher);
  await (server as EmbeddedPostgres | null)?.kill();
  expect(await run).toMatchObject(lost);
  const after = await connect(await start());
  expect(await tables(after)).toEqual(['one', 'steno_migration']);
  expect(await migrateServer(after, plain)).toMatchObject({ ok: true, value: { from: 1, to: 3 } });
});

test('the other administrator is told that it waits, and goes on from where the first one ended', async () => {
  const { config, watcher } = await emptyDatabase();
  const first = migrateServer(await connect(config), waiting);
  await untilInTheMiddle(watcher);
  const onWait = vi.fn();
  const second = migrateServer(await connect(config), waiting, { onWait });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalled(), soon);
  await watcher.query('select pg_advisory_unlock(42)');
  const ran = (await Promise.all([first, second])).flatMap((outcome) => (outcome.ok ? outcome.value.steps : ['refused']));
  expect(ran.sort()).toEqual(['first', 'second', 'third']);
});

test('whoever waited through the very first step of a database sees that it is done', async () => {
  const { config, watcher } = await emptyDatabase();
  const slowFirst = plain.map((step) => (step.version === 1 ? { ...step, up: `${step.up}; select pg_advisory_xact_lock(42)` } : step));
  const first = migrateServer(await connect(config), slowFirst);
  await untilInTheMiddle(watcher);
  const onWait = vi.fn();
  const second = migrateServer(await connect(config), slowFirst, { onWait });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalled(), soon);
  await watcher.query('select pg_advisory_unlock(42)');
  const ran = (await Promise.all([first, second])).flatMap((outcome) => (outcome.ok ? outcome.value.steps : ['refused']));
  expect(ran.sort()).toEqual(['first', 'second', 'third']);
});

test('two who go opposite ways: one is told, nothing is half done', async () => {
  const { config, watcher } = await emptyDatabase();
  const up = migrateServer(await connect(config), waiting);
  await untilInTheMiddle(watcher);
  const down = rollbackServer(await connect(config), waiting, { target: 0 });
  await vi.waitFor(async () => {
    const { rows } = await watcher.query("select from pg_locks where locktype = 'advisory' and objid = 727336001 and not granted");
    expect(rows).toHaveLength(1);
  }, soon);
  await watcher.query('select pg_advisory_unlock(42)');
  expect(await up).toMatchObject({ ok: true });
  expect(await down).toMatchObject({ ok: false, error: { code: 'conflict', reason: expect.stringContaining('to version') } });
  expect(await tables(watcher)).toEqual(['one', 'steno_migration', 'three', 'two']);
});

test('a table that others keep using stops a step after a while, with words, instead of everybody behind it', async () => {
  const { config, watcher } = await emptyDatabase();
  await watcher.query('create table public.busy (a integer)');
  await watcher.query('begin');
  await watcher.query('select from public.busy');
  const needsIt = steps('alter table public.busy add b integer');
  const admin = await connect(config);
  expect(await migrateServer(admin, needsIt, { lockTimeoutMs: 50 })).toMatchObject({
    ok: false,
    error: { code: 'conflict', reason: expect.stringMatching(/step second a table stayed in use.*nothing is half done/i) },
  });
  await watcher.query('commit');
  expect(await tables(watcher)).toEqual(['busy', 'one', 'steno_migration']);
  expect(await migrateServer(admin, needsIt, { lockTimeoutMs: 50 })).toMatchObject({ ok: true, value: { from: 1, to: 3 } });
});

test('rows that a step cannot take stop it with the rule they break, and the version before stays whole', async () => {
  const { config, watcher } = await emptyDatabase();
  await watcher.query("create table public.people (role text); insert into public.people values ('Guest')");
  const narrower = steps("alter table public.people add constraint known_roles check (role in ('Admin'))");
  expect(await migrateServer(await connect(config), narrower)).toMatchObject({
    ok: false,
    error: { code: 'conflict', reason: expect.stringMatching(/step second brings \(rule known_roles\).*nothing is half done/) },
  });
  expect(await tables(watcher)).toEqual(['one', 'people', 'steno_migration']);
});
