import { expect, test } from 'vitest';
import { normals } from '../../../support/rule-facts.ts';

const text =
  'WAGE LOSS\n\nFull time off: 2024-05-13 to 2024-05-24 (10 working days), $2,240.00 at $28 an hour and 8 hours a day.\nReduced hours (56 hours), $1,568.00.\nHours missed: 96 hours\nHourly rate: $31.50';

test('what a wage loss is worked out from: rate, hours, hours a day and days, each by itself', () => {
  expect(normals('wage_rate', text, 'Bill').toSorted()).toEqual(['2800', '3150']);
  expect(normals('wage_hours', text, 'Bill').toSorted()).toEqual(['56', '8/day', '96']);
  expect(normals('wage_days', text, 'Bill')).toEqual(['10']);
  expect(normals('wage_days', 'Wage Verification\n(5.5 working days)', 'Other')).toEqual(['5.5']);
});

test('an employer writes without headings', () => {
  const letter =
    'Eastport Ferry - Payroll\nMs. Poe is paid $24.75 per hour. She lost 15 days of work (120 hours).\nHer lost wages total $2,970.00.';
  expect([normals('wage_rate', letter, 'Correspondence'), normals('wage_days', letter, 'Correspondence')]).toEqual([['2475'], ['15']]);
  expect(normals('wage_hours', letter, 'Correspondence')).toEqual(['120']);
});

test('no wages: a towing rate, standing for hours, a malformed rate', () => {
  expect(normals('wage_rate', 'Labor $65.00 per hour', 'Other')).toEqual([]);
  expect(normals('wage_hours', 'Prolonged standing >4 hours a day, (12 hours)', 'Medical_Record')).toEqual([]);
  expect(normals('wage_rate', 'Hourly rate: $31,50', 'Other')).toEqual([]);
});
