import { pullOnce } from '../../src/main/sync/pull.ts';
import { pushOnce } from '../../src/main/sync/push.ts';
import { RemoteError, type Remote } from '../../src/main/sync/remote.ts';
import { outboxOf } from '../support/laptop.ts';
import { decisions, matters, mishaps } from './chapters.ts';
import { Crash, crashingStore } from './faulty-line.ts';
import { checkPromises } from './promises.ts';
import { pickByWeight } from './random.ts';
import { createWorld, Violation, type ChapterOf, type Protocol, type Seat } from './world.ts';

/** What histories are about where nobody says otherwise. A file with a subject of its own runs these and its chapter. */
export const usualChapters: ChapterOf[] = [matters, decisions, mishaps];

/** What a history came to: how often each thing happened that somebody counted. */
export type Tally = Map<string, number>;

/** One random history of a firm: laptops, lost and doubled messages, crashes. Throws Violation where a promise does not hold. */
export async function runHistory(seed: number, protocol: Protocol = {}, chapterOfs = usualChapters): Promise<Tally> {
  const world = createWorld(seed, protocol);
  const { random, seats } = world;
  const chapters = chapterOfs.map((chapterOf) => chapterOf(world));
  const acts = chapters.flatMap((chapter) => chapter.acts);
  acts.push({ name: 'sync', weight: 70, run: (seat) => sync(seat, false) });
  const push = protocol.push ?? ((store, remote) => pushOnce(store, remote));
  const pull = protocol.pull ?? ((store, remote) => pullOnce(store, remote as Remote, () => 0));

  /** A round of sync that may be cut anywhere, by the line or by the laptop's death. */
  async function sync({ laptop, line }: Seat, isHealthy: boolean): Promise<void> {
    const store = isHealthy ? laptop.store : crashingStore(laptop.store, random);
    try {
      while ((await push(store, line.remote)).did === 'pushed');
      while ((await pull(store, line.remote)).more);
    } catch (error) {
      if (error instanceof Crash) laptop.reopen();
      else if (!(error instanceof RemoteError)) throw error;
    }
  }
  async function settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) for (const seat of seats) await sync(seat, true);
  }

  try {
    const steps = 25 + Math.floor(random() * 35);
    for (let step = 0; step < steps; step += 1) {
      const seat = world.pick(seats);
      if (seat) await pickByWeight(acts, random)?.run(seat);
    }
    for (const { line } of seats) line.heal();
    await settle();
    for (const { laptop } of seats) {
      const rows = outboxOf(laptop.store);
      world.count('dead', rows.filter(({ state }) => state === 'dead').length);
      const stuck = rows.find(
        (row) => row.state === 'waiting' && !rows.some((other) => other.state === 'dead' && other.entity_id === row.entity_id),
      );
      if (stuck) throw new Violation(`a ${stuck.entity} still waits in the outbox`);
    }
    // what was refused is let go by its owner, and what waited behind it goes
    for (let guard = 0; seats.some(({ laptop }) => outboxOf(laptop.store).length > 0); guard += 1) {
      if (guard > 50) throw new Violation('an outbox never empties');
      for (const { laptop } of seats) laptop.store.raw.prepare(`delete from outbox where state = 'dead'`).run();
      await settle();
    }
    checkPromises(world);
    for (const { check } of chapters) check?.();
    world.count('conflicts', world.firm.rows.get('conflict')?.size ?? 0);
    return world.counts;
  } finally {
    for (const { laptop } of seats) laptop.store.close();
  }
}
