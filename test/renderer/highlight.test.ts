import { expect, test } from 'vitest';
import { boxesOfRange, cropAround, splitAtRange } from '../../src/renderer/documents/highlight.ts';

// "Total due  $513.00" on one line, "paid" on the next.
const words = [
  { start: 0, end: 5, x: 0.1, y: 0.2, w: 0.1, h: 0.02 },
  { start: 6, end: 9, x: 0.22, y: 0.201, w: 0.06, h: 0.02 },
  { start: 11, end: 18, x: 0.6, y: 0.2, w: 0.14, h: 0.02 },
  { start: 19, end: 23, x: 0.1, y: 0.23, w: 0.08, h: 0.02 },
];

test('words of one line become one box, words of another line another', () => {
  const boxes = boxesOfRange(words, { start: 0, end: 23 });
  expect(boxes).toHaveLength(2);
  expect(boxes[0]?.x).toBeCloseTo(0.1);
  expect(boxes[0]?.w).toBeCloseTo(0.64);
  expect(boxes[0]?.h).toBeCloseTo(0.021);
  expect(boxes[1]?.y).toBeCloseTo(0.23);
});

test('the end of a range is not part of it, and neither is a word that ends where it starts', () => {
  expect(boxesOfRange(words, { start: 5, end: 6 })).toEqual([]);
  expect(boxesOfRange(words, { start: 5, end: 11 })).toEqual([{ x: 0.22, y: 0.201, w: 0.06, h: 0.02 }]);
});

test('a word that the range cuts is marked whole', () => {
  expect(boxesOfRange(words, { start: 13, end: 14 })).toEqual([{ x: 0.6, y: 0.2, w: 0.14, h: 0.02 }]);
});

test('a word left of the one before it begins another box', () => {
  const columns = [
    { start: 0, end: 3, x: 0.6, y: 0.5, w: 0.1, h: 0.02 },
    { start: 4, end: 7, x: 0.1, y: 0.5, w: 0.1, h: 0.02 },
  ];
  expect(boxesOfRange(columns, { start: 0, end: 7 })).toHaveLength(2);
});

test('a crop holds its words and never leaves the paper', () => {
  for (const box of [
    { x: 0, y: 0, w: 0.1, h: 0.02 },
    { x: 0.9, y: 0.98, w: 0.1, h: 0.02 },
    { x: 0.45, y: 0.5, w: 0.1, h: 0.02 },
  ]) {
    const crop = cropAround([box]);
    if (!crop) throw new Error('no crop');
    expect(crop.x).toBeGreaterThanOrEqual(0);
    expect(crop.y).toBeGreaterThanOrEqual(0);
    expect(crop.x + crop.w).toBeLessThanOrEqual(1.000001);
    expect(crop.y + crop.h).toBeLessThanOrEqual(1.000001);
    expect(crop.x).toBeLessThanOrEqual(box.x);
    expect(crop.x + crop.w).toBeGreaterThanOrEqual(box.x + box.w - 0.000001);
    expect(crop.y + crop.h).toBeGreaterThanOrEqual(box.y + box.h - 0.000001);
  }
  expect(cropAround([])).toBeNull();
});

test('of a line too long to read the crop shows the beginning', () => {
  const crop = cropAround([{ x: 0.05, y: 0.5, w: 0.9, h: 0.02 }]);
  expect(crop?.w).toBeLessThan(0.6);
  expect(crop?.x).toBeLessThanOrEqual(0.05);
});

test('text is cut at the range, also where the range lies beyond it', () => {
  expect(splitAtRange('due $513.00 now', { start: 4, end: 11 })).toEqual({ before: 'due ', marked: '$513.00', after: ' now' });
  expect(splitAtRange('short', { start: 3, end: 90 })).toEqual({ before: 'sho', marked: 'rt', after: '' });
  expect(splitAtRange('short', { start: 50, end: 90 })).toEqual({ before: 'short', marked: '', after: '' });
  expect(splitAtRange('short', null).marked).toBe('');
});
