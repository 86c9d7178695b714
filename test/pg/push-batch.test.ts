import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { verifyAudit } from '../../src/main/admin/audit/verify-audit.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { toLines } from '../../src/main/sync/push-lines.ts';
import { aLetter, aMatter, anEdit, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { pushAsLines, pushAsObjects } from '../support/push-twins.ts';

const world = await createPgWorld();
const { admin, firms } = world;
const many = (count: number): Mutation[] => Array.from({ length: count }, (_, n) => aMatter(`Matter ${String(n)}`));

async function countOf(query: string, ids: string[]): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(`select count(*)::int as n from ${query}`, [firms.one.firmId, ids]);
  return rows[0]?.n ?? -1;
}

/** What these rows left in the firm, each counted. */
async function tracesOf(batch: Mutation[]): Promise<number[]> {
  const [rows, mutations] = [batch.map(({ entityId }) => entityId), batch.map(({ mutationId }) => mutationId)];
  return [
    await countOf('steno.matter where firm_id = $1 and matter_id = any($2::uuid[]) and revision = 1', rows),
    await countOf('steno.mutation where firm_id = $1 and mutation_id = any($2::uuid[])', mutations),
    await countOf('steno.change_feed where firm_id = $1 and entity_id = any($2::uuid[])', rows),
    await countOf(`steno.audit_event where firm_id = $1 and table_name = 'matter' and row_key = any($2)`, rows),
  ];
}

test('[S3] one large batch sent over two connections at the same moment is applied once: rows, verdicts, feed and audit', async () => {
  const deviceId = freshId();
  const [one, two] = [await world.connect('one', 'Attorney', deviceId), await world.connect('one', 'Attorney', deviceId)];
  await Promise.all([one.whoami(), two.whoami()]);
  const batch = many(300);
  const [first, second] = await Promise.all([one.push(batch), two.push(batch)]);
  expect(second).toEqual(first);
  expect(first.every(({ verdict }) => verdict === 'applied')).toBe(true);
  expect(await tracesOf(batch)).toEqual([300, 300, 300, 300]);
  expect(await verifyAudit(admin, { slug: 'one' })).toMatchObject({ ok: true, value: [{ faults: [] }] });
});

test('control: when the firm remembers no verdicts, the second of them is judged again', async () => {
  const deviceId = freshId();
  const [one, two] = [await world.connect('one', 'Attorney', deviceId), await world.connect('one', 'Attorney', deviceId)];
  await admin.query('create function public.forget() returns trigger language plpgsql as $$ begin return null; end $$');
  await admin.query('create trigger forgets before insert on steno.mutation for each row execute function public.forget()');
  try {
    const batch = many(10);
    await Promise.all([one.push(batch), two.push(batch)]);
    expect(await tracesOf(batch)).toEqual([10, 0, 20, 10]);
  } finally {
    await admin.query('drop trigger forgets on steno.mutation; drop function public.forget()');
  }
});

test('[S3] a change that stands twice in a batch has one verdict and one effect', async () => {
  const remote = await world.connect('one', 'Attorney');
  const [matter, bad] = [aMatter(), aMatter('')];
  const verdicts = await remote.push([matter, bad, matter, ...many(3), bad]);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['applied', 'rejected', 'applied', 'applied', 'applied', 'applied', 'rejected']);
  expect(await tracesOf([matter])).toEqual([1, 1, 1, 1]);
});

/** Two laptops push at the same moment, not through the remote, which would ask again after a deadlock. */
async function pushTwo(batches: Mutation[][]): Promise<unknown[]> {
  const laptops = [];
  for (const batch of batches) laptops.push({ batch, client: await world.client(), token: await world.tokenFor('one', 'Attorney') });
  return Promise.all(
    laptops.map(async ({ batch, client, token }) => {
      const lines = toLines(batch.map((mutation) => ({ ...mutation, mutationId: freshId() })));
      return client.query('select app.push_lines($1, $2) as reply', [token, lines]).then(
        () => null,
        (error: unknown) => (error as { code?: string }).code,
      );
    }),
  );
}

