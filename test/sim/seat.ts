import Database from 'better-sqlite3';
import type { Role } from '../../src/shared/session.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { localMigrations, migrateStore } from '../../src/main/store/migrate.ts';
import { storeOn, type Store } from '../../src/main/store/store.ts';
import { createSyncLoop, type SyncLoop } from '../../src/main/sync/loop.ts';
import { createPortion } from '../../src/main/sync/portion.ts';
import { createWrite, type Touched } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { markCopied } from '../support/fake-snapshot.ts';
import { must, type TestLaptop } from '../support/laptop.ts';
import type { VirtualTimers } from '../support/virtual-timers.ts';
import { faultyLine, type FaultyLine } from './faulty-line.ts';
import { modelCopier } from './model-copier.ts';
import type { Random } from './random.ts';

/** The laptop died here: what was committed is on its disk, everything else is gone. */
export class Crash extends Error {}

/** A person at a laptop that syncs by itself, as the app does. */
export interface Seat {
  n: number;
  role: Role;
  /** Its store dies now and then, before a commit or after it; what a person does on it may end in a Crash. */
  laptop: TestLaptop;
  line: FaultyLine;
  /** The same session on a line that never fails. */
  direct: Remote;
  /** Null while the laptop is off. */
  loop: SyncLoop | null;
  clock: { now(): number; aheadMs: number };
  /** Whether somebody can work at it now: it is on, and open. */
  isInUse(): boolean;
  turnOff(forMs: number): void;
  /** The lid is closed: it does nothing, and its connections die. */
  sleep(forMs: number): void;
  /** It is on, awake and on a good line from now on. */
  heal(): void;
  leave(): void;
}

export interface SeatInput {
  n: number;
  role: Role;
  time: VirtualTimers;
  random: Random;
  newId(): string;
  /** Chances of a crash at each commit and answer, and of a loss on the line. */
  fatal: number;
  lossy: number;
  signIn(deviceId: string, userId: string): Remote;
  /** Wraps the store that people write to: only for a control. */
  writesTo?(store: Store): Store;
  sluggishness: number;
  /** Of what may be sent in one call: a small one makes many of it. */
  share: number;
  onStore(store: Store): void;
  onDelivered(seat: Seat, call: string, given: unknown[], answer: unknown): void;
  onPulled(seat: Seat, touched: Touched[]): void;
  onBug(error: unknown): void;
  count(what: string): void;
  /** What happened here, for who reads a trace. */
  note(what: string): void;
}

let template: Buffer | undefined;

/**
 * A new laptop's store, in memory: what a crash leaves of a file other tests see to (kill-client, power-loss), here only that what was not
 * committed is gone. Statements are compiled once for each laptop, which halves the time of a history.
 */
function newDisk(): Database.Database {
  if (template === undefined) {
    const first = new Database(':memory:');
    must(migrateStore(first, localMigrations()));
    template = first.serialize();
    first.close();
  }
  const disk = new Database(template);
  disk.pragma('foreign_keys = on');
  const compiled = new Map<string, Database.Statement>();
  const compile = disk.prepare.bind(disk);
  disk.prepare = ((sql: string) => {
    const known = compiled.get(sql);
    if (known && !known.busy) return known.reader ? known.raw(false).pluck(false) : known;
    const fresh = compile(sql);
    compiled.set(sql, fresh);
    return fresh;
  }) as typeof disk.prepare;
  return disk;
}

