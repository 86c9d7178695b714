import { afterEach, describe, expect, test } from 'vitest';
import { WorkerKilled, type Workers } from '../../../src/main/host/host.ts';
import { createWorkers } from '../../../src/main/host/node-workers.ts';
import { runReader } from '../../../src/main/host/readers.ts';
import type { Taker } from '../../../src/main/host/worker-memory.ts';

const module = new URL('../../support/worker-tasks.ts', import.meta.url);
const plenty = { timeoutMs: 15_000, memoryMb: 256 };
const made: Workers[] = [];

function workers(options?: Parameters<typeof createWorkers>[0]): Workers {
  const pool = createWorkers(options);
  made.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((pool) => pool.stop()));
});

async function causeOf(run: Promise<unknown>): Promise<string> {
  const outcome = await run.then(
    () => 'finished',
    (error: unknown) => error,
  );
  return outcome instanceof WorkerKilled ? outcome.cause : `not killed: ${String(outcome)}`;
}

describe('createWorkers', () => {
  test('values go in and come out, byte arrays whole', async () => {
    const pool = workers();
    expect(await pool.run(module, 'echo', { a: [1, 'b'], bytes: new Uint8Array([1, 2]) }, plenty)).toEqual({
      a: [1, 'b'],
      bytes: new Uint8Array([1, 2]),
    });
  });

  test('a byte array that owns its buffer is moved, a part of a larger buffer is copied', async () => {
    const pool = workers();
    const whole = new Uint8Array(1000);
    const part = new Uint8Array(1000).subarray(10, 20);
    expect(await pool.run(module, 'size', { bytes: whole }, plenty)).toBe(1000);
    expect(await pool.run(module, 'size', { bytes: part }, plenty)).toBe(10);
    expect([whole.length, part.length]).toEqual([0, 10]);
  });

  test('an idle worker is used again', async () => {
    const pool = workers();
    const first = await pool.run<object, { threadId: number; calls: number }>(module, 'thread', {}, plenty);
    const second = await pool.run<object, { threadId: number; calls: number }>(module, 'thread', {}, plenty);
    expect([second.threadId, second.calls]).toEqual([first.threadId, 2]);
  });

  test('an error of the task comes back as it is, and the worker goes on', async () => {
    const pool = workers();
    await expect(pool.run(module, 'fail', {}, plenty)).rejects.toThrow('the task says no');
    await expect(pool.run(module, 'fail', {}, plenty)).rejects.not.toBeInstanceOf(WorkerKilled);
    await expect(pool.run(module, 'nothing', {}, plenty)).rejects.toThrow('no task "nothing"');
    await expect(pool.run(module, 'echo', () => 0, plenty)).rejects.toThrow(/could not be cloned/);
    expect(await pool.run(module, 'echo', 1, plenty)).toBe(1);
  });

  test.each(['spin', 'never'])('a task that does not end (%s) is killed after its time, and only then', async (task) => {
    const pool = workers();
    const begun = performance.now();
    expect(await causeOf(pool.run(module, task, {}, { timeoutMs: 400, memoryMb: 256 }))).toBe('timeout');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(395);
    expect(await pool.run(module, 'echo', 'control', plenty)).toBe('control');
  });

  test('a task that takes too much memory is killed; the same task finishes with enough', async () => {
    const pool = workers();
    expect(await causeOf(pool.run(module, 'gobble', { megabytes: 300 }, { timeoutMs: 15_000, memoryMb: 48 }))).toBe('memory');
    expect(await pool.run(module, 'gobble', { megabytes: 20 }, plenty)).toBe(20);
  });

  test.each(['exit', 'throwLater', 'trap'])(
    'a worker that crashes (%s) rejects its task and leaves this process and other tasks alone',
    async (task) => {
      const pool = workers();
      const other = pool.run(module, 'echo', 'other', plenty);
      expect(await causeOf(pool.run(module, task, {}, plenty))).toBe('crash');
      expect(await other).toBe('other');
      expect(await pool.run(module, 'echo', 'control', plenty)).toBe('control');
    },
  );

  test('an abort kills a running task, ends a waiting one, and refuses one that begins aborted', async () => {
    const pool = workers({ maxWorkers: 1 });
    const running = new AbortController();
    const waiting = new AbortController();
    const first = causeOf(pool.run(module, 'never', {}, { ...plenty, signal: running.signal }));
    const second = causeOf(pool.run(module, 'echo', 2, { ...plenty, signal: waiting.signal }));
    const third = pool.run(module, 'echo', 3, plenty);
    waiting.abort();
    expect(await second).toBe('aborted');
    running.abort();
    expect(await first).toBe('aborted');
    expect(await third).toBe(3);
    expect(await causeOf(pool.run(module, 'echo', 4, { ...plenty, signal: AbortSignal.abort() }))).toBe('aborted');
  });

  test('more tasks than workers all finish', async () => {
    const pool = workers({ maxWorkers: 2 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => pool.run(module, 'echo', index, { ...plenty, memoryMb: index % 2 ? 256 : 128 })),
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('what waits to be alone waits until nothing of its purse runs; what comes after it in that purse does not pass it, all else does', async () => {
    const pool = workers({ maxWorkers: 2 });
    const [shared, alone] = [
      { name: 'reading', holdsMb: 480 },
      { name: 'reading', holdsMb: 480, isAlone: true },
    ];
    const [stopFirst, stopAlone] = [new AbortController(), new AbortController()];
    const first = causeOf(pool.run(module, 'never', {}, { ...plenty, purse: shared, signal: stopFirst.signal }));
    const waiting = causeOf(pool.run(module, 'never', {}, { ...plenty, purse: alone, signal: stopAlone.signal }));
    let isPassed = false;
    const after = pool.run(module, 'echo', 'after', { ...plenty, purse: shared }).finally(() => (isPassed = true));
    // they find the second worker free, one after the other
    for (const n of [1, 2, 3]) expect(await pool.run(module, 'echo', n, plenty)).toBe(n);
    expect(isPassed).toBe(false);
    stopFirst.abort();
    expect(await first).toBe('aborted');
    for (const n of [4, 5, 6]) expect(await pool.run(module, 'echo', n, plenty)).toBe(n);
    expect(isPassed).toBe(false);
    stopAlone.abort();
    expect(await waiting).toBe('aborted');
    expect(await after).toBe('after');
  });

  test('a reader that others leave too little room is ended, and run again when it is alone', async () => {
    const takers: Taker[] = [];
    const pool = workers({ memory: { began: (taker) => void takers.push(taker), ended: () => undefined } });
    const stop = new AbortController();
    const purse = { name: 'reading', holdsMb: 480 };
    const other = causeOf(pool.run(module, 'never', {}, { ...plenty, signal: stop.signal, purse }));
    let attempt = 0;
    const reading = runReader<{ attempt: number }, number>(pool, {
      module,
      task: 'unlessFirst',
      input: () => ({ attempt: (attempt += 1) }),
      sizeBytes: 1,
      timeoutMs: 15_000,
    });
    await expect.poll(() => takers.length).toBe(2);
    await takers[1]?.end('crowded');
    await expect.poll(() => attempt).toBe(2);
    expect(takers).toHaveLength(2);
    stop.abort();
    expect([await other, await reading]).toEqual(['aborted', 2]);
    expect(takers.map((taker) => taker.purse?.isAlone === true)).toEqual([false, false, true]);
  });

  test('a large file is read alone from the beginning; what takes all of the purse is killed for its memory', async () => {
    const takers: Taker[] = [];
    const pool = workers({ memory: { began: (taker) => void takers.push(taker), ended: () => undefined } });
    const reading = { module, task: 'never', input: () => ({}), sizeBytes: 40 * 2 ** 20, timeoutMs: 15_000 };
    const cause = causeOf(runReader(pool, reading));
    await expect.poll(() => takers.length).toBe(1);
    expect(takers[0]?.purse?.isAlone).toBe(true);
    await takers[0]?.end('memory');
    expect(await cause).toBe('memory');
  });

  test('stop rejects what runs and what waits, and what comes after', async () => {
    const pool = workers({ maxWorkers: 1 });
    const running = causeOf(pool.run(module, 'never', {}, plenty));
    const waiting = causeOf(pool.run(module, 'echo', 1, plenty));
    await pool.stop();
    expect([await running, await waiting, await causeOf(pool.run(module, 'echo', 1, plenty))]).toEqual(['aborted', 'aborted', 'aborted']);
  });
});
