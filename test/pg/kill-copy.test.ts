import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import { createWrite } from '../../src/main/sync/outbox.ts';
import { createPostgresDoor, createPostgresRemote } from '../../src/main/sync/postgres.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { draftPathOf, removeDraft } from '../../src/main/sync/snapshot/draft.ts';
import { ok } from '../../src/shared/result.ts';
import { makeFirmOfRows } from '../bench/firm-of-rows.ts';
import { brokenPromises } from '../support/broken-promises.ts';
import { allRows, copyInto } from '../support/copying.ts';
import { aDesk, typeAt } from '../support/desk.ts';
import { pushMatters } from '../support/firm-with-matters.ts';
import { age, findCopy, stagedRows, type Found } from '../support/kill/found-copy.ts';
import { publishingPoints, type LaptopOrder } from '../support/kill/laptop-order.ts';
import { killAll, startTypingLaptop, type TypingLaptop } from '../support/kill/typing-laptop.ts';
import { makeLaptop, must, outboxOf, storeKey, testFolder } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { seeded, type Random } from '../sim/random.ts';

/** How often a laptop is killed while it takes a copy. */
const rounds = Number(process.env['STENO_KILL_COPY_ROUNDS'] ?? (inject('postgresMajor') === null ? 6 : 4));
const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
const mostKills = 5;

const world = await createPgWorld();
const { admin } = world;
await admin.query('update auth.policy set account_attempts = 1000');
const firm = await makeFirmOfRows(admin, 'rows', 1, 4_000);
const { rows: people } = await admin.query<{ id: string }>('select user_id as id from steno."user" where firm_id = $1', [firm.firmId]);
const userId = people[0]?.id ?? '';
const connection = { ...world.connection, firmSlug: firm.slug };
const open: Remote[] = [];
afterAll(async () => {
  await killAll();
  for (const remote of open) await remote.close();
});

async function tokenFor(deviceId: string): Promise<string> {
  const door = createPostgresDoor(connection);
  const person = { email: `a@${firm.slug}.example`, password: 'nobody signs in' };
  const signedIn = await door.signIn({ firmSlug: firm.slug, ...person, deviceId, deviceName: 'x' });
  await door.close();
  return signedIn?.token ?? '';
}
async function connect(): Promise<Remote> {
  const remote = createPostgresRemote(connection, await tokenFor(freshId()));
  open.push(remote);
  return remote;
}
const colleague = await connect();
await pushMatters(colleague, 3);

async function asTheFirmHasIt(): Promise<ReturnType<typeof allRows>> {
  const fresh = makeLaptop();
  await copyInto(fresh.store, colleague, { rangeRows: 5_000 });
  const rows = allRows(fresh.store);
  fresh.store.close();
  return rows;
}
const standing = await asTheFirmHasIt();

/** A laptop through all its lives. */
interface Mortal {
  order: LaptopOrder;
  kept: string[];
  typed: number;
  broken: string[];
  /** Kills, and lives that went on with rows of the one before. */
  kills: number;
  resumed: number;
}
async function aMortal(change: Partial<LaptopOrder> = {}): Promise<Mortal> {
  const desk = aDesk();
  const path = join(testFolder(), `${freshId()}.db`);
  const token = await tokenFor(desk.deviceId);
  const order = { ...desk, path, key: storeKey, userId, token, connection, diesAt: null, ...change };
  const mortal: Mortal = { order, kept: [], typed: 0, broken: [], kills: 0, resumed: 0 };
  between(mortal, (store) => {
    store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: desk.deviceId, feedHead: 0 }).run();
  });
  return mortal;
}

/** While it is switched off. */
function between({ order }: Mortal, work: (store: Store) => void): void {
  const store = must(openStore(order.path, storeKey));
  try {
    work(store);
  } finally {
    store.close();
  }
}
/** How the next copy is published: a store with many files is not replaced. */
const ways = ['become', 'merge'] as const;
type Way = (typeof ways)[number];
function publishBy(mortal: Mortal, way: Way): void {
  between(mortal, ({ raw }) => {
    raw.exec('delete from blob');
    if (way === 'merge') raw.exec(`insert into blob (content_hash, size_bytes, uploaded, created_at) values ('f', 999000000, 1, 1)`);
  });
}
/** Work that its firm has not heard of when the copy begins. */
function writeBefore(mortal: Mortal, count: number): void {
  between(mortal, (store) => {
    const write = createWrite({ store, userId, now: Date.now, newId: freshId, onCommitted: () => undefined });
    for (let n = 0; n < count; n += 1) must(write((change) => ok({ done: typeAt(mortal.order, change, (mortal.typed += 1)) })));
    mortal.kept.push(...outboxOf(store).map(({ mutation_id: id }) => id));
  });
}

/** When a life ends: by itself at a point of the code, or by the test so long after a word. */
type Death = { point: LaptopOrder['diesAt'] } | { word: 'start' | Parameters<TypingLaptop['says']>[0]; times: number; afterMs: number };
const pickOf = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)] as T;

function aDeath(nth: number, way: Way, random: Random): Death {
  const [word, longestMs] =
    nth === 0
      ? (['progress', 10] as const)
      : pickOf(
          [
            ['start', 900],
            ['progress', 10],
            ['fetched', 60],
            ['staged', 20],
          ] as const,
          random,
        );
  if (nth % 2 === 0) return { word, times: word === 'progress' ? 3 + Math.floor(random() * 5) : 1, afterMs: random() * longestMs };
  const points = publishingPoints.filter((point) => way === 'become' || !point.startsWith('become'));
  const point = pickOf(points, random);
  return { point: { point, nth: point === 'publish: within' ? 1 + Math.floor(random() * 30) : 1 } };
}

