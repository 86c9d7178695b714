import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf } from '../../../src/main/find/chunks.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);
const piece = fc.oneof(
  fc.constantFrom(' ', '\n', '\n\n', '. ', '! ', '\t', '\u{1f9b4}', '\u{1f9b4}\u{1f9b4}', 'é', '\ud83e'),
  fc.string({ maxLength: 40, unit: 'grapheme' }),
  fc.constantFrom('The patient reports pain. ', 'x'.repeat(700), ' '.repeat(900), 'Lorem ipsum dolor sit amet consectetur '.repeat(8)),
);
const page = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

test(`all of a page that is not white space is in a passage, in order, of bounded size (seed ${String(seed)})`, () => {
  fc.assert(
    fc.property(page, (text) => {
      const chunks = chunksOf(text);
      const isIn = new Uint8Array(text.length);
      let before = -1;
      for (const { start, end } of chunks) {
        expect(start).toBeGreaterThan(before);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(end - start).toBeLessThanOrEqual(2_000);
        expect(text.slice(start, end).trim()).toBe(text.slice(start, end));
        before = start;
        isIn.fill(1, start, end);
      }
      for (let at = 0; at < text.length; at += 1) if (/\S/.test(text[at] ?? '')) expect(isIn[at], String(at)).toBe(1);
    }),
    { seed, numRuns: 300 },
  );
});

test(`code points say the same place, and no character is cut in half (seed ${String(seed)})`, () => {
  fc.assert(
    fc.property(page, (wild) => {
      const text = wild.toWellFormed();
      const points = Array.from(text);
      for (const { start, end, fromPoint, points: length } of chunksOf(text))
        expect(points.slice(fromPoint - 1, fromPoint - 1 + length).join('')).toBe(text.slice(start, end));
    }),
    { seed, numRuns: 300 },
  );
});

test('a passage ends where a sentence does, and the next begins with the one before it', () => {
  const sentence = (n: number): string => `Visit ${String(n)} of the patient was without any complaint that is worth a note here. `;
  const text = Array.from({ length: 60 }, (_, n) => sentence(n)).join('');
  const chunks = chunksOf(text);
  expect(chunks.length).toBeGreaterThan(2);
  for (const [n, { start, end }] of chunks.entries()) {
    expect(text.slice(start, end)).toMatch(/^Visit .*\.$/);
    const next = chunks[n + 1];
    if (next) expect(end - next.start).toBeGreaterThan(0);
    if (next) expect(end - next.start).toBeLessThan(200);
  }
});

test('a short page is one passage, an empty one none', () => {
  expect(chunksOf('  Total: $5  ')).toEqual([{ start: 2, end: 11, fromPoint: 3, points: 9 }]);
  expect(chunksOf(' \n ')).toEqual([]);
});
