import { expect, test } from 'vitest';
import { createLinter, outsideLetter } from '../../../src/main/linter/linter.ts';

const read = (...texts: string[]) => outsideLetter(texts.map((text, n) => ({ page: n + 1, text })), { isMarkdown: false }); // prettier-ignore
const shape = (...texts: string[]) => read(...texts).blocks.map(({ path, kind, text, page }) => [path, kind, text, page]);

test('paragraphs by empty lines, rows by tabs; a tab before a paragraph or behind its number makes no row', () => {
  expect(shape('June 3, 2024\n\nFacts\n\n\tShe fell\ntwice.\n\n1.\tPay now.\n\nA\t$1.00\nB\t$2.00\n\nC\t$3.00')).toEqual([
    [[0], 'paragraph', 'June 3, 2024', 1],
    [[1], 'heading', 'Facts', 1],
    [[2], 'paragraph', '\tShe fell\ntwice.', 1],
    [[3], 'paragraph', '1.\tPay now.', 1],
    [[4, 0], 'row', 'A\t$1.00', 1],
    [[4, 1], 'row', 'B\t$2.00', 1],
    [[5, 0], 'row', 'C\t$3.00', 1],
  ]);
});

test('a table that goes on over a page’s foot and head is one: its total is that of all its rows', () => {
  const first = 'She was treated.\n\nProvider\tAmount\nA\t$100.00\nB\t$50.00\n\nPage 1';
  const second = 'Marlow & Finch LLP\n\nC\t$10.00\nD\t$10.00\nTotal\t$170.00\n\nThank you.';
  const sums = (...pages: string[]) => createLinter().lint(read(...pages), null).map(({ rule, place }) => [rule, place.page]); // prettier-ignore
  expect(sums(first, second)).toEqual([]);
  expect(sums(first, second.replace('$170', '$180'))).toEqual([['table_sum', 2]]);
  // another table, with a head of its own
  expect(sums(first, second.replace('C\t', 'Loss\tSum\nC\t').replace('$170', '$20'))).toEqual([]);
});

test('Markdown: its marks are no text, a row between bars is one', () => {
  const letter = outsideLetter(
    [{ page: 1, text: '## Facts\n\n**June 3, 2024**\n\n- one\n- two\n\n| A | $1.00 |\n|---|------:|\n| B | $2.00 |' }],
    { isMarkdown: true },
  );
  expect(letter.letterDate).toBe('2024-06-03');
  expect(letter.blocks.map(({ text }) => text)).toEqual(['Facts', 'June 3, 2024', 'one\ntwo', 'A\t$1.00', 'B\t$2.00']);
});

test.each([
  ['June 10, 2024\n\nDear Sir', '2024-06-10'],
  ['Marlow & Finch LLP\nDate: 06/10/2024', '2024-06-10'],
  ['Monday, June 10, 2024', '2024-06-10'],
  ['We met on June 10, 2024 at noon.', null],
  ['DATE:\tJune 10, 2024', '2024-06-10'],
])('the letter’s date: %j', (text, day) => expect(read(text).letterDate).toBe(day));
