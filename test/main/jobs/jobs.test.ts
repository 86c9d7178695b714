import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Log } from '../../../src/main/host/host.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { createJobs, RetryLater, type JobHandler, type Jobs } from '../../../src/main/jobs/jobs.ts';
import { makeLaptop, testFolder, type TestLaptop } from '../../support/laptop.ts';

let laptop: TestLaptop;
let jobs: Jobs;
let bugs: string[];
let codes: string[];
const log: Log = {
  info: () => undefined,
  bug: (event, error) => {
    bugs.push(`${event}: ${error instanceof Error ? error.message : ''}`);
    codes.push((error as { code?: string }).code ?? '');
    return 'ref';
  },
};
const clock = { now: () => Date.now() };

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  bugs = [];
  codes = [];
  laptop = makeLaptop(join(testFolder(), `${freshId()}.db`));
  jobs = createJobs({ store: laptop.store, clock, log });
});
afterEach(async () => {
  await jobs.stop();
  laptop.store.close();
  vi.useRealTimers();
});

const rows = () =>
  laptop.store.raw
    .prepare('select kind, dedupe_key, attempts, state, run_after - ? as wait, lease_until, last_error, payload from job order by job_id')
    .all(clock.now()) as {
    kind: string;
    attempts: number;
    state: string;
    wait: number;
    lease_until: number | null;
    last_error: string | null;
    payload: string;
  }[];
const enqueue = (key: string, payload: unknown = {}): void => {
  jobs.enqueue(laptop.store.db, 'read', key, payload);
  jobs.wake();
};
const start = (read: JobHandler): void => jobs.start({ read });
/** Lets everything that is due happen, without time passing. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
/** As after a crash: the queue of the next run, on what is on disk. */
function restart(): void {
  void jobs.stop();
  laptop.reopen();
  jobs = createJobs({ store: laptop.store, clock, log });
}

test('a job runs once with its payload, holds a lease meanwhile, and is gone after', async () => {
  const done = Promise.withResolvers<undefined>();
  const read = vi.fn(() => done.promise);
  start(read);
  enqueue('a', { file: 'a.pdf' });
  enqueue('a', { file: 'a.pdf' });
  await settle();
  expect(read.mock.calls).toEqual([[{ file: 'a.pdf' }, expect.any(AbortSignal)]]);
  done.resolve(undefined);
  await jobs.idle();
  expect(rows()).toEqual([]);
});

