import { expect, test } from 'vitest';
import { quotes } from '../../../support/lint.ts';

test.each([
  '[CLIENT]',
  '[CLIENT NAME]',
  '[insert date]',
  'XX/XX/XXXX',
  'MM/DD/YYYY',
  '$X,XXX.XX',
  'TBD',
  '{{client_name}}',
  '<<Client>>',
  'Lorem ipsum',
  '[●]',
  '$____',
  'INSERT NAME HERE',
  '???',
])('is found: %s', (text) => expect(quotes('placeholder', `It was ${text} that day`)).toEqual([text]));
test('a gap in a sentence is one, a line to sign on is not', () => {
  expect(quotes('placeholder', 'She lost ______ days of work.')).toEqual(['______']);
  expect(quotes('placeholder', '_____________________\n\nBy: ____________\n\nDate: ________')).toEqual([]);
});
test.each(['[sic]', '“[T]he light was red”', '[REDACTED]', '[Exhibit A]', 'XXX-XX-1234', 'Super Bowl XXX1', '(1) [2]'])(
  'nothing: %s',
  (text) => {
    expect(quotes('placeholder', `It was ${text} that day`)).toEqual([]);
  },
);
