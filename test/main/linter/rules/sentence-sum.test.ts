import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  ['an equation', 'Her losses are $100.00 + $50.00 = $160.00.', ['$160.00']],
  ['with words between', '$100.00 (hospital) + $50.00 (therapy) = $160.00', ['$160.00']],
  ['a difference', '$100.00 - $40.00 = $70.00', ['$70.00']],
  ['in words', 'Bills of $100.00 from the hospital and $50.00 for therapy, for a total of $160.00.', ['$160.00']],
  ['totaling', 'She has bills of $1,100.00, $50.00 and $20.00, totaling $1,180.00.', ['$1,180.00']],
])('is found: %s', (_what, text, found) => expect(quotes('sentence_sum', text)).toEqual(found));

test.each([
  ['it adds up', '$100.00 + $50.00 = $150.00, and $150.00 + $10.00 = $160.00.'],
  ['a product', '3 visits × $50.00 + $10.00 = $160.00, of $300.00.'],
  ['a part of the amount before', 'Bills of $100.00, of which $40.00 was paid, for a total of $100.00.'],
  ['the last few are added', 'Of the $900.00 claimed, $100.00 and $50.00 are bills, for a total of $150.00.'],
  ['a rate', 'At $30.00 per hour she lost $1,200.00 and $300.00, for a total of $1,530.00.'],
  ['a range', 'Care of $5,000.00 to $8,000.00 and bills of $100.00, for a total of $9,000.00.'],
  ['two amounts only', 'Bills of $100.00, for a total of $160.00.'],
])('nothing: %s', (_what, text) => expect(quotes('sentence_sum', text)).toEqual([]));
