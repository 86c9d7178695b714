import { count, eq } from 'drizzle-orm';
import type { AppError } from '../../shared/errors.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { conflict, outbox, syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { anchorOnce, handBackAll, isAnchorDue } from './anchor.ts';
import { joinUpdates, lettersOf } from './join-updates.ts';
import type { Mutation, Touched } from './outbox.ts';
import { pullOnce } from './pull.ts';
import { pushOnce, SettleError } from './push.ts';
import { RemoteError, type Remote } from './remote.ts';
import { systemTimers, type Timers } from './timers.ts';

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
  /** Whose store it is. */
  userId: string;
  now(): number;
  /** The machine's, where none are given. */
  timers?: Timers;
  /** Pseudo-random 0..1 for the jitter, so that a hundred laptops do not come back at the same moment. */
  random(): number;
  onStatus(status: SyncStatus): void;
  onPulled(touched: Touched[]): void;
  /** The firm refused these: their rows are as they were before. */
  onTakenBack?(refused: Mutation[]): void;
  /** How many proposals wait for this person. */
  countProposals?(): number;
  /** Files to send or fetch after the rows are through; may reject with RemoteError. */
  transferFiles(): Promise<void>;
  onBug(error: unknown): AppError;
}

const backoffMs = [500, 1_000, 2_000, 5_000, 10_000, 15_000];
const idlePollMs = 30_000;
const anchorEveryMs = 60_000;
/** Behind a pooler there are no notices at all, so asking is the only way to hear of a colleague. */
const poolerPollMs = 5_000;

/** Push, then pull, then rest until something happens: a local change, a notice from the firm, or the clock. */
export function createSyncLoop(input: LoopInput): SyncLoop {
  const { store, remote, timers = systemTimers } = input;
  const stopping = new AbortController();
  let failures = 0;
  let listening = false;
  let restMs = idlePollMs;
  const edited = new Set<string>();
  let inFlight = 0;
  let restored: number | null = null;
  let anchored = { connection: Number.NaN, at: 0 };
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
    inFlight,
    proposals: input.countProposals?.() ?? 0,
    conflicts: store.db.select({ n: count() }).from(conflict).where(eq(conflict.state, 'open')).get()?.n ?? 0,
    deadLetters: store.db.select({ n: count() }).from(outbox).where(eq(outbox.state, 'dead')).get()?.n ?? 0,
    lastSyncedAt: store.db.select().from(syncState).get()?.lastSyncedAt ?? null,
    offlineSince,
    problem,
    restored,
  });
  const show = (next: SyncStatus['phase']): void => {
    phase = next;
    if (!stopping.signal.aborted) input.onStatus(status());
  };

  /** Both sides compare what they remember of each other with each new connection, and a while after something was confirmed. */
  async function anchor(connection: number, wentBack: boolean): Promise<void> {
    const isDue = connection !== anchored.connection || (isAnchorDue(store) && Math.abs(input.now() - anchored.at) > anchorEveryMs);
    if (!isDue && !wentBack) return;
    const found = await anchorOnce(store, remote, wentBack);
    anchored = { connection, at: input.now() };
    if (found.restored !== null) restored = found.restored;
  }

  async function round(): Promise<void> {
    const { connection, understands } = await remote.greet();
    await anchor(connection, false);
    await handBackAll(store, remote);
    const onSending = (count: number): void => {
      inFlight = count;
      if (count > 0 && phase !== 'offline') show(phase);
    };
    for (let did = 'pushed'; did === 'pushed' && !stopping.signal.aborted;) {
      const pushed = await pushOnce(store, remote, understands, { now: input.now, onSending });
      if (pushed.takenBack.length > 0) input.onTakenBack?.(pushed.takenBack);
      ({ did } = pushed);
    }
    await joinOldUpdates(); // of the last round; this one pulls what it came to
    for (let more = true; more && !stopping.signal.aborted;) {
      const page = await pullOnce(store, remote, input.now);
      if (page.touched.length > 0) input.onPulled(page.touched);
      for (const letterId of lettersOf(store, page.touched)) edited.add(letterId);
      if (page.wentBack) {
        await anchor(connection, true);
        await handBackAll(store, remote);
      }
      more = page.more;
    }
    await input.transferFiles();
  }

  /** Letters that were written in lately, once they have become many rows. What is refused (a legal hold) stays as it is. */
  async function joinOldUpdates(): Promise<void> {
    for (const letterId of edited) {
      edited.delete(letterId);
      await joinUpdates(store, remote, letterId, input.userId).catch((error: unknown) => {
        if (!(error instanceof RemoteError) || error.error.code !== 'forbidden') throw error;
      });
    }
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
    const timer = timers.after(ms);
    return new Promise((resolve) => {
      function done(): void {
        timer.cancel();
        wake = () => undefined;
        resolve();
      }
      wake = done;
      void timer.wait.then(done);
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
