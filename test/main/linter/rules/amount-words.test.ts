import { expect, test } from 'vitest';
import { numberInWords } from '../../../../src/main/linter/rules/amount-words.ts';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['two hundred thousand', 200_000],
  ['one million two hundred fifty thousand', 1_250_000],
  ['nineteen hundred', 1_900],
  ['ninety nine', 99],
  ['a hundred and five', 105],
  ['twelve bananas', null],
])('%s', (words, number) => expect(numberInWords(words.split(' '))).toBe(number));

test.each([
  ['We demand two hundred thousand dollars ($250,000).', ['two hundred thousand dollars ($250,000']],
  ['the sum of Eighty-Five Thousand Dollars ($58,000.00)', ['Eighty-Five Thousand Dollars ($58,000.00']],
  ['one thousand and 50/100 dollars ($1,000.05)', ['one thousand and 50/100 dollars ($1,000.05']],
])('is found: %s', (text, found) => expect(quotes('amount_words', text)).toEqual(found));

test.each([
  ['We demand two hundred fifty thousand dollars ($250,000).'],
  ['one thousand and 50/100 dollars ($1,000.50)'],
  ['one million dollars ($1,000,000.00)'],
  ['thousands of dollars ($4,000)'],
])('nothing: %s', (text) => expect(quotes('amount_words', text)).toEqual([]));
