import { ok } from '../../src/shared/result.ts';
import { idOf } from '../../src/main/host/ids.ts';
import type { Store } from '../../src/main/store/store.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';
import type { Change, Mutation, Touched } from '../../src/main/sync/outbox.ts';
import type { Remote, Verdict } from '../../src/main/sync/remote.ts';
import { createFakeServer, type FakeFirm, type FakeServer, type FakeServerOptions } from '../support/fake-remote.ts';
import { must, outboxOf, rowsOf } from '../support/laptop.ts';
import { createVirtualTimers, type VirtualTimers } from '../support/virtual-timers.ts';
import { seeded, type Random } from './random.ts';
import { Crash, createSeat, type Seat } from './seat.ts';

export type { Seat } from './seat.ts';

/** A history with one part of sync replaced by a plausible wrong one: for controls, which must find a Violation. */
export interface Protocol {
  server?: FakeServerOptions;
  /** Between the firm and all lines. */
  remote?(remote: Remote, random: Random): Remote;
  /** The store that people write to, in the place of the laptop's own. */
  writesTo?(store: Store): Store;
  /** Told of each store that a loop is started on: where a control replaces pushWaiting or pullOnce. */
  onStore?(store: Store): void;
  /** Gets a line for everything that happens. */
  trace?: string[];
  /** Rests of the loop take so many times as long. */
  sluggishness?: number;
}

/** A promise of sync was broken. */
export class Violation extends Error {}

/** What somebody wrote and was told is kept. */
export interface Written {
  mutationId: string;
  laptop: number;
  entity: string;
  entityId: string;
  patch: WireRow;
  /** What the row showed before. */
  seen: WireRow;
  /** The words of an edit of a letter. */
  text: string | null;
}

/** Something that may happen to a seat in use, or that its person may do. The heavier, the more often. */
export interface Act {
  name: string;
  weight: number;
  run(seat: Seat): void | Promise<void>;
}

/** One subject of the histories: what may happen, and what must hold when all lines have healed and all outboxes are empty. */
export interface Chapter {
  acts: Act[];
  /** Each time the firm has dealt with a push, before its laptop knows. Throws Violation. */
  onPushed?(seat: Seat, batch: Mutation[], verdicts: Verdict[]): void;
  /** Each time a laptop has taken a page. Throws Violation. */
  onPulled?(seat: Seat, touched: Touched[]): void;
  /** Throws Violation. */
  check?(): void;
}
/** Chapters keep what they need to remember in their closure: they are made anew for each history. */
export type ChapterOf = (world: World) => Chapter;

/** A firm with its laptops in one history, for acts and checks to work on. */
export interface World {
  seed: number;
  random: Random;
  time: VirtualTimers;
  pick<T>(items: readonly T[]): T | undefined;
  newId(): string;
  /** A number that nobody had before. */
  serial(): number;
  server: FakeServer;
  firm: FakeFirm;
  seats: Seat[];
  /** By mutation; of one laptop in the order they were made. */
  written: Map<string, Written>;
  /** Ids of the rows that people made so far, by entity, oldest first; a refused one stays in here. */
  made(entity: string): string[];
  /** A change through `write()`, remembered as acknowledged. `text`: the words that must be in the letter in the end. */
  write(seat: Seat, work: (change: Change) => unknown, text?: string): void;
  /** The same for what reaches the outbox another way than by `world.write`. */
  record(seat: Seat, work: (store: Store) => void, text?: string): void;
  /** Counts something, so that a test can tell whether histories are idle. */
  count(what: string, by?: number): void;
  counts: Map<string, number>;
  /** A line of the trace, where somebody reads it. */
  note(what: string): void;
  /** Whether this seat's laptop has to hold this row in the end. A chapter about permissions replaces it. */
  sees(seat: Seat, entity: string, entityId: string): boolean;
  /** Whether an acknowledged change that is not at the firm was kept some other way. A chapter about proposals replaces it. */
  isKeptElsewhere(one: Written): boolean;
}

