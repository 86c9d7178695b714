import { expect, test } from 'vitest';
import { unsupportedIn } from '../../../src/main/drafting/drafting.ts';

const source = 'On 02/15/2024 Ms. Rivera paid $1,850.00 to Dr. Lena Ortiz for 45 minutes; in all 12 visits.';

test.each([
  ['On February 15, 2024 she paid $1,850 to Dr. Ortiz.', []],
  ['On February 15 she paid it.', []],
  ['In 2024 there were 12 visits of 45 minutes.', []],
  ['After the MRI in the ER she paid.', []],
  ['On February 16, 2024 she paid.', ['February 16, 2024']],
  ['On March 15 she paid.', ['March 15']],
  ['She paid $1,580.00.', ['$1,580.00']],
  ['She paid $850.', ['$850']],
  ['There were 2 visits, or 124 of them.', ['124']],
  ['She paid Dr. Paul Kent.', ['Paul Kent']],
  ['Then Rivera’s husband Tom paid.', ['Tom']],
  ['She owes half a million.', ['half a million']],
])('%s', (sentence, beyond) => {
  expect(unsupportedIn(sentence, [source], [])).toEqual(beyond);
});

test('a name that the matter knows is no stranger, a figure of the matter is not one of this source', () => {
  const sentence = 'Tom Rivera paid $99,000 to BestValue Markets.';
  expect(unsupportedIn(sentence, [source], ['BestValue Markets, Inc.', '$99,000.00', 'Tom'])).toEqual(['$99,000']);
});
