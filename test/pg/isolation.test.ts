import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { fillFirm } from '../support/full-firm.ts';
import { readLeaks, tablesOf, writeLeaks } from '../support/isolation.ts';
import { inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin, firms } = world;
let foreign: Map<string, Mutation>;
let tables: Awaited<ReturnType<typeof tablesOf>>;

beforeAll(async () => {
  foreign = await fillFirm(await world.connect('two', 'Attorney'), await world.connect('two', 'Paralegal'), admin);
  tables = await tablesOf(admin);
});

const set = (name: string, value: string) => `select set_config('${name}', '${value}', false)`;
/** A session of firm two that is over, in one of several ways. */
async function endedToken(how: string): Promise<string> {
  const token = await world.tokenFor('two', 'Admin');
  await admin.query(`update auth.session set ${how} where token_hash = sha256(convert_to($1, 'UTF8'))`, [token]);
  return token;
}

const attackers: Record<string, () => Promise<string[]>> = {
  'no session': () => Promise.resolve([]),
  'an empty token': () => Promise.resolve([set('app.session_token', '')]),
  'a made-up token': () => Promise.resolve([set('app.session_token', randomBytes(32).toString('hex'))]),
  'the documents’ variable, forged': () =>
    Promise.resolve([set('app.current_firm_id', firms.two.firmId), set('app.current_user_id', firms.two.userIds.Admin)]),
  'an expired token of that firm': async () => [set('app.session_token', await endedToken(`expires_at = now() - interval '1 second'`))],
  'a revoked token of that firm': async () => [set('app.session_token', await endedToken('revoked_at = now()'))],
  'the token’s hash instead of the token': async () => {
    const token = await world.tokenFor('two', 'Admin');
    return [set('app.session_token', createHash('sha256').update(token).digest('hex'))];
  },
  'another firm’s Admin': async () => [set('app.session_token', await world.tokenFor('one', 'Admin'))],
  'another firm’s Admin who also forges the variable': async () => [
    set('app.session_token', await world.tokenFor('one', 'Admin')),
    set('app.current_firm_id', firms.two.firmId),
  ],
  'another firm’s Admin with row security off': async () => [
    set('app.session_token', await world.tokenFor('one', 'Admin')),
    'set row_security = off',
  ],
  'another firm’s Admin with shadowed names': async () => [
    set('app.session_token', await world.tokenFor('one', 'Admin')),
    `create function pg_temp.current_firm_id() returns uuid language sql as $$ select '${firms.two.firmId}'::uuid $$`,
    `create temporary table session as select '${firms.two.firmId}'::uuid as firm_id, '${firms.two.userIds.Admin}'::uuid as user_id`,
    `create temporary table "user" as select '${firms.two.firmId}'::uuid as firm_id, true as is_active`,
    'set search_path = pg_temp, steno, auth, app',
  ],
};

/** Runs work on a line of the shared login, prepared by an attacker; all of it is undone. */
async function as<T>(prepare: string[], work: (client: Awaited<ReturnType<typeof world.client>>) => Promise<T>): Promise<T> {
  const client = await world.client();
  await client.query('begin');
  for (const statement of prepare) await client.query(statement);
  try {
    return await work(client);
  } finally {
    await client.query('rollback');
  }
}

describe('every table, whoever asks', () => {
  test('the matrix is not vacuous: every firm’s table holds rows of the firm that is reached for', async () => {
    const empty: string[] = [];
    for (const { table, isFirms } of tables) {
      // future months have no rows, and an open batch never outlives its transaction
      if (!isFirms || /^audit_event_\d|^audit_pending$/.test(table)) continue;
      const { rows } = await admin.query<{ n: number }>(`select count(*)::int as n from steno."${table}" where firm_id = $1`, [
        firms.two.firmId,
      ]);
      if (rows[0]?.n === 0) empty.push(table);
    }
    expect(empty).toEqual([]);
    expect(tables.length).toBeGreaterThanOrEqual(20);
  });

  for (const [name, prepare] of Object.entries(attackers)) {
    test(`[R6] ${name}: not one foreign row, not one write`, async () => {
      const leaks = await as(await prepare(), async (client) => [
        ...(await readLeaks(client, tables, firms.two.firmId)),
        ...(await writeLeaks(client, tables)),
      ]);
      const expected = name.includes('row security off') ? leaks.filter(({ how }) => how.startsWith('failed')) : [];
      expect(leaks).toEqual(expected);
    });
  }

  test('[R6] control: a session of the firm itself sees its rows, and cannot write either', async () => {
    const own = [set('app.session_token', await world.tokenFor('two', 'Viewer'))];
    const seen = await as(own, (client) => readLeaks(client, tables, firms.two.firmId));
    expect(seen.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['firm', 'user', 'matter', 'fact', 'letter_update', 'blob_chunk', 'conflict']),
    );
    expect(await as(own, (client) => writeLeaks(client, tables))).toEqual([]);
  });

  test('[R6] control: a policy on a variable that clients can set is found, and a table without a policy, and one that can be written', async () => {
    await admin.query(`
      create table steno.leaky (firm_id uuid not null, note text);
      alter table steno.leaky enable row level security;
      create policy leaky on steno.leaky using (firm_id = nullif(current_setting('app.current_firm_id', true), '')::uuid);
      create table steno.open (firm_id uuid not null);
      grant select on steno.leaky, steno.open to steno_client;
      grant update on steno.open to steno_client;
      insert into steno.leaky values ('${firms.two.firmId}', 'x'); insert into steno.open values ('${firms.two.firmId}');`);
    try {
      const all = await tablesOf(admin);
      const forged = await attackers['the documents’ variable, forged']?.();
      const found = await as(forged ?? [], async (client) => [
        ...(await readLeaks(client, all, firms.two.firmId)),
        ...(await writeLeaks(client, all)),
      ]);
      expect(found.map(({ table }) => table)).toEqual(['leaky', 'open', 'open', 'open']);
      expect((await as([], (client) => readLeaks(client, all, firms.two.firmId))).map(({ table }) => table)).toEqual(['open']);
    } finally {
      await admin.query('drop table steno.leaky, steno.open');
    }
  });
});

