import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, like, lte, notInArray, or } from 'drizzle-orm';
import { ok } from '../../shared/result.ts';
import type { Clock, Log } from '../host/host.ts';
import { job } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';

/** Thrown by a handler that wants its job to run again later; anything else thrown is a bug and also tried again. */
export class RetryLater extends Error {}

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<void>;

/** Work that must happen even if the power goes: kept in the store, leased, tried again with backoff, and dead after too many attempts. */
export interface Jobs {
  /** Inside a transaction, so that the reason for a job and the job commit together. One job per kind and key. */
  enqueue(db: Db, kind: string, dedupeKey: string, payload: unknown): void;
  /** Puts a dead job back. */
  revive(kind: string, dedupeKey: string): void;
  /** These jobs of a kind go before all others of it: somebody looks at what they are about. Keys are ids, digits and colons. */
  prefer(kind: string, keyPrefix: string): void;
  /** Takes these jobs back; the one that runs is aborted. */
  cancel(kind: string, keyPrefix: string): void;
  /** How many of these jobs are still to be done, those that run now included. */
  countReady(kind: string, keyPrefix: string): number;
  /** Looks for work now. */
  wake(): void;
  /** One job runs at a time in each lane; the kinds that `lanes` does not name share one of their own. */
  start(handlers: Record<string, JobHandler>, lanes?: readonly (readonly string[])[]): void;
  /** Resolves when nothing that could run now is left. */
  idle(): Promise<void>;
  /** Running jobs are aborted and stay in the queue. */
  stop(): Promise<void>;
}

const mostAttempts = 5;
const leaseMs = 10 * 60_000;
const backoffMs = [1_000, 5_000, 30_000, 120_000];
/** Longer than any backoff: a job that waits longer was put off by a clock that has been set back since (S11), and runs now. */
const longestWaitMs = 10 * 60_000;
const afterQueueErrorMs = 5_000;

interface Lane {
  /** Null: all that no other lane has. */
  kinds: readonly string[] | null;
  timer: NodeJS.Timeout | undefined;
  running: Promise<void> | null;
  current: { row: typeof job.$inferSelect; cancelling: AbortController } | null;
}

