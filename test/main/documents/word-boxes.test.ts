import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PageWord } from '../../../src/shared/documents.ts';
import { packWords, unpackWords } from '../../../src/main/documents/word-boxes.ts';

const word = fc.record({
  gap: fc.nat(300),
  length: fc.integer({ min: 1, max: 200 }),
  box: fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: 0, max: 1, noNaN: true }))),
});

test('what is packed comes back, to less than a pixel', () => {
  fc.assert(
    fc.property(fc.array(word), (made) => {
      let at = 0;
      const words = made.map(({ gap, length, box: [x = 0, y = 0, w = 0, h = 0] }): PageWord => {
        const start = at + gap;
        at = start + length;
        return { start, end: at, x, y, w, h };
      });
      const back = unpackWords(packWords(words), at);
      expect(back.map(({ start, end }) => [start, end])).toEqual(words.map(({ start, end }) => [start, end]));
      back.forEach(({ x, h }, n) => {
        expect(x).toBeCloseTo(words[n]?.x ?? -1, 4);
        expect(h).toBeCloseTo(words[n]?.h ?? -1, 4);
      });
    }),
  );
});

test('bytes that are no words, or are cut off, or point past the text, are none', () => {
  const packed = packWords([{ start: 0, end: 5, x: 0, y: 0, w: 0.5, h: 0.1 }]);
  expect(unpackWords(packed, 5)).toHaveLength(1);
  expect(unpackWords(packed, 4)).toEqual([]);
  expect(unpackWords(packed.subarray(0, 6), 5)).toEqual([]);
  expect(unpackWords(Uint8Array.of(9, 1, 2), 5)).toEqual([]);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => unpackWords(bytes, 100).every(({ end }) => end <= 100)));
});
