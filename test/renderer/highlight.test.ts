import { expect, test } from 'vitest';
import { boxesOfRange, cropAround } from '../../src/renderer/documents/highlight.ts';
import { turnBox } from '../../src/renderer/documents/turn.ts';

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

test('words of a picture that lies upside down or on its side are joined as they read', () => {
  const read = words.slice(0, 3);
  const upright = boxesOfRange(read, { start: 0, end: 18 });
  for (const rotation of [90, 180, 270]) {
    // as the picture lies, the words are where turning it upright brings them from
    const lying = read.map((word) => ({ ...word, ...turnBox(word, 360 - rotation) }));
    const boxes = boxesOfRange(lying, { start: 0, end: 18 }, rotation);
    expect(boxes).toHaveLength(upright.length);
    boxes.forEach((box, n) => {
      for (const key of ['x', 'y', 'w', 'h'] as const) expect(box[key]).toBeCloseTo(upright[n]?.[key] ?? -1, 9);
    });
  }
  // the control: without it the line falls apart
  const lying = read.map((word) => ({ ...word, ...turnBox(word, 180) }));
  expect(boxesOfRange(lying, { start: 0, end: 18 }).length).toBeGreaterThan(1);
});
