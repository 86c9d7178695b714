import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createLiveLine, type LiveLine } from '../../src/main/sync/live-line.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { startGate } from '../support/gate.ts';
import { aMatter } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const started: (() => Promise<void>)[] = [];
// before the world's own, which then runs first
afterAll(async () => {
  for (const stop of started.reverse()) await stop();
});
const world = await createPgWorld();
const gate = await startGate(world.database.port);
started.push(() => gate.stop());
const quick = { beatMs: 50, answerMs: 100 };
const never = { beatMs: 600_000, answerMs: 600_000 };

/** A line through the gate: how often it heard of a push, and whether it says that it is lost. */
async function aLine(patience: { beatMs: number; answerMs: number }) {
  const { user, password, database } = world.connection;
  const open = (): pg.Client => new pg.Client({ host: '127.0.0.1', port: gate.port, user, password, database });
  const line = createLiveLine(open, await world.tokenFor('one', 'Viewer'), patience);
  const state = { heard: 0, isLost: false };
  const stop = new AbortController();
  const over = line.listen(() => (state.heard += 1), stop.signal).catch(() => void (state.isLost = true));
  started.push(async () => {
    stop.abort();
    await over;
  });
  await expect.poll(() => state.heard).toBe(1);
  return { line, state };
}
const push = async (): Promise<unknown> => (await world.connect('one', 'Attorney')).push([aMatter()]);

test('a line that went dead without a word is noticed by itself; control: without the sign of life it is not', async () => {
  const [watched, trusting] = [await aLine(quick), await aLine(never)];
  await push();
  await expect.poll(() => [watched.state.heard, trusting.state.heard]).toEqual([2, 2]);
  gate.hush();
  await push();
  await expect.poll(() => watched.state.isLost).toBe(true);
  expect(watched.line.isUp()).toBe(false);
  expect(trusting.state).toEqual({ heard: 2, isLost: false });
  expect(trusting.line.isUp()).toBe(true);
});

test('a line that is there stays there, however often it is asked', async () => {
  const { line, state } = await aLine(quick);
  for (let n = 0; n < 20; n += 1) expect(await line.one('select $1::int as n', [n])).toEqual({ n });
  await push();
  await expect.poll(() => state).toEqual({ heard: 2, isLost: false });
});

test('a question on a dead line fails soon and gives the line up; one that the server refuses does not', async () => {
  const { line, state } = await aLine({ beatMs: 600_000, answerMs: 100 });
  await expect(line.one('select 1 / 0', [])).rejects.toMatchObject({ code: '22012' });
  expect(line.isUp()).toBe(true);
  gate.hush();
  await expect(line.one('select 1', [])).rejects.toThrow('timeout');
  await expect.poll(() => state.isLost).toBe(true);
  expect(line.one('select 1', [])).toBeNull();
});

test('given up, as after a sleep, it says that it is lost at once', async () => {
  const { line, state } = await aLine(never);
  gate.hush();
  line.drop();
  await expect.poll(() => state.isLost).toBe(true);
});

test('channels that were asked for before the line was there, or while it was another, are heard on the new one', async () => {
  const { user, password, database } = world.connection;
  const line: LiveLine = createLiveLine(
    () => new pg.Client({ host: '127.0.0.1', port: gate.port, user, password, database }),
    await world.tokenFor('one', 'Viewer'),
    never,
  );
  const channel = `steno_here_${'a'.repeat(32)}`;
  const heard: string[] = [];
  line.hear([channel], (name) => heard.push(name));
  for (const round of [1, 2]) {
    const stop = new AbortController();
    const over = line.listen(() => undefined, stop.signal);
    await expect.poll(() => heard.length).toBe(2 * round - 1); // what may have been said meanwhile
    await world.admin.query(`notify ${channel}`);
    await expect.poll(() => heard.length).toBe(2 * round);
    const channels = async (): Promise<unknown> => await line.one('select array(select pg_listening_channels()) as names', []);
    expect(await channels()).toMatchObject({ names: [expect.stringMatching(/^steno_[0-9a-f]{32}$/), channel] });
    line.hear([], () => undefined);
    expect(await channels()).toMatchObject({ names: { length: 1 } });
    line.hear([channel], (name) => heard.push(name));
    await expect.poll(() => heard.length).toBe(2 * round + 1);
    heard.pop();
    stop.abort();
    await over;
  }
});

test('the server gives up a laptop that vanished within two minutes', async () => {
  const { state } = await aLine(never);
  expect(state.heard).toBe(1);
  const { line } = await aLine(never);
  expect(
    await line.one(
      `select current_setting('tcp_keepalives_idle') || ' ' || current_setting('tcp_keepalives_interval') || ' ' || current_setting('tcp_keepalives_count') as s`,
      [],
    ),
  ).toEqual({
    s: '60 10 6',
  });
});

test('reconnecting ends a call on a dead line, and the next one goes over a new line', async () => {
  const remote = createPostgresRemote({ ...world.connection, port: gate.port }, await world.tokenFor('one', 'Attorney'));
  started.push(() => remote.close());
  await remote.feedHead();
  gate.hush();
  const stuck = remote.push([aMatter()]);
  const asked = gate.asked();
  await new Promise((resolve) => setImmediate(resolve)); // it is on its way now
  remote.reconnect();
  await expect(stuck).rejects.toMatchObject({ error: { code: 'offline' } });
  expect(await remote.push([aMatter()])).toMatchObject([{ verdict: 'applied' }]);
  expect(gate.asked()).toBe(asked + 1);
});