export function createJobs({ store, clock, log }: { store: Store; clock: Clock; log: Log }): Jobs {
  const stopping = new AbortController();
  let handlers: Record<string, JobHandler> = {};
  const laneOf = (kinds: Lane['kinds']): Lane => ({ kinds, timer: undefined, running: null, current: null });
  let lanes: Lane[] = [laneOf(null)];
  let idlers: (() => void)[] = [];

  // this process holds the store's lock, so every lease found at start belongs to a run that died; a job that took
  // Steno down with it each time must not do so for ever. Where there is no room to write that, they run out by themselves.
  store.transaction((db) => {
    const leased = isNotNull(job.leaseUntil);
    db.update(job)
      .set({ state: 'dead', lastError: 'ended Steno' })
      .where(and(leased, gte(job.attempts, mostAttempts)))
      .run();
    db.update(job).set({ leaseUntil: null }).where(leased).run();
    return ok({});
  });

  const isOfLane = ({ kinds }: Lane) =>
    kinds
      ? inArray(job.kind, [...kinds])
      : notInArray(
          job.kind,
          lanes.flatMap((lane) => lane.kinds ?? []),
        );
  const these = (kind: string, keyPrefix: string) => and(eq(job.kind, kind), like(job.dedupeKey, `${keyPrefix}%`));

  function next(lane: Lane): typeof job.$inferSelect | undefined {
    const now = clock.now();
    return store.db
      .select()
      .from(job)
      .where(
        and(
          eq(job.state, 'ready'),
          isOfLane(lane),
          or(lte(job.runAfter, now), gt(job.runAfter, now + longestWaitMs)),
          or(isNull(job.leaseUntil), lte(job.leaseUntil, now), gt(job.leaseUntil, now + leaseMs)),
        ),
      )
      .orderBy(desc(job.priority), asc(job.runAfter), asc(job.jobId))
      .get();
  }

  // what the queue keeps of its own work: after a power cut a job may run once more, which each of them must bear anyhow
  const { jot } = store;

  async function runAll(lane: Lane): Promise<void> {
    for (let row = next(lane); row && !stopping.signal.aborted; row = next(lane)) {
      const cancelling = new AbortController();
      lane.current = { row, cancelling };
      await runOne(row, cancelling.signal).finally(() => (lane.current = null));
      wake(); // what it left behind may be another lane's
    }
  }

  async function runOne(current: typeof job.$inferSelect, cancelled: AbortSignal): Promise<void> {
    const handler = handlers[current.kind];
    const { jobId } = current;
    if (!handler) {
      jot(() => store.db.update(job).set({ state: 'dead', lastError: 'no handler' }).where(eq(job.jobId, jobId)).run());
      return;
    }
    jot(() =>
      store.db
        .update(job)
        .set({ leaseUntil: clock.now() + leaseMs, attempts: current.attempts + 1 })
        .where(eq(job.jobId, jobId))
        .run(),
    );
    try {
      await handler(current.payload, AbortSignal.any([stopping.signal, cancelled]));
      // enqueued again while it ran: the lease is gone and the job stays
      jot(() =>
        store.db
          .delete(job)
          .where(and(eq(job.jobId, jobId), isNotNull(job.leaseUntil)))
          .run(),
      );
    } catch (error) {
      if (stopping.signal.aborted) {
        jot(() => store.db.update(job).set({ leaseUntil: null, attempts: current.attempts }).where(eq(job.jobId, jobId)).run());
        return;
      }
      if (cancelled.aborted) return; // its row is gone, or was enqueued anew meanwhile
      const reference = error instanceof RetryLater ? 'retry later' : log.bug(`job ${current.kind}`, error);
      const dead = !(error instanceof RetryLater) && current.attempts + 1 >= mostAttempts;
      const wait = backoffMs[Math.min(current.attempts, backoffMs.length - 1)] ?? 0;
      jot(() =>
        store.db
          .update(job)
          .set({ leaseUntil: null, lastError: reference, state: dead ? 'dead' : 'ready', runAfter: clock.now() + wait })
          // enqueued again while it ran: the new request has its own attempts, and this failure is not its
          .where(and(eq(job.jobId, jobId), isNotNull(job.leaseUntil)))
          .run(),
      );
    }
  }

  function wake(): void {
    for (const lane of lanes) wakeLane(lane);
  }

  function wakeLane(lane: Lane): void {
    if (stopping.signal.aborted || lane.running || Object.keys(handlers).length === 0) return;
    clearTimeout(lane.timer);
    let hasFailed = false;
    lane.running = runAll(lane)
      .catch((error: unknown) => {
        hasFailed = true; // the store itself: a full disk must not make this loop spin
        log.bug('job queue', error);
      })
      .then(() => {
        lane.running = null;
        if (stopping.signal.aborted) return;
        if (hasFailed) {
          lane.timer = setTimeout(() => wakeLane(lane), afterQueueErrorMs);
          return;
        }
        if (next(lane)) {
          wakeLane(lane);
          return;
        }
        if (!isBusy()) {
          for (const resolve of idlers) resolve();
          idlers = [];
        }
        const later = store.db
          .select({ at: job.runAfter })
          .from(job)
          .where(and(eq(job.state, 'ready'), isOfLane(lane)))
          .orderBy(asc(job.runAfter))
          .get();
        if (later) lane.timer = setTimeout(() => wakeLane(lane), Math.min(Math.max(50, later.at - clock.now()), longestWaitMs));
      });
  }

  const isBusy = (): boolean => lanes.some((lane) => lane.running !== null || next(lane) !== undefined);

  return {
    enqueue(db, kind, dedupeKey, payload) {
      const now = clock.now();
      db.insert(job)
        .values({ kind, dedupeKey, payload, attempts: 0, runAfter: now, state: 'ready', createdAt: now })
        .onConflictDoUpdate({
          target: [job.kind, job.dedupeKey],
          set: { payload, runAfter: now, state: 'ready', attempts: 0, leaseUntil: null },
        })
        .run();
    },
    revive(kind, dedupeKey) {
      store.transaction((db) => {
        db.update(job)
          .set({ state: 'ready', attempts: 0, runAfter: clock.now() })
          .where(and(eq(job.kind, kind), eq(job.dedupeKey, dedupeKey)))
          .run();
        return ok({});
      });
      wake();
    },
    prefer(kind, keyPrefix) {
      const first = store.db.select({ is: job.priority }).from(job).where(eq(job.kind, kind)).orderBy(desc(job.priority)).get();
      store.transaction((db) => {
        db.update(job)
          .set({ priority: (first?.is ?? 0) + 1 })
          .where(these(kind, keyPrefix))
          .run();
        return ok({});
      });
    },
    cancel(kind, keyPrefix) {
      store.transaction((db) => {
        db.delete(job).where(these(kind, keyPrefix)).run();
        return ok({});
      });
      for (const { current } of lanes)
        if (current?.row.kind === kind && current.row.dedupeKey.startsWith(keyPrefix)) current.cancelling.abort();
    },
    countReady(kind, keyPrefix) {
      return (
        store.db
          .select({ n: count() })
          .from(job)
          .where(and(these(kind, keyPrefix), eq(job.state, 'ready')))
          .get()?.n ?? 0
      );
    },
    wake,
    start(table, kinds = []) {
      handlers = table;
      lanes = [laneOf(null), ...kinds.map(laneOf)];
      wake();
    },
    idle() {
      return isBusy() ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve();
    },
    async stop() {
      stopping.abort();
      for (const { timer } of lanes) clearTimeout(timer);
      for (const { running } of lanes) await running;
      for (const resolve of idlers) resolve();
    },
  };
}
