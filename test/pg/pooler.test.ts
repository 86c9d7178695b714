import { afterAll, describe, expect, test } from 'vitest';
import { noDatabase, refusedLogin } from '../../src/main/sync/pg-errors.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { RemoteError } from '../../src/main/sync/remote.ts';
import { sendFile } from '../support/files.ts';
import { aLetter, aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { startPgBouncer, type PgBouncer } from '../support/pgbouncer.ts';
import { presenceContract } from '../support/presence-contract.ts';
import { pullAll, remoteContract } from '../support/remote-contract.ts';
import { snapshotContract } from '../support/snapshot-contract.ts';

const running: PgBouncer[] = [];
// before the world's own, which then runs first: clients end before what they are connected to
afterAll(async () => {
  for (const one of running) await one.stop();
});
const world = await createPgWorld();
const pooler = await startPooler(2);

async function startPooler(poolSize: number): Promise<PgBouncer> {
  const one = await startPgBouncer(world.admin, { poolSize });
  running.push(one);
  return one;
}

describe('through PgBouncer in transaction mode', () => {
  remoteContract({ connect: (firm, role, deviceId) => world.connect(firm, role, deviceId, pooler.port) });
  presenceContract({ connect: (firm, role) => world.connect(firm, role, undefined, pooler.port) });
  snapshotContract({ connect: (firm, role) => world.connect(firm, role, undefined, pooler.port) });
});

/** Fifty-six clients. An odd period: taken in turn by two connections, each of them serves both firms. */
const crowd = '1221211'
  .repeat(8)
  .split('')
  .map((mark) => (mark === '1' ? 'one' : 'two'));

type Step = () => Promise<string[]>;

/**
 * The crowd's visits, three rounds; each step is taken by all of them at once and returns what it saw. Counts what was of the other firm,
 * and what a bystander saw of anybody meanwhile.
 */
async function visitAtOnce(through: PgBouncer, join: (firm: 'one' | 'two') => Promise<Step[]>) {
  const visits = await Promise.all(crowd.map(join));
  const seen = { own: 0, foreign: 0, servers: new Set<number>(), tokens: new Set<string>(), rows: 0 };
  const state = { isOver: false };
  const visiting = (async () => {
    for (let n = 0; n < 3 * (visits[0]?.length ?? 0); n += 1) {
      const titles = await Promise.all(visits.map(async (steps) => (await steps[n % steps.length]?.()) ?? []));
      for (const [who, some] of titles.entries())
        for (const title of some) seen[title === `Matter of ${String(crowd[who])}` ? 'own' : 'foreign'] += 1;
    }
  })().finally(() => (state.isOver = true));
  const bystander = await world.client(through.port);
  for (let last = false; !last;) {
    last = state.isOver;
    const { rows } = await bystander.query<{ pid: number; token: string | null; rows: number }>(
      `select pg_backend_pid() as pid, current_setting('app.session_token', true) as token, (select count(*)::int from steno.matter) as rows`,
    );
    for (const { pid, token, rows: count } of rows) {
      seen.servers.add(pid);
      if (token) seen.tokens.add(token);
      seen.rows += count;
    }
  }
  await visiting;
  return seen;
}

test('fifty-six clients of two firms share two server connections, and nobody sees another’s rows or token', async () => {
  const starts = { one: 0, two: 0 };
  for (const firm of ['one', 'two'] as const)
    starts[firm] = (await (await world.connect(firm, 'Viewer')).pull(Number.MAX_SAFE_INTEGER, 1)).head ?? 0;
  const seen = await visitAtOnce(pooler, async (firm) => {
    const remote = await world.connect(firm, 'Attorney', undefined, pooler.port);
    return [
      async () => {
        await remote.push([aMatter(`Matter of ${firm}`)]);
        expect((await remote.whoami()).firmSlug).toBe(firm);
        return (await pullAll(remote, starts[firm])).map(({ row }) => String(row?.['title']));
      },
    ];
  });
  expect(seen).toMatchObject({ foreign: 0, tokens: new Set(), rows: 0 });
  expect(seen.own).toBeGreaterThan(crowd.length);
  expect(seen.servers.size).toBeLessThanOrEqual(2);
});

test('control: a token set for the session, not for the statement, goes to whoever comes next on that connection', async () => {
  const careless = await startPooler(2);
  for (const firm of ['one', 'two'] as const) await (await world.connect(firm, 'Attorney')).push([aMatter(`Matter of ${firm}`)]);
  const seen = await visitAtOnce(careless, async (firm) => {
    const [client, token] = [await world.client(careless.port), await world.tokenFor(firm, 'Viewer')];
    return [
      () => client.query(`select set_config('app.session_token', $1, false)`, [token]).then(() => []),
      async () =>
        (await client.query<{ title: string }>(`select title from steno.matter where title like 'Matter of %'`)).rows.map(
          ({ title }) => title,
        ),
    ];
  });
  expect(seen.servers.size).toBeLessThanOrEqual(2);
  expect(seen.foreign).toBeGreaterThan(0);
  expect(seen.tokens.size).toBeGreaterThan(0);
  expect(seen.rows).toBeGreaterThan(0);
});

/** What a connection carries from one transaction to the next. */
const leftBehind = `select nullif(current_setting('app.session_token', true), '') as token,
  nullif(current_setting('steno.in_push', true), '') as in_push,
  array(select pg_listening_channels()) as channels,
  (select count(*)::int from pg_prepared_statements) as statements,
  (select count(*)::int from pg_locks where pid = pg_backend_pid() and locktype = 'advisory') as locks,
  (select count(*)::int from pg_cursors where is_holdable) as cursors,
  pg_my_temp_schema()::int as temporary`;
const nothing = { token: null, in_push: null, channels: [], statements: 0, locks: 0, cursors: 0, temporary: 0 };

test('no call leaves anything on the connection it used', async () => {
  const narrow = await startPooler(1);
  const next = await world.client(narrow.port);
  const remote = await world.connect('one', 'Attorney', undefined, narrow.port);
  const bytes = Buffer.from('x');
  const matter = aMatter();
  const letter = aLetter(matter.entityId);
  const calls = [
    () => remote.push([matter, letter]),
    () => remote.pull(0, 10),
    () => remote.whoami(),
    () => remote.feedHead(),
    () => remote.presence.set(letter.entityId, 'reading', null),
    () => remote.presence.of(letter.entityId),
    () => remote.presence.clear(letter.entityId),
    () => sendFile(remote.files, bytes),
    () => remote.listen(() => undefined, AbortSignal.timeout(20_000)).catch(() => undefined),
    () => remote.signOut(),
    () => remote.pull(0, 10).catch(() => undefined),
  ];
  for (const call of calls) {
    await call();
    expect((await next.query(leftBehind)).rows, String(call)).toEqual([nothing]);
  }
});

test('LISTEN is not sent through a pooler: the laptop is told so, once, and polls', async () => {
  const remote = await world.connect('one', 'Viewer', undefined, pooler.port);
  await remote.whoami();
  expect(remote.presence.hasNotices()).toBe(false);
  const refused = { error: { code: 'unsupported' } };
  await expect(remote.listen(() => undefined, AbortSignal.timeout(20_000))).rejects.toMatchObject(refused);
  const logins = () => pooler.log().split('login attempt').length;
  const before = logins();
  await expect(remote.listen(() => undefined, AbortSignal.timeout(20_000))).rejects.toMatchObject(refused);
  expect(logins()).toBe(before);
});

test('control: the pooler takes a LISTEN without a word and leaves it on the shared connection', async () => {
  const narrow = await startPooler(1);
  const [listener, other] = [await world.client(narrow.port), await world.client(narrow.port)];
  await listener.query('listen steno_for_one');
  expect((await other.query(leftBehind)).rows).toEqual([{ ...nothing, channels: ['steno_for_one'] }]);
});

test('wrong connection settings have the same words as without a pooler, although it has one code for all of them', async () => {
  const ask = async (change: object): Promise<unknown> => {
    const remote = createPostgresRemote({ ...world.connection, port: pooler.port, ...change }, 'x');
    const asked = await remote.whoami().then(
      () => 'answered',
      (error: unknown) => (error instanceof RemoteError ? error.error : error),
    );
    await remote.close();
    return asked;
  };
  expect(await ask({})).toMatchObject({ code: 'unauthenticated' });
  expect(await ask({ password: 'another' })).toBe(refusedLogin);
  expect(await ask({ user: 'steno_nobody' })).toBe(refusedLogin);
  expect(await ask({ database: 'steno_nowhere' })).toBe(noDatabase);
});

test('server connections that end behind the pooler are a moment offline, nothing worse', async () => {
  const remote = await world.connect('one', 'Attorney', undefined, pooler.port);
  const matter = aMatter();
  await remote.push([matter]);
  await world.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'steno_client' and datname = current_database()`,
  );
  const answers = new Set<string>();
  await expect
    .poll(async () => {
      const answer = await remote.push([matter]).then(
        ([verdict]) => verdict?.verdict ?? 'none',
        (error: unknown) => (error instanceof RemoteError ? error.error.code : String(error)),
      );
      answers.add(answer);
      return answer;
    })
    .toBe('applied');
  expect([...answers].filter((answer) => answer !== 'offline')).toEqual(['applied']);
});
