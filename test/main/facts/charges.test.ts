import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { BillLineView } from '../../../src/shared/facts.ts';
import { chargedTwiceKey, mergeRepeats, sameCharges } from '../../../src/main/facts/charges.ts';
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
const counted = (lines: readonly BillLineView[], isAnswered = (): boolean => false): number =>
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
  ])('%s is another charge', (_, more) => {
    expect(sameCharges([charge(1), charge(2, more)])).toEqual([]);
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

  test('an answer is about all documents of a charge: about others it changes nothing', () => {
    const lines = [charge(1), charge(2)];
    const key = chargedTwiceKey(lines);
    expect(key).toBe(`charged_twice:${uuid(901)}+${uuid(902)}`);
    expect(buildLedger(lines, [], (asked) => asked === key).totals.billedCents).toBe(390_000);
    expect(buildLedger(lines, [], (asked) => asked === `${key}x`).totals.billedCents).toBe(195_000);
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
