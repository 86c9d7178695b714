import { expect, test } from 'vitest';
import { piecesOf } from '../../src/renderer/find/pieces.ts';

const shown = (text: string, marks: { start: number; end: number }[]): string =>
  piecesOf(text, marks)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('');

test('a text is cut at its marks and nothing of it is lost, whatever the marks', () => {
  expect(
    shown('a fall on ice', [
      { start: 2, end: 6 },
      { start: 10, end: 13 },
    ]),
  ).toBe('a [fall] on [ice]');
  expect(shown('ice', [{ start: 0, end: 99 }])).toBe('[ice]');
  expect(
    shown('ice cold', [
      { start: 0, end: 5 },
      { start: 2, end: 8 },
    ]),
  ).toBe('[ice c][old]');
  expect(shown('ice', [{ start: 50, end: 60 }])).toBe('ice');
});
