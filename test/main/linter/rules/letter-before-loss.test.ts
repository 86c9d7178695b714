import { expect, test } from 'vitest';
import { inDemand, lintText } from '../../../support/lint.ts';

const found = (text: string): string[] => lintText(text).filter(({ rule }) => rule === 'letter_before_loss').map(({ quote }) => quote); // prettier-ignore

test('a letter of July about a loss of the next February; not one of the day itself, nor one without a date', () => {
  const letter = inDemand('We write about her claim.');
  expect(found(letter.replace('June 10, 2024', 'July 10, 2023'))).toEqual(['July 10, 2023']);
  expect(found(letter)).toEqual([]);
  expect(found(letter.replace('June 10, 2024', 'February 15, 2024'))).toEqual([]);
  expect(found(letter.replace('June 10, 2024\n\n', ''))).toEqual([]);
});
