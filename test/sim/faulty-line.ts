import type { Mutation } from '../../src/main/sync/outbox.ts';
import { RemoteError, type Remote } from '../../src/main/sync/remote.ts';
import type { Store } from '../../src/main/store/store.ts';

/** The laptop died here: what was committed is on its disk, everything else is gone. */
export class Crash extends Error {}

/** Pseudo-random 0..1, the same for the same seed. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface FaultyLine {
  remote: Pick<Remote, 'push' | 'pull'>;
  /** A copy of an earlier request that the network held back arrives now, long after everybody forgot it. */
  deliverLate(): Promise<void>;
  heal(): void;
}

const lost = (): RemoteError => new RemoteError({ code: 'offline', reason: 'the simulated network' });

/** A line that loses requests, loses replies, delivers twice, and delivers again much later. */
export function faultyLine(remote: Remote, random: Random): FaultyLine {
  let isHealed = false;
  const held: Mutation[][] = [];
  async function through<T>(call: () => Promise<T>): Promise<T> {
    const fate = isHealed ? 1 : random();
    if (fate < 0.12) throw lost();
    const reply = await call();
    if (fate < 0.27) throw lost();
    return fate < 0.35 ? call() : reply;
  }
  return {
    remote: {
      push(batch) {
        if (!isHealed && random() < 0.1) held.push(structuredClone(batch));
        return through(() => remote.push(batch));
      },
      pull: (after, most) => through(() => remote.pull(after, Math.min(most, 3))),
    },
    async deliverLate() {
      const batch = held.shift();
      if (batch) await remote.push(batch);
    },
    heal: () => void (isHealed = true),
  };
}

/** A store whose process may die just before or just after a commit. */
export function crashingStore(store: Store, random: Random): Store {
  return {
    ...store,
    transaction(work) {
      const fate = random();
      const outcome = store.transaction((db) => {
        const done = work(db);
        if (fate < 0.04) throw new Crash();
        return done;
      });
      if (fate > 0.96) throw new Crash();
      return outcome;
    },
  };
}