test('two laptops that push the same rows in opposite order wait for each other and do not deadlock, new rows and old ones', async () => {
  for (let round = 0; round < 6; round += 1) {
    const rows = many(120);
    const letters = rows.slice(0, 20).map(({ entityId }) => aLetter(entityId));
    expect(
      await pushTwo([
        [...rows, ...letters],
        [...rows.toReversed(), ...letters.toReversed()],
      ]),
    ).toEqual([null, null]);
    const changes = [
      ...rows.map(({ entityId }) => patching('matter', entityId, 100, { title: 'Other' })),
      ...letters.map(({ entityId }) => anEdit(entityId)),
    ];
    expect(await pushTwo([changes, changes.toReversed()])).toEqual([null, null]);
    const ids = rows.map(({ entityId }) => entityId);
    expect(await countOf('steno.matter where firm_id = $1 and matter_id = any($2::uuid[]) and revision = 3', ids)).toBe(120);
  }
});

test.each([
  ['new rows', 'insert', 'steno.take_set(steno.change[], steno.shape, auth.session)', 'order by c.entity_id', ''],
  [
    'rows that are there',
    'update',
    'steno.push_changes(steno.change[], steno.shape[], auth.session)',
    'if exists (select from unnest(shapes) s where s.op',
    'if false and exists (select from unnest(shapes) s where s.op',
  ],
])('control: without their order, two laptops that push %s in opposite order deadlock', async (_, event, of, words, instead) => {
  const { rows: found } = await admin.query<{ text: string }>('select pg_get_functiondef($1::regprocedure) as text', [of]);
  const text = found[0]?.text ?? '';
  expect(text).toContain(words);
  const rows = many(4);
  if (event === 'update') await (await world.connect('one', 'Attorney')).push(rows);
  // of four kinds, because in one set the plan chooses the order of old rows
  const kinds = [{ title: 'Other' }, { case_reference: 'Other' }, { status: 'Closed' }, { title: 'Other', status: 'Closed' }];
  const batch = event === 'update' ? rows.map(({ entityId }, n) => patching('matter', entityId, 100, kinds[n] ?? {})) : rows;
  // each has its first row before either goes on to its second
  await admin.query(`
    create sequence public.arrived;
    grant usage, select on public.arrived to public;
    create function public.meet() returns trigger language plpgsql as $$
    declare nth integer := coalesce(nullif(current_setting('test.nth', true), ''), '0')::integer + 1;
    begin
      perform set_config('test.nth', nth::text, true);
      if nth = 2 then
        perform nextval('public.arrived');
        for n in 1..5000 loop
          exit when (select last_value from public.arrived) = 2;
          perform pg_sleep(0.001);
        end loop;
      end if;
      return new;
    end $$;
    create trigger meets before ${event} on steno.matter for each row execute function public.meet();`);
  try {
    await admin.query(text.replace(words, instead));
    expect(await pushTwo([batch, batch.toReversed()])).toContain('40P01');
  } finally {
    await admin.query(`${text}; drop trigger meets on steno.matter; drop function public.meet(); drop sequence public.arrived`);
  }
});

test('a push is one round trip and one notice, however many changes it brings', async () => {
  const remote = await world.connect('one', 'Attorney');
  await remote.push([aMatter()]); // connects
  const listener = await world.client();
  let heard = 0;
  const { rows } = await admin.query<{ feed_channel: string }>('select feed_channel from steno.firm where firm_id = $1', [
    firms.one.firmId,
  ]);
  listener.on('notification', () => (heard += 1));
  await listener.query(`listen ${rows[0]?.feed_channel ?? ''}`);
  const asked = vi.spyOn(pg.Client.prototype, 'query');
  await remote.push([...many(200), ...many(1).map(({ entityId }) => anEdit(entityId))]);
  const trips = asked.mock.calls.length;
  asked.mockRestore();
  await listener.query('select 1'); // notices come before the answer
  expect([trips, heard]).toEqual([1, 1]);
});

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test('a change that cannot be read is refused by itself, whatever it is; its neighbours go through, later changes of its row wait', async () => {
  const [matter, fine, other] = [aMatter(), aMatter(), aMatter()];
  const letter = aLetter(fine.entityId);
  const [kinds, ...lines] = toLines([
    fine,
    aMatter('a\u0000b'),
    aMatter('a\ud800b'),
    letter,
    { ...matter, patch: { ...matter.patch, title: 'a\u0000b' } },
    patching('matter', matter.entityId, 1, { title: 'Later' }),
    other,
  ]).split('\n');
  const strange = [
    '',
    '{',
    'null',
    '7',
    '"x"',
    '[]',
    '[0]',
    '[99,1,2,3]',
    deep(100_000),
    `[0,"${freshId()}","${freshId()}",0,${deep(100_000)}]`,
    'x\ty',
  ];
  const client = await world.client();
  const { rows } = await client.query<{ reply: { verdicts: unknown[] } }>('select app.push_lines($1, $2) as reply', [
    await world.tokenFor('one', 'Attorney'),
    [kinds, ...strange, ...lines].join('\n'),
  ]);
  const invalid = { verdict: 'rejected', reason: 'invalid' };
  expect(rows[0]?.reply.verdicts).toEqual([...strange.map(() => invalid), 1, invalid, invalid, 1, invalid, { verdict: 'fenced' }, 1]);
  // what has ids is remembered under them
  expect(await countOf('steno.mutation where firm_id = $1 and mutation_id = any($2::uuid[])', [matter.mutationId])).toBe(1);
});

