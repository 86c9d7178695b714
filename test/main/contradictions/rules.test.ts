import { describe, expect, test } from 'vitest';
import type { DocumentId } from '../../../src/shared/ids.ts';
import { BillLineView, FactView, type FactKind } from '../../../src/shared/facts.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import type { ContradictionRule, Found } from '../../../src/main/contradictions/contradiction-rule.ts';
import { earlierConditions } from '../../../src/main/contradictions/rules/earlier-conditions.ts';
import { checkOverdue, measuresDiffer } from '../../../src/main/contradictions/rules/measures.ts';
import { studyDay } from '../../../src/main/contradictions/rules/study-day.ts';
import { totalsDiffer } from '../../../src/main/contradictions/rules/totals.ts';
import { valuesDiffer } from '../../../src/main/contradictions/rules/values-differ.ts';
import { wageArithmetic } from '../../../src/main/contradictions/rules/wages.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextId = 1;
const sourceOf = (document: number, quote = 'x') => ({ documentId: uuid(document) as DocumentId, documentName: `d${String(document)}.pdf`, page: 1, start: 0, end: quote.length, quote }); // prettier-ignore

interface Said {
  document?: number;
  state?: FactView['state'];
  value?: string;
  method?: string;
}
function fact(
  kind: FactKind,
  normal: string,
  { document = 1, state = 'proposed', value = normal, method = 'rule:x' }: Said = {},
): FactView {
  nextId += 1;
  return FactView.parse({ factId: uuid(nextId), matterId: uuid(0), kind, value, normal, confidence: 80, state, source: sourceOf(document), method, problem: null, decidedByName: null, decidedAt: null }); // prettier-ignore
}
function line(
  description: string,
  day: string,
  { code = null, billed = 100 }: { code?: string | null; billed?: number } = {},
): BillLineView {
  nextId += 1;
  const amounts = { billedCents: billed, adjustedCents: 0, paidCents: 0, owedCents: billed };
  return BillLineView.parse({ billLineId: uuid(nextId), matterId: uuid(0), provider: 'Harbor Imaging', serviceFrom: day, serviceTo: day, code, description, units: 1, ...amounts, problem: null, state: 'proposed', source: sourceOf(1) }); // prettier-ignore
}
const ask = (rule: ContradictionRule, facts: FactView[], lines: BillLineView[] = []): Found[] =>
  rule({ facts, ledger: buildLedger(lines, []) });
const sides = (found: Found[]): string[][] => found.map((one) => one.sides.map(({ value }) => value));

