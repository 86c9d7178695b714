import { outboxOf } from '../support/laptop.ts';
import { decisions, matters, mishaps } from './chapters.ts';
import { checkParents, checkPromises, watchOrder } from './promises.ts';
import { pickByWeight, type Random } from './random.ts';
import { createWorld, Violation, type ChapterOf, type Protocol, type World } from './world.ts';

/** What histories are about where nobody says otherwise. A file with a subject of its own runs these and its chapter. */
export const usualChapters: ChapterOf[] = [matters, decisions, mishaps];

/** What a history came to: how often each thing happened that somebody counted. */
export type Tally = Map<string, number>;

/** How soon after the network is back nothing waits any more. */
const drainMs = 2_000;
/** How soon after that everybody has heard of everything: a laptop whose notices got lost asks once a minute, or a little later. */
const hearMs = 80_000;

/**
 * One random history of a firm on a clock of its own: laptops with the real sync loop, on lines that lose, delay, repeat and reorder, with
 * crashes, closed lids and clocks that are years off. Throws Violation where a promise does not hold, and what a bug threw.
 */
export async function runHistory(seed: number, protocol: Protocol = {}, chapterOfs = usualChapters): Promise<Tally> {
  /** The first thing that went wrong where nobody could throw it at us. */
  let failure: { error: unknown } | null = null;
  const watched = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      failure ??= { error };
    }
  };
  const world = createWorld(seed, protocol, {
    onPushed: (seat, batch, verdicts) =>
      watched(() => {
        const judged = batch.map(({ entity, mutationId }, at) => `${entity} ${mutationId.slice(0, 4)} ${verdicts[at]?.verdict ?? '?'}`);
        world.note(`the firm judged of ${String(seat.n)}: ${judged.join(', ')}`);
        checkOrder(seat, batch, verdicts);
        for (const chapter of chapters) chapter.onPushed?.(seat, batch, verdicts);
      }),
    onPulled: (seat, touched) =>
      watched(() => {
        world.note(`${String(seat.n)}: took ${String(touched.length)} rows`);
        checkParents(seat, touched);
        for (const chapter of chapters) chapter.onPulled?.(seat, touched);
      }),
    onBug: (error) => void (failure ??= { error }),
  });
  const checkOrder = watchOrder(world);
  const { random, seats, time } = world;
  const chapters = chapterOfs.map((chapterOf) => chapterOf(world));
  const acts = chapters.flatMap((chapter) => chapter.acts);
  const pass = async (ms: number): Promise<void> => {
    await time.pass(ms);
    if (failure) throw failure.error;
  };

  try {
    const steps = 20 + Math.floor(random() * 30);
    for (let step = 0; step < steps; step += 1) {
      const seat = world.pick(seats.filter((one) => one.isInUse()));
      const act = seat && pickByWeight(acts, random);
      if (act) {
        world.note(`${String(seat.n)}: ${act.name}`);
        await act.run(seat);
      }
      await pass(pauseMs(random));
    }
    world.note('all heals');
    for (const seat of seats) seat.heal();
    await pass(drainMs);
    checkDrained(world);
    // what was refused is let go by its owner, and what waited behind it goes
    for (let guard = 0; ; guard += 1) {
      await pass(hearMs);
      const left = seats.filter(({ laptop }) => outboxOf(laptop.store).length > 0);
      if (left.length === 0) break;
      if (guard > 50) throw new Violation('an outbox never empties');
      for (const { laptop, loop } of left) {
        world.count('dead', laptop.store.raw.prepare(`delete from outbox where state = 'dead'`).run().changes);
        loop?.nudge();
      }
      await pass(drainMs);
      checkDrained(world);
    }
    checkPromises(world);
    for (const { check } of chapters) check?.();
    world.count('conflicts', world.firm.rows.get('conflict')?.size ?? 0);
    return world.counts;
  } finally {
    for (const seat of seats) seat.leave();
  }
}

/** People come in bursts, with breaks between them. */
function pauseMs(random: Random): number {
  const kind = random();
  if (kind < 0.5) return random() * 300;
  if (kind < 0.9) return random() * 8_000;
  return random() * 120_000;
}

function checkDrained({ seats }: World): void {
  for (const { laptop, n } of seats) {
    const rows = outboxOf(laptop.store);
    const isDead = (id: string): boolean => rows.some(({ state, entity_id }) => state === 'dead' && entity_id === id);
    const stuck = rows.find(({ state, entity_id }) => state === 'waiting' && !isDead(entity_id));
    if (stuck) throw new Violation(`a ${stuck.entity} of laptop ${String(n)} still waits ${String(drainMs)} ms after the network is back`);
  }
}

/** How a history of this seed breaks a promise, with what led to it, or null. A bug is thrown, with what repeats it. */
export async function violationOf(seed: number, protocol: Protocol = {}, chapterOfs?: ChapterOf[]): Promise<Violation | null> {
  try {
    await runHistory(seed, protocol, chapterOfs);
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw new Error(`history of seed ${String(seed)} (run it again with STENO_SIM_SEED=${String(seed)})`, { cause: error });
  }
}

/** The last that happened in a history, for a person who has to find out why. */
export async function traceOf(seed: number, chapterOfs?: ChapterOf[]): Promise<string> {
  const trace: string[] = [];
  await runHistory(seed, { trace }, chapterOfs).catch((error: unknown) => trace.push(String(error)));
  return [`STENO_SIM_SEED=${String(seed)}`, ...trace.slice(-Number(process.env['STENO_SIM_TRACE'] ?? 60))].join('\n');
}
