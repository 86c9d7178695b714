import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import type { SyncLoop } from '../../src/main/sync/loop.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushWaiting } from '../../src/main/sync/push.ts';
import { speaks, type Remote } from '../../src/main/sync/remote.ts';
import { aLoop } from '../support/a-loop.ts';
import { brokenPromises } from '../support/broken-promises.ts';
import { aDesk, typeAt, type Desk } from '../support/desk.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { makeLaptop, must, outboxOf, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const proxy = await startFaultProxy(world.database);
const connection = { ...world.connection, port: proxy.port };

let laptop: TestLaptop;
let desk: Desk;
let kept: string[];
let remote: Remote;
let loop: SyncLoop | null;
let changes = 0;

beforeEach(async () => {
  proxy.weather({});
  laptop = makeLaptop();
  desk = aDesk(laptop.deviceId);
  kept = [];
  loop = null;
  // less patient than the app, so that a line that says nothing is given up before the test is
  remote = createPostgresRemote(connection, await world.tokenFor('one', 'Attorney', laptop.deviceId), speaks, {
    connectMs: 400,
    greetMs: 800,
    callMs: 800,
  });
});
afterEach(async () => {
  proxy.weather({});
  await (loop ? loop.stop() : remote.close());
  laptop.store.close();
});

/** Makes changes, which are acknowledged at once: nothing here waits for the line. */
function type(count: number): void {
  for (let n = 0; n < count; n += 1) {
    const before = outboxOf(laptop.store).length;
    must(laptop.write((change) => ok({ done: typeAt(desk, change, (changes += 1)) })));
    loop?.nudge();
    kept.push(
      ...outboxOf(laptop.store)
        .slice(before)
        .map(({ mutation_id }) => mutation_id),
    );
  }
}
function startLoop(): SyncLoop {
  loop = aLoop(laptop, remote);
  return loop;
}
/** One round by hand. */
async function sync(): Promise<void> {
  while ((await pushWaiting(laptop.store, remote)).did === 'pushed');
  while ((await pullOnce(laptop.store, remote, Date.now)).more);
}
const broken = (): Promise<string[]> => brokenPromises(world.admin, desk, laptop.store, kept);
const recovered = (): Promise<void> =>
  expect.poll(() => loop?.status(), { timeout: 15_000 }).toMatchObject({ phase: 'synced', waiting: 0, problem: null, offlineSince: null });
const offline = { error: { code: 'offline' } };

test.each(['toServer', 'toClient'] as const)('[S3] cut after any number of bytes (%s): each change arrives once', async (way) => {
  type(3);
  await sync();
  proxy.weather({});
  type(2);
  await sync();
  const whole = proxy.came()[way]; // of a round on a line that is there
  for (let cut = 0; cut < 24; cut += 1) {
    type(2);
    proxy.weather({ cutAfter: { way, bytes: Math.floor((whole * cut) / 24) } });
    await expect(sync(), `cut after ${String(cut)} of 24 parts`).rejects.toMatchObject(offline);
    expect(proxy.cuts()).toBe(1);
    proxy.weather({});
    await sync();
  }
  expect(await broken()).toEqual([]);
});

test('[S3] cut between the commit and its answer: the firm has it, the laptop asks again and hears the same verdicts', async () => {
  for (let round = 0; round < 5; round += 1) {
    type(3);
    const [first] = outboxOf(laptop.store);
    proxy.weather({ cutsAnswerTo: 'app.push' });
    await expect(sync()).rejects.toMatchObject(offline);
    expect(proxy.cuts()).toBe(1);
    const { rowCount } = await world.admin.query('select from steno.mutation where mutation_id = $1', [first?.mutation_id]);
    expect(rowCount).toBe(1);
    expect(outboxOf(laptop.store)[0]).toEqual(first);
    proxy.weather({});
    await sync();
  }
  expect(await broken()).toEqual([]);
});

