import { beforeAll, expect, test, vi } from 'vitest';
import { attempt, overhear } from '../../src/main/admin/isolation/attempts.ts';
import { listAttackers } from '../../src/main/admin/isolation/attackers.ts';
import { verifyIsolation } from '../../src/main/admin/isolation/isolation.ts';
import { listTables, makeProbeFirm } from '../../src/main/admin/isolation/probe-firm.ts';
import { reportText } from '../../src/main/admin/isolation/report.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { fillFirm } from '../support/full-firm.ts';
import { must } from '../support/laptop.ts';
import { inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

// thousands of attempts: slow where other tests run beside
vi.setConfig({ testTimeout: 90_000 });

const world = await createPgWorld();
const { admin, firms } = world;
let foreign: Map<string, Mutation>;

beforeAll(async () => {
  foreign = await fillFirm(await world.connect('two', 'Attorney'), await world.connect('two', 'Paralegal'), admin);
});

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

test('[R6] on lines of their own, with the password that every laptop has, no attacker gets a row or a write', async () => {
  await admin.query('begin');
  const tables = await listTables(admin);
  const { firm: victim, unfilled } = await makeProbeFirm(admin, tables, 'victim');
  const { firm: other } = await makeProbeFirm(admin, tables, 'other');
  await admin.query('commit');
  expect(unfilled).toEqual([]);
  expect(tables.length).toBeGreaterThanOrEqual(35);
  for (const { name, prepare } of listAttackers(victim, other)) {
    const { breaches, tried } = await as([overhear, ...prepare], (line) => attempt(line, name, tables, victim.firmId));
    expect(breaches).toEqual([]);
    expect(tried).toBe(tables.length * 10);
  }
  // control: the firm's own Admin is no attacker, and reads
  const own = await as([overhear, `select set_config('app.session_token', '${victim.tokens.Admin}', true)`], (line) =>
    attempt(line, 'its own Admin', tables, victim.firmId),
  );
  const readable = own.breaches.filter(({ how }) => how.startsWith('select:')).map(({ table }) => table);
  expect(readable).toEqual(
    expect.arrayContaining(['steno.firm', 'steno."user"', 'steno.matter', 'steno.fact', 'steno.letter_update', 'steno.blob_chunk']),
  );
  expect(own.breaches.filter(({ how }) => !/^(select|copy)/.test(how))).toEqual([]);
  await admin.query(`delete from steno.firm where firm_id in ($1, $2)`, [victim.firmId, other.firmId]);
});

test('[R6] verify-isolation finds nothing, and leaves nothing', async () => {
  const count = async (): Promise<unknown> =>
    (
      await admin.query(
        'select (select count(*) from steno.firm), (select count(*) from steno.audit_event), (select count(*) from auth.session)',
      )
    ).rows;
  const before = await count();
  const report = must(await verifyIsolation(admin));
  expect(report).toMatchObject({ verdict: 'isolated', breaches: [], findings: [], notTested: [], control: { found: true } });
  expect(report.tried.attempts).toBeGreaterThan(5000);
  expect(await count()).toEqual(before);
  expect(reportText(report)).toContain('Verdict          ISOLATED');
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
      // a proposal is named as its mutation is
      return JSON.stringify(reply.map((verdict) => ({ ...verdict, mutationId: '', proposal: verdict.proposal === verdict.mutationId })));
    };
    expect(await answers(entityId), entity).toBe(await answers(freshId()));
  }
  const hash = String(foreign.get('export')?.patch['content_hash']);
  const { files } = prober;
  expect(await files.find(hash)).toEqual(await files.find('0'.repeat(64)));
  expect(await files.get(hash, 'postgres', 0)).toBeNull();
  expect(await files.get(hash, 's3', 0)).toBeNull();
  expect((await files.states([hash])).size).toBe(0);
  expect(await files.complete(hash)).toBe('unknown');
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

test('[S20] a file of another firm is nobody’s to this one, and of this firm it is signed an address: the probe has something to find', async () => {
  await admin.query('begin');
  const tables = await listTables(admin);
  const { firm: victim } = await makeProbeFirm(admin, tables, 'victim');
  const { firm: other } = await makeProbeFirm(admin, tables, 'other');
  const urls = async (token: string): Promise<string> => {
    const { rows } = await admin.query<{ urls: { url: string }[] | null }>(`select app.file_urls($1, $2, '{1}', 'get') as urls`, [
      token,
      victim.ids.get('content_hash'),
    ]);
    return JSON.stringify(rows[0]?.urls ?? null);
  };
  try {
    await admin.query('set local session authorization steno_client');
    expect(await urls(victim.tokens.Viewer)).toContain(victim.firmId);
    expect(await urls(other.tokens.Admin)).toBe('null');
    expect(await urls(victim.tokens.Guest)).toBe('null');
  } finally {
    await admin.query('rollback');
  }
});

test('[R6] control: verify-isolation finds each kind of hole that is planted', async () => {
  await admin.query(`
    create table steno.leaky (firm_id uuid not null); alter table steno.leaky enable row level security;
    create policy leaky on steno.leaky using (firm_id = nullif(current_setting('app.current_firm_id', true), '')::uuid);
    create table steno.bare (firm_id uuid not null); grant select on steno.leaky, steno.bare to steno_client;
    create view steno.peek as select firm_id, quote from steno.fact; grant select on steno.peek to steno_client;
    create policy everybody on steno.bill_line for select using (true);
    grant update on steno.matter to steno_client; create policy anybody on steno.matter for update using (true); create policy anything on steno.matter for select using (true);
    grant select on auth.credential to steno_client;
    create unique index global_title on steno.matter (title);
    create function app.has_matter(token text, matter_id uuid) returns boolean language sql security definer as 'select exists (select from steno.matter m where m.matter_id = $2)';
    create function app.has_file(token text, hash text) returns boolean language sql security definer as 'select exists (select from steno.blob b where b.content_hash = $2)';
    alter function app.has_file(text, text) owner to postgres; grant execute on function app.has_file(text, text) to steno_client;
    grant execute on function app.has_matter(text, uuid) to steno_client; grant create on schema steno to steno_client;
    alter function app.has_matter(text, uuid) owner to postgres;`);
  const report = must(await verifyIsolation(admin)); // the database is this test's own to spoil
  expect(report.verdict).toBe('breached');
  const breached = [...new Set(report.breaches.map(({ table, how }) => `${table} ${how.split(':')[0] ?? ''}`))];
  expect(breached).toEqual(
    expect.arrayContaining([
      'steno.leaky select',
      'steno.bare copy out',
      'steno.peek select',
      'steno.bill_line select through a leaking function',
      'steno.matter update',
      'auth.credential select',
      'app.has_file answers [true] for what is there, [false] for what is not',
      'app.has_matter answers [true] for what is there, [false] for what is not',
    ]),
  );
  expect(report.findings.map(({ what }) => what.split(/[,:]/)[0])).toEqual(
    expect.arrayContaining([
      'a policy depends on a variable that clients can set',
      'a table without row security',
      'a view that reads with its owner’s rights instead of the caller’s',
      'a right beyond reading',
      'a table of passwords or sessions that laptops may read',
      'a unique key that does not begin with the firm',
      'a function with its owner’s rights whose search_path is not pinned',
      'a schema in which the laptops’ login may make things',
    ]),
  );
});