describe('of what there is one in a case', () => {
  const [feb, mar] = ['2024-02-15', '2024-03-15'];
  test('two values stand side by side, in an order that no further document changes, until the other is rejected', () => {
    const [a, b, c] = [fact('date_of_loss', mar), fact('date_of_loss', feb, { document: 2 }), fact('date_of_loss', feb, { document: 3 })];
    expect(sides(ask(valuesDiffer, [a, fact('date_of_loss', mar), c]))).toEqual([[feb, mar]]);
    expect(sides(ask(valuesDiffer, [a, b, c]))).toEqual([[feb, mar]]);
    expect(ask(valuesDiffer, [a, b, c])[0]?.sides[0]?.factIds).toEqual([b.factId, c.factId]);
    expect(ask(valuesDiffer, [b, c])).toEqual([]);
    expect(ask(valuesDiffer, [{ ...b, state: 'approved' }, c])).toEqual([]);
    // what was approved is contradicted by a document that came later
    expect(sides(ask(valuesDiffer, [{ ...b, state: 'approved' }, a]))).toEqual([[feb, mar]]);
  });
  test('two that people approved stand against each other again', () => {
    const both = [fact('date_of_loss', mar, { state: 'approved' }), fact('date_of_loss', feb, { state: 'corrected' })];
    expect(sides(ask(valuesDiffer, both))).toEqual([[feb, mar]]);
  });
  test('one number with and without its dashes, one company with and without its form, one person with and without an initial are one', () => {
    const ofKind = (kind: FactKind, ...values: string[]) => ask(valuesDiffer, values.map((value) => fact(kind, value))).length; // prettier-ignore
    expect(ofKind('claim_number', '12-34', '12 34')).toBe(0);
    expect(ofKind('claim_number', '12-34', '12-35')).toBe(1);
    expect(ofKind('carrier', 'Acme Insurance', 'Acme Insurance Company')).toBe(0);
    expect(ofKind('carrier', 'Acme Insurance', 'Apex Insurance')).toBe(1);
    expect(ofKind('client_name', 'Maria Rivera', 'María L. Rivera')).toBe(0);
    expect(ofKind('client_name', 'Maria Rivera', 'Marta Rivera')).toBe(1);
  });
  test('of visits, witnesses and defendants there may be many', () => {
    const many = (['visit', 'witness', 'defendant_name'] as const).flatMap((kind) => [fact(kind, 'a'), fact(kind, 'b')]);
    expect(ask(valuesDiffer, many)).toEqual([]);
  });
  test('a place told more and less closely is one place; another house, store or mile is another', () => {
    const places = (...values: string[]) => ask(valuesDiffer, values.map((value) => fact('place_of_loss', value))).length; // prettier-ignore
    expect(places('I-95', 'I-95 Northbound, Mile Marker 42, Baltimore County, MD')).toBe(0);
    expect(places('1847 Main Avenue, Middletown', 'BestValue Store No. 0147', 'Produce department')).toBe(0);
    expect(places('1847 Main Avenue, Middletown', '1874 Main Avenue, Middletown')).toBe(1);
    expect(places('Store No. 0147', 'BestValue Store #0174')).toBe(1);
    expect(places('I-95, mile marker 42', 'I-95 at mile marker 24')).toBe(1);
  });
});

describe('what was measured', () => {
  const cone = (low: number, high: number, document: number) => fact('measure', `warning cone|distance|in|${String(low)}|${String(high)}`, { document }); // prettier-ignore
  test('ranges apart differ, ranges that touch agree', () => {
    expect(sides(ask(measuresDiffer, [cone(60, 72, 1), cone(48, 48, 2), cone(48, 48, 3)]))[0]).toHaveLength(2);
    expect(ask(measuresDiffer, [cone(48, 60, 1), cone(60, 72, 2)])).toEqual([]);
    expect(ask(measuresDiffer, [cone(15, 20, 1), cone(18, 18, 2)])).toEqual([]);
  });
  test('how often and how long before are two things; what a person wrote freely measures nothing', () => {
    const [due, gap] = [fact('measure', 'sweep check|due|min|15|15'), fact('measure', 'sweep check|gap|min|41|41')];
    expect(ask(measuresDiffer, [due, gap, fact('measure', 'about four feet, I think')])).toEqual([]);
    expect(ask(checkOverdue, [due, gap])[0]?.title).toBe('A sweep check is due every 15 minutes; the last was 41 minutes before.');
    expect(ask(checkOverdue, [due, fact('measure', 'sweep check|gap|min|12|15')])).toEqual([]);
    expect(ask(checkOverdue, [gap])).toEqual([]);
  });
});

describe('a study and its reading', () => {
  const taken = line('MRI lumbar w/o contrast — technical', '2024-04-05');
  test('billed under two days are shown, each with its line', () => {
    const found = ask(studyDay, [], [taken, line('MRI lumbar (professional)', '2024-04-15')]);
    expect(sides(found)).toEqual([['April 5, 2024: MRI lumbar w/o contrast — technical', 'April 15, 2024: MRI lumbar (professional)']]);
  });
  test('of one day, of other parts of the body, long after, or reviewed in a visit are none', () => {
    expect(ask(studyDay, [], [taken, line('Lumbar MRI, interpretation', '2024-04-05')])).toEqual([]);
    expect(ask(studyDay, [], [taken, line('MRI knee (professional)', '2024-04-15')])).toEqual([]);
    expect(ask(studyDay, [], [taken, line('MRI lumbar (professional)', '2024-08-15')])).toEqual([]);
    expect(ask(studyDay, [], [taken, line('MRI review, conservative mgmt', '2024-05-06')])).toEqual([]);
  });
  test('a second study with a reading of its own day leaves nothing stray', () => {
    const again = [line('MRI lumbar w/o contrast', '2024-04-30'), line('MRI lumbar', '2024-04-30', { code: '72148-26' })];
    expect(ask(studyDay, [], [taken, line('MRI lumbar', '2024-04-05', { code: '72148-26' }), ...again])).toEqual([]);
  });
});

