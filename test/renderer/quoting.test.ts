import fc from 'fast-check';
import { expect, test } from 'vitest';
import { citationText, tidyQuote } from '../../src/renderer/documents/citation.ts';
import { markedPieces } from '../../src/renderer/documents/marks.ts';
import { nextWord, rangeOn, wordAt } from '../../src/renderer/documents/select-words.ts';
import { checked } from '../support/checked.ts';

test('a citation is the words as prose, the file and the page', () => {
  const cited = { quote: 'moderate\n strain', fileName: 'ER record.pdf', from: 3, to: 3 };
  expect(citationText(cited)).toBe('“moderate strain” (ER record.pdf, p. 3)');
  expect(citationText({ ...cited, to: 4 })).toBe('“moderate strain” (ER record.pdf, pp. 3–4)');
});

test('a word that the end of a line broke is whole again, and quotation marks inside become single ones', () => {
  expect(tidyQuote('severe radicu-\nlopathy of the left-\nSide')).toBe('severe radiculopathy of the left- Side');
  expect(tidyQuote('so\u00adcalled "whiplash" “injury”')).toBe('socalled ‘whiplash’ ‘injury’');
  expect(tidyQuote('Total\t$ 1,200.00\n\nPaid\t$ 0.00')).toBe('Total $ 1,200.00 Paid $ 0.00');
});

test('no letter or digit is lost or made up on the way into a citation', () => {
  const plain = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
  checked(fc.string({ unit: fc.constantFrom('a', 'B', 'é', '7', ' ', '\n', '\t', '-', '"', '“', '”', '\u00ad', '.') }), (text) => {
    expect(plain(tidyQuote(text))).toBe(plain(text));
    expect(tidyQuote(text)).not.toMatch(/["“”\n\t]| {2}/);
  });
});

const spot = fc.record({ page: fc.integer({ min: 1, max: 4 }), start: fc.nat(900) }).map((at) => ({ ...at, end: at.start + 5 }));

test('what is selected is the same from whichever end, one range a page, without a gap between', () => {
  checked(spot, spot, (from, to) => {
    const [first, last] = [Math.min(from.page, to.page), Math.max(from.page, to.page)];
    for (let page = 0; page <= 5; page += 1) {
      const range = rangeOn({ from, to }, page, 1000);
      expect(rangeOn({ from: to, to: from }, page, 1000)).toEqual(range);
      expect(range === null).toBe(page < first || page > last);
      if (page > first) expect(range?.start ?? 0).toBe(0);
      if (page < last && page >= first) expect(range?.end).toBe(1000);
    }
    for (const end of [from, to]) {
      const range = rangeOn({ from, to }, end.page, 1000);
      expect(range && range.start <= end.start && range.end >= end.end).toBe(true);
    }
  });
});

// two lines of three words
const words = [0, 1].flatMap((line) =>
  [0, 1, 2].map((n) => ({
    start: line * 18 + n * 6,
    end: line * 18 + n * 6 + 5,
    x: 0.1 + n * 0.2,
    y: 0.1 + line * 0.03,
    w: 0.15,
    h: 0.02,
  })),
);

test('the word under the pointer is taken, in a gap the one beside it, and far away none is meant', () => {
  checked(
    fc.nat(5),
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    (n, across, down) => {
      const word = words[n] ?? { x: 0, y: 0, w: 0, h: 0 };
      expect(wordAt(words, word.x + across * word.w, word.y + down * word.h, 1.3)).toEqual({ index: n, isNear: true });
    },
  );
  expect(wordAt(words, 0.26, 0.11, 1.3)?.index).toBe(0);
  expect(wordAt(words, 0.68, 0.139, 1.3)).toEqual({ index: 5, isNear: true });
  expect(wordAt(words, 0.2, 0.9, 1.3)?.isNear).toBe(false);
  expect(wordAt([], 0.2, 0.9, 1.3)).toBeNull();
});

test('a selection goes on word by word and stops at the ends of the page', () => {
  let at = nextWord(words, { page: 1, start: 0, end: 5 }, 1);
  expect(at).toEqual({ page: 1, start: 6, end: 11 });
  for (let n = 0; n < 9; n += 1) at = nextWord(words, at, 1);
  expect(at.start).toBe(30);
  for (let n = 0; n < 9; n += 1) at = nextWord(words, at, -1);
  expect(at.start).toBe(0);
  expect(nextWord([], at, 1)).toEqual(at);
});

test('marks that overlap lose nothing of the text, and the more important one shows', () => {
  const mark = fc
    .record({
      start: fc.nat(40),
      length: fc.nat(12),
      kind: fc.constantFrom('source' as const, 'hit' as const, 'current' as const, 'selected' as const),
    })
    .map(({ start, length, kind }) => ({ start, end: start + length, kind }));
  checked(fc.array(mark, { maxLength: 6 }), fc.string({ maxLength: 40 }), (marks, text) => {
    const pieces = markedPieces(text, marks);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const { start, text: piece, kind } of pieces)
      for (let at = start; at < start + piece.length; at += 1) {
        const over = marks.filter((one) => one.start <= at && at < one.end).map((one) => one.kind);
        if (kind === null) expect(over).toEqual([]);
        else expect(over).toContain(kind);
        if (over.includes('selected')) expect(kind).toBe('selected');
      }
  });
});