test('[S3] control: a firm that forgot the verdict whose answer was cut applies the change twice', async () => {
  type(3);
  proxy.weather({ cutsAnswerTo: 'app.push' });
  await expect(sync()).rejects.toMatchObject(offline);
  proxy.weather({});
  await world.admin.query('delete from steno.mutation where device_id = $1', [laptop.deviceId]);
  await sync();
  expect(await broken()).not.toEqual([]);
});

test('[S3] a push that the network held back arrives after its own repetition, and changes nothing', async () => {
  type(3);
  await sync();
  type(4);
  proxy.weather({ isStalled: true });
  await expect(sync()).rejects.toMatchObject(offline); // given up: callMs went by
  const before = proxy.came().toServer;
  expect(before).toBeGreaterThan(0);
  const direct = createPostgresRemote(world.connection, await world.tokenFor('one', 'Attorney', laptop.deviceId));
  try {
    while ((await pushWaiting(laptop.store, direct)).did === 'pushed');
    type(2);
    while ((await pushWaiting(laptop.store, direct)).did === 'pushed');
    proxy.weather({});
    await sync();
  } finally {
    await direct.close();
  }
  expect(await broken()).toEqual([]);
});

test('[S1] half-open: what is typed is kept at once, and goes by itself when a line is there again', async () => {
  type(2);
  await startLoop().now();
  proxy.weather({ isBlackhole: true });
  type(1);
  await expect.poll(() => proxy.came().toServer, { timeout: 15_000 }).toBeGreaterThan(0);
  // the push is under way and will never be answered: who waited for this round would wait, who types does not
  let isRoundOver = false;
  void loop?.now().then(() => (isRoundOver = true));
  expect(loop?.status()).toMatchObject({ phase: 'syncing', waiting: 1 });
  type(5);
  expect(outboxOf(laptop.store)).toHaveLength(6);
  expect(isRoundOver).toBe(false);
  await expect.poll(() => loop?.status(), { timeout: 15_000 }).toMatchObject({ phase: 'offline', waiting: 6 });
  type(1);
  proxy.weather({});
  await recovered();
  expect(await broken()).toEqual([]);
});

test('[S3] reset in the middle of everything, refused, and slow: the loop recovers by itself', async () => {
  startLoop();
  for (let round = 0; round < 4; round += 1) {
    type(20);
    await expect.poll(() => proxy.came().toServer, { timeout: 15_000, interval: 1 }).toBeGreaterThan(0);
    proxy.reset();
    await recovered();
    proxy.weather({ isDown: true });
    proxy.reset();
    type(20);
    await expect.poll(() => loop?.status(), { timeout: 15_000 }).toMatchObject({ phase: 'offline', waiting: 20 });
    proxy.weather({ trickleBytes: 300 });
    await recovered();
    proxy.weather({});
  }
  expect(await broken()).toEqual([]);
});

test('a line too slow for all that waits in the time a call has: it goes in smaller parts', { timeout: 60_000 }, async () => {
  type(1);
  await startLoop().now();
  // what no connection swallows whole: what the system takes at once would look as if it had been sent
  const long = 'x'.repeat(250);
  for (let n = 0; n < 1_500; n += 1) {
    must(
      laptop.write((change) =>
        ok({ done: change.insert('matter', { matterId: freshId(), title: `${String(n)} ${long}`.slice(0, 250), status: 'Open' }) }),
      ),
    );
  }
  proxy.weather({ trickleBytes: 400 });
  loop?.nudge();
  await expect.poll(() => loop?.status(), { timeout: 50_000 }).toMatchObject({ phase: 'synced', waiting: 0 });
  expect(await broken()).toEqual([]);
});

test('round trips of two seconds: it connects and syncs', { timeout: 60_000 }, async () => {
  const patient = createPostgresRemote(connection, await world.tokenFor('one', 'Attorney', laptop.deviceId));
  await remote.close();
  remote = patient;
  type(3);
  // on the oldest Postgres the line is quicker: what has to be patient is the laptop
  proxy.weather({ delayMs: inject('postgresMajor') === null ? 1_000 : 100 });
  await sync();
  expect(await broken()).toEqual([]);
});
