import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['with colons', 'Hospital: $100.00\nTherapy: $50.00\nTotal: $160.00', ['$160.00']],
  ['with dots', 'Hospital ........ $100.00\nTherapy ......... $50.00\nTotal ........... $160.00', ['$160.00']],
  ['one paragraph each', 'Hospital: $100.00\n\nTherapy: $50.00\n\nTotal damages: $160.00', ['$160.00']],
  ['without a separator', 'Toledo General Hospital $100.00\nWestgate Clinic $50.00\nTotal $160.00', ['$160.00']],
])('is found: %s', (_what, text, found) => expect(quotes('list_sum', text)).toEqual(found));

test.each([
  ['it adds up', 'Hospital: $100.00\nTherapy: $50.00\nTotal: $150.00'],
  ['a discount', 'Hospital: $100.00\nTherapy: $50.00\nLess payments: $30.00\nTotal: $120.00'],
  ['sentences between', 'Hospital: $100.00\nTherapy: $50.00\n\nThis is what was paid.\n\nTotal demand: $900.00'],
  ['one line only', 'Hospital: $100.00\nTotal: $900.00'],
  ['sentences that end with an amount', 'The first bill was $100.00.\n\nThe second bill was $50.00.\n\nTotal demand: $900.00'],
])('nothing: %s', (_what, text) => expect(quotes('list_sum', text)).toEqual([]));
