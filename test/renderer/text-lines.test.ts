import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnsText, layOutText, piecesOn } from '../../src/renderer/documents/text-lines.ts';
import { markedPieces } from '../../src/renderer/documents/marks.ts';
import { checked } from '../support/checked.ts';

test('lines with tabs are rows, the others run; columns are as wide as their longest cell on the whole page, within limits', () => {
  const text = `Ledger\n\nDate\tWhat\tBilled\n2024-03-03\t${'x'.repeat(100)}\t$5.00\nin between\n2024-03-04\t\t$1,250.00`;
  const { parts, columns } = layOutText(text);
  expect(parts.map(({ start, end, cells }) => [text.slice(start, end), cells?.length ?? 0])).toEqual([
    ['Ledger\n\n', 0],
    ['Date\tWhat\tBilled\n', 3],
    [`2024-03-03\t${'x'.repeat(100)}\t$5.00\n`, 3],
    ['in between\n', 0],
    ['2024-03-04\t\t$1,250.00', 3],
  ]);
  expect(columns).toEqual([10, 42, 8]);
  expect(columnsText([10, 42, 4])).toBe('minmax(10ch, 10ch) minmax(10ch, 42ch) minmax(4ch, 4ch)');
});

test('a page without tabs, and one with more cells than a window lays out, runs as it is', () => {
  for (const text of ['', 'one\ntwo\n', 'a\tb\tc\n'.repeat(20_000)])
    expect(layOutText(text)).toEqual({ parts: [{ start: 0, end: text.length, cells: null }], columns: [] });
});

const page = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '\t', '\t', '\n', 'é', '😀') });

test('every character of a page is in one place, in order, and what is marked is marked there', () => {
  checked(page, fc.array(fc.tuple(fc.nat(30), fc.nat(8)), { maxLength: 4 }), (text, ranges) => {
    const { parts, columns } = layOutText(text);
    const spans = parts.flatMap(({ start, end, cells }) => cells ?? [{ start, end }]);
    expect(spans.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
    spans.forEach(({ start }, n) => {
      expect(start).toBe(spans[n - 1]?.end ?? 0);
    });
    for (const { cells } of parts) expect(columns.length).toBeGreaterThanOrEqual(cells?.length ?? 0);
    const marks = ranges.map(([start, length]) => ({ start, end: start + length, kind: 'hit' as const }));
    const pieces = markedPieces(text, marks).filter(({ kind }) => kind !== null);
    const isMarked = (at: number): boolean => pieces.some((piece) => piece.start <= at && at < piece.start + piece.text.length);
    piecesOn(pieces, parts).forEach((on, n) => {
      const { start = 0, end = 0 } = parts[n] ?? {};
      for (let at = start; at < end; at += 1)
        expect(on?.some((piece) => piece.start <= at && at < piece.start + piece.text.length) ?? false).toBe(isMarked(at));
    });
  });
});
