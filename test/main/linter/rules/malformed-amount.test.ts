import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each(['$200,00', '$1,00.00', '1.234,56', '$1,2345', '$5.5', '$$400.00', '$12,34,567.00'])('is found: %s', (amount) => {
  expect(quotes('malformed_amount', `He paid ${amount} for it.`)).toEqual([amount]);
});

test.each(['$200.00', '$1,000', '$1.5 million', '$2M', '$45', '$1,234,567.89', '(Exhibit A at 1,234,567)', 'section 1.234'])(
  'nothing: %s',
  (amount) => {
    expect(quotes('malformed_amount', `He paid ${amount}, and then no more: ${amount}.`)).toEqual([]);
  },
);
