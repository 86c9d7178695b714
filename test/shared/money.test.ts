import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCents, parseCents, sumCents } from '../../src/shared/money.ts';

test('what is printed is read back to the same cents', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (cents) => {
      expect(parseCents(formatCents(cents))).toBe(cents);
    }),
  );
});

test.each([
  ['$19,748.00', 1_974_800],
  ['4061.25', 406_125],
  ['1,320', 132_000],
  ['(45.00)', -4_500],
  ['-$0.05', -5],
])('%s is %i cents', (text, cents) => expect(parseCents(text)).toBe(cents));

test.each(['$200,00', '1.234,56', '12,34.00', '$', '', '1e5', '$1,2345.00', '10.5', '(45.00', '45.00)', '99999999999.00'])(
  '%s is no amount, and no guess is made',
  (text) => {
    expect(parseCents(text)).toBeNull();
  },
);

test('sums are exact where floats are not', () => {
  expect(sumCents([10, 20])).toBe(30);
  expect(sumCents(Array.from({ length: 1000 }, () => 10))).toBe(10_000);
});
