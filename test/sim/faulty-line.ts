import { RemoteError, type Remote } from '../../src/main/sync/remote.ts';
import type { SnapshotSource, TakeRow } from '../../src/main/sync/snapshot/source.ts';
import type { VirtualTimers } from '../support/virtual-timers.ts';
import type { Random } from './random.ts';

/** What a laptop's network does for a while. Silent: packets are lost and nobody says so. Stalled: they arrive when it is over, late. */
export type Outage = 'refused' | 'silent' | 'stalled';

export interface FaultyLine {
  remote: Remote;
  fail(outage: Outage, forMs: number): void;
  /** All calls under way end, as where the other side has restarted. */
  reset(): void;
  /** The laptop that used it is gone: nothing it waited for comes any more. What it had sent goes on. */
  abandon(): void;
  /** From now on nothing goes wrong. */
  heal(): void;
}

interface LineInput {
  remote: Remote;
  time: VirtualTimers;
  random: Random;
  /** How often a request or an answer gets lost, and how often a request arrives again later: 0 to 1. */
  lossy: number;
  /** The laptop may die while it waits, or as the answer comes. */
  mayDie(): boolean;
  /** The firm has dealt with a request, now; the laptop may not know yet, and may never. */
  onDelivered(call: string, given: unknown[], answer: unknown): void;
  count(what: string): void;
  note(what: string): void;
}

/** How long a laptop waits for an answer (`postgres.ts`). */
const callMs = 60_000;

const lost = (): RemoteError => new RemoteError({ code: 'offline', reason: 'the simulated network' });

/**
 * A line on which every call takes time, and may get lost, be answered into the void, arrive late or twice, or after calls that were made
 * later: whatever a network may do to requests of which each is one statement.
 */
