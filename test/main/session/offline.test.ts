import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClockMark, decideOffline, offlineDaysOf, type OfflineQuestion } from '../../../src/main/session/offline.ts';
import { laptopPolicy } from '../../../src/main/store/schema.ts';
import { makeLaptop } from '../../support/laptop.ts';

const [minute, day, year] = [60_000, 86_400_000, 365.25 * 86_400_000];
const answeredAt = Date.UTC(2026, 0, 1);
const at = (over: Partial<OfflineQuestion>): string => {
  const decided = decideOffline({
    now: answeredAt,
    answeredAt,
    seenAt: answeredAt,
    isEnded: false,
    firmDays: 7,
    fileDays: undefined,
    ...over,
  });
  return decided.ok ? 'in' : decided.error.code === 'unauthenticated' ? decided.error.reason : decided.error.code;
};

test('the shorter of what the firm and its file say holds; seven days where neither does', () => {
  const days = (firmDays: number | null, fileDays?: number): number => offlineDaysOf({ firmDays, fileDays });
  expect([days(null), days(null, 3), days(14), days(14, 3), days(2, 3), days(0, 3), days(30, 7)]).toEqual([7, 3, 14, 3, 2, 0, 7]);
});

test('the firm’s days are counted from its last answer, to the millisecond; at none the firm is always asked', () => {
  expect([at({ now: answeredAt + 7 * day }), at({ now: answeredAt + 7 * day + 1 })]).toEqual([
    'in',
    expect.stringContaining('more than seven days'),
  ]);
  expect(at({ firmDays: 1, now: answeredAt + day + 1 })).toContain('more than a day');
  expect(at({ firmDays: 0 })).toContain('does not let its laptops open without its server');
  for (const refusal of [at({ firmDays: 0 }), at({ now: answeredAt + 8 * day }), at({ isEnded: true })])
    expect(refusal).toMatch(/sign in once; your work here is kept/);
});

test('after the firm said that the session is over, it has to be asked', () => {
  expect(at({ isEnded: true })).toContain('session at the firm has ended');
});

describe('a clock that is wrong', () => {
  test('[S28] by ten years back gains nothing, and says so; the few minutes that a network corrects are forgiven', () => {
    for (const back of [10 * year, day, 6 * minute])
      expect(at({ seenAt: answeredAt + 3 * day, now: answeredAt + 3 * day - back })).toContain('was set back');
    expect(at({ seenAt: answeredAt + 3 * day, now: answeredAt + 3 * day - 4 * minute })).toBe('in');
    expect(at({ now: answeredAt - 10 * year })).toContain('was set back');
  });

  test('by ten years forward is refused, and right again once it is set right: a look at it leaves no trace', () => {
    expect(at({ now: answeredAt + 10 * year })).toContain('more than seven days');
    expect(at({ now: answeredAt + 3 * day })).toBe('in');
  });

  test('and was already when the firm answered is no matter: time counts from then', () => {
    for (const wrong of [-10 * year, 10 * year]) {
      const then = answeredAt + wrong;
      expect(at({ answeredAt: then, seenAt: then, now: then + 6 * day })).toBe('in');
      expect(at({ answeredAt: then, seenAt: then, now: then + 8 * day })).toContain('more than seven days');
    }
    // set right after the firm had answered a clock of ten years ahead: back, so the firm is asked once
    expect(at({ answeredAt: answeredAt + 10 * year, seenAt: answeredAt + 10 * year, now: answeredAt + day })).toContain('was set back');
  });

  /** Somebody changes the clock between runs; whoever is let in had run Steno for no longer than the firm's days. */
  function tryClocks(isMarked: boolean): void {
    const { store } = makeLaptop();
    store.raw.pragma('journal_mode = memory');
    store.db.insert(laptopPolicy).values({ only: 1, seenAt: answeredAt }).run();
    const step = fc.record({ runMs: fc.integer({ min: 0, max: 3 * day }), jumpMs: fc.integer({ min: -10 * year, max: 10 * year }) });
    const property = fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 30 }), (steps, firmDays) => {
      store.db.update(laptopPolicy).set({ seenAt: answeredAt }).run();
      let [now, running, ran] = [answeredAt, 0, 0];
      for (const { runMs, jumpMs } of steps) {
        const seenAt = store.db.select().from(laptopPolicy).get()?.seenAt ?? 0;
        if (at({ now, seenAt: isMarked ? seenAt : 0, firmDays }) === 'in') {
          expect(ran).toBeLessThanOrEqual(firmDays * day + steps.length * 5 * minute);
          const mark = createClockMark(store, { now: () => now }, () => running);
          mark.note();
          [now, running, ran] = [now + runMs, running + runMs, ran + runMs];
          mark.note();
        }
        // as often as not to where it was when the firm answered
        now = jumpMs % 2 === 0 ? answeredAt : now + jumpMs;
      }
    });
    fc.assert(property, { numRuns: 60, seed: Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31) });
  }

  test('[S28] whatever is done to it, nobody is let in after more running time than the firm’s days', () => tryClocks(true));
  test('control: without the mark of how far the laptop has come, a clock that is set back lets them in', () => {
    expect(() => tryClocks(false)).toThrow(/Property failed/);
  });
});

describe('the mark of how far a laptop has come', () => {
  const seen = (store: ReturnType<typeof makeLaptop>['store']): number => store.db.select().from(laptopPolicy).get()?.seenAt ?? 0;

  test('moves with the clock and never back; while Steno runs it moves although the clock stands', () => {
    const { store } = makeLaptop();
    let [now, running] = [answeredAt, 0];
    const mark = createClockMark(store, { now: () => now }, () => running);
    mark.note();
    expect(seen(store)).toBe(answeredAt);
    running += day; // the clock was stopped
    mark.note();
    expect(seen(store)).toBe(answeredAt + day);
    mark.note();
    expect(seen(store)).toBe(answeredAt + day);
    now -= 10 * year;
    running += day;
    mark.note();
    expect(seen(store)).toBe(answeredAt + 2 * day);
    now = answeredAt + 5 * day;
    mark.note();
    expect(seen(store)).toBe(answeredAt + 5 * day);
  });

  test('goes on from where an earlier run left it, and begins anew when the firm answers', () => {
    const { store } = makeLaptop();
    store.db
      .insert(laptopPolicy)
      .values({ only: 1, seenAt: answeredAt + 3 * day })
      .run();
    let running = 1000;
    const mark = createClockMark(store, { now: () => answeredAt }, () => running);
    running += day;
    mark.note();
    expect(seen(store)).toBe(answeredAt + 4 * day);
    store.db.update(laptopPolicy).set({ seenAt: answeredAt }).run();
    mark.restart();
    running += minute;
    mark.note();
    expect(seen(store)).toBe(answeredAt + minute);
  });
});
