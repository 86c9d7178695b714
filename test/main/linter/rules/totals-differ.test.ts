import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

const table = 'Provider\tAmount\nA\t$100.00\nB\t$50.00\nTotal\t$150.00';

test.each([
  ['the text, the table', `${table}\n\nThe medical bills total $160.00.`, ['$160.00']],
  ['before the table', `Total medical expenses are $160.00.\n\n${table}`, ['$160.00']],
  ['twice in the text', 'Her medical bills total $150.00.\n\nShe has total medical expenses of $160.00.', ['$160.00']],
])('is found: %s', (_what, text, found) => expect(quotes('totals_differ', text)).toEqual(found));

test.each([
  ['the same', `${table}\n\nThe medical bills total $150.00.`],
  ['of something else', `${table}\n\nHer total lost wages are $900.00, and future medical expenses total $4,000.00.`],
  ['what was paid', `${table}\n\nMedicare has paid a total of $90.00 of her medical bills.`],
  ['the bills of one provider', `${table}\n\nThe total charges of the hospital are $70.00.`],
  ['the demand', `${table}\n\nWe demand a total of $90,000.00 for her medical bills and her pain.`],
  [
    'a table with a wrong total is told once',
    'Provider\tAmount\nA\t$100.00\nB\t$50.00\nTotal\t$140.00\n\nThe medical bills total $150.00.',
  ],
])('nothing: %s', (_what, text) => expect(quotes('totals_differ', text)).toEqual([]));