/** One life, and what it leaves behind. */
async function live(mortal: Mortal, death: Death | null, edits = 0): Promise<Found> {
  const { order, kept } = mortal;
  const staged = stagedRows(order.path);
  const laptop = startTypingLaptop({ ...order, diesAt: death && 'point' in death ? death.point : null });
  mortal.broken.push(...((await laptop.integrity) === 'ok' ? [] : ['the store is damaged']));
  for (let n = 0; n < edits; n += 1) laptop.ask((mortal.typed += 1));
  const ends = [laptop.says('copied', 1)];
  if (death && 'word' in death)
    ends.push((death.word === 'start' ? Promise.resolve() : laptop.says(death.word, death.times)).then(() => wait(death.afterMs)));
  await Promise.race(ends);
  await laptop.kill();
  kept.push(...laptop.kept);
  const began = laptop.firstProgress();
  if (staged !== null && began !== null && began !== staged)
    mortal.broken.push(`${String(staged)} rows were fetched, and ${String(began)} gone on with`);
  if (began !== null && began > 0) mortal.resumed += 1;
  const found = findCopy(order.path, standing, kept);
  mortal.broken.push(...found.broken);
  return found;
}

/** Two last lives in peace: what is here goes to the firm, and what the first has joined comes. */
async function drain(mortal: Mortal): Promise<void> {
  for (const _life of [1, 2]) {
    const laptop = startTypingLaptop(mortal.order);
    await laptop.drained();
    await laptop.kill();
    mortal.kept.push(...laptop.kept);
  }
}

/** Killed while it takes a copy, again and again, until one is whole. */
async function dieUntilWhole(mortal: Mortal, way: Way, most: number, random: Random): Promise<void> {
  publishBy(mortal, way);
  if (random() < 0.7) writeBefore(mortal, 4);
  for (let nth = 0; nth < most; nth += 1) {
    const found = await live(mortal, aDeath(nth, way, random), random() < 0.5 ? 3 : 0);
    mortal.kills += 1;
    if (found.state === 'whole') return;
  }
  expect(await live(mortal, null)).toMatchObject({ state: 'whole' });
}

/** A first copy, and one of what other eyes saw. */
async function killRounds(lane: number, count: number, random: Random): Promise<Mortal[]> {
  const mortals: Mortal[] = [];
  for (let left = count; left > 0;) {
    const mortal = await aMortal();
    mortals.push(mortal);
    for (const turn of [0, 1]) {
      const before = mortal.kills;
      if (turn === 1) between(mortal, age);
      await dieUntilWhole(
        mortal,
        pickOf(ways, () => ((lane + turn + mortals.length) % 2) / 2),
        Math.ceil(Math.min(2 * mostKills, left) / (2 - turn)),
        random,
      );
      left -= mortal.kills - before;
    }
  }
  return mortals;
}

test(
  '[S6][S10] a laptop killed at any moment of a copy has none of it or all, goes on where it was, and loses and repeats nothing of its own',
  { timeout: 60_000 + rounds * 10_000 },
  async () => {
    const over = new AbortController();
    const atWork = (async () => {
      while (!over.signal.aborted) {
        await pushMatters(colleague, 1);
        await wait(300);
      }
    })();
    const random = [seeded(seed), seeded(seed + 1)];
    const lanes = await Promise.all(random.map((one, lane) => killRounds(lane, Math.ceil(rounds / 2), one))).finally(() => {
      over.abort();
    });
    await atWork;
    await Promise.all(
      lanes.map(async (mortals) => {
        for (const mortal of mortals) await drain(mortal);
      }),
    );
    const [mortals, atFirm] = [lanes.flat(), await asTheFirmHasIt()];
    for (const { order, kept, broken } of mortals) {
      const store = must(openStore(order.path, storeKey));
      broken.push(...(await brokenPromises(admin, order, store, kept)));
      expect(broken, `STENO_SEED=${String(seed)}`).toEqual([]);
      expect(allRows(store), `STENO_SEED=${String(seed)}`).toEqual(atFirm);
      store.close();
    }
    const sumOf = (what: 'kills' | 'resumed'): number => mortals.reduce((sum, mortal) => sum + mortal[what], 0);
    expect([sumOf('kills') >= rounds / 2, sumOf('resumed') > 0]).toEqual([true, true]);
  },
);

test('[S10] control: a copy that is put in place statement by statement is found half there', { timeout: 60_000 }, async () => {
  const mortal = await aMortal({ publishesBare: true });
  publishBy(mortal, 'merge');
  const found = await live(mortal, { point: { point: 'publish: within', nth: 20 } });
  expect(found.state).toBe('without');
  expect(found.broken).toContainEqual(expect.stringMatching(/matters without a copy/));
});

test('[S6] control: a laptop whose draft is lost with it fetches again what it had', { timeout: 60_000 }, async () => {
  const mortal = await aMortal();
  const killed = { word: 'progress', times: 5, afterMs: 0 } as const;
  await live(mortal, killed);
  const staged = stagedRows(mortal.order.path) ?? 0;
  expect([staged > 0, mortal.broken]).toEqual([true, []]);
  const laptop = startTypingLaptop(mortal.order);
  removeDraft(draftPathOf(mortal.order.path));
  await laptop.says('progress', 1);
  await laptop.kill();
  expect(laptop.firstProgress()).toBe(0);
});
