import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { billLine } from '../../export/letter-fixture.ts';

const seen = (...days: string[]): string => days.map((day) => `She was seen on ${day}.`).join(' ');
const long = seen('February 16, 2024', 'February 20, 2024', 'June 3, 2024');

test('by the letter’s own days: the one behind the gap is quoted', () => {
  expect(quotes('treatment_gap', long)).toEqual(['June 3, 2024']);
  expect(quotes('treatment_gap', seen('February 16, 2024', 'April 1, 2024', 'May 20, 2024'))).toEqual([]);
});
test('a sentence that speaks of it; a span that a bill sums up; two days only', () => {
  expect(quotes('treatment_gap', `${long} The gap in treatment is due to the birth of her son.`)).toEqual([]);
  expect(quotes('treatment_gap', `${long} She was treated from February 20, 2024 through May 30, 2024.`)).toEqual([]);
  expect(quotes('treatment_gap', seen('February 16, 2024', 'June 3, 2024'))).toEqual([]);
});
test('the matter’s own visits go before what the letter says of them', () => {
  const days = ['2024-02-16', '2024-02-20', '2024-06-03'].map((day) => billLine('Hill Clinic', day, 100, 0));
  expect(quotes('treatment_gap', 'She was treated at Hill Clinic.', matterOf([], days))).toHaveLength(1);
  expect(quotes('treatment_gap', long, matterOf([], [...days, billLine('Hill Clinic', '2024-04-10', 100, 0)]))).toEqual([]);
});
