import { count, eq } from 'drizzle-orm';
import type { AppError } from '../../shared/errors.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { conflict, outbox, syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Touched } from './outbox.ts';
import { pullOnce } from './pull.ts';
import { pushOnce, SettleError } from './push.ts';
import { RemoteError, type Remote } from './remote.ts';

export interface SyncLoop {
  /** Something waits, or somebody asked: sync now, whatever the backoff says. Resolves when that round has ended. */
  now(): Promise<SyncStatus>;
  /** A local change was committed: push soon. */
  nudge(): void;
  status(): SyncStatus;
  stop(): Promise<void>;
}

interface LoopInput {
  store: Store;
  remote: Remote;
  now(): number;
  /** Pseudo-random 0..1 for the jitter, so that a hundred laptops do not come back at the same moment. */
  random(): number;
  onStatus(status: SyncStatus): void;
  onPulled(touched: Touched[]): void;
  /** Files to send or fetch after the rows are through; may reject with RemoteError. */
  transferFiles(): Promise<void>;
  onBug(error: unknown): AppError;
}

const backoffMs = [500, 1_000, 2_000, 5_000, 10_000, 15_000];
const idlePollMs = 30_000;
/** Behind a pooler there are no notices at all, so asking is the only way to hear of a colleague. */
const poolerPollMs = 5_000;

/** Push, then pull, then rest until something happens: a local change, a notice from the firm, or the clock. */
export function createSyncLoop(input: LoopInput): SyncLoop {
  const { store, remote } = input;
  const stopping = new AbortController();
  let failures = 0;
  let listening = false;
  let restMs = idlePollMs;
  let problem: AppError | null = null;
  let phase: SyncStatus['phase'] = 'syncing';
  let offlineSince: number | null = null;
  let wake = (): void => undefined;
  let asked = true;
  let waiters: (() => void)[] = [];
  const isAsked = (): boolean => asked; // set by others while a round awaits

  const status = (): SyncStatus => ({
    phase,
    waiting: store.db.select({ n: count() }).from(outbox).where(eq(outbox.state, 'waiting')).get()?.n ?? 0,
    conflicts: store.db.select({ n: count() }).from(conflict).where(eq(conflict.state, 'open')).get()?.n ?? 0,
    deadLetters: store.db.select({ n: count() }).from(outbox).where(eq(outbox.state, 'dead')).get()?.n ?? 0,
    lastSyncedAt: store.db.select().from(syncState).get()?.lastSyncedAt ?? null,
    offlineSince,
    problem,
  });
  const show = (next: SyncStatus['phase']): void => {
    phase = next;
    if (!stopping.signal.aborted) input.onStatus(status());
  };

  async function round(): Promise<void> {
    while (!stopping.signal.aborted && (await pushOnce(store, remote)).did === 'pushed');
    for (let more = true; more && !stopping.signal.aborted;) {
      const page = await pullOnce(store, remote, input.now);
      if (page.touched.length > 0) input.onPulled(page.touched);
      more = page.more;
    }
    await input.transferFiles();
  }

  function listen(): void {
    if (listening || stopping.signal.aborted) return;
    listening = true;
    let wasHeard = false;
    remote
      .listen(() => {
        wasHeard = true;
        asked = true;
        wake();
      }, stopping.signal)
      .catch((error: unknown) => {
        // any other failure the next round meets again, and tells
        if (restMs === poolerPollMs || !(error instanceof RemoteError) || error.error.code !== 'unsupported') return;
        restMs = poolerPollMs;
        wake(); // from the long rest that has just begun
      })
      .finally(() => {
        listening = false;
        // a line that was lost is asked at once; one that never came about (no connection left, a pooler) waits for the next round
        if (wasHeard) wake();
      });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitersOfThisRound = waiters;
      waiters = [];
      asked = false;
      if (phase !== 'offline') show('syncing');
      try {
        await round();
        failures = 0;
        problem = null;
        offlineSince = null;
        listen();
        show('synced');
      } catch (error) {
        failures += 1;
        problem = error instanceof RemoteError || error instanceof SettleError ? error.error : input.onBug(error);
        if (problem.code === 'offline') offlineSince ??= input.now();
        show(problem.code === 'offline' ? 'offline' : 'stopped');
      }
      for (const resolve of waitersOfThisRound) resolve();
      if (isAsked() && failures === 0) continue;
      const base = failures === 0 ? restMs : (backoffMs[Math.min(failures - 1, backoffMs.length - 1)] ?? idlePollMs);
      await rest(base * (0.75 + input.random() / 2));
    }
    for (const resolve of waiters) resolve();
  }

  function rest(ms: number): Promise<void> {
    if (stopping.signal.aborted || waiters.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = () => undefined;
        resolve();
      }
      wake = done;
    });
  }

  const running = run();
  return {
    now() {
      if (stopping.signal.aborted) return Promise.resolve(status());
      const ended = new Promise<void>((resolve) => waiters.push(resolve));
      wake();
      return ended.then(status);
    },
    nudge() {
      if (failures > 0) {
        input.onStatus(status()); // the count of waiting changes; the backoff stands
        return;
      }
      asked = true;
      wake();
    },
    status,
    async stop() {
      stopping.abort();
      wake();
      await remote.close();
      await running;
    },
  };
}
