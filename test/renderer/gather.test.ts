import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gathered } from '../../src/renderer/gather.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a burst is one, done when it pauses', () => {
  const act = vi.fn<() => void>();
  const more = gathered(act, { quietMs: 300, atLastMs: 2_500 });
  for (let nth = 0; nth < 5; nth += 1) {
    more();
    vi.advanceTimersByTime(100);
  }
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10_000);
  expect(act).toHaveBeenCalledTimes(1);
});

test('what never pauses is done again and again all the same', () => {
  const act = vi.fn<() => void>();
  const more = gathered(act, { quietMs: 300, atLastMs: 2_500 });
  for (let ms = 0; ms < 10_100; ms += 100) {
    more();
    vi.advanceTimersByTime(100);
  }
  expect(act).toHaveBeenCalledTimes(4);
  vi.advanceTimersByTime(300);
  expect(act).toHaveBeenCalledTimes(5);
});

test('nothing is done after it was stopped', () => {
  const act = vi.fn<() => void>();
  const more = gathered(act, { quietMs: 300, atLastMs: 2_500 });
  more();
  more.stop();
  vi.advanceTimersByTime(10_000);
  expect(act).not.toHaveBeenCalled();
});
