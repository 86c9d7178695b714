import { describe, expect, test } from 'vitest';
import { BillLineView, FactView, type FactKind } from '../../../src/shared/facts.ts';
import { chronologyOf, gapsBetween, lossDayOf } from '../../../src/main/facts/chronology.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextId = 1;
const sourceOf = (document: number, page: number) => ({ documentId: uuid(document), documentName: `d${String(document)}.pdf`, page, start: 0, end: 1, quote: 'x' }); // prettier-ignore
const fact = (kind: FactKind, normal: string, more: { document?: number; state?: FactView['state']; confidence?: number } = {}): FactView =>
  FactView.parse({ factId: uuid((nextId += 1)), matterId: uuid(0), kind, value: normal, normal, confidence: 80, state: 'proposed', method: 'rule:x', decidedByName: null, decidedAt: null, ...more, source: sourceOf(more.document ?? 9, 1) }); // prettier-ignore
const line = (provider: string, from: string | null, more: Partial<BillLineView> & { page?: number } = {}): BillLineView =>
  BillLineView.parse({ billLineId: uuid((nextId += 1)), matterId: uuid(0), provider, serviceFrom: from, serviceTo: from, code: null, description: 'Visit', units: 1, billedCents: 10_000, adjustedCents: 0, paidCents: 0, owedCents: 10_000, problem: null, state: 'proposed', ...more, source: sourceOf(1, more.page ?? 1) }); // prettier-ignore

describe('visits on a time line', () => {
  test('lines of a provider and day are one entry with their sum, each page once', () => {
    const { entries } = chronologyOf([], [line('Harbor ED', '2024-02-15', { description: 'ER visit' }), line('Harbor ED', '2024-02-15', { description: 'X-ray' }), line('Harbor PT', '2024-02-15'), line('Harbor ED', '2024-02-10')]); // prettier-ignore
    expect(entries.map(({ from, provider, done, billedCents, sources }) => [from, provider, done, billedCents, sources.length])).toEqual([
      ['2024-02-10', 'Harbor ED', ['Visit'], 10_000, 1],
      ['2024-02-15', 'Harbor ED', ['ER visit', 'X-ray'], 20_000, 1],
      ['2024-02-15', 'Harbor PT', ['Visit'], 10_000, 1],
    ]);
  });
  test('a record’s visit joins the bill of its day where one name is part of the other’s, and stands alone where not', () => {
    const bills = [line('Harbor General Emergency Department', '2024-02-15')];
    const visits = [fact('visit', '2024-02-15|Harbor General'), fact('visit', '2024-02-15|Harbor Radiology'), fact('visit', '2024-02-16|Harbor General')]; // prettier-ignore
    const { entries } = chronologyOf(visits, bills);
    expect(entries.map(({ from, provider, sources }) => [from, provider, sources.length])).toEqual([
      ['2024-02-15', 'Harbor General Emergency Department', 2],
      ['2024-02-15', 'Harbor Radiology', 1],
      ['2024-02-16', 'Harbor General', 1],
    ]);
  });
  test('what a person rejected, and a charge that another statement repeats, is no visit; a line without a day is counted', () => {
    const bills = [line('A', '2024-02-15', { state: 'rejected' }), line('A', '2024-02-15', { sameAs: uuid(77) as BillLineView['billLineId'] }), line('B', null)]; // prettier-ignore
    expect(chronologyOf([fact('visit', '2024-02-15|A', { state: 'rejected' }), fact('visit', 'nonsense'), fact('visit', '2024-02-31|A')], bills)).toEqual({ lossDay: null, entries: [], gaps: [], undated: 1 }); // prettier-ignore
  });
});

describe('gaps', () => {
  const days = (...froms: string[]) => froms.map((from) => ({ from, to: from }));
  test('longer than thirty days between treatments, than fourteen from the loss to the first', () => {
    const found = (lossDay: string | null, ...froms: string[]) => gapsBetween(days(...froms), lossDay).map(({ from, to, days: n, isDelay }) => [from, to, n, isDelay]); // prettier-ignore
    expect(found(null, '2024-03-31', '2024-03-01')).toEqual([]);
    expect(found(null, '2024-04-01', '2024-03-01')).toEqual([['2024-03-01', '2024-04-01', 31, false]]);
    expect(found('2024-02-16', '2024-03-01')).toEqual([]);
    expect(found('2024-02-15', '2024-03-01')).toEqual([['2024-02-15', '2024-03-01', 15, true]]);
    expect(found('2024-02-15')).toEqual([]);
  });
  test('a span of days that covers others ends late', () => {
    expect(gapsBetween([{ from: '2024-01-01', to: '2024-06-01' }, ...days('2024-02-01', '2024-06-20')], null)).toEqual([]);
  });
});

test('the day of the loss is the one that a person decided, then the surest; one that is no day is none', () => {
  const [sure, said] = [fact('date_of_loss', '2024-02-15', { confidence: 95 }), fact('date_of_loss', '2024-02-14', { state: 'corrected' })];
  expect(lossDayOf([sure, fact('date_of_loss', '2024-02-13', { confidence: 60 })])).toBe('2024-02-15');
  expect(lossDayOf([sure, said])).toBe('2024-02-14');
  expect(lossDayOf([fact('date_of_loss', '2024-02-31')])).toBe(null);
});
