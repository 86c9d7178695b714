import { and, count, desc, eq, gte, isNotNull, like } from 'drizzle-orm';
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
  /** One job runs at a time in each lane, and of one key one at a time in all of them; the kinds that `lanes` does not name share one of their own. Of a kind without a handler, which another version of Steno knows, jobs stay where they are. */
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

/** As the queue looks at it; its payload is JSON. */
type Row = Pick<typeof job.$inferSelect, 'jobId' | 'kind' | 'dedupeKey' | 'attempts' | 'priority' | 'runAfter'> & { payload: string };

// asked several times for each job, so they are compiled once
const nextSql = `select job_id as jobId, kind, dedupe_key as dedupeKey, payload, attempts, priority, run_after as runAfter from job
  where state = 'ready' and kind = @kind and (run_after <= @now or run_after > @putOff) and (lease_until is null or lease_until <= @now or lease_until > @leased)
    and dedupe_key not in (select value from json_each(@busy))
  order by priority desc, run_after, job_id limit 1`;
const leaseSql = 'update job set lease_until = ?, attempts = ? where job_id = ?';
const doneSql = 'delete from job where job_id = ? and lease_until is not null';
const nextAtSql = `select min(run_after) as at from job where state = 'ready' and lease_until is null and kind in (select value from json_each(@kinds))
  and dedupe_key not in (select value from json_each(@busy))`;

interface Lane {
  kinds: readonly string[];
  timer: NodeJS.Timeout | undefined;
  running: Promise<void> | null;
  current: { row: Row; cancelling: AbortController } | null;
}

export function createJobs({ store, clock, log }: { store: Store; clock: Clock; log: Log }): Jobs {
  const stopping = new AbortController();
  let handlers: Record<string, JobHandler> = {};
  const laneOf = (kinds: Lane['kinds']): Lane => ({ kinds, timer: undefined, running: null, current: null });
  let lanes: Lane[] = [];
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

  const these = (kind: string, keyPrefix: string) => and(eq(job.kind, kind), like(job.dedupeKey, `${keyPrefix}%`));

  /** What jobs of any lane are about just now. Two of one key never run at once: the later would write down what it found first, and the earlier take its row for its own. */
  const busyKeys = (): string => JSON.stringify(lanes.flatMap(({ current }) => (current ? [current.row.dedupeKey] : [])));

  /** Kind by kind: of a queue of thousands the store finds each kind's next without going through the others. */
  function next(lane: Lane): Row | undefined {
    const now = clock.now();
    const times = { now, putOff: now + longestWaitMs, leased: now + leaseMs, busy: busyKeys() };
    const found = lane.kinds.flatMap((kind) => (store.compiled(nextSql).get({ kind, ...times }) as Row | undefined) ?? []);
    return found.sort((a, b) => b.priority - a.priority || a.runAfter - b.runAfter || a.jobId - b.jobId)[0];
  }
  /** When one of those that wait may run, ms; null where none waits. Those that run or wait for one that runs are looked for when it ends. */
  function nextAt({ kinds }: Lane): number | null {
    const { at } = store.compiled(nextAtSql).get({ kinds: JSON.stringify(kinds), busy: busyKeys() }) as { at: number | null };
    return at;
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

  async function runOne(current: Row, cancelled: AbortSignal): Promise<void> {
    const { jobId, kind } = current;
    jot(() => store.compiled(leaseSql).run(clock.now() + leaseMs, current.attempts + 1, jobId));
    try {
      await handlers[kind]?.(JSON.parse(current.payload), AbortSignal.any([stopping.signal, cancelled]));
      // enqueued again while it ran: the lease is gone and the job stays
      jot(() => store.compiled(doneSql).run(jobId));
    } catch (error) {
      if (stopping.signal.aborted) {
        jot(() => store.db.update(job).set({ leaseUntil: null, attempts: current.attempts }).where(eq(job.jobId, jobId)).run());
        return;
      }
      if (cancelled.aborted) return; // its row is gone, or was enqueued anew meanwhile
      const reference = error instanceof RetryLater ? 'retry later' : log.bug(`job ${kind}`, error);
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
    if (stopping.signal.aborted || lane.running) return;
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
        const later = nextAt(lane);
        if (later !== null) lane.timer = setTimeout(() => wakeLane(lane), Math.min(Math.max(50, later - clock.now()), longestWaitMs));
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
      const own = Object.keys(table).filter((kind) => !kinds.some((lane) => lane.includes(kind)));
      lanes = [own, ...kinds].map(laneOf);
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
