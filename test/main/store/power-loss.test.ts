import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seeded } from '../../sim/random.ts';
import { cutPower, record } from '../../support/power/cut-power.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
/** Moments at which the power goes, besides right after each acknowledgement. */
const moments = Number(process.env['STENO_POWER_CUTS'] ?? 150);
const writing = fileURLToPath(new URL('../../support/power/writing-process.ts', import.meta.url));
const copying = fileURLToPath(new URL('../../support/power/copying-process.ts', import.meta.url));

test(
  '[S1] the power goes at any moment: what was acknowledged is there, whole transactions only, and the store is sound',
  { timeout: 60_000 + moments * 1_000 },
  () => {
    const events = record(writing, 'full');
    expect(events.filter(({ what }) => what === 'said')).toHaveLength(67);
    expect(events.filter(({ what }) => what === 'sync').length).toBeGreaterThan(60);
    expect([...cutPower(events, seeded(seed), moments)], `STENO_SEED=${String(seed)}`).toEqual([]);
  },
);

test.each(['normal', 'off'] as const)('control: with synchronous=%s acknowledged work is gone', { timeout: 180_000 }, (synchronous) => {
  const [first] = cutPower(record(writing, synchronous), seeded(seed), moments);
  expect(first).toContain('acknowledged work is gone');
});

test.each(['become', 'merge'])(
  '[S6][S10] the power goes, or the process is killed, at any step of a copy that is published by %s: the store is the old one or the new one',
  { timeout: 60_000 + moments * 1_000 },
  (way) => {
    const events = record(copying, way);
    expect(events.filter(({ what }) => what === 'said')).toHaveLength(7);
    expect(events.some(({ what }) => what === 'rename')).toBe(way === 'become');
    expect([...cutPower(events, seeded(seed), moments)], `STENO_SEED=${String(seed)}`).toEqual([]);
  },
);

test('control: a copy whose new name and emptied log are not seen to the disk leaves the old store, or none', { timeout: 180_000 }, () => {
  const [first] = cutPower(record(copying, 'unsynced'), seeded(seed), moments * 2);
  expect(first).toMatch(/does not open|is damaged|acknowledged work is gone/);
});
