import { expect, test } from 'vitest';
import type { Block, Inline } from '../../../../src/shared/letters.ts';
import { createLinter, ourLetter } from '../../../../src/main/linter/linter.ts';
import { matterOf } from '../../../support/lint.ts';
import { draft, facts, lines } from '../../export/letter-fixture.ts';

function found(content: Inline[]): unknown[] {
  const { values } = draft();
  const blocks: Block[] = [{ type: 'paragraph', content }];
  const matter = { ...matterOf(facts, lines), values };
  const findings = createLinter().lint(ourLetter({ blocks, values, letterDate: '2024-10-04', demandCents: 12_500_000 }), matter);
  return findings.filter(({ rule }) => rule === 'typed_amount').map(({ quote, mend }) => [quote, mend]);
}

test('an amount that Steno computes is offered as its chip; the chip itself, and an amount of its own, are let be', () => {
  expect(found([{ type: 'text', text: 'The bills are $16,098.00.' }])).toEqual([['$16,098.00', { variable: 'total_billed' }]]);
  expect(found([{ type: 'text', text: 'We ask for $125,000.00.' }])).toEqual([['$125,000.00', { variable: 'demand_amount' }]]);
  expect(found([{ type: 'variable', name: 'total_billed' }])).toEqual([]);
  expect(found([{ type: 'text', text: 'A taxi was $16.00.' }])).toEqual([]);
});
