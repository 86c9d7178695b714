import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each(['February 30, 2024', '06/31/2024', '2024-13-01', 'April 31st, 2024', '2/29/2023'])('is found: %s', (day) => {
  expect(quotes('impossible_date', `She was seen on ${day}.`)).toEqual([day]);
});
test.each(['February 29, 2024', '06/30/2024', '2024-12-01', 'April 30th, 2024', 'claim 12/345/2024-7'])('nothing: %s', (day) => {
  expect(quotes('impossible_date', `She was seen on ${day}.`)).toEqual([]);
});
