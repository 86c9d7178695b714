import { expect, test } from 'vitest';
import { cleanTimeLimit } from '../../../support/demand-text.ts';
import { inDemand, lintText } from '../../../support/lint.ts';

const missing = (text: string): string[] => lintText(text).filter(({ rule }) => rule === 'time_limit_terms').map(({ reason }) => reason); // prettier-ignore

test.each([
  ['Location of loss: 14th Street at Broadway, Oakland\n', 'location'],
  ['Claim number: BC-90211\n', 'claim number'],
  [' and includes the satisfaction of all liens', 'liens'],
  ['which is within the policy limits', 'policy limits'],
  ['In exchange for payment he will give every insured a complete release. ', 'release'],
  ['His injuries known to us are a fracture of the left wrist and a cervical strain. ', 'injuries'],
  ['The records and bills are enclosed as proof of the claim.', 'proof'],
  ['This demand can be accepted until 11:59 p.m. Pacific Time on April 5, 2024.', 'until which'],
])('without “%s”', (words, term) => {
  expect(cleanTimeLimit).toContain(words);
  const found = missing(cleanTimeLimit.replace(words, ''));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(term);
});
test('nothing of a whole one, nor of a letter that is no such demand', () => {
  expect(missing(cleanTimeLimit)).toEqual([]);
  expect(missing(inDemand('This is a time-limited demand under the law of Ohio.'))).toEqual([]);
});
