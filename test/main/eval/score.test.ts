import { expect, test } from 'vitest';
import { evaluate, together, Truth, type Found } from '../../../src/main/eval/eval.ts';

const totals = { billedCents: 100, adjustedCents: 0, paidCents: 0, owedCents: 100 };
const truth = Truth.parse({
  folder: '.',
  documents: {
    'a.txt': {
      facts: {
        client_name: [{ is: ['Ana Cruz'], on: [1] }],
        carrier: [{ is: ['Blue Mutual', 'Blue Mutual Insurance'], on: [1, 2] }],
        liability_quote: [
          { says: 'I looked down', on: [1] },
          { says: 'it rained', on: [1], optional: true },
        ],
      },
      statedTotals: [{ page: 1, label: 'Amount due', provider: null, owedCents: 100, agrees: true }],
    },
  },
  totals,
});
const fact = (kind: string, normal: string, more: Partial<Found['facts'][number]> = {}): Found['facts'][number] => ({
  document: 'a.txt',
  page: 1,
  kind,
  value: normal,
  normal,
  quote: normal,
  method: 'rule:x',
  ...more,
});
const score = (facts: Found['facts'], more: Partial<Found> = {}) =>
  evaluate(truth, { facts, billLines: [], statedTotals: [], totals, ...more });

test('a find is right where a label of its kind, document and page says the same', () => {
  const { facts, missed, falseFinds } = score([
    fact('client_name', 'ANA  CRUZ'),
    fact('carrier', 'Blue Mutual Insurance', { page: 2 }),
    fact('carrier', 'Blue Mutual', { page: 3 }),
    fact('client_name', 'Ana Cruz', { document: 'b.txt' }),
    fact('defendant_name', 'Ana Cruz'),
  ]);
  expect(facts).toMatchObject({ found: 5, right: 2, labelled: 3, met: 2, precision: 0.4 });
  expect(facts.recall).toBeCloseTo(2 / 3);
  expect(facts.f1).toBeCloseTo(0.5);
  expect(missed.map(({ kind, value }) => [kind, value])).toContainEqual(['liability_quote', 'I looked down']);
  expect(falseFinds.map(({ document, page, kind }) => [document, page, kind])).toEqual([
    ['a.txt', 3, 'carrier'],
    ['b.txt', 1, 'client_name'],
    ['a.txt', 1, 'defendant_name'],
  ]);
});

test('what is optional counts neither way; a quote is told by words it holds', () => {
  const { kinds } = score([
    fact('liability_quote', 'x', { quote: 'He said: “I looked  down” twice.' }),
    fact('liability_quote', 'y', { quote: 'And it rained.' }),
  ]);
  expect(kinds['liability_quote']).toMatchObject({ found: 1, right: 1, labelled: 1, met: 1 });
});

test('a total is met once, by what its document states of it', () => {
  const due = {
    document: 'a.txt',
    page: 1,
    label: 'amount due',
    provider: null,
    billedCents: 7,
    paidCents: 0,
    owedCents: 100,
    agrees: true,
    quote: 'q',
  };
  expect(score([], { statedTotals: [due, due] }).statedTotals).toMatchObject({ found: 2, right: 1, met: 1 });
  expect(score([], { statedTotals: [{ ...due, agrees: false }] }).statedTotals).toMatchObject({ right: 0 });
  expect(score([], { statedTotals: [{ ...due, owedCents: 99 }] }).statedTotals).toMatchObject({ right: 0 });
  expect(score([], { totals: { ...totals, owedCents: 99 } }).totals.equal).toBe(false);
});

test('nothing found and nothing labelled is no mistake; several scores add up', () => {
  const none = score([]).billLines;
  expect([none.precision, none.recall]).toEqual([1, 1]);
  expect(together([none, score([fact('client_name', 'Ana Cruz')]).facts])).toMatchObject({ found: 1, right: 1, labelled: 3, met: 1 });
});
