import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jittered, restMs } from '../../../src/main/sync/pace.ts';

const activity = fc.record({ isHidden: fc.boolean(), isOnBattery: fc.boolean(), isShared: fc.boolean() });
const sinceNews = fc.nat({ max: 10_000_000 });
const seed = Number(process.env['STENO_SEED'] ?? Date.now());
const holds = (property: fc.IProperty<unknown[]>): void => fc.assert(property as fc.IProperty<[unknown]>, { seed, numRuns: 2_000 });

test('a rest is between three quarters of a second and 75 seconds, whoever looks', () => {
  holds(
    fc.property(activity, fc.boolean(), sinceNews, fc.double({ min: 0, max: 1, noNaN: true }), (who, hasNotices, ms, random) => {
      const rest = jittered(restMs(who, hasNotices, ms), random);
      expect(rest).toBeGreaterThanOrEqual(750);
      expect(rest).toBeLessThanOrEqual(75_000);
    }),
  );
});

test('more reason to ask is never a longer rest', () => {
  holds(
    fc.property(activity, fc.boolean(), sinceNews, sinceNews, (who, hasNotices, ms, more) => {
      const rest = restMs(who, hasNotices, ms);
      expect(restMs({ ...who, isShared: true }, hasNotices, ms)).toBeLessThanOrEqual(rest);
      expect(restMs({ ...who, isHidden: false }, hasNotices, ms)).toBeLessThanOrEqual(rest);
      expect(restMs({ ...who, isOnBattery: false }, hasNotices, ms)).toBeLessThanOrEqual(rest);
      expect(restMs(who, false, ms)).toBeLessThanOrEqual(restMs(who, true, ms));
      expect(restMs(who, hasNotices, ms + more)).toBeGreaterThanOrEqual(rest);
    }),
  );
});

test('the figures that SPEC.md names', () => {
  const calm = { isHidden: false, isOnBattery: false, isShared: false };
  expect(restMs(calm, true, 0)).toBe(60_000);
  expect([0, 29_999, 30_000, 299_999, 300_000].map((ms) => restMs(calm, false, ms))).toEqual([1_000, 1_000, 5_000, 5_000, 15_000]);
  expect([0, 30_000, 300_000].map((ms) => restMs({ ...calm, isOnBattery: true }, false, ms))).toEqual([5_000, 15_000, 60_000]);
  expect(restMs({ ...calm, isShared: true }, false, 1e9)).toBe(1_000);
  expect(restMs({ ...calm, isShared: true, isHidden: true }, false, 0)).toBe(60_000);
});
