import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { fact } from '../../export/letter-fixture.ts';

test.each([
  ['The collision of February 16, 2024 was her first.', ['February 16, 2024']],
  ['The incident, which a camera saw, occurred on 2/16/2024.', ['2/16/2024']],
  ['On or about January 15, 2024, our client was rear-ended.', ['January 15, 2024']],
  ['Date of accident: 02/15/2023', ['02/15/2023']],
])('is found: %s', (text, found) => expect(quotes('two_loss_dates', text)).toEqual(found));

test.each([
  ['The collision of 2/15/2024 was her first.'],
  ['She had an earlier accident on May 2, 2019.'],
  ['The fall semester began on August 20, 2024.'],
])('nothing: %s', (text) => expect(quotes('two_loss_dates', text)).toEqual([]));

test('where the matter knows the day, the other is quoted, wherever it stands', () => {
  const matter = matterOf([fact('date_of_loss', 'February 16, 2024', { normal: '2024-02-16' })]);
  expect(quotes('two_loss_dates', 'The collision of February 16, 2024 was her first.', matter)).toEqual(['February 15, 2024']);
});