export function createSeat(input: SeatInput): Seat {
  const { n, role, time, random, newId } = input;
  const [deviceId, userId] = [newId(), newId()];
  const disk = newDisk();
  let isSafe = false;
  let life = 0;
  /** Set while the lid is closed. */
  let lid: { opened: Promise<void>; open(): void } | null = null;
  const happens = (chance: number): boolean => !isSafe && random() < chance;

  const whole = storeOn(disk);
  whole.db.insert(syncState).values({ only: 1, cursor: 0, deviceId, feedHead: 0 }).onConflictDoNothing().run();
  markCopied(whole, input.role); // of a firm that was empty

  function die(): void {
    if (!seat.loop) return;
    input.count('crashes');
    seat.turnOff(random() * 20_000);
  }
  function mortal(mine: number): Store {
    return {
      ...whole,
      transaction(work) {
        if (mine !== life) throw new Crash();
        const fate = isSafe ? 0.5 : random();
        try {
          const outcome = whole.transaction((db) => {
            const done = work(db);
            if (fate < input.fatal) throw new Crash();
            return done;
          });
          if (fate > 1 - input.fatal) throw new Crash();
          return outcome;
        } catch (error) {
          if (error instanceof Crash) die();
          throw error;
        }
      },
    };
  }

  const direct = input.signIn(deviceId, userId);
  const line = faultyLine({
    remote: direct,
    time,
    random,
    count: input.count,
    note: (what) => input.note(`${String(n)}: ${what}`),
    lossy: input.lossy,
    mayDie() {
      if (!happens(input.fatal)) return false;
      die();
      return true;
    },
    onDelivered: (call, given, answer) => input.onDelivered(seat, call, given, answer),
  });

  function turnOn(): void {
    const mine = life;
    const store = mortal(mine);
    input.onStore(store);
    const { laptop, clock } = seat;
    input.note(`${String(n)}: on`);
    laptop.store = store;
    laptop.write = createWrite({
      store: input.writesTo?.(store) ?? store,
      userId,
      now: clock.now,
      newId,
      onCommitted: () => seat.loop?.nudge(),
    });
    seat.loop = createSyncLoop({
      store,
      // pages stay whole: many small ones take longer than the two seconds in which all is to be through
      remote: { ...line.remote, pull: (after) => line.remote.pull(after, 200) },
      userId,
      now: clock.now,
      portion: createPortion(input.share),
      timers: {
        after(ms) {
          const timer = time.after(ms * input.sluggishness);
          const wait = (async () => {
            await timer.wait;
            while (lid) await lid.opened;
            if (mine !== life) await new Promise(() => undefined); // who waited is dead
          })();
          return { wait, cancel: () => timer.cancel() };
        },
      },
      random,
      onStatus: () => undefined,
      copier: modelCopier(store, line.remote),
      onPulled: (touched) => input.onPulled(seat, touched),
      transferFiles: () => undefined,
      onBug(error) {
        if (!(error instanceof Crash)) input.onBug(error);
        return { code: 'internal', reference: 'simulation' };
      },
    });
  }

  const seat: Seat = {
    n,
    role,
    line,
    direct,
    loop: null,
    clock: {
      aheadMs: 0,
      now: () => Math.floor(time.now() + seat.clock.aheadMs),
    },
    laptop: {
      path: ':memory:',
      userId,
      deviceId,
      store: whole,
      write: () => {
        throw new Error('the laptop is off');
      },
      reopen: () => seat.turnOff(0),
    },
    isInUse: () => seat.loop !== null && lid === null,
    turnOff(forMs) {
      if (!seat.loop) return;
      input.note(`${String(n)}: off for ${String(Math.round(forMs))} ms`);
      seat.loop = null;
      life += 1;
      line.abandon();
      const mine = life;
      void time.after(isSafe ? 0 : forMs).wait.then(() => {
        if (mine === life && !seat.loop) turnOn();
      });
    },
    sleep(forMs) {
      if (isSafe || lid) return;
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      const closed = {
        opened,
        open() {
          lid = null;
          open();
        },
      };
      lid = closed;
      line.fail('silent', forMs);
      void time.after(forMs).wait.then(() => (lid === closed ? closed.open() : undefined));
    },
    heal() {
      isSafe = true;
      lid?.open();
      line.heal();
      if (!seat.loop) turnOn();
    },
    leave() {
      life += 1;
      seat.loop = null;
      line.abandon();
      disk.close();
    },
  };
  turnOn();
  return seat;
}
