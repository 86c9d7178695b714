import type { Timers } from '../../src/main/sync/timers.ts';

export interface VirtualTimers extends Timers {
  now(): number;
  /** Lets the time pass, each wait ending at its own moment; what follows from one runs before the next. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps: the clock goes on, and whoever waits has as long to wait as before. */
  oversleep(ms: number): void;
}

/** Lets promises that only wait for each other run out: a macrotask begins after all of them. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told to go on. */
export function createVirtualTimers(start = Date.UTC(2026, 0, 1)): VirtualTimers {
  let time = start;
  let waits: { at: number; end: () => void }[] = [];
  return {
    now: () => time,
    after(ms) {
      let entry: { at: number; end: () => void } | undefined;
      const wait = new Promise<void>((resolve) => {
        entry = { at: time + ms, end: resolve };
        waits.push(entry);
      });
      return { wait, cancel: () => void (waits = waits.filter((other) => other !== entry)) };
    },
    oversleep(ms) {
      time += ms;
      for (const one of waits) one.at += ms;
    },
    async pass(ms) {
      const until = time + ms;
      await settled();
      for (;;) {
        const [next] = [...waits].sort((a, b) => a.at - b.at);
        if (!next || next.at > until) break;
        waits = waits.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.end();
        await settled();
      }
      time = until;
    },
  };
}