test('a failing job is tried again after 1, 5, 30 and 120 seconds, is dead after five, and can be revived', async () => {
  const read = vi.fn(() => Promise.reject(new Error('damaged')));
  start(read);
  enqueue('a');
  for (const [n, wait] of [1_000, 5_000, 30_000, 120_000].entries()) {
    await settle();
    expect([read.mock.calls.length, rows()[0]]).toMatchObject([
      n + 1,
      { attempts: n + 1, state: 'ready', wait, lease_until: null, last_error: 'ref' },
    ]);
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(read).toHaveBeenCalledTimes(n + 1);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(rows()[0]).toMatchObject({ attempts: 5, state: 'dead' });
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(read).toHaveBeenCalledTimes(5);
  expect(bugs.length).toBe(5);
  read.mockResolvedValueOnce(undefined as never);
  jobs.revive('read', 'a');
  await jobs.idle();
  expect([read.mock.calls.length, rows()]).toEqual([6, []]);
});

test('a job that asks for later is never dead and is no bug', async () => {
  const read = vi.fn(() => Promise.reject(new RetryLater()));
  start(read);
  enqueue('a');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(read.mock.calls.length).toBeGreaterThan(20);
  expect([rows()[0]?.state, bugs]).toEqual(['ready', []]);
});

test('work asked for again while it runs runs again, with the new payload, even when the run fails for the fifth time', async () => {
  const runs: unknown[] = [];
  let again = true;
  start((payload) => {
    runs.push(payload);
    const isFifth = runs.length === 5;
    if (isFifth && again) {
      again = false;
      enqueue('a', 'new');
    }
    return payload === 'new' ? Promise.resolve() : Promise.reject(new Error('damaged'));
  });
  enqueue('a', 'old');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(runs).toEqual(['old', 'old', 'old', 'old', 'old', 'new']);
  expect(rows()).toEqual([]);
});

test('jobs survive the store being closed and opened: one that was running runs again, its attempt counted', async () => {
  start(() => new Promise(() => undefined));
  enqueue('a');
  enqueue('b');
  await settle();
  expect(rows().map(({ attempts, lease_until }) => [attempts, lease_until !== null])).toEqual([
    [1, true],
    [0, false],
  ]);
  restart();
  const seen: number[] = [];
  start(() => Promise.resolve(void seen.push(1)));
  await jobs.idle();
  expect([seen.length, rows()]).toEqual([2, []]);
});

test('a job that takes Steno down with it is dead after five such ends', async () => {
  jobs.enqueue(laptop.store.db, 'read', 'a', {});
  for (let n = 0; n < 5; n += 1) {
    start(() => new Promise(() => undefined));
    await settle();
    restart();
  }
  expect(rows()[0]).toMatchObject({ attempts: 5, state: 'dead', last_error: 'ended Steno' });
});

test('[S11] a clock set back by ten years neither holds a job back nor makes the queue spin', async () => {
  const read = vi.fn<JobHandler>().mockRejectedValueOnce(new Error('once')).mockResolvedValue(undefined);
  start(read);
  enqueue('a');
  await settle();
  vi.setSystemTime(Date.UTC(2016, 0, 1));
  expect(rows()[0]?.wait).toBeGreaterThan(9 * 365 * 86_400_000);
  jobs.wake();
  await jobs.idle();
  expect([read.mock.calls.length, rows()]).toEqual([2, []]);
});

test('a store that cannot be written is asked again after a while, not in a loop', async () => {
  const read = vi.fn(() => Promise.resolve());
  jobs.enqueue(laptop.store.db, 'read', 'a', {});
  laptop.store.raw.pragma('query_only = on');
  start(read);
  await vi.advanceTimersByTimeAsync(4_000);
  expect([read.mock.calls.length, bugs.length]).toEqual([0, 1]);
  laptop.store.raw.pragma('query_only = off');
  await vi.advanceTimersByTimeAsync(2_000);
  expect([read.mock.calls.length, rows()]).toEqual([1, []]);
});

test('what ails the store is told as it is, so that damage is repaired and not taken for a bug', async () => {
  const read = vi.fn(() => {
    laptop.store.raw.pragma('query_only = on'); // what is written after the run fails
    return Promise.resolve();
  });
  enqueue('a');
  start(read);
  await settle();
  expect([read.mock.calls.length, codes.at(-1)]).toEqual([1, 'SQLITE_READONLY']);
  laptop.store.raw.pragma('query_only = off');
});

test('a stopped queue keeps its running job, uncounted, and starts nothing more', async () => {
  const read = vi.fn(
    (_: unknown, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  start(read);
  enqueue('a');
  enqueue('b');
  await settle();
  await jobs.stop();
  expect([read.mock.calls.length, rows().map(({ attempts, lease_until }) => [attempts, lease_until]), bugs]).toEqual([
    1,
    [
      [0, null],
      [0, null],
    ],
    [],
  ]);
});

test('jobs nobody waits for run beside the others, one at a time, the preferred first; a cancelled one is aborted and gone', async () => {
  const gates = new Map<string, () => void>();
  const begun: string[] = [];
  const slow: JobHandler = (payload, signal) =>
    new Promise((resolve, reject) => {
      begun.push(String(payload));
      gates.set(String(payload), () => resolve());
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const read = vi.fn(() => Promise.resolve());
  jobs.start({ read, slow }, [['slow']]);
  for (const key of ['a:1', 'a:2', 'b:1', 'b:2']) jobs.enqueue(laptop.store.db, 'slow', key, key);
  enqueue('x');
  await settle();
  // the reading is done while the first of the slow ones still runs
  expect([begun, read.mock.calls.length]).toEqual([['a:1'], 1]);
  expect(jobs.countReady('slow', 'a:')).toBe(2);
  jobs.prefer('slow', 'b:');
  jobs.prefer('slow', 'b:2');
  gates.get('a:1')?.();
  await settle();
  expect(begun).toEqual(['a:1', 'b:2']);
  jobs.cancel('slow', 'b:');
  await settle();
  expect(begun).toEqual(['a:1', 'b:2', 'a:2']);
  gates.get('a:2')?.();
  await jobs.idle();
  expect([begun.length, rows(), bugs]).toEqual([3, [], []]);
});

test('control: of the same lane they would wait for one another', async () => {
  const never: JobHandler = (_payload, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  const read = vi.fn(() => Promise.resolve());
  jobs.start({ read, slow: never });
  jobs.enqueue(laptop.store.db, 'slow', 'a', 'a');
  enqueue('x');
  await settle();
  expect(read).not.toHaveBeenCalled();
});

test('among thousands of jobs the next one is found by an index, unsorted', () => {
  const asked = vi.spyOn(laptop.store, 'compiled');
  jobs.start({ read: () => Promise.resolve() });
  const [sql = ''] = asked.mock.calls.map(([text]) => text).filter((text) => text.includes('order by'));
  const values = { kind: 'read', now: 5, putOff: 9, leased: 9, busy: '[]' };
  const plan = laptop.store.raw.prepare(`explain query plan ${sql}`).all(values) as { detail: string }[];
  expect(plan[0]?.detail).toMatch(/^SEARCH job USING INDEX job_next_idx \(state=\? AND kind=\?\)$/);
  expect(plan.map(({ detail }) => detail).join()).not.toContain('ORDER BY');
});

test('what a job leaves behind for another lane begins at once, while its own lane goes on', async () => {
  const order: string[] = [];
  const take: JobHandler = (payload) => {
    order.push(`take ${String(payload)}`);
    jobs.enqueue(laptop.store.db, 'read', String(payload), payload);
    return Promise.resolve();
  };
  const read: JobHandler = (payload) => Promise.resolve(void order.push(`read ${String(payload)}`));
  for (const key of ['a', 'b', 'c']) jobs.enqueue(laptop.store.db, 'take', key, key);
  jobs.start({ take, read }, [['read']]);
  await jobs.idle();
  expect(order.toSorted()).toEqual(['read a', 'read b', 'read c', 'take a', 'take b', 'take c']);
  expect(order.indexOf('read a')).toBeLessThan(order.indexOf('take c'));
});

test('of one key never two run at once, in whatever lane and of whatever kind; what was asked for meanwhile runs after, also where it asks to be tried again', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  const read: JobHandler = async () => {
    order.push('read begins');
    if (order.length === 1) {
      begun.resolve(undefined);
      await first.promise;
    }
    order.push('read ends');
  };
  let tries = 0;
  const extract: JobHandler = () => {
    order.push('extract');
    if ((tries += 1) === 1) throw new RetryLater('not yet');
    return Promise.resolve();
  };
  const both = ['read', 'extract'];
  jobs.start({ read, extract }, [both, both]);
  jobs.enqueue(laptop.store.db, 'read', 'a', 1);
  jobs.wake();
  await begun.promise;
  jobs.enqueue(laptop.store.db, 'read', 'a', 2);
  jobs.enqueue(laptop.store.db, 'extract', 'a', 3);
  jobs.enqueue(laptop.store.db, 'extract', 'b', 4);
  jobs.wake();
  await vi.waitFor(() => expect(order).toContain('extract'));
  expect(order).toEqual(['read begins', 'extract']); // of b, in the other lane
  first.resolve(undefined);
  await vi.waitFor(() => expect(order.filter((one) => one === 'extract').length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
  expect(order.filter((one) => one.startsWith('read'))).toEqual(['read begins', 'read ends', 'read begins', 'read ends']);
});
