import { expect, test } from 'vitest';
import { inDemand, lintText, quotes } from '../../../support/lint.ts';

test.each([
  ['She was diagnosed with 847.0 on March 1, 2024.', ['847.0']],
  ['Her ICD-9 diagnosis is a strain.', ['ICD-9']],
  ['Diagnosis S13.4XXA of June 2, 2014.', ['S13.4XXA']],
])('is found: %s', (text, found) => expect(quotes('code_out_of_time', text)).toEqual(found));
test.each([
  ['She was diagnosed with S13.4XXA on March 1, 2024.'],
  ['She had a fever of 101.5 on March 1, 2024, and the diagnosis was influenza.'],
  ['A diagnosis of 847.0 on June 2, 2014 had healed.'],
  ['The bill of the diagnosis was $847.01.'],
])('nothing: %s', (text) => expect(quotes('code_out_of_time', text)).toEqual([]));

test('where no day stands by it, the day of the loss tells', () => {
  const before = inDemand('ICD-9: 847.0').replace('February 15, 2024', 'February 15, 2014');
  expect(lintText(before).filter(({ rule }) => rule === 'code_out_of_time')).toEqual([]);
});
