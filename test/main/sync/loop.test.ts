import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { createSyncLoop, type SyncLoop } from '../../../src/main/sync/loop.ts';
import { RemoteError, type Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm } from '../../support/fake-remote.ts';
import { makeLaptop, must, rowsOf, type TestLaptop } from '../../support/laptop.ts';
import { aMatter } from '../../support/mutations.ts';

const server = createFakeServer();
let firm: FakeFirm;
let laptop: TestLaptop;
let remote: Remote;
let loop: SyncLoop;

beforeEach(() => {
  firm = server.addFirm();
  laptop = makeLaptop();
  remote = server.signIn(firm, 'Attorney', laptop.deviceId);
});
afterEach(async () => {
  await loop.stop();
  laptop.store.close();
  vi.useRealTimers();
});

function start(line: Remote): void {
  loop = createSyncLoop({
    store: laptop.store,
    remote: line,
    now: () => Date.now(),
    random: () => 0.5,
    onStatus: () => undefined,
    onPulled: () => undefined,
    transferFiles: () => Promise.resolve(),
    onBug: () => ({ code: 'internal', reference: 'ref' }),
  });
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
  vi.useFakeTimers({ now: 1_000_000 });
  let isUp = false;
  const push = vi.fn<Remote['push']>((batch) => (isUp ? remote.push(batch) : offline()));
  addMatter();
  start({ ...remote, push });
  await vi.advanceTimersByTimeAsync(100);
  expect(loop.status()).toMatchObject({ phase: 'offline', waiting: 1, offlineSince: 1_000_000, problem: { code: 'offline' } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(push.mock.calls.length).toBeGreaterThan(5);
  expect(push.mock.calls.length).toBeLessThan(12);
  addMatter();
  loop.nudge();
  isUp = true;
  await vi.advanceTimersByTimeAsync(15_100);
  expect(loop.status()).toMatchObject({ phase: 'synced', waiting: 0, offlineSince: null });
  expect(firm.rows.get('matter')?.size).toBe(2);
});

test('a firm that cannot be listened to is polled, not hammered', async () => {
  vi.useFakeTimers();
  const pull = vi.fn(remote.pull);
  start({ ...remote, pull, listen: offline });
  await vi.advanceTimersByTimeAsync(100_000);
  expect(pull.mock.calls.length).toBeGreaterThanOrEqual(3);
  expect(pull.mock.calls.length).toBeLessThan(8);
});

test('behind a pooler, which has no notices, a colleague’s change is asked for every few seconds', async () => {
  vi.useFakeTimers();
  const pull = vi.fn(remote.pull);
  const listen = vi.fn(() => Promise.reject(new RemoteError({ code: 'unsupported', what: 'notices', reason: 'x' })));
  start({ ...remote, pull, listen });
  await vi.advanceTimersByTimeAsync(1_000);
  await server.signIn(firm, 'Attorney').push([aMatter()]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rowsOf(laptop.store, 'matter').size).toBe(1);
  await vi.advanceTimersByTimeAsync(94_000);
  expect(pull.mock.calls.length).toBeGreaterThanOrEqual(18);
  expect(pull.mock.calls.length).toBeLessThan(23);
});

test('a session that ended stops sync with words and keeps the outbox', async () => {
  addMatter();
  await remote.signOut();
  start(remote);
  expect(await loop.now()).toMatchObject({ phase: 'stopped', waiting: 1, problem: { code: 'unauthenticated' } });
});
