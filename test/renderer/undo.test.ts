import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { doUnlessUndone, forgetTold } from '../../src/renderer/ui/undo.tsx';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('what can be undone is done once its time is over', () => {
  const action = vi.fn();
  doUnlessUndone('Discarded.', action);
  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(action).toHaveBeenCalledOnce();
});

test('another person came to the window meanwhile: nothing is done in her name', () => {
  const action = vi.fn();
  doUnlessUndone('Discarded.', action);
  forgetTold();
  vi.advanceTimersByTime(60_000);
  expect(action).not.toHaveBeenCalled();
});
