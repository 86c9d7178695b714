import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { createFirm, createUser } from '../../src/main/admin/firm.ts';
import { migrateServer, rollbackServer, serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { serverSchemaVersion } from '../../src/main/sync/remote.ts';
import { fillFirm } from '../support/full-firm.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const migrations = serverMigrations();
const newest = migrations.at(-1)?.version ?? 0;

/** Everything that a schema consists of, as text: what a way down must take away and a way up bring back. */
async function shapeOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(`
    select format('column %s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema in ('steno', 'auth', 'app')
    union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint where connamespace in ('steno'::regnamespace, 'auth'::regnamespace)
    union all select format('index %s', indexdef) from pg_indexes where schemaname in ('steno', 'auth')
    union all select format('policy %s.%s %s %s %s', tablename, policyname, roles, qual, with_check) from pg_policies where schemaname in ('steno', 'auth')
    union all select format('trigger %s', pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
    union all select format('function %s %s', p.oid::regprocedure, coalesce(p.proacl::text, '')) from pg_proc p where pronamespace in ('steno'::regnamespace, 'auth'::regnamespace, 'app'::regnamespace)
    union all select format('table %s %s %s %s', oid::regclass, relrowsecurity, relforcerowsecurity, nullif(relacl, acldefault('r', relowner))) from pg_class where relnamespace in ('steno'::regnamespace, 'auth'::regnamespace) and relkind in ('r', 'p', 'v')
    order by 1`);
  return rows.map(({ line }) => line).join('\n');
}

const to = async (target?: number): Promise<void> => {
  const { rows } = await admin.query<{ at: number }>('select coalesce(max(version), 0) as at from public.steno_migration');
  const go = target === undefined || target > (rows[0]?.at ?? 0) ? migrateServer : rollbackServer;
  const outcome = await go(admin, migrations, target === undefined ? {} : { target });
  expect(outcome).toMatchObject({ ok: true });
};

test('the app speaks the newest version that migrations bring', () => {
  expect(serverSchemaVersion).toBe(newest);
  const versions = migrations.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
});

test('each step goes down and up again over rows, to the same schema; what an earlier version holds is kept', async () => {
  await fillFirm(await world.connect('one', 'Attorney'), await world.connect('one', 'Paralegal'), admin);
  const shapes = new Map<number, string>();
  for (let version = newest; version >= 1; version -= 1) {
    shapes.set(version, await shapeOf(admin));
    // only what this version knows can be asked for
    if (version >= 2) expect((await admin.query('select from steno.firm')).rowCount).toBe(2);
    if (version >= 3) expect((await admin.query('select from steno.fact')).rowCount).toBe(1);
    if (version >= 4) expect((await admin.query('select from steno.letter_update')).rowCount).toBe(1);
    await to(version - 1);
    await to(version);
    expect(await shapeOf(admin), `version ${String(version)} after down and up`).toBe(shapes.get(version));
    await to(version - 1);
    if (version === 2) break;
  }
  await to(1);
  expect((await admin.query(`select from pg_class where relnamespace = 'steno'::regnamespace`)).rowCount).toBe(0);
  await to(0);
  expect((await admin.query(`select from pg_namespace where nspname in ('steno', 'app', 'auth')`)).rowCount).toBe(0);
  await to();
  expect(await shapeOf(admin)).toBe(shapes.get(newest));
}, 120_000);

test('after all that the database works: a firm, a person, a push', async () => {
  expect(await createFirm(admin, { name: 'New', slug: 'new' }, [])).toMatchObject({ ok: true });
  expect(
    await createUser(admin, 'new', { email: 'a@new.example', firstName: 'A', lastName: 'B', role: 'Admin', password: 'long enough it is' }),
  ).toMatchObject({ ok: true });
  const { rows } = await admin.query<{ me: { token: string } }>(
    `select app.sign_in('new', 'a@new.example', 'long enough it is', gen_random_uuid(), 'x') as me`,
  );
  const remote = createPostgresRemote(world.connection, rows[0]?.me.token ?? '');
  expect(await remote.whoami()).toMatchObject({ firmSlug: 'new', role: 'Admin' });
  await fillFirm(remote, remote, admin).catch(() => undefined);
  expect((await remote.pull(0, 1000)).changes.length).toBeGreaterThan(10);
  await remote.close();
});

test('rows that were there before sync existed reach laptops once they are touched', async () => {
  await to(4);
  await admin.query(`insert into steno.firm (firm_id, firm_name, firm_slug) values (gen_random_uuid(), 'Old', 'old')`);
  await to();
  await admin.query(`update steno.firm set firm_name = 'Older' where firm_slug = 'old'`);
  const { rows } = await admin.query(`select entity from steno.change_feed c join steno.firm f using (firm_id) where f.firm_slug = 'old'`);
  expect(rows).toEqual([{ entity: 'firm' }]);
});

test('a failing step leaves the version before it, whole; a changed or newer migration is refused with words', async () => {
  const broken = [
    ...migrations,
    { version: newest + 1, name: 'broken', up: 'create table steno.half (a int); select 1/0', down: '', checksum: 'x' },
  ];
  await expect(migrateServer(admin, broken)).rejects.toThrow('division by zero');
  expect((await admin.query(`select to_regclass('steno.half') as t`)).rows).toEqual([{ t: null }]);
  const changed = migrations.map((m) => (m.version === 2 ? { ...m, checksum: 'other' } : m));
  expect(await migrateServer(admin, changed)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(await migrateServer(admin, migrations.slice(0, -1))).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  const before = await shapeOf(admin);
  expect(await rollbackServer(admin, migrations, { target: 0, dryRun: true })).toMatchObject({ ok: true, value: { from: newest, to: 0 } });
  expect(await shapeOf(admin)).toBe(before);
});

test('two administrators at once take turns: each step runs once, both end at the newest version, running again does nothing', async () => {
  await to(0);
  const other = new pg.Client({ ...inject('postgres'), database: world.database.database });
  await other.connect();
  const both = await Promise.all([migrateServer(admin, migrations), migrateServer(other, migrations)]).finally(() => other.end());
  const ran = both.flatMap((outcome) => (outcome.ok ? outcome.value.steps : ['refused']));
  expect(ran.sort()).toEqual(migrations.map(({ name }) => name));
  expect(await migrateServer(admin, migrations)).toMatchObject({ ok: true, value: { from: newest, to: newest, steps: [] } });
});

test('migrate never goes down and rollback never up: each names the other', async () => {
  expect(await migrateServer(admin, migrations, { target: newest - 1 })).toMatchObject({
    ok: false,
    error: { code: 'invalid_input', reason: expect.stringContaining('admin rollback') },
  });
  await to(newest - 1);
  expect(await rollbackServer(admin, migrations, { target: newest })).toMatchObject({
    ok: false,
    error: { reason: expect.stringContaining('admin migrate') },
  });
  await to();
  expect(await rollbackServer(admin, migrations)).toMatchObject({ ok: true, value: { from: newest, to: migrations.at(-2)?.version } });
  await to();
});
