import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/shared/linter.ts';
import type { FactView } from '../../../src/shared/facts.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { chronologyOf } from '../../../src/main/facts/chronology.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { computeLetterValues } from '../../../src/main/letters/values.ts';
import type { LintRule } from '../../../src/main/linter/lint-rule.ts';
import { createLinter, ourLetter } from '../../../src/main/linter/linter.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import { without } from '../../support/lint.ts';
import { ofMatter } from '../../support/matter-defects.ts';
import { draft, fact, facts as ofCase, letterhead, lines } from '../export/letter-fixture.ts';

const known = [...ofCase, fact('policy_number', 'HM-5520188'), fact('vehicle', '2019 Honda Accord'), fact('carrier', 'Harborline Mutual')];
const others = [
  {
    clients: ['Oscar Lindqvist', 'Grace Nguyễn-Okafor'],
    carriers: ['Harborline Mutual', 'Penrose Casualty'],
    claimNumbers: ['ZK-55-90013'],
  },
];

function lint(add: Block[], rules?: readonly LintRule[], more: { facts?: FactView[]; template?: number } = {}): Finding[] {
  const facts = [...known, ...(more.facts ?? [])];
  const blocks = [...draft({ facts, template: more.template ?? 0 }).blocks, ...add];
  const ledger = buildLedger(lines, []);
  const letter = { title: 'T', demandCents: 12_500_000, letterDate: '2024-10-04' };
  const values = computeLetterValues({ firm: letterhead, facts, ledger, letter, blocks });
  const matter = { facts, ledger, chronology: chronologyOf(facts, lines), values, others };
  return createLinter(rules).lint(ourLetter({ blocks, values, letterDate: letter.letterDate, demandCents: letter.demandCents }), matter);
}

// the fixture’s own lines have no visit from May to August
const own: Finding['rule'][] = ['treatment_gap'];

test('the drafted letter itself: nothing but the months without treatment; its own client and carrier are no leak', () => {
  expect(lint([]).map(({ rule }) => rule)).toEqual(own);
});

describe.each(ofMatter.map((one) => [one.rule, one.what, one] as const))('%s: %s', (rule, _what, { add, quote, with: beside = [] }) => {
  test('is found by this rule alone, and without it by none', () => {
    const found = lint(add).filter((finding) => !own.includes(finding.rule));
    expect(found.filter((finding) => finding.rule === rule && finding.quote.includes(quote))).toHaveLength(1);
    for (const finding of found) expect([rule, ...beside]).toContain(finding.rule);
    expect(lint(add, without(rule)).filter((finding) => ![...own, ...beside].includes(finding.rule))).toEqual([]);
  });
});

test('evidence: what differs from the records comes with the pages that say it; a typed total can become the computed one', () => {
  const [wrong] = lint([{ type: 'paragraph', content: [{ type: 'text', text: 'The total billed comes to $20,000.00.' }] }]).filter(({ rule }) => rule === 'amount_differs'); // prettier-ignore
  expect(wrong?.evidence.map(({ documentName }) => documentName)).toContain('billing-ledger.pdf');
  expect(wrong?.mend).toEqual({ variable: 'total_billed' });
  expect(wrong?.reason).toContain('$16,098.00');
});

test('a visit on file that no bill and no row of the specials is of: asked about, with the record', () => {
  const visit = fact('visit', 'March 3, 2024', { normal: '2024-03-03|Quayside Neurology', at: [1, 2] });
  const [missing, ...more] = lint([], undefined, { facts: [visit] }).filter(({ rule }) => rule === 'provider_missing');
  expect(missing?.reason).toContain('Quayside Neurology');
  expect(missing?.evidence).toEqual([visit.source]);
  expect(more).toEqual([]);
});

test('a time-limited demand above the limits on file, which it says it is within', () => {
  const limits = (normal: string) => fact('policy_limits', '', { normal });
  const california = (normal: string) =>
    lint([], undefined, { facts: [limits(normal)], template: 2 }).filter(({ rule }) => rule === 'demand_limits');
  expect(california('10000000').map(({ quote }) => quote)).toEqual(['$125,000.00']);
  expect(california('12500000')).toEqual([]);
});

test('a place counts in the visible text of its block, chips resolved', () => {
  const { blocks, values } = draft();
  const ours = ourLetter({ blocks, values, letterDate: null, demandCents: null });
  const texts = ours.blocks.filter(({ isComputed }) => !isComputed).map(({ text }) => text);
  for (const text of texts) expect(letterText(blocks, values).replaceAll(/\n\s*/g, '\n')).toContain(text.replaceAll(/\n\s*/g, '\n'));
  for (const { text, chips } of ours.blocks)
    for (const { start, end, is, name } of chips)
      expect(text.slice(start, end)).toMatch(is === 'citation' ? /^(?:\(Ex\. .*\))?$/ : values.variables[name]?.text || /^\[.*\]$/);
});
