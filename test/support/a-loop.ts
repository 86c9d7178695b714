import { createSyncLoop, type SyncLoop } from '../../src/main/sync/loop.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import type { TestLaptop } from './laptop.ts';

type LoopInput = Parameters<typeof createSyncLoop>[0];

/** The loop of a test's laptop, on the machine's clock and timers where no others are given. A bug in it ends the test. */
export function aLoop({ store, userId }: Pick<TestLaptop, 'store' | 'userId'>, remote: Remote, change: Partial<LoopInput> = {}): SyncLoop {
  return createSyncLoop({
    store,
    remote,
    userId,
    now: Date.now,
    random: () => 0.5,
    onStatus: () => undefined,
    onPulled: () => undefined,
    transferFiles: () => undefined,
    onBug(error) {
      throw error;
    },
    ...change,
  });
}
