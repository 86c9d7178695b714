import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { BillLineView } from '../../../src/shared/facts.ts';
import { mergeRepeats, ownChargesKeys, sameCharges } from '../../../src/main/facts/charges.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextId = 1;

function charge(document: number, more: Partial<z.input<typeof BillLineView>> = {}): BillLineView {
  nextId += 1;
  const line: Omit<z.input<typeof BillLineView>, 'owedCents'> = {
    billLineId: uuid(nextId),
    matterId: uuid(0),
    provider: 'Tidewater Spine',
    serviceFrom: '2022-07-01',
    serviceTo: '2022-07-01',
    code: '72141',
    description: 'MRI',
    units: 1,
    billedCents: 195_000,
    adjustedCents: 0,
    paidCents: 0,
    problem: null,
    state: 'proposed',
    source: {
      documentId: uuid(900 + document),
      documentName: `statement-${String(document)}.txt`,
      page: 1,
      start: nextId,
      end: nextId + 1,
      quote: 'x',
    },
    ...more,
  };
  return BillLineView.parse({ owedCents: line.billedCents - line.adjustedCents - line.paidCents, ...line });
}
const counted = (lines: readonly BillLineView[], isAnswered = (_key: string): boolean => false): number =>
  buildLedger(lines, [], isAnswered).totals.billedCents;

describe('the same charge on two statements', () => {
  test('counts once, with the evidence of both', () => {
    const [july, september] = [charge(1), charge(2, { provider: 'TIDEWATER  SPINE', units: null })];
    const ledger = buildLedger([july, september], []);
    expect(ledger.totals.billedCents).toBe(195_000);
    expect(ledger.lines.map(({ sameAs, alsoIn }) => [sameAs, alsoIn.map(({ documentName }) => documentName)])).toEqual([
      [null, ['statement-2.txt']],
      [july.billLineId, []],
    ]);
    expect(ledger.providers.map(({ lineCount, sources }) => [lineCount, sources.map(({ documentName }) => documentName)])).toEqual([
      [1, ['statement-1.txt', 'statement-2.txt']],
    ]);
    // control: where nothing merges them they are two
    expect(counted([july, september], () => true)).toBe(390_000);
  });

  test.each([
    ['another day', { serviceFrom: '2022-07-02' }],
    ['another code', { code: '72142' }],
    ['another price', { billedCents: 195_001 }],
    ['other units', { units: 2 }],
    ['another provider', { provider: 'Hill Clinic' }],
    ['no day', { serviceFrom: null }],
    ['a longer stay', { serviceTo: '2022-07-03' }],
  ])('%s is another charge', (_, more) => {
    expect(sameCharges([charge(1), charge(2, more)])).toEqual([]);
  });

  test('sides of the body and parts of a study tell charges apart where both say them; nobody is not a provider', () => {
    const of = (description: string) => charge(1, { code: '73721', description });
    const other = (description: string) => charge(2, { code: '73721', description });
    expect(sameCharges([of('MRI left knee'), other('MRI right knee')])).toEqual([]);
    expect(sameCharges([of('MRI knee, technical'), other('MRI knee, professional')])).toEqual([]);
    expect(sameCharges([of('MRI left knee'), other('MRI knee')])).toHaveLength(1);
    expect(sameCharges([charge(1, { provider: 'Unknown provider' }), charge(2, { provider: 'Unknown provider' })])).toEqual([]);
  });

  test('two equal lines in one document stay two, also where another statement repeats one of them', () => {
    expect(counted([charge(1), charge(1)])).toBe(390_000);
    expect(counted([charge(1), charge(1), charge(2)])).toBe(390_000);
    expect(counted([charge(1), charge(2), charge(2), charge(3)])).toBe(390_000);
  });

  test('a rejected line stands for nothing: the other counts', () => {
    const [a, b] = [charge(1, { state: 'rejected' }), charge(2)];
    expect(mergeRepeats([a, b], () => false).map(({ sameAs }) => sameAs)).toEqual([null, null]);
    expect(counted([a, b])).toBe(195_000);
  });

  test('what a person decided counts; else the later balance, and where they differ it is said', () => {
    const [before, after] = [charge(1), charge(2, { paidCents: 120_000 })];
    const ledger = buildLedger([before, after], []);
    expect(ledger.totals).toMatchObject({ billedCents: 195_000, paidCents: 120_000, owedCents: 75_000 });
    expect(ledger.lines[1]?.problem).toContain('do not say the same of what was adjusted and paid');
    expect(buildLedger([{ ...before, state: 'approved' }, after], []).totals.paidCents).toBe(0);
  });

  const saidOwn = (lines: readonly BillLineView[]) => (key: string) => ownChargesKeys(lines).includes(key);
  test('that they are charges of their own is said of a charge and two documents: what comes later is none of it', () => {
    const lines = [charge(1), charge(2)];
    expect(ownChargesKeys(lines)).toEqual([expect.stringMatching(/^own_charges:[0-9a-f]{32}:/)]);
    expect(counted(lines, saidOwn(lines))).toBe(390_000);
    const later = [charge(1, { code: '62321', billedCents: 900_000 }), charge(2, { code: '62321', billedCents: 900_000 })];
    expect(counted([...lines, ...later], saidOwn(lines))).toBe(390_000 + 900_000);
    // a third statement repeats both; it makes neither of them the other's
    expect(counted([...lines, charge(3)], saidOwn(lines))).toBe(390_000);
  });

  test('a person’s correction of one of them makes no second charge of it', () => {
    const readAs = { provider: 'Tidewater Spine', billed_cents: 195_000, adjusted_cents: 0, paid_cents: 0 };
    expect(counted([charge(1, { billedCents: 190_000, state: 'corrected', readAs }), charge(2)])).toBe(190_000);
    expect(counted([charge(1, { provider: 'Tide Water', state: 'corrected', readAs }), charge(2)])).toBe(195_000);
  });
});

