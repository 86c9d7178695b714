import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

const table = (...rows: string[]): string => ['Provider\tVisits\tBilled\tPaid', ...rows].join('\n');

test.each([
  ['one column', table('A\t2\t$100.00\t', 'B\t1\t$50.00\t', 'Total\t\t$140.00\t'), ['$140.00']],
  ['two columns, one of them wrong', table('A\t2\t$100.00\t$10.00', 'B\t1\t$50.00\t$5.00', 'TOTAL\t3\t$150.00\t$16.00'), ['$16.00']],
  ['a subtotal', table('A\t\t$100.00\t', 'B\t\t$50.00\t', 'Subtotal\t\t$151.00\t', 'C\t\t$10.00\t', 'Total\t\t$160.00\t'), ['$151.00']],
  ['the total’s row has fewer cells', table('A\t2\t$100.00\t$10.00', 'B\t1\t$50.00\t$5.00', 'Total\t$151.00\t$15.00'), ['$151.00']],
])('is found: %s', (_what, text, found) => expect(quotes('table_sum', text)).toEqual(found));

test.each([
  ['it adds up', table('A\t2\t$100.00\t$10.00', 'B\t1\t$50.00\t—', 'Total\t3\t$150.00\t$10.00')],
  ['subtotals and a grand total', table('A\t\t$1.00\t', 'B\t\t$2.00\t', 'Subtotal\t\t$3.00\t', 'C\t\t$4.00\t', 'D\t\t$5.00\t', 'Subtotal\t\t$9.00\t', 'Grand total\t\t$12.00\t')],
  ['what was paid is taken off', table('A\t\t$100.00\t', 'B\t\t$50.00\t', 'Less insurance payments\t\t$40.00\t', 'Total due\t\t$110.00\t')],
  ['a credit in brackets', table('A\t\t$100.00\t', 'Credit\t\t($20.00)\t', 'Total\t\t$80.00\t')],
  ['an amount that is not there yet', table('A\t\t$100.00\t', 'B\t\tpending\t', 'Total\t\t$180.00\t')],
  ['a number that is no money', table('A\t2\t$100.00\t', 'B\t1\t$50.00\t', 'Total\t7\t$150.00\t')],
])('nothing: %s', (_what, text) => expect(quotes('table_sum', text)).toEqual([])); // prettier-ignore