test('[R6] sessions and passwords are unreadable, the schema cannot be written, and no inner function can be called', async () => {
  const client = await world.client();
  for (const statement of [
    'select * from auth.session',
    'select * from auth.credential',
    'update auth.session set revoked_at = null',
    'create table steno.mine (a int)',
    'create table public.mine (a int)',
    `select auth.set_password('${firms.two.firmId}', '${firms.two.userIds.Admin}', 'taken over!!')`,
    `select steno.append_to_feed('${firms.two.firmId}', '{}', '{}')`,
    `select * from auth.sign_in('two', 'admin@two.example', 'x', '${freshId()}', 'x')`,
    `select steno.apply_mutation('{}', null)`,
    'set role steno_owner',
    'set role steno_auth',
    'set session authorization postgres',
    'select * from public.steno_migration for update',
  ]) {
    await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
  }
});

test('[R6] the functions are not fooled by what a client puts in pg_temp or its search_path', async () => {
  const token = await world.tokenFor('one', 'Viewer');
  await as(
    [
      `create function pg_temp.current_role() returns text language sql as $$ select 'Admin' $$`,
      `create temporary table entity as select 'matter'::text as entity, 'matter'::text as table_name, 'matter_id'::text as id_column, '{Viewer}'::text[] as write_roles, true as is_insertable`,
      `create temporary table mutation (firm_id uuid, mutation_id uuid, verdict jsonb)`,
      'set search_path = pg_temp, steno, auth',
    ],
    async (client) => {
      const push = await client.query<{ v: unknown }>('select app.push($1, $2) as v', [
        token,
        JSON.stringify([inserting('matter', { title: 'x' })]),
      ]);
      expect(push.rows[0]?.v).toMatchObject({ verdicts: [{ verdict: 'rejected', reason: 'forbidden' }] });
      const me = await client.query<{ me: { firmSlug: string; role: string } }>('select app.whoami($1) as me', [token]);
      expect(me.rows[0]?.me).toMatchObject({ firmSlug: 'one', role: 'Viewer' });
    },
  );
});

test('[R6] a foreign id and an id that nobody has get the same answers: no probe tells them apart', async () => {
  const prober = await world.connect('one', 'Admin');
  for (const [entity, { entityId, patch }] of foreign) {
    const changed =
      entity === 'letter_update' || entity === 'letter_version'
        ? patch
        : Object.fromEntries(Object.entries(patch).filter(([field]) => !field.endsWith('_id')));
    const answers = async (id: string): Promise<string> => {
      const asParent = ['matter', 'document', 'letter', 'template'].includes(entity) ? childOf(entity, id) : [];
      const reply = await prober.push([patching(entity, id, 1, changed), ...asParent]);
      return JSON.stringify(reply.map((verdict) => ({ ...verdict, mutationId: '' })));
    };
    expect(await answers(entityId), entity).toBe(await answers(freshId()));
  }
  const hash = String(foreign.get('export')?.patch['content_hash']);
  expect(await prober.blobState(hash)).toEqual(await prober.blobState('0'.repeat(64)));
  expect(await prober.getBlobChunk(hash, 0)).toBeNull();
  expect(await prober.completeBlob(hash)).toBe(false);
  // taking the foreign ids as one's own tells nothing and touches nothing
  const taken = await prober.push([inserting('matter', { title: 'mine' }, foreign.get('matter')?.entityId ?? '')]);
  expect(taken).toMatchObject([{ verdict: 'applied', revision: 1 }]);
  const { rows } = await admin.query<{ title: string }>('select title from steno.matter where firm_id = $1', [firms.two.firmId]);
  expect(rows.map(({ title }) => title)).toEqual(['From the attorney']);
});

function childOf(entity: string, id: string): Mutation[] {
  if (entity === 'letter') return [inserting('letter_update', { letter_id: id, payload: '\\x00' })];
  if (entity === 'document') return [inserting('page', { document_id: id, page_number: 1, extracted_text: '' })];
  return [
    inserting('letter', {
      matter_id: entity === 'matter' ? id : freshId(),
      template_id: entity === 'template' ? id : null,
      title: 'x',
      letter_date: '2024-01-01',
    }),
  ];
}

test('a person, or a whole firm, that is switched off loses its sessions at once', async () => {
  const remote = await world.connect('one', 'Paralegal');
  for (const [table, id] of [
    ['"user"', 'user_id'],
    ['firm', 'firm_id'],
  ] as const) {
    const value = id === 'user_id' ? firms.one.userIds.Paralegal : firms.one.firmId;
    expect(await remote.whoami()).toMatchObject({ role: 'Paralegal' });
    await admin.query(`update steno.${table} set is_active = false where ${id} = $1`, [value]);
    await expect(remote.pull(0, 1)).rejects.toMatchObject({ error: { code: 'unauthenticated' } });
    await admin.query(`update steno.${table} set is_active = true where ${id} = $1`, [value]);
  }
});
