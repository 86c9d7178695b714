import { ok } from '../../src/shared/result.ts';
import { idOf } from '../../src/main/host/ids.ts';
import type { Store } from '../../src/main/store/store.ts';
import type { WireRow } from '../../src/main/sync/entities.ts';
import type { Change } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import type { Role } from '../../src/shared/session.ts';
import { createFakeServer, type FakeFirm, type FakeServer, type FakeServerOptions } from '../support/fake-remote.ts';
import { copyLaptop, must, outboxOf, rowsOf, type TestLaptop } from '../support/laptop.ts';
import { faultyLine, type FaultyLine } from './faulty-line.ts';
import { seeded, type Random } from './random.ts';

export type Line = Pick<Remote, 'push' | 'pull'>;

/** How a laptop talks to the firm. The real one by default; a control replaces one part by a plausible wrong one. */
export interface Protocol {
  server?: FakeServerOptions;
  push?(store: Store, remote: Line): Promise<{ did: 'nothing' | 'pushed' }>;
  pull?(store: Store, remote: Line): Promise<{ more: boolean }>;
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

/** A person at a laptop. */
export interface Seat {
  n: number;
  role: Role;
  laptop: TestLaptop;
  line: FaultyLine;
}

/** Something that may happen to a seat, or that its person may do. The heavier, the more often. */
export interface Act {
  name: string;
  weight: number;
  run(seat: Seat): void | Promise<void>;
}

/** One subject of the histories: what may happen, and what must hold when all lines have healed and all outboxes are empty. */
export interface Chapter {
  acts: Act[];
  /** Throws Violation. */
  check?(): void;
}
/** Chapters keep what they need to remember in their closure: they are made anew for each history. */
export type ChapterOf = (world: World) => Chapter;

/** A firm with its laptops in one history, for acts and checks to work on. */
export interface World {
  seed: number;
  random: Random;
  pick<T>(items: readonly T[]): T | undefined;
  newId(): string;
  /** A number that nobody had before. */
  serial(): number;
  server: FakeServer;
  firm: FakeFirm;
  seats: Seat[];
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
  /** Whether this seat's laptop has to hold this row in the end. A chapter about permissions replaces it. */
  sees(seat: Seat, entity: string, entityId: string): boolean;
  /** Whether an acknowledged change that is not at the firm was kept some other way. A chapter about proposals replaces it. */
  isKeptElsewhere(one: Written): boolean;
}

export function createWorld(seed: number, protocol: Protocol): World {
  const random = seeded(seed);
  let ids = 0;
  let serial = 0;
  const newId = (): string => idOf('simulation', seed, (ids += 1));
  const server = createFakeServer({ newId, ...protocol.server });
  const firm = server.addFirm();
  const made = new Map<string, string[]>();
  const counts = new Map<string, number>();
  const seats: Seat[] = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, n) => {
    const laptop = copyLaptop(newId);
    const role = n === 0 ? 'Paralegal' : 'Attorney';
    return { n, role, laptop, line: faultyLine(server.signIn(firm, role, laptop.deviceId), random) };
  });

  const world: World = {
    seed,
    random,
    pick: (items) => items[Math.floor(random() * items.length)],
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
      const { laptop } = seat;
      const before = new Set(outboxOf(laptop.store).map(({ mutation_id }) => mutation_id));
      const shown = new Map([...made.keys()].map((entity) => [entity, rowsOf(laptop.store, entity)]));
      work(laptop.store);
      for (const { mutation_id: mutationId, entity, entity_id: entityId, op } of outboxOf(laptop.store)) {
        if (before.has(mutationId)) continue;
        const { patch } = laptop.store.raw.prepare('select patch from outbox where mutation_id = ?').get(mutationId) as { patch: string };
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
    sees: () => true,
    isKeptElsewhere: () => false,
  };
  return world;
}
