import type { Purse } from './host.ts';

/** Between two looks, ms: a hostile file takes some hundred MB a second. */
const lookMs = 20;
/** With this share of a purse taken by several together, one of them gives way: what is left is what it may still take until it is gone. */
const crowdedShare = 0.6;
/** What the last of them left behind, in idle workers or not yet given back, counts for so long, ms. */
const leftBehindMs = 20_000;

/** A task that runs. */
export interface Taker {
  purse: Purse | null;
  /** Ends it because all of the purse together took too much; resolves when its memory is free again. */
  end(why: 'crowded' | 'memory'): Promise<unknown>;
}

export interface MemoryWatch {
  began(taker: Taker): void;
  ended(taker: Taker): void;
}

/**
 * Watches what tasks that share a purse take together. Counted is what the whole process has in memory, less what it had before the first of those began that followed each other without a pause: V8's heaps, bytes, PDFium's and other
 * libraries' memory alike, and also what core itself takes meanwhile (a little is counted too much, never too little). Several that take most of the purse: the one that began last is ended,
 * as often as it needs. One alone that takes all of it: it is ended. V8's own limit is behind this, where this thread is held up.
 */
export function watchMemory(rss: () => number = () => process.memoryUsage.rss()): MemoryWatch {
  const running = new Map<string, { takers: Taker[]; beforeBytes: number; isEnding: boolean }>();
  /** Of purses of which nothing runs: what was there before, and since when. */
  const left = new Map<string, { beforeBytes: number; at: number }>();
  let timer: NodeJS.Timeout | undefined;

  function before(name: string): number {
    const last = left.get(name);
    return last && performance.now() - last.at < leftBehindMs ? Math.min(last.beforeBytes, rss()) : rss();
  }

  function look(): void {
    for (const state of running.values()) {
      const last = state.takers.at(-1);
      if (!last?.purse || state.isEnding) continue;
      const taken = (rss() - state.beforeBytes) / 2 ** 20;
      const isSeveral = state.takers.length > 1;
      if (taken <= last.purse.holdsMb * (isSeveral ? crowdedShare : 1)) continue;
      state.isEnding = true;
      void last.end(isSeveral ? 'crowded' : 'memory').finally(() => (state.isEnding = false));
    }
  }

  return {
    began(taker) {
      if (!taker.purse) return;
      const { name } = taker.purse;
      const state = running.get(name) ?? { takers: [], beforeBytes: before(name), isEnding: false };
      state.takers.push(taker);
      running.set(name, state);
      timer ??= setInterval(look, lookMs).unref();
    },
    ended(taker) {
      const name = taker.purse?.name ?? '';
      const state = running.get(name);
      if (!state?.takers.includes(taker)) return;
      state.takers.splice(state.takers.indexOf(taker), 1);
      if (state.takers.length === 0) {
        running.delete(name);
        left.set(name, { beforeBytes: state.beforeBytes, at: performance.now() });
      }
      if (running.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}
