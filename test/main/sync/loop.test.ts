import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import type { SyncLoop } from '../../../src/main/sync/loop.ts';
import { RemoteError, type Remote } from '../../../src/main/sync/remote.ts';
import { aLoop } from '../../support/a-loop.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../../support/laptop.ts';
import { aMatter } from '../../support/mutations.ts';
import { createVirtualTimers, type VirtualTimers } from '../../support/virtual-timers.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let loop: SyncLoop;
let time: VirtualTimers;

beforeEach(() => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
  time = createVirtualTimers(1_000_000);
});
afterEach(async () => {
  await loop.stop();
  laptop.store.close();
});

function start(line: Remote): void {
  loop = aLoop(laptop, line, { now: time.now, timers: time, onBug: () => ({ code: 'internal', reference: 'ref' }) });
}
const offline = (): Promise<never> => Promise.reject(new RemoteError({ code: 'offline', reason: 'x' }));
const addMatter = (): void =>
  void must(laptop.write((change) => ok({ added: change.insert('matter', { matterId: freshId(), title: 'x', status: 'Open' }) })));

test('what waits goes to the firm, what a colleague pushes arrives at its notice', async () => {
  addMatter();
  start(remote);
  expect(await loop.now()).toMatchObject({ phase: 'synced', waiting: 0, problem: null });
  expect(firm.rows.get('matter')?.size).toBe(1);
  await server.signIn(firm, 'Attorney').push([aMatter()]);
  await expect.poll(() => rowsOf(laptop.store, 'matter').size).toBe(2);
});

test('[S2] without a line it says offline since when, tries again by itself with backoff, and sends everything when the line is back', async () => {
  let isUp = false;
  const push = vi.fn<Remote['push']>((batch) => (isUp ? remote.push(batch) : offline()));
  addMatter();
  start({ ...remote, push });
  await time.pass(100);
  expect(loop.status()).toMatchObject({ phase: 'offline', waiting: 1, offlineSince: 1_000_000, problem: { code: 'offline' } });
  await time.pass(60_000);
  // about once a second: what waits is at the firm two seconds after the line is back
  expect(push.mock.calls.length).toBeGreaterThan(40);
  expect(push.mock.calls.length).toBeLessThan(70);
  addMatter();
  loop.nudge();
  isUp = true;
  await time.pass(1_100);
  expect(loop.status()).toMatchObject({ phase: 'synced', waiting: 0, offlineSince: null });
  expect(firm.rows.get('matter')?.size).toBe(2);
});

test('[S2] without a line and with nothing to send it knocks rarely, and at once when there is something to send', async () => {
  let isUp = false;
  const greet = vi.fn(() => (isUp ? remote.greet() : offline()));
  start({ ...remote, greet });
  await time.pass(300_000);
  expect(greet.mock.calls.length).toBeGreaterThan(10);
  expect(greet.mock.calls.length).toBeLessThan(40);
  isUp = true;
  addMatter();
  loop.nudge();
  await time.pass(0);
  expect(loop.status()).toMatchObject({ phase: 'synced', waiting: 0 });
});

test('[S2] who writes without a pause is told what colleagues write all the same, and all of it arrives', async () => {
  const push = vi.fn<Remote['push']>((batch) => {
    if (push.mock.calls.length < 200) addMatter();
    loop.nudge();
    return remote.push(batch);
  });
  const pushesBefore: number[] = [];
  const pull: Remote['pull'] = (after, most) => {
    pushesBefore.push(push.mock.calls.length);
    return remote.pull(after, most);
  };
  start({ ...remote, push, pull });
  await loop.now();
  const copied = pushesBefore.length;
  addMatter();
  loop.nudge();
  await expect.poll(() => push.mock.calls.length).toBeGreaterThanOrEqual(200);
  expect(await loop.now()).toMatchObject({ phase: 'synced', waiting: 0 });
  expect(pushesBefore[copied]).toBe(1);
  expect(firm.rows.get('matter')?.size).toBe(200);
});

test('[S2] what is written while the line comes back goes at once', async () => {
  let isUp = false;
  const pull = vi.fn<Remote['pull']>(async (after, most) => {
    if (isUp && firm.rows.size === 0) {
      // the round that will be the first to succeed has pushed already
      addMatter();
      loop.nudge();
    }
    return isUp ? remote.pull(after, most) : offline();
  });
  start({ ...remote, pull, listen: offline });
  await time.pass(5_000);
  isUp = true;
  await time.pass(20_000);
  expect(firm.rows.get('matter')?.size).toBe(1);
});

test('what a line loses half of the time goes and comes in smaller parts, and in whole ones when it is good again', async () => {
  const sizes: number[] = [];
  let most = 5;
  const push = vi.fn<Remote['push']>((batch) => {
    sizes.push(batch.length);
    return batch.length > most ? offline() : remote.push(batch);
  });
  for (let n = 0; n < 100; n += 1) addMatter();
  start({ ...remote, push });
  await time.pass(60_000);
  expect(loop.status()).toMatchObject({ phase: 'offline', waiting: 100 });
  most = 40;
  await time.pass(2_000);
  expect(loop.status()).toMatchObject({ phase: 'synced', waiting: 0 });
  expect(Math.max(...sizes.slice(-3))).toBeLessThan(40);
  most = 2_000;
  await time.pass(600_000);
  for (let n = 0; n < 300; n += 1) addMatter();
  loop.nudge();
  await time.pass(2_000);
  expect(sizes.at(-1)).toBe(300);
});

test('a session that ended stops sync with words and keeps the outbox', async () => {
  addMatter();
  await remote.signOut();
  start(remote);
  expect(await loop.now()).toMatchObject({ phase: 'stopped', waiting: 1, problem: { code: 'unauthenticated' } });
});
