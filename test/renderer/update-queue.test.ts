import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createUpdateQueue } from '../../src/renderer/letters/update-queue.ts';
import type { Outcome } from '../../src/shared/result.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const offline = { ok: false, error: { code: 'offline', reason: 'gone' } } as const;
const done: Outcome<unknown> = { ok: true, value: {} };

/** A typed document whose updates go through the queue, and the copy that core would have. */
function start(answer: (attempt: number) => Outcome<unknown> | Promise<Outcome<unknown>>) {
  const doc = new Y.Doc();
  const core = new Y.Doc();
  let attempts = 0;
  const queue = createUpdateQueue({
    send: async (update) => {
      attempts += 1;
      const outcome = await answer(attempts);
      if (outcome.ok) Y.applyUpdate(core, update);
      return outcome;
    },
  });
  doc.on('update', (update: Uint8Array) => {
    queue.push(update);
  });
  return {
    queue,
    type: (text: string) => {
      const body = doc.getText('body');
      body.insert(body.length, text);
    },
    saved: () => core.getText('body').toJSON(),
    attempts: () => attempts,
  };
}

test('a burst of typing is sent as one update after 50 ms', async () => {
  const { type, saved, attempts, queue } = start(() => done);
  for (const letter of 'demand') type(letter);
  expect(queue.state()).toEqual({ kind: 'waiting' });
  await vi.advanceTimersByTimeAsync(49);
  expect(attempts()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(attempts()).toBe(1);
  expect(saved()).toBe('demand');
  expect(queue.state()).toEqual({ kind: 'saved' });
});

test('steady typing does not push its own saving off', async () => {
  const { type, attempts } = start(() => done);
  for (let stroke = 0; stroke < 20; stroke++) {
    type('x');
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(attempts()).toBeGreaterThanOrEqual(5);
});

test('no word is lost while calls fail, and all arrive once they work again', async () => {
  const { type, saved, queue } = start((attempt) => (attempt <= 3 ? offline : done));
  type('one ');
  await vi.advanceTimersByTimeAsync(50);
  expect(queue.state()).toEqual({ kind: 'failing', error: offline.error });
  type('two ');
  expect(queue.isClean()).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  type('three');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(saved()).toBe('one two three');
  expect(queue.state()).toEqual({ kind: 'saved' });
  expect(queue.isClean()).toBe(true);
});

test('a bridge that throws is a failed call, not a lost word', async () => {
  const { type, saved, queue } = start((attempt) => {
    if (attempt === 1) throw new Error('port closed');
    return done;
  });
  type('kept');
  await vi.advanceTimersByTimeAsync(50);
  expect(queue.state().kind).toBe('failing');
  await vi.advanceTimersByTimeAsync(500);
  expect(saved()).toBe('kept');
});

test('what is typed while a call is under way is sent by the next one', async () => {
  let release = (): void => undefined;
  const { type, saved, queue } = start((attempt) =>
    attempt === 1
      ? new Promise((resolve) => {
          release = () => {
            resolve(done);
          };
        })
      : done,
  );
  type('a');
  await vi.advanceTimersByTimeAsync(50);
  type('b');
  expect(queue.state()).toEqual({ kind: 'saving' });
  release();
  await vi.advanceTimersByTimeAsync(300);
  expect(saved()).toBe('ab');
});

test('flush sends before it first waits, as a closing window needs', () => {
  const { type, attempts, queue } = start(() => done);
  type('last word');
  void queue.flush();
  expect(attempts()).toBe(1);
});

test('flush tells whether all is saved', async () => {
  const failing = start(() => offline);
  failing.type('x');
  await expect(failing.queue.flush()).resolves.toBe(false);
  const working = start(() => done);
  working.type('x');
  await expect(working.queue.flush()).resolves.toBe(true);
  await expect(working.queue.flush()).resolves.toBe(true);
});

test('flush waits for a call that is on its way already', async () => {
  let release = (): void => undefined;
  const { type, queue } = start(
    () =>
      new Promise((resolve) => {
        release = () => {
          resolve(done);
        };
      }),
  );
  type('x');
  await vi.advanceTimersByTimeAsync(50);
  let flushed: boolean | null = null;
  void queue.flush().then((clean) => {
    flushed = clean;
  });
  await vi.advanceTimersByTimeAsync(10);
  expect(flushed).toBeNull();
  release();
  await vi.advanceTimersByTimeAsync(0);
  expect(flushed).toBe(true);
});

test('however steadily somebody types, what is older than 50 ms is with core: a window that crashes takes no more with it', async () => {
  const { type, saved } = start(() => done);
  const typedAt: number[] = [];
  for (let ms = 0; ms < 3_000; ms += 1) {
    if (ms % 17 === 0) {
      type('x');
      typedAt.push(ms);
    }
    await vi.advanceTimersByTimeAsync(1);
    expect(saved().length).toBeGreaterThanOrEqual(typedAt.filter((at) => at <= ms - 50).length);
  }
});
