import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchMemory, type Taker } from '../../../src/main/host/worker-memory.ts';

const purse = { name: 'reading', holdsMb: 480 };
let takenMb = 0;
let ended: string[] = [];
const memory = () => watchMemory(() => takenMb * 2 ** 20);

function taker(name: string, from = purse): Taker {
  return {
    purse: from,
    end: (why) => {
      ended.push(`${name}: ${why}`);
      return Promise.resolve();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  [takenMb, ended] = [300, []];
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

async function look(mb: number): Promise<void> {
  takenMb = mb;
  await vi.advanceTimersByTimeAsync(100);
}

test('several that take most of the purse: the one that began last gives way, and again while it is so; what was there before is not theirs', async () => {
  const watch = memory();
  const [a, b] = [taker('a'), taker('b')];
  watch.began(a);
  watch.began(b);
  await look(300 + 287);
  expect(ended).toEqual([]);
  await look(300 + 289);
  expect(new Set(ended)).toEqual(new Set(['b: crowded']));
  watch.ended(b);
  ended = [];
  await look(300 + 479);
  expect(ended).toEqual([]);
  await look(300 + 481);
  expect(new Set(ended)).toEqual(new Set(['a: memory']));
  watch.ended(a);
});

test('nobody is ended while one is on its way out: its memory is not free before', async () => {
  const watch = memory();
  let isGone = (): void => undefined;
  const [a, b] = [taker('a'), { purse, end: () => (ended.push('b'), new Promise<void>((resolve) => (isGone = resolve))) }];
  watch.began(a);
  watch.began(b);
  await look(300 + 600);
  watch.ended(b);
  await look(300 + 600);
  expect(ended).toEqual(['b']);
  isGone();
  await look(300 + 600);
  expect(ended).toContain('a: memory');
  watch.ended(a);
});

test('what the last ones left behind counts for those that follow at once, and for nobody later', async () => {
  const watch = memory();
  const [a, b, c] = [taker('a'), taker('b'), taker('c')];
  watch.began(a);
  await look(300 + 400);
  watch.ended(a);
  watch.began(b);
  await look(300 + 490);
  expect(ended).toContain('b: memory');
  watch.ended(b);
  ended = [];
  vi.advanceTimersByTime(30_000);
  watch.began(c);
  await look(300 + 490);
  expect(ended).toEqual([]);
  watch.ended(c);
});

test('tasks without a purse, and of another one, are left alone', async () => {
  const watch = memory();
  const [a, other, without] = [taker('a'), taker('other', { name: 'drawing', holdsMb: 2_000 }), { ...taker('without'), purse: null }];
  for (const one of [a, other, without]) watch.began(one);
  await look(300 + 470);
  expect(ended).toEqual([]);
  for (const one of [a, other, without]) watch.ended(one);
});
