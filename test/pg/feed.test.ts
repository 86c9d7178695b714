import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { aMatter, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

/** Follows the feed while `writing` runs and once more after it, as a laptop does; returns the ids it saw. */
async function follow<T>(writing: Promise<T>, read: (after: number) => Promise<{ position: number; ids: string[] }>): Promise<Set<string>> {
  const seen = new Set<string>();
  const state = { isOver: false };
  const ended = writing.finally(() => (state.isOver = true));
  let position = 0;
  for (let last = false; !last;) {
    last = state.isOver;
    const page = await read(position);
    position = page.position;
    for (const id of page.ids) seen.add(id);
  }
  await ended;
  return seen;
}

test('[S9] a reader misses nothing of what many connections push at once, rollbacks and direct writes among them', async () => {
  const writers = await Promise.all(Array.from({ length: 6 }, () => world.connect('one', 'Attorney')));
  const reader = await world.connect('one', 'Viewer');
  const pushed: string[] = [];
  const direct = world.admin;
  const writing = Promise.all([
    ...writers.map(async (remote) => {
      for (let n = 0; n < 40; n += 1) {
        const batch = Array.from({ length: 1 + (n % 4) }, () => aMatter());
        await remote.push(batch);
        pushed.push(...batch.map(({ entityId }) => entityId));
      }
    }),
    (async () => {
      for (let n = 0; n < 40; n += 1) {
        const id = freshId();
        await direct.query('begin');
        await direct.query(`insert into steno.matter (firm_id, matter_id, title) values ($1, $2, 'by hand')`, [world.firms.one.firmId, id]);
        await direct.query(n % 3 === 0 ? 'rollback' : 'commit');
        if (n % 3 !== 0) pushed.push(id);
      }
    })(),
  ]);
  const seen = await follow(writing, async (after) => {
    const { position, changes } = await reader.pull(after, 50);
    return { position, ids: changes.map(({ entityId }) => entityId) };
  });
  expect(pushed.filter((id) => !seen.has(id))).toEqual([]);
  expect(pushed.length).toBeGreaterThan(500);
  const { rows } = await world.admin.query<{ gaps: number }>(
    'select (max(position) - count(*))::int as gaps from steno.change_feed where firm_id = $1',
    [world.firms.one.firmId],
  );
  expect(rows[0]?.gaps).toBe(0);
});

test('[S9] control: with a bare sequence a commit overtakes another, and a reader misses it', async () => {
  await world.admin.query('create table public.naive_feed (position bigserial primary key, id text not null)');
  const [slow, quick] = [await world.client(), await world.client()];
  await world.admin.query(
    'grant insert on public.naive_feed to steno_client; grant usage on sequence public.naive_feed_position_seq to steno_client',
  );
  await world.admin.query('grant usage on schema public to steno_client');
  await slow.query('begin');
  await slow.query(`insert into public.naive_feed (id) values ('slow')`);
  await quick.query(`insert into public.naive_feed (id) values ('quick')`);
  let reads = 0;
  const seen = await follow(Promise.resolve(), async (after) => {
    const { rows } = await world.admin.query<{ position: string; id: string }>(
      'select position, id from public.naive_feed where position > $1 order by 1',
      [after],
    );
    reads += 1;
    if (reads === 1) await slow.query('commit');
    return { position: Number(rows.at(-1)?.position ?? after), ids: rows.map(({ id }) => id) };
  });
  expect(reads).toBeGreaterThan(1);
  expect([...seen]).toEqual(['quick']);
});

test('[S9] the same overtaking is impossible here: the second writer of a firm waits for the first', async () => {
  const id = freshId();
  const [remote, other] = [await world.connect('one', 'Attorney'), await world.connect('one', 'Attorney')];
  await world.admin.query('begin');
  await world.admin.query(`insert into steno.matter (firm_id, matter_id, title) values ($1, $2, 'slow')`, [world.firms.one.firmId, id]);
  await world.admin.query('set constraints all immediate'); // takes its position now, and holds it
  const before = (await remote.pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
  const quick = aMatter();
  let isPushed = false;
  const pushing = remote.push([quick]).then(() => (isPushed = true));
  await expect
    .poll(
      async () =>
        (await world.admin.query<{ n: number }>(`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`)).rows[0]
          ?.n,
    )
    .toBeGreaterThan(0);
  expect([isPushed, (await other.pull(before, 10)).changes]).toEqual([false, []]);
  await world.admin.query('commit');
  await pushing;
  expect((await other.pull(before, 10)).changes.map(({ entityId }) => entityId).sort()).toEqual([id, quick.entityId].sort());
});

test('laptops that change the same rows in opposite order all get their verdicts', async () => {
  const remotes = await Promise.all(Array.from({ length: 4 }, () => world.connect('one', 'Attorney')));
  const matters = Array.from({ length: 12 }, () => aMatter());
  await remotes[0]?.push(matters);
  const rounds = await Promise.all(
    remotes.map(async (remote, n) => {
      const verdicts: string[] = [];
      for (let round = 0; round < 8; round += 1) {
        const order = n % 2 === 0 ? matters : [...matters].reverse();
        const batch = order.map(({ entityId }): Mutation =>
          patching('matter', entityId, 10_000, { title: `${String(n)} ${String(round)}` }),
        );
        verdicts.push(...(await remote.push(batch)).map(({ verdict }) => verdict));
      }
      return verdicts;
    }),
  );
  expect(rounds.flat()).toEqual(Array.from({ length: 4 * 8 * 12 }, () => 'applied'));
  const { rows } = await world.admin.query<{ revision: number }>('select distinct revision from steno.matter where matter_id = any($1)', [
    matters.map(({ entityId }) => entityId),
  ]);
  expect(rows).toEqual([{ revision: 1 + 4 * 8 }]);
});

test('[S3] one batch sent over two connections at once is applied once', async () => {
  const deviceId = freshId();
  const [one, two] = [await world.connect('one', 'Attorney', deviceId), await world.connect('one', 'Attorney', deviceId)];
  const matter = aMatter();
  const batch = [matter, ...Array.from({ length: 20 }, (_, n) => patching('matter', matter.entityId, 1, { title: `Title ${String(n)}` }))];
  const [first, second] = await Promise.all([one.push(batch), two.push(batch)]);
  expect(second).toEqual(first);
  const { rows } = await world.admin.query('select revision from steno.matter where matter_id = $1', [matter.entityId]);
  expect(rows).toEqual([{ revision: 21 }]);
});

test('a colleague’s push wakes a laptop that listens; another firm’s does not', async () => {
  const stop = new AbortController();
  let heard = 0;
  const listening = (await world.connect('one', 'Viewer')).listen(() => (heard += 1), stop.signal);
  await expect.poll(() => heard).toBe(1);
  await (await world.connect('two', 'Attorney')).push([aMatter()]);
  await (await world.connect('one', 'Attorney')).push([aMatter()]);
  await expect.poll(() => heard).toBe(2);
  stop.abort();
  await listening;
});

test('control: a change whose text Postgres cannot hold is refused alone, which is why the laptop never sends one', async () => {
  const remote = await world.connect('one', 'Attorney');
  const verdicts = await remote.push([aMatter('a\u0000b'), aMatter('a\ud800b'), aMatter('neighbour')]);
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['rejected', 'rejected', 'applied']);
});

test('a database of another version leaves no connections behind, however often it is asked', async () => {
  const { admin, database, connection } = world;
  const countOf = async (): Promise<number> =>
    (
      await admin.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = $1 and application_name = 'steno'`,
        [database.database],
      )
    ).rows[0]?.n ?? -1;
  const before = await countOf();
  await admin.query(`insert into public.steno_migration (version, name, checksum) values (9999, 'later', 'x')`);
  const { rows } = await admin.query<{ oldest: number }>('select oldest_app as oldest from public.steno_client');
  await admin.query('update public.steno_client set oldest_app = 9999');
  const remote = createPostgresRemote(connection, await world.tokenFor('one', 'Viewer'));
  try {
    for (let n = 0; n < 5; n += 1)
      await expect(remote.whoami()).rejects.toMatchObject({
        error: { code: 'unsupported', reason: expect.stringContaining('newer than this app') },
      });
    await expect.poll(countOf).toBe(before);
  } finally {
    await admin.query('delete from public.steno_migration where version = 9999');
    await admin.query('update public.steno_client set oldest_app = $1', [rows[0]?.oldest]);
    await remote.close();
  }
});

test('[S9] what travels is told by the feed however it is changed: by a statement of the firm’s own, and with what it goes with', async () => {
  const { rows } = await world.admin.query<{ entity: string }>(
    `select e.entity || ' ' || t.suffix as entity from steno.entity e cross join (values ('_feed'), ('_feed_delete')) t (suffix)
     where e.travels and not exists (select from pg_trigger g where g.tgrelid = format('steno.%I', e.table_name)::regclass and g.tgname = e.entity || t.suffix) order by 1`,
  );
  expect(rows.map(({ entity }) => entity)).toEqual(['firm _feed_delete']); // with a firm goes whoever could be told
});
