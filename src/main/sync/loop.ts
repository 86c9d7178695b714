import type { AppError } from '../../shared/errors.ts';
import type { CopyProgress, SyncStatus } from '../../shared/sync.ts';
import { syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { anchorOnce, handBackAll, isAnchorDue } from './anchor.ts';
import { joinUpdates, lettersOf } from './join-updates.ts';
import { newest, waitingCount, type Mutation, type Touched } from './outbox.ts';
import { attended, createNoticeBudget, jittered, restMs, type Activity, type NoticeBudget } from './pace.ts';
import { createPortion, type Portion } from './portion.ts';
import { hasNoCopy, noCopy, pullOnce } from './pull.ts';
import { pushWaiting, SettleError } from './push.ts';
import { RemoteError, type Greeting, type Remote } from './remote.ts';
import { takeFirstLook } from './snapshot/first-look.ts';
import type { Published } from './snapshot/publish.ts';
import type { SnapshotSource } from './snapshot/source.ts';
import type { Progress } from './snapshot/stage.ts';
import { createCopier, dropSnapshot, stageHere, type Copier } from './snapshot/take.ts';
import { createNap, systemTimers, type Timers } from './timers.ts';

export interface SyncLoop {
  /** Something waits, or somebody asked: sync now, whatever the backoff says. Resolves when that round has ended. */
  now(): Promise<SyncStatus>;
  /** A local change was committed: push soon. */
  nudge(): void;
  /** Who looks here and with whom: it decides how often the firm is asked where it cannot speak first. */
  setActivity(activity: Activity): void;
  /** The network is another, or the machine slept: what stands is given up and the firm asked at once. */
  reconnect(): void;
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
  /** Only for a control: another measure of what notices may drive. */
  budget?: NoticeBudget;
  /** How much of a full batch or page goes at once; for histories that want many small ones. */
  portion?: Portion;
  /** Pseudo-random 0..1 for the jitter, so that a hundred laptops do not come back at the same moment. */
  random(): number;
  onStatus(status: SyncStatus): void;
  onPulled(touched: Touched[]): void;
  /** A whole copy of the firm is in the place of what was here. */
  onCopied?(published: Published): void;
  /** Takes such a copy; all in this process where none is given. */
  copier?: Copier;
  /** The firm refused these: their rows are as they were before. */
  onTakenBack?(refused: Mutation[]): void;
  /** How many proposals wait for this person. */
  countProposals?(): number;
  /** The rows are through, so there is a line: files may go on. Not waited for. */
  transferFiles(): void;
  onBug(error: unknown): AppError;
}

const backoffMs = [500, 1_000, 2_000, 5_000, 10_000, 15_000];
/** Without a line, while something waits: knocking costs next to nothing, and what waits is at the firm two seconds after the line is back (R3). */
const knockMs = [250, 500, 1_000];
const anchorEveryMs = 60_000;
/** A whole round at least so often, whatever the cheap question says: for all that only rounds do. */
const wholeRoundMs = 60_000;
/** A rest is taken in pieces, and a clock that went on by more than a piece says that the machine slept meanwhile. */
const pieceMs = 5_000;
const sleptMs = 10_000;
const reconnectApartMs = 2_000;
/** Copies that one round takes: where the firm goes on changing what may be seen, the rest waits for the backoff. */
const mostCopies = 3;

/** Push, then pull, then rest until something happens: a local change, a notice from the firm, or the clock. */
export function createSyncLoop(input: LoopInput): SyncLoop {
  const { store, remote, timers = systemTimers, budget = createNoticeBudget(input.now), portion = createPortion() } = input;
  const stopping = new AbortController();
  const nap = createNap(timers);
  const inPortions: Remote = { ...remote, pull: (after, most) => remote.pull(after, portion.of(most)) };
  const copier =
    input.copier ??
    createCopier(
      store,
      stageHere(() => remote.snapshot()),
    );
  let failures = 0;
  /** Whether this rest without a line is a short one, because something waits. */
  let knocks = false;
  let isListening = false;
  let hasNotices = false;
  let activity = attended;
  let lastRoundAt = input.now();
  let lastNewsAt = input.now();
  /** Of this round. */
  let hasNews = false;
  let reconnectedAt = Number.NEGATIVE_INFINITY;
  /** The cheap question is no reason to write to the disk, so this is kept here until the next round. */
  let askedAt: number | null = null;
  const edited = new Set<string>();
  let inFlight = 0;
  let restored: number | null = null;
  let copy: CopyProgress | null = null;
  let anchored = { connection: Number.NaN, at: 0 };
  let problem: AppError | null = null;
  let phase: SyncStatus['phase'] = 'syncing';
  let offlineSince: number | null = null;
  /** Something to send, or a reason to look: a round is wanted. */
  let asked = true;
  /** The firm gave notice of something that no pull has begun after. */
  let noticed = false;
  let waiters: ((end: SyncStatus) => void)[] = [];
  const isAsked = (): boolean => asked; // set by others while a round awaits
  const isWanted = (): boolean => asked || (noticed && budget.waitMs() === 0);

  // asked for with every round and every key pressed without a line, so it is one statement, compiled once
  const countSql = `select ${waitingCount} as waiting,
    (select count(*) from outbox where state = 'dead') as "deadLetters",
    (select count(*) from conflict where state = 'open') as conflicts,
    (select last_synced_at from sync_state) as "lastSyncedAt",
    (select ${noCopy} from sync_state) as "isPartial"`;
  const status = (): SyncStatus => {
    const counted = store.compiled(countSql).get() as Pick<SyncStatus, 'waiting' | 'conflicts' | 'deadLetters' | 'lastSyncedAt'> & {
      isPartial: number;
    };
    const lastSyncedAt = latest(counted.lastSyncedAt, askedAt);
    const proposals = input.countProposals?.() ?? 0;
    const isPartial = counted.isPartial === 1;
    return { phase, ...counted, inFlight, proposals, lastSyncedAt, offlineSince, problem, restored, copy, isPartial };
  };
  const news = (): void => {
    lastNewsAt = input.now();
    hasNews = true;
  };
  const show = (next: SyncStatus['phase']): void => {
    phase = next;
    if (!stopping.signal.aborted) input.onStatus(status());
  };

  /** Both sides compare what they remember of each other with each new connection, and a while after something was confirmed. */
  async function anchor(connection: number, wentBack: boolean): Promise<void> {
    const isDue = connection !== anchored.connection || (isAnchorDue(store) && sinceMs(anchored.at) > anchorEveryMs);
    if (!isDue && !wentBack) return;
    const found = await anchorOnce(store, remote, wentBack);
    anchored = { connection, at: input.now() };
    if (found.restored === null) return;
    restored = found.restored;
    dropSnapshot(store);
  }

  async function round(): Promise<void> {
    const first = hasNoCopy(store) ? remote.snapshot() : null;
    const stop = (): void => void first?.close();
    stopping.signal.addEventListener('abort', stop);
    try {
      first?.prepare().catch(() => undefined); // connects meanwhile; what ails it the look meets again
      await roundFrom(first);
    } finally {
      stopping.signal.removeEventListener('abort', stop);
      await first?.close();
    }
  }

  /** `first`: of whom a store that has no copy of the firm yet asks for a first look. */
  async function roundFrom(first: SnapshotSource | null): Promise<void> {
    const { connection, understands } = await remote.greet();
    await anchor(connection, false);
    await handBackAll(store, remote);
    await pushAll(understands);
    await joinOldUpdates(); // of the last round; this one pulls what it came to
    if (hasNoCopy(store)) await copyAnew('first', understands, first);
    let copies = 0;
    for (let more = true; more && !stopping.signal.aborted;) {
      noticed = false; // what was noticed until here this page brings: the notice of one's own push is no reason for a second round
      const page = await portion.carry(pullOnce(store, inPortions, input.now));
      if (page.touched.length > 0) {
        news();
        input.onPulled(page.touched);
      }
      for (const letterId of lettersOf(store, page.touched)) edited.add(letterId);
      if (page.wentBack) {
        await anchor(connection, true);
        await handBackAll(store, remote);
      }
      if (page.stale) {
        copies += 1;
        if (copies > mostCopies)
          throw new RemoteError({ code: 'offline', reason: 'What you may see is being changed at the firm. Steno tries again.' });
        await copyAnew(page.stale, understands);
      }
      more = page.more || page.stale !== null;
    }
    portion.grow();
    input.transferFiles();
  }

  /**
   * Sends all that waits now; whether there was anything. What is written meanwhile goes with the next round: who writes without a pause,
   * as an import does, would else never be told what colleagues write.
   */
  async function pushAll(understands: Greeting['understands']): Promise<boolean> {
    const onSending = (count: number): void => {
      inFlight = count;
      if (count > 0 && phase !== 'offline') show(phase);
    };
    const watch = { now: input.now, onSending, onSettled: news, portion: portion.of, upTo: newest(store), signal: stopping.signal, timers };
    let hasSent = false;
    for (let did = 'pushed'; did === 'pushed' && !stopping.signal.aborted;) {
      const pushed = await portion.carry(pushWaiting(store, remote, understands, watch));
      ({ did } = pushed);
      if (did === 'pushed') hasSent = true;
      if (pushed.takenBack.length > 0) input.onTakenBack?.(pushed.takenBack);
    }
    return hasSent;
  }

  /** The feed cannot mend this store: a whole copy takes its place. What the user does meanwhile goes to the firm as ever. */
  async function copyAnew(
    why: CopyProgress['why'],
    understands: Greeting['understands'],
    lookAt: SnapshotSource | null = null,
  ): Promise<void> {
    let shown = -1;
    const onProgress = ({ done, total, isResumed }: Progress): void => {
      copy = { why, done, total, isResumed };
      const percent = total === 0 ? 0 : Math.floor((done * 100) / total);
      if (percent === shown) return;
      shown = percent;
      show('syncing');
    };
    copy = { why, done: 0, total: 0, isResumed: false };
    show('syncing');
    try {
      // asked first; who fetches the rest takes longer to begin than the matters take to be listed
      const look = lookAt && takeFirstLook(store, lookAt, input.now, (touched) => input.onPulled(touched));
      const sendUntil = async (fetched: Promise<unknown>): Promise<boolean> => {
        for (const begun of [fetched, look]) begun?.catch(() => undefined); // while nobody waits for it yet
        await look;
        return pushUntil(fetched, understands);
      };
      const published = await copier({ now: input.now, signal: stopping.signal, onProgress, sendUntil });
      news();
      copy = null;
      input.onCopied?.(published);
    } finally {
      copy = null;
    }
  }

  async function pushUntil(over: Promise<unknown>, understands: Greeting['understands']): Promise<boolean> {
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
      nap.wake();
    };
    over.then(end, end);
    const goesOn = (): boolean => !ended.signal.aborted && !stopping.signal.aborted;
    let hasSent = false;
    while (goesOn()) {
      asked = false;
      if (await pushAll(understands)) hasSent = true;
      if (goesOn() && !isAsked()) await nap.sleep(pieceMs);
    }
    return hasSent;
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

  /** The cheap question between two rounds. */
  async function isBehind(): Promise<boolean> {
    const head = await remote.feedHead();
    askedAt = input.now();
    return head !== (store.db.select().from(syncState).get()?.cursor ?? 0);
  }

  function listen(): void {
    if (isListening || stopping.signal.aborted) return;
    isListening = true;
    remote
      .listen(() => {
        hasNotices = true;
        noticed = true;
        if (isWanted()) nap.wake(); // else the rest under way ends when it may
      }, stopping.signal)
      .catch(() => undefined) // behind a pooler there are none; any other failure the next round meets again, and tells
      .finally(() => {
        isListening = false;
        if (!hasNotices) return; // it never came about: the next round tries again
        hasNotices = false;
        asked = true; // what was said since the line was lost
        nap.wake();
      });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitersOfThisRound = waiters;
      waiters = [];
      let isDriven = false;
      try {
        const isRoundDue = isWanted() || waitersOfThisRound.length > 0 || failures > 0 || sinceMs(lastRoundAt) >= wholeRoundMs;
        asked = false;
        hasNews = false;
        isDriven = noticed;
        if (isRoundDue || (await isBehind())) {
          if (phase !== 'offline') show('syncing');
          lastRoundAt = input.now();
          await round();
          failures = 0;
          problem = null;
          offlineSince = null;
          listen();
          show('synced');
        }
      } catch (error) {
        failures += 1;
        problem = error instanceof RemoteError || error instanceof SettleError ? error.error : input.onBug(error);
        if (problem.code === 'offline') offlineSince ??= input.now();
        show(problem.code === 'offline' ? 'offline' : 'stopped');
      }
      if (isDriven) budget.spend(hasNews);
      // as it is now: the next round may begin before who waits is told
      const end = status();
      for (const resolve of waitersOfThisRound) resolve(end);
      if (isWanted() && failures === 0) continue;
      await rest(jittered(failures === 0 ? calmRestMs() : failedRestMs(), input.random()));
    }
    for (const resolve of waiters) resolve(status());
  }

  const calmRestMs = (): number => restMs(activity, hasNotices, sinceMs(lastNewsAt));
  function failedRestMs(): number {
    knocks = problem?.code === 'offline' && status().waiting > 0;
    const steps = knocks ? knockMs : backoffMs;
    return steps[Math.min(failures, steps.length) - 1] ?? wholeRoundMs;
  }
  /** Either way: a clock that was set back makes nothing wait for it. */
  const sinceMs = (at: number): number => Math.abs(input.now() - at);

  async function rest(ms: number): Promise<void> {
    // who wakes it between two pieces finds nobody asleep, so what they want is looked for before each
    const isOver = (): boolean => stopping.signal.aborted || waiters.length > 0 || (failures === 0 && isWanted());
    for (let left = ms; left > 0 && !isOver();) {
      const piece = Math.min(left, pieceMs, budget.waitMs() || pieceMs); // nobody wakes it for a notice that came too soon
      left -= piece;
      const began = input.now();
      if (await nap.sleep(piece)) return;
      if (input.now() - began < piece + sleptMs) continue;
      reconnect();
      return;
    }
  }

  function reconnect(): void {
    if (sinceMs(reconnectedAt) < reconnectApartMs) return; // several windows say the same
    reconnectedAt = input.now();
    remote.reconnect();
    asked = true;
    nap.wake();
  }

  const running = run();
  return {
    now() {
      if (stopping.signal.aborted) return Promise.resolve(status());
      const ended = new Promise<SyncStatus>((resolve) => waiters.push(resolve));
      nap.wake();
      return ended;
    },
    nudge() {
      asked = true; // also while a round is under way that may be the first to succeed again
      if (failures === 0 || (problem?.code === 'offline' && !knocks)) nap.wake();
      else input.onStatus(status()); // the count of waiting changes; the backoff stands
    },
    setActivity(next) {
      const before = calmRestMs();
      activity = next;
      // who comes back, or is joined, does not wait for the end of a long rest
      if (failures === 0 && calmRestMs() < before) nap.wake();
    },
    reconnect,
    status,
    async stop() {
      stopping.abort();
      nap.wake();
      await remote.close();
      await running;
    },
  };
}

const latest = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.max(a, b));
