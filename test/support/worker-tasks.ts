import { threadId } from 'node:worker_threads';

let calls = 0;

/** Tasks for the tests of worker threads: good ones, and every way to go wrong. */
export const tasks = {
  echo: async (input: unknown) => input,
  size: async (input: { bytes: Uint8Array }) => input.bytes.length,
  thread: async () => ({ threadId, calls: ++calls }),
  fail: async () => {
    throw new TypeError('the task says no');
  },
  spin: async () => {
    for (;;);
  },
  never: () => new Promise(() => undefined),
  unlessFirst: (input: { attempt: number }) => (input.attempt === 1 ? new Promise(() => undefined) : Promise.resolve(input.attempt)),
  gobble: async (input: { megabytes: number }) => {
    const kept: number[][] = [];
    for (let at = 0; at < input.megabytes; at++) kept.push(Array.from({ length: 131_072 }, (_, index) => index + at + 0.5));
    return kept.length;
  },
  exit: async () => process.exit(3),
  throwLater: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error('thrown outside the task');
      });
    }),
  trap: async () => {
    throw Object.assign(new Error('unreachable'), { name: 'RuntimeError' });
  },
};