describe('totals that documents print', () => {
  const total = (
    document: number,
    label: string,
    cents: number,
    more: { quote?: string; start?: number; provider?: string | null } = {},
  ) => ({
    label,
    provider: more.provider === undefined ? 'Tidewater Spine' : more.provider,
    billedCents: cents,
    paidCents: 0,
    owedCents: cents,
    source: {
      documentId: uuid(900 + document),
      documentName: 'x',
      page: 1,
      start: more.start ?? 9_000,
      end: 9_001,
      quote: more.quote ?? `${label}: $${(cents / 100).toFixed(2)}`,
    } as BillLineView['source'],
  });

  test('a bill that states three totals shows all three, and which agree', () => {
    const lines = [charge(1, { paidCents: 50_000 })];
    const ledger = buildLedger(lines, [
      total(1, 'Total charges', 195_000),
      total(1, 'Grand total', 200_000),
      total(1, 'Amount due', 145_000),
    ]);
    expect(ledger.statedTotals.map(({ label, says, agrees }) => [label, says, agrees])).toEqual([
      ['Total charges', ['billed'], true],
      ['Grand total', ['billed'], false],
      ['Amount due', ['owed'], true],
    ]);
  });

  test('a row of several amounts is held against all of them', () => {
    const [row] = buildLedger(
      [charge(1, { paidCents: 50_000 })],
      [total(1, 'Subtotal', 195_000, { quote: 'Subtotal $1,950.00 $0.00 $1,950.00' })],
    ).statedTotals;
    expect([row?.says, row?.agrees]).toEqual([['billed', 'paid', 'owed'], false]);
  });

  test('a statement agrees with its own lines also where another repeats them, and a subtotal with those above it', () => {
    const lines = [charge(1), charge(2), charge(2, { code: '62321', billedCents: 140_000 })];
    const stated = [total(1, 'Total charges', 195_000), total(2, 'Total charges', 335_000), total(1, 'Total', 335_000, { provider: null })];
    expect(buildLedger(lines, stated).statedTotals.map(({ agrees }) => agrees)).toEqual([true, true, true]);
    const [first, second] = [charge(3, { billedCents: 100 }), charge(3, { billedCents: 200 })];
    const sub = (cents: number) => total(3, 'Subtotal', cents, { start: second.source.start });
    expect(buildLedger([first, second], [sub(100)]).statedTotals[0]?.agrees).toBe(true);
    expect(buildLedger([first, second], [sub(200)]).statedTotals[0]?.agrees).toBe(false);
  });
});
