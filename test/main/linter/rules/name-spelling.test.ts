import { expect, test } from 'vitest';
import { lettersApart } from '../../../../src/main/linter/parties.ts';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['rivera', 'rivera', 0],
  ['rivera', 'riviera', 1],
  ['rivera', 'rivea', 1],
  ['rivera', 'rivela', 1],
  ['rivera', 'rivear', 1],
  ['rivera', 'silvera', 2],
])('%s and %s: %i', (a, b, apart) => expect(lettersApart(a, b)).toBe(apart));

test.each([
  ['Maria Alvares was hurt.', ['Alvares']],
  ['Ms. Alverez’s bills', ['Alverez']],
])('is found: %s', (text, found) => expect(quotes('name_spelling', text)).toEqual(found));
test.each([['Maria Alvarez and Ms. Alvarez'], ['Dr. Alvares saw her'], ['the Alvares clinic']])('nothing: %s', (text) =>
  expect(quotes('name_spelling', text)).toEqual([]),
);