describe('a wage loss', () => {
  const [rate, days] = [fact('wage_rate', '3000'), fact('wage_days', '5.5')];
  test('that needs an assumption says which', () => {
    expect(ask(wageArithmetic, [rate, days, fact('wage_loss', '132000')])[0]?.title).toBe(
      '5.5 days at $30.00 an hour gives $1,320.00 only at 8 hours a day, which the document does not say.',
    );
  });
  test('that does not follow from its days and rate is told; one whose hours are said is not', () => {
    expect(ask(wageArithmetic, [rate, days, fact('wage_loss', '139900')])[0]?.title).toContain('No hours a day give');
    expect(ask(wageArithmetic, [rate, days, fact('wage_hours', '8/day'), fact('wage_loss', '132000')])).toEqual([]);
    expect(ask(wageArithmetic, [rate, days])).toEqual([]);
  });
  test('whose hours are said and give another amount is told', () => {
    expect(ask(wageArithmetic, [rate, days, fact('wage_hours', '6/day'), fact('wage_loss', '132000')])[0]?.title).toContain('$990.00');
    expect(ask(wageArithmetic, [rate, fact('wage_hours', '44'), fact('wage_loss', '132000')])).toEqual([]);
    expect(ask(wageArithmetic, [rate, fact('wage_hours', '40'), fact('wage_loss', '132000')])[0]?.title).toContain('$1,200.00');
  });
  test('whose parts do not add up to its total is told', () => {
    const part = (cents: string) => fact('wage_loss', cents, { method: 'rule:wage-loss-part' });
    const total = (cents: string) => fact('wage_loss', cents, { method: 'rule:wage-loss-total' });
    expect(ask(wageArithmetic, [part('132000'), part('264000'), total('396000')])).toEqual([]);
    expect(ask(wageArithmetic, [part('132000'), part('264000'), total('406000')])[0]?.title).toContain('$3,960.00');
  });
});

test('a total that the lines do not come to stands beside their sum', () => {
  const lines = [line('Visit', '2024-02-15', { billed: 10_000 }), line('X-ray', '2024-02-15', { billed: 5_000 })];
  const stated = (billedCents: number) => ({ label: 'Total charges', provider: 'Harbor Imaging', billedCents, paidCents: 0, owedCents: billedCents, source: sourceOf(1, 'Total charges $1') }); // prettier-ignore
  const found = (cents: number) => totalsDiffer({ facts: [], ledger: buildLedger(lines, [stated(cents)]) });
  expect(found(15_000)).toEqual([]);
  expect(sides(found(15_100))).toEqual([['The page says $151.00 billed', 'The lines add up to $150.00 billed']]);
});

test('earlier conditions are told by part of the body, each sentence with its places', () => {
  const back = (normal: string, value: string, document: number) => fact('earlier_condition', normal, { value, document });
  const found = ask(earlierConditions, [
    back('lumbar spine|earlier|2019', 'Lumbar strain 2019.', 1),
    back('lumbar spine|earlier|2019', 'Mild lumbar strain, 2019.', 2),
    back('knee|degenerative or pre-existing|', 'Degenerative changes of the knee.', 3),
  ]);
  expect(found.map(({ sides: of }) => of.map(({ sources }) => sources.length))).toEqual([[2], [1]]);
});
