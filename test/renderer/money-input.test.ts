import { expect, test } from 'vitest';
import { centsToInput, readMoney } from '../../src/renderer/ui/money-input.ts';

test.each([
  ['19,748.00', 1_974_800],
  ['$19748', 1_974_800],
  [' 0.10 ', 10],
  ['0', 0],
])('%j is exact cents', (text, cents) => {
  expect(readMoney(text)).toEqual({ cents, problem: null });
});

test.each(['200,00', '1.5', '12,34.00', 'about 500', '$', '1e3', '5.'])('%j is no amount, and the field says how to write one', (text) => {
  const { cents, problem } = readMoney(text);
  expect(cents).toBeNull();
  expect(problem).toContain('1,234.50');
});

test('an empty field is no amount and no mistake', () => {
  expect(readMoney('  ')).toEqual({ cents: null, problem: null });
});

test('a credit is refused unless the field takes one', () => {
  expect(readMoney('(45.00)').problem).not.toBeNull();
  expect(readMoney('(45.00)', { allowNegative: true })).toEqual({ cents: -4500, problem: null });
});

test('what a field shows reads back as the same cents', () => {
  for (const cents of [0, 1, 10, 99, 100, 123_456, 1_974_800, -4500, 100_000_000_005]) {
    expect(readMoney(centsToInput(cents), { allowNegative: true }).cents).toBe(cents);
  }
  expect(centsToInput(null)).toBe('');
});