export function faultyLine({ remote, time, random, lossy, mayDie, onDelivered, count, note }: LineInput): FaultyLine {
  let outage: Outage | null = null;
  let outages = 0;
  let isHealed = false;
  let life = 0;
  let connections = 0;
  const open = new Set<() => void>();
  let held: (() => void)[] = [];
  const notices = new Set<AbortController>();
  const at = (ms: number, work: () => void): void => void time.after(ms).wait.then(work);
  const happens = (chance: number): boolean => !isHealed && random() < chance;
  const latencyMs = (): number => {
    if (isHealed) return 1 + random() * 20;
    return happens(0.03) ? random() * 90_000 : 1 + random() ** 4 * 3_000; // now and then an answer nobody waits for any more
  };

  function through<T>(name: string, given: unknown[], ask: () => Promise<T>): Promise<T> {
    const mine = life;
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      const end = (settle: () => void): void => {
        if (isOver) return;
        isOver = true;
        limit.cancel();
        open.delete(fail);
        if (mine !== life || mayDie()) return;
        settle();
      };
      const fail = (): void =>
        end(() => {
          count('calls that failed');
          note(`${name} failed`);
          connections += 1;
          reject(lost());
        });
      const limit = time.after(callMs);
      void limit.wait.then(fail);
      /** Nobody answers: it ends now, when the laptop learns that the connection is dead, or when it gives up. */
      const hang = (): void => (happens(0.5) ? fail() : undefined);
      open.add(fail);
      note(`${name} asked`);
      if (mayDie()) return;
      if (outage === 'refused') {
        at(5, fail);
        return;
      }
      let isAnswered = false;
      const arrive = async (): Promise<void> => {
        if (outage === 'stalled') {
          held.push(() => void arrive());
          return;
        }
        count(isOver ? 'requests that came after their laptop gave up' : isAnswered ? 'requests that came twice' : 'requests');
        const answer = ask().then((value) => {
          onDelivered(name, given, value);
          return value;
        });
        answer.catch(() => undefined);
        if (isAnswered) return; // a copy
        isAnswered = true;
        if (happens(lossy)) at(random() * 120_000, () => void arrive());
        await answer.catch(() => undefined);
        at(latencyMs(), () => {
          if (outage === 'silent' || outage === 'stalled' || happens(lossy)) hang();
          else
            end(() => {
              note(`${name} answered`);
              resolve(answer);
            });
        });
      };
      at(latencyMs(), () => {
        if (outage === 'silent' || happens(lossy)) hang();
        else void arrive();
      });
    });
  }

  /** Notices take their time too, and a line that went silent stays so after the network is back, until the system finds out. */
  function listen(onPush: () => void, signal: AbortSignal): Promise<void> {
    const mine = life;
    if (outage !== null || happens(lossy)) return through('listen', [], () => Promise.reject(lost()));
    const inner = new AbortController();
    notices.add(inner);
    signal.addEventListener('abort', () => inner.abort(), { once: true });
    void remote.listen(() => {
      const isDeaf = outage !== null;
      at(latencyMs(), () => (mine === life && !isDeaf && !inner.signal.aborted ? onPush() : undefined));
    }, inner.signal);
    return new Promise((_, reject) =>
      inner.signal.addEventListener('abort', () => (mine === life ? reject(lost()) : undefined), { once: true }),
    );
  }
  const dropNotices = (): void => {
    for (const inner of notices) inner.abort();
    notices.clear();
  };
  const reset = (): void => {
    for (const fail of open) fail();
    dropNotices();
  };
  const over = (): void => {
    outage = null;
    reset();
    const late = held;
    held = [];
    for (const arrive of late) at(latencyMs(), arrive);
  };

  const calls: Partial<Record<keyof Remote, unknown>> = {
    pull: (after: number, most: number) => through('pull', [after], () => remote.pull(after, Math.min(most, 3))),
    greet: () =>
      through('greet', [], () => remote.greet()).then((greeting) => ({
        ...greeting,
        connection: connections * 1_000 + greeting.connection,
      })),
    listen,
    snapshot: () => faultySource(remote.snapshot(), through, happens, lossy),
    reconnect: reset,
    close: () => Promise.resolve(),
  };
  const line = new Proxy(remote, {
    get(target, name: keyof Remote) {
      const method: unknown = target[name];
      if (name in calls || typeof method !== 'function') return calls[name] ?? method;
      const ask = method as (...given: unknown[]) => Promise<unknown>;
      return (...given: unknown[]) => through(name, given, () => ask(...structuredClone(given)));
    },
  });
  return {
    remote: line,
    fail(next, forMs) {
      if (isHealed) return;
      outage = next;
      note(`${next} for ${String(Math.round(forMs))} ms`);
      const mine = (outages += 1);
      at(forMs, () => (mine === outages ? over() : undefined));
    },
    reset,
    abandon() {
      life += 1;
      open.clear();
      dropNotices();
    },
    heal() {
      isHealed = true;
      outages += 1; // none that is under way ends any more
      over();
    },
  };
}

/** A snapshot over that line: what is cut within a range has brought some of its rows. */
function faultySource(
  source: SnapshotSource,
  through: <T>(name: string, given: unknown[], ask: () => Promise<T>) => Promise<T>,
  happens: (chance: number) => boolean,
  lossy: number,
): SnapshotSource {
  return {
    plan: () => through('plan', [], () => source.plan()),
    count: (entities, seen) => through('count', [], () => source.count(entities, seen)),
    prepare: () => source.prepare(),
    async latest(most, also, take, onListed) {
      const changes: (Parameters<typeof take>[0] | 'listed')[] = [];
      await through('latest', [most, also], () =>
        source.latest(
          most,
          also,
          (change) => void changes.push(structuredClone(change)),
          () => void changes.push('listed'),
        ),
      );
      for (const change of changes) {
        if (happens(lossy / 3)) throw lost();
        if (change === 'listed') onListed();
        else take(change);
      }
    },
    async read(range, take) {
      const rows: Parameters<TakeRow>[] = [];
      const came = await through('read', [range], () =>
        source.read(range, (values, unknown) => void rows.push([structuredClone(values), unknown])),
      );
      for (const [values, unknown] of rows) {
        if (happens(lossy / 3)) throw lost();
        take(values, unknown);
      }
      return came;
    },
    pull: (after, most) => through('pull', [after], () => source.pull(after, Math.min(most, 3))),
    close: () => Promise.resolve(),
  };
}