interface Watch {
  onPushed(seat: Seat, batch: Mutation[], verdicts: Verdict[]): void;
  onPulled(seat: Seat, touched: Touched[]): void;
  onBug(error: unknown): void;
}

const pickOf = <T>(items: readonly T[], random: Random): T | undefined => items[Math.floor(random() * items.length)];

export function createWorld(seed: number, protocol: Protocol, watch: Watch): World {
  const random = seeded(seed);
  const time = createVirtualTimers();
  const beganAt = time.now();
  const note = (what: string): void => void protocol.trace?.push(`${((time.now() - beganAt) / 1000).toFixed(2)} ${what}`);
  let ids = 0;
  let serial = 0;
  const newId = (): string => idOf('simulation', seed, (ids += 1));
  const server = createFakeServer({ newId, ...protocol.server });
  const firm = server.addFirm();
  const made = new Map<string, string[]>();
  const counts = new Map<string, number>();
  // some histories are calm, some are not: what only happens in bad weather must not hide what happens in good
  const fatal = pickOf([0, 0.002, 0.01], random) ?? 0;
  const lossy = pickOf([0, 0.03, 0.15], random) ?? 0;
  const seats = Array.from({ length: 2 + Math.floor(random() ** 2 * 5) }, (_, n) =>
    createSeat({
      n,
      role: n === 0 ? 'Paralegal' : 'Attorney',
      time,
      random,
      newId,
      fatal,
      lossy,
      signIn(deviceId, userId) {
        const remote = server.signIn(firm, n === 0 ? 'Paralegal' : 'Attorney', deviceId, userId);
        return protocol.remote?.(remote, random) ?? remote;
      },
      ...(protocol.writesTo ? { writesTo: protocol.writesTo } : {}),
      sluggishness: protocol.sluggishness ?? 1,
      share: seed % 3 === 0 ? 1 / 250 : 1,
      onStore: (store) => protocol.onStore?.(store),
      onDelivered(seat, call, given, answer) {
        if (call === 'push') watch.onPushed(seat, given[0] as Mutation[], answer as Verdict[]);
      },
      onPulled: (seat, touched) => watch.onPulled(seat, touched),
      onBug: (error) => watch.onBug(error),
      count: (what) => world.count(what),
      note,
    }),
  );

  const world: World = {
    seed,
    random,
    time,
    pick: (items) => pickOf(items, random),
    newId,
    serial: () => (serial += 1),
    server,
    firm,
    seats,
    written: new Map(),
    counts,
    made: (entity) => made.get(entity) ?? [],
    write: (seat, work, text) => world.record(seat, () => void must(seat.laptop.write((change) => ok({ done: work(change) }))), text),
    record(seat, work, text) {
      const { store } = seat.laptop;
      const before = new Set(outboxOf(store).map(({ mutation_id }) => mutation_id));
      const shown = new Map([...made.keys()].map((entity) => [entity, rowsOf(store, entity)]));
      try {
        work(store);
      } catch (error) {
        // it died in the middle: what reached its disk counts, for all its user knows it was kept
        if (!(error instanceof Crash)) throw error;
        world.count('crashed writes');
      }
      for (const { mutation_id: mutationId, entity, entity_id: entityId, op } of outboxOf(store)) {
        if (before.has(mutationId)) continue;
        const { patch } = store.raw.prepare('select patch from outbox where mutation_id = ?').get(mutationId) as { patch: string };
        const seen = shown.get(entity)?.get(entityId) ?? {};
        const words = entity === 'letter_update' ? (text ?? null) : null;
        world.written.set(mutationId, {
          mutationId,
          laptop: seat.n,
          entity,
          entityId,
          patch: JSON.parse(patch) as WireRow,
          seen,
          text: words,
        });
        if (op === 'insert') made.set(entity, [...(made.get(entity) ?? []), entityId]);
        world.count('writes');
      }
    },
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    note,
    sees: () => true,
    isKeptElsewhere: () => false,
  };
  return world;
}
