import { expect, test } from 'vitest';
import type { Remote } from '../../src/main/sync/remote.ts';
import { compactFakeFeed, hideFrom } from '../support/fake-snapshot.ts';
import { runHistory, usualChapters, violationOf } from './history.ts';
import type { Chapter, ChapterOf, World } from './world.ts';

const histories = Number(process.env['STENO_SIM_HISTORIES'] ?? 1_500) / 10;

/** The firm compacts its feed, laptops are away for months, and what a person may see changes back and forth. */
const sight: ChapterOf = (world: World): Chapter => {
  const hidden = new Set<number>();
  world.sees = (seat, entity) => !(entity === 'conflict' && hidden.has(seat.n));
  const userOf = async (n: number): Promise<string> => (await world.seats[n]?.direct.whoami())?.userId ?? '';
  return {
    acts: [
      { name: 'compact the feed', weight: 4, run: () => compactFakeFeed(world.firm, world.firm.feed.length) },
      { name: 'months away', weight: 2, run: (seat) => seat.turnOff(world.random() * 90 * 86_400_000) },
      {
        name: 'see other rows',
        weight: 5,
        async run({ n }) {
          if (!hidden.delete(n)) hidden.add(n);
          hideFrom(world.firm, await userOf(n), hidden.has(n) ? ['conflict'] : []);
          world.count('changed sights');
        },
      },
    ],
  };
};

test(
  '[S6][S10][S30] months away, a compacted feed, other rows to be seen: every laptop ends with what its user may see, and nothing acknowledged is lost',
  { timeout: 120_000 + histories * 1_000 },
  async () => {
    let changed = 0;
    for (let seed = 1; seed <= histories; seed += 1) {
      const violation = await violationOf(seed, {}, [...usualChapters, sight]);
      expect(violation?.message, `STENO_SIM_SEED=${String(seed)}`).toBeUndefined();
      if (seed <= 10) changed += (await runHistory(seed, {}, [...usualChapters, sight])).get('changed sights') ?? 0;
    }
    expect(changed).toBeGreaterThan(3);
  },
);

test(
  '[S30] control: a firm that never says that a view has changed leaves rows on laptops, or keeps them from them',
  { timeout: 120_000 },
  async () => {
    const remote = (line: Remote): Remote => {
      let first: string | null = null;
      return {
        ...line,
        async pull(after, most) {
          const page = await line.pull(after, most);
          return { ...page, view: (first ??= page.view) };
        },
      };
    };
    const messages: string[] = [];
    for (let seed = 1; seed <= 150 && messages.length === 0; seed += 1) {
      const violation = await violationOf(seed, { remote }, [...usualChapters, sight]);
      if (violation) messages.push(violation.message);
    }
    expect(messages[0]).toMatch(/rows of conflict/);
  },
);
