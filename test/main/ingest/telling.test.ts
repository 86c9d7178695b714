import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTelling } from '../../../src/main/ingest/telling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a thousand changes are told some times a second, each matter by itself, and the last of them always', () => {
  const told: string[] = [];
  let changes = 0;
  const telling = createTelling((matterId) => told.push(`${matterId} ${String(changes)}`));
  for (; changes < 1000; changes += 1) {
    telling.soon('a');
    vi.advanceTimersByTime(1);
  }
  telling.soon('b');
  vi.advanceTimersByTime(1_000);
  expect(told.length).toBeLessThan(12);
  expect(told.slice(-2)).toEqual(['a 1000', 'b 1000']);
});

test('now is now, and makes what was to be told soon needless; after the end nothing is told', () => {
  const told: string[] = [];
  const telling = createTelling((matterId) => told.push(matterId));
  telling.soon('a');
  telling.now('a');
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(['a']);
  telling.soon('a');
  telling.stop();
  telling.soon('a');
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(['a']);
});
