import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { billLine, fact } from '../../export/letter-fixture.ts';

const matter = matterOf(
  [fact('wage_loss', '$400.00', { normal: '40000' }), fact('wage_loss', '$100.00', { normal: '10000' })],
  [
    billLine('Hill Clinic', '2024-02-20', 10_000, 4_000),
    billLine('Hill Clinic', '2024-03-01', 5_000, 0),
    billLine('Lake Therapy', '2024-03-05', 7_500, 0),
  ],
);
const found = (text: string): string[] => quotes('amount_differs', text, matter);

test.each([
  ['a total', 'The total charges are $300.00.', ['$300.00']],
  ['what was paid in all', 'A total of $50.00 has been paid.', ['$50.00']],
  ['one provider', 'Hill Clinic billed $190.00.', ['$190.00']],
  ['a row of a typed table', 'Provider\tAmount\nHill Clinic\t$190.00\nLake Therapy\t$75.00\nTotal\t$265.00', ['$190.00']],
  ['wages', 'Her lost wages are $450.00.', ['$450.00']],
])('is found: %s', (_what, text, quoted) => expect(found(text)).toEqual(quoted));

test.each([
  ['the ledger’s own total', 'The total charges are $225.00, and a total of $40.00 has been paid.'],
  ['a provider’s sum, and one bill of it', 'Hill Clinic billed $150.00. Hill Clinic charged $50.00 on March 1.'],
  ['one of the wage losses, or both', 'Her lost wages are $400.00. In all she claims lost wages of $500.00.'],
  ['a demand', 'We demand a total of $9,000.00 for the medical bills.'],
])('nothing: %s', (_what, text) => expect(found(text)).toEqual([]));

test('without bills on file nothing is held against them', () => {
  expect(quotes('amount_differs', 'The total charges are $300.00.', matterOf([]))).toEqual([]);
});
