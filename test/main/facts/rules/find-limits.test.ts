import { expect, test } from 'vitest';
import { normals } from '../../../support/rule-facts.ts';

test('policy limits in cents; two in one phrase are two; medical payments', () => {
  expect(
    normals('policy_limits', 'The policy provides bodily injury limits of $100,000/$300,000 and\na UM limit of $50,000.', 'Correspondence'),
  ).toEqual(['10000000', '30000000', '5000000']);
  expect(normals('policy_limits', 'Policy Limits: $25,000.00\nMedical payments coverage: $5,000', 'Insurance')).toEqual([
    '2500000',
    '500000',
  ]);
});

test('no limit: a deductible, a demand, a malformed or shortened amount', () => {
  for (const text of [
    'Deductible: $500.00',
    'We demand $250,000 for the policy limits. We offer $40,000.',
    'We demand the policy limits of $100,000.',
    'Policy limits: $100.000,00',
    'Policy limits: $1 million',
    'limited range of motion, cost $40.00',
  ])
    expect([text, normals('policy_limits', text, 'Correspondence')]).toEqual([text, []]);
});
