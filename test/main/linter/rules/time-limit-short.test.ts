import { expect, test } from 'vitest';
import { cleanTimeLimit } from '../../../support/demand-text.ts';
import { lintText } from '../../../support/lint.ts';

const found = (text: string): string[] => lintText(text).filter(({ rule }) => rule === 'time_limit_short').map(({ quote }) => quote); // prettier-ignore

test('thirty days after email, thirty-three after ordinary mail, counted from the letter’s date', () => {
  const until = (day: string): string => cleanTimeLimit.replace('April 5, 2024', day);
  expect(found(until('April 3, 2024'))).toEqual([]);
  expect(found(until('April 2, 2024'))).toEqual(['April 2, 2024']);
  const byMail = (day: string): string => until(day).replace('VIA EMAIL', 'VIA FIRST CLASS MAIL');
  expect(found(byMail('April 6, 2024'))).toEqual([]);
  expect(found(byMail('April 5, 2024'))).toEqual(['April 5, 2024']);
});
test('days that are counted; days to pay are others', () => {
  const within = (words: string): string => cleanTimeLimit.replace('until 11:59 p.m. Pacific Time on April 5, 2024', words);
  expect(found(within('within fifteen (15) days of today'))).toEqual(['within fifteen (15) days']);
  expect(found(within('within 30 days of today'))).toEqual([]);
  expect(found(`${cleanTimeLimit}\nIf the demand is accepted, payment is due within 20 days of payment instructions.\n`)).toEqual([]);
});
