import { expect, test } from 'vitest';
import { matterOf, quotes } from '../../../support/lint.ts';
import { fact } from '../../export/letter-fixture.ts';

const limits = matterOf([fact('policy_limits', '$100,000.00', { normal: '10000000' })]);

test.each([
  ['above', 'Our client demands the policy limits and demands payment of $150,000.00.', ['$150,000.00']],
  ['below', 'This is a policy limits demand. Our client demands payment of $10,000.00.', ['$10,000.00']],
  ['said to be within', 'Our client offers to settle this claim for $150,000.00, which is within the policy limits.', ['$150,000.00']],
])('is found, by the limits on file: %s', (_what, text, found) => expect(quotes('demand_limits', text, limits)).toEqual(found));

test('is found by the limits the letter names', () => {
  expect(
    quotes('demand_limits', 'This is a policy limits demand. The policy limits are $100,000.00. We demand payment of $90,000.00.'),
  ).toEqual(['$90,000.00']);
});

test.each([
  ['the limits themselves', 'This is a policy limits demand. Our client demands payment of $100,000.00.'],
  ['a demand that says nothing of limits', 'Our client demands payment of $150,000.00.'],
  ['below, within', 'Our client offers to settle this claim for $50,000.00, within the policy limits.'],
])('nothing: %s', (_what, text) => expect(quotes('demand_limits', text, limits)).toEqual([]));
