import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BillLineView, LedgerView } from '../../../src/shared/facts.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextId = 1;

interface Line {
  provider: string;
  day?: string | null;
  to?: string | null;
  billed: number;
  adjusted?: number;
  paid?: number;
  state?: BillLineView['state'];
  document?: number;
  page?: number;
}

function line({
  provider,
  day = null,
  to = day,
  billed,
  adjusted = 0,
  paid = 0,
  state = 'approved',
  document = 1,
  page = 1,
}: Line): BillLineView {
  nextId += 1;
  return BillLineView.parse({
    billLineId: uuid(nextId),
    matterId: uuid(0),
    provider,
    serviceFrom: day,
    serviceTo: to,
    code: null,
    description: 'service',
    units: 1,
    billedCents: billed,
    adjustedCents: adjusted,
    paidCents: paid,
    owedCents: billed - adjusted - paid,
    problem: null,
    state,
    source: { documentId: uuid(900 + document), documentName: 'bill.pdf', page, start: nextId, end: nextId + 1, quote: 'x' },
  });
}

const source = line({ provider: 'x', billed: 0 }).source;

describe('buildLedger', () => {
  test('goes through its lines a few times, however many totals are printed', () => {
    let read = 0;
    const lines = Array.from({ length: 200 }, (_, n) => {
      const plain = line({ provider: `P${String(n % 50)}`, billed: n });
      return Object.defineProperty({ ...plain }, 'billedCents', {
        enumerable: true,
        get: () => {
          read += 1;
          return plain.billedCents;
        },
      });
    });
    const total = { label: 'EMS', billedCents: 1, paidCents: 0, owedCents: 1, source };
    const steps = (count: number): number => {
      read = 0;
      // half of them name a provider of lines, half another
      buildLedger(
        lines,
        Array.from({ length: count }, (_, n) => ({ ...total, provider: n % 2 ? 'P1' : 'EMS' })),
      );
      return read;
    };
    expect(steps(2_000)).toBe(steps(2));
  });

  test('orders providers by first service date, then by appearance, undated last', () => {
    const ledger = buildLedger(
      [
        line({ provider: 'Undated', billed: 1 }),
        line({ provider: 'Later', day: '2024-03-01', billed: 1 }),
        line({ provider: 'Tie B', day: '2024-02-01', billed: 1 }),
        line({ provider: 'Tie A', day: '2024-02-01', billed: 1 }),
        line({ provider: 'Later', day: '2024-01-01', to: '2024-06-30', billed: 1 }),
      ],
      [],
    );
    expect(ledger.providers.map(({ provider }) => provider)).toEqual(['Later', 'Tie B', 'Tie A', 'Undated']);
    expect(ledger.providers[0]).toMatchObject({ serviceFrom: '2024-01-01', serviceTo: '2024-06-30', lineCount: 2 });
  });

  test('one provider written with other case and spacing is one row, named as it first appears', () => {
    const ledger = buildLedger([line({ provider: 'Lakeside  ER', billed: 100 }), line({ provider: 'LAKESIDE ER ', billed: 50 })], []);
    expect(ledger.providers.map(({ provider, billedCents }) => [provider, billedCents])).toEqual([['Lakeside  ER', 150]]);
  });

  test('names one source per page, documents in order of appearance, pages in order', () => {
    const pages = [[2, 5], [1, 3], [1, 2], [1, 3], [2, 4]] as const; // prettier-ignore
    const ledger = buildLedger(
      pages.map(([document, page]) => line({ provider: 'P', billed: 1, document, page })),
      [],
    );
    const sources = ledger.providers[0]?.sources ?? [];
    expect(sources.map(({ documentId, page }) => [Number(documentId.slice(-3)) - 900, page])).toEqual([[2, 4], [2, 5], [1, 2], [1, 3]]); // prettier-ignore
    expect(sources[3]?.start).toBe(ledger.lines[1]?.source.start);
  });

  test('a rejected line is still listed and counts nowhere', () => {
    const lines = [line({ provider: 'P', billed: 100, paid: 40 }), line({ provider: 'Q', billed: 900, state: 'rejected' })];
    const ledger = buildLedger(lines, [{ label: 'Total', provider: null, billedCents: 1000, paidCents: 40, owedCents: 960, source }]);
    expect(ledger.lines).toHaveLength(2);
    expect(ledger.providers.map(({ provider }) => provider)).toEqual(['P']);
    expect(ledger.totals).toEqual({ billedCents: 100, adjustedCents: 0, paidCents: 40, owedCents: 60 });
    expect(ledger.statedTotals[0]?.agrees).toBe(false);
  });

  test.each([
    ['its own sum', 'p', 150, 30, 120, true],
    ['one cent off in what is owed', 'P', 150, 30, 121, false],
    ["another provider's sum", 'Q', 150, 30, 120, false],
    ['a provider without lines', 'Nobody', 150, 30, 120, false],
  ] as const)('checks a stated provider total: %s', (_, provider, billedCents, paidCents, owedCents, agrees) => {
    const lines = [line({ provider: 'P', billed: 100, paid: 30 }), line({ provider: 'P', billed: 50 }), line({ provider: 'Q', billed: 7 })];
    const ledger = buildLedger(lines, [{ label: 'Subtotal', provider, billedCents, paidCents, owedCents, source }]);
    expect(ledger.statedTotals.map((total) => total.agrees)).toEqual([agrees]);
  });

  test('any lines give the sums a slow reading of them gives', () => {
    const cents = fc.integer({ min: -5_000_000, max: 900_000_000 });
    const day = fc.option(fc.constantFrom('2023-12-31', '2024-02-15', '2024-02-29', '2025-01-01'));
    const anyLine = fc.record({
      provider: fc.constantFrom('A', 'a ', 'B', 'C D', 'c  d'),
      day,
      billed: cents,
      adjusted: cents,
      paid: cents,
      state: fc.constantFrom<BillLineView['state']>('approved', 'proposed', 'corrected', 'rejected'),
      document: fc.integer({ min: 1, max: 3 }),
      page: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      // no two of one amount: what two statements repeat counts once (charges.test)
      fc.property(fc.uniqueArray(anyLine, { maxLength: 40, selector: ({ billed }) => billed }), (raw) => {
        const lines = raw.map(line);
        const ledger = LedgerView.parse(buildLedger(lines, []));
        const oracle: Record<string, bigint> = { billed: 0n, adjusted: 0n, paid: 0n, owed: 0n };
        const billedBy: Record<string, bigint> = {};
        for (const { state, provider, ...amounts } of lines) {
          if (state === 'rejected') continue;
          oracle['billed'] = (oracle['billed'] ?? 0n) + BigInt(amounts.billedCents);
          oracle['adjusted'] = (oracle['adjusted'] ?? 0n) + BigInt(amounts.adjustedCents);
          oracle['paid'] = (oracle['paid'] ?? 0n) + BigInt(amounts.paidCents);
          oracle['owed'] = (oracle['owed'] ?? 0n) + BigInt(amounts.billedCents) - BigInt(amounts.adjustedCents) - BigInt(amounts.paidCents);
          const name = provider.trim().split(/ +/).join(' ').toUpperCase();
          billedBy[name] = (billedBy[name] ?? 0n) + BigInt(amounts.billedCents);
        }
        const { billedCents, adjustedCents, paidCents, owedCents } = ledger.totals;
        expect({ billed: BigInt(billedCents), adjusted: BigInt(adjustedCents), paid: BigInt(paidCents), owed: BigInt(owedCents) }).toEqual(
          oracle,
        );
        const ours = ledger.providers.map((row) => [row.provider.trim().split(/ +/).join(' ').toUpperCase(), BigInt(row.billedCents)]);
        expect(Object.fromEntries(ours)).toEqual(billedBy);
        expect(ours).toHaveLength(Object.keys(billedBy).length);
      }),
    );
  });
});