test('control: as one value of JSON the database refuses all of it', async () => {
  const client = await world.client();
  const token = await world.tokenFor('one', 'Attorney');
  await expect(pushAsObjects(client, token, [aMatter(), aMatter('a\u0000b')])).rejects.toMatchObject({ code: '22P05' });
  await expect(pushAsObjects(client, token, [aMatter(), aMatter('a\ud800b')])).rejects.toMatchObject({ code: '22P02' });
});

/** A uuid to Postgres, and to nobody else. */
const strangeId = (): string => freshId().replace(/^(.{14})./, '$1f');

test('a row of such an id that an administrator made by hand stops no laptop', async () => {
  const [matter] = many(1);
  if (!matter) throw new Error('no matter');
  const remote = await world.connect('one', 'Attorney');
  await admin.query("insert into steno.matter (firm_id, matter_id, title, status) values ($1, $2, 'By hand', 'Open')", [
    firms.one.firmId,
    strangeId(),
  ]);
  await remote.push([matter]);
  const seen: string[] = [];
  for (let after = 0, more = true; more;) {
    const page = await remote.pull(after, 1000);
    seen.push(...page.changes.map(({ entityId }) => entityId));
    ({ more, position: after } = page);
  }
  expect(seen).toContain(matter.entityId);
});

/** What a hostile client sends, and why it is refused. */
const malformed = (): [sent: unknown, reason: string][] => [
  [{ ...aMatter(), mutationId: 'x' }, 'invalid'],
  [{ ...aMatter(), mutationId: null }, 'invalid'],
  [{ ...aMatter(), entityId: 'x' }, 'invalid'],
  [{ ...aMatter(), entityId: strangeId() }, 'invalid'],
  [{ ...aMatter(), op: 'delete' }, 'invalid'],
  [{ ...aMatter(), op: undefined }, 'invalid'],
  [{ ...aMatter(), patch: null }, 'invalid'],
  [{ ...aMatter(), patch: ['title'] }, 'invalid'],
  [{ ...aMatter(), patch: 'title' }, 'invalid'],
  [{ ...patching('matter', freshId(), 1, { title: 'x' }), baseRevision: 'first' }, 'invalid'],
  [{ ...patching('matter', freshId(), 1, { title: 'x' }), baseRevision: undefined }, 'invalid'],
  [{ ...aMatter(), entity: { a: 1 } }, 'unknown_entity'],
  [null, 'invalid'],
  [7, 'invalid'],
  [[], 'invalid'],
];

test.each([
  ['objects', pushAsObjects],
  ['lines', pushAsLines],
])('a malformed mutation is refused by itself, sent as %s', async (_, push) => {
  const strange = malformed();
  const batch = [aMatter(), ...strange.map(([sent]) => sent), aMatter()];
  const { verdicts } = await push(await world.client(), await world.tokenFor('one', 'Attorney'), batch);
  const applied = { verdict: 'applied', revision: 1 };
  expect(verdicts).toEqual([applied, ...strange.map(([, reason]) => ({ verdict: 'rejected', reason })), applied]);
});

test('[S4] what the database refuses within a set fences its row and nothing else', async () => {
  const remote = await world.connect('one', 'Attorney');
  const batch = many(64);
  const poisoned = [7, 8, 40];
  for (const at of poisoned) batch[at] = inserting('matter', { title: at === 8 ? 'x'.repeat(300) : '', status: 'Open' });
  const later = poisoned.map((at) => patching('matter', batch[at]?.entityId ?? '', 1, { title: 'Later' }));
  const verdicts = (await remote.push([...batch, ...later])).map(({ verdict }) => verdict);
  expect(verdicts).toEqual([...batch.map((_, at) => (poisoned.includes(at) ? 'rejected' : 'applied')), ...later.map(() => 'fenced')]);
});
