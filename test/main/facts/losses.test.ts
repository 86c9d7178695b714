import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FactView, type FactKind } from '../../../src/shared/facts.ts';
import { normalForm } from '../../../src/main/facts/normal-form.ts';
import { lossesOf } from '../../../src/main/facts/losses.ts';
import { extractFacts } from '../../../src/main/facts/rules/extract-facts.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
let nextId = 1;
const fact = (kind: FactKind, normal: string, more: { value?: string; document?: number; state?: FactView['state'] } = {}): FactView => {
  const { value = normal, document = 1, state = 'proposed' } = more;
  const source = { documentId: uuid(document), documentName: `d${String(document)}.pdf`, page: 1, start: 0, end: 1, quote: 'x' };
  return FactView.parse({ factId: uuid((nextId += 1)), matterId: uuid(0), kind, value, normal, confidence: 80, state, source, method: 'rule:x', model: null, decidedByName: null, decidedAt: null }); // prettier-ignore
};

test('a wage loss is worked out where all its factors are said, and names what is missing where not', () => {
  const [rate, days] = [fact('wage_rate', '3000'), fact('wage_days', '5.5')];
  expect(lossesOf([rate, days]).wages).toMatchObject([
    { working: '5.5 days × hours a day × $30.00', cents: null, needs: 'the hours of a working day' },
  ]);
  expect(lossesOf([rate, days, fact('wage_hours', '8/day')]).wages).toMatchObject([
    { working: '5.5 days × 8 hours × $30.00', cents: 132_000 },
  ]);
  expect(lossesOf([rate, fact('wage_hours', '56')]).wages).toMatchObject([{ cents: 168_000 }]);
  expect(lossesOf([rate, fact('wage_days', '5.5', { document: 2 })]).wages).toEqual([]); // another person's, perhaps
  expect(lossesOf([fact('wage_rate', '3000', { state: 'rejected' }), days]).wages).toEqual([]);
});

test('what a person decided counts; several days, hours or rates of which nobody decided are named', () => {
  const facts = [fact('wage_rate', '2000'), fact('wage_rate', '2800', { state: 'approved' }), fact('wage_hours', '10')];
  expect(lossesOf(facts).wages).toMatchObject([{ cents: 28_000 }]);
  const periods = [fact('wage_rate', '2800'), fact('wage_hours', '16'), fact('wage_hours', '40')];
  expect(lossesOf(periods).wages).toMatchObject([{ cents: null, needs: expect.stringContaining('which of several') as string }]);
});

test('what a document states agrees with the working or does not, and is never taken for it', () => {
  const facts = [fact('wage_rate', '3000'), fact('wage_days', '5.5'), fact('wage_hours', '8/day')];
  const of = (stated: string) => lossesOf([...facts, fact('wage_loss', stated)]);
  expect(of('132000').statedWages).toMatchObject([{ agrees: true }]);
  expect(of('140000')).toMatchObject({ wages: [{ cents: 132_000 }], statedWages: [{ lowCents: 140_000, agrees: false }] });
  expect(lossesOf([fact('wage_loss', '132000')]).statedWages).toMatchObject([{ agrees: null }]);
});

test('cents are whole, rounded half up once, as exact arithmetic has them', () => {
  const part = fc.integer({ min: 1, max: 40_000 }).map((n) => n / 100);
  fc.assert(
    fc.property(part, part, fc.integer({ min: 1, max: 100_000 }), (days, hours, rate) => {
      const { wages } = lossesOf([
        fact('wage_rate', String(rate)),
        fact('wage_days', String(days)),
        fact('wage_hours', `${String(hours)}/day`),
      ]);
      const exact = BigInt(Math.round(days * 100)) * BigInt(Math.round(hours * 100)) * BigInt(rate);
      expect(wages[0]?.cents).toBe(Number((exact + 5_000n) / 10_000n));
    }),
  );
});

const page = `FUTURE MEDICAL (attorney estimate)

Maintenance PT: est. 12–24 visits/year, $7,500–$15,000 over next 24 months
Repeat facet injection if pain recurs: est. $2,100 per injection
Possible RFA: est. $4,500–$6,000

Estimated future medical (24-month horizon): $10,000–$25,000.

WAGE LOSS
Light duty: $2,640.00`;

test('future care is added up from its items; what has a price for each and no number is in no sum', () => {
  const found = extractFacts({ name: 'x.txt', kind: 'Bill', pages: [{ page: 1, text: page }] }).filter(
    ({ kind }) => kind === 'future_care',
  );
  expect(found.map(({ normal }) => normal)).toEqual([
    'maintenance pt|750000|1500000|',
    'repeat facet injection if pain recurs|210000|210000|injection',
    'possible rfa|450000|600000|',
    'estimated future medical (24-month horizon)|1000000|2500000|sum',
  ]);
  const view = lossesOf(found.map(({ normal, value }) => fact('future_care', normal, { value })));
  expect(view).toMatchObject({
    futureLowCents: 1_200_000,
    futureHighCents: 2_100_000,
    statedFuture: [{ lowCents: 1_000_000, agrees: false }],
  });
  expect(view.future.map(({ item, per }) => [item, per])).toEqual([
    ['Maintenance PT', null],
    ['Repeat facet injection if pain recurs', 'injection'],
    ['Possible RFA', null],
  ]);
});

test('one item in two documents is one, with two prices it is in no sum; a person corrects it in its own form', () => {
  const item = (cents: string, document: number) => fact('future_care', `rfa|${cents}|${cents}|`, { value: 'RFA: $1', document });
  expect(lossesOf([item('210000', 1), item('210000', 2)])).toMatchObject({ futureLowCents: 210_000, future: [{ isDisputed: false }] });
  expect(lossesOf([item('210000', 1), item('220000', 2)])).toMatchObject({
    futureLowCents: 0,
    future: [{ isDisputed: true }, { isDisputed: true }],
  });
  expect(normalForm('future_care', 'Maintenance PT: $7,500.00 to $15,000.00')).toMatchObject({
    value: { normal: 'maintenance pt|750000|1500000|' },
  });
  expect(normalForm('future_care', 'Injection: $2,100 per injection')).toMatchObject({
    value: { normal: 'injection|210000|210000|injection' },
  });
  for (const [kind, value] of [
    ['future_care', 'about $5,000'],
    ['measure', '5 feet'],
    ['earlier_condition', 'none'],
  ] as const)
    expect(normalForm(kind, value).ok).toBe(false);
});

test('a price for each, however it is said, and an amount that is not written out are no whole', () => {
  const normals = (line: string): string[] =>
    extractFacts({ name: 'x.txt', kind: 'Bill', pages: [{ page: 1, text: `FUTURE CARE\n${line}\n` }] }).filter(({ kind }) => kind === 'future_care').map(({ normal }) => normal.split('|').slice(1).join('|')); // prettier-ignore
  expect(normals('Therapy: 24 visits at $150')).toEqual(['15000|15000|unit']);
  expect(normals('Injections: 3 x $1,500')).toEqual(['150000|150000|unit']);
  expect(normals('Brace: $100 a month')).toEqual(['10000|10000|month']);
  expect(normals('Check-ups: $200 annually')).toEqual(['20000|20000|annually']);
  expect(normals('Surgery: $60 thousand')).toEqual([]);
  expect(normals('Life care: $1.5 million')).toEqual([]);
  expect(normals('Subtotal: $700.00')).toEqual(['70000|70000|sum']);
});

test('no amount outside of such a section is future care', () => {
  const text = 'BILL\nOffice visit: $120.00\nFuture visits were discussed: $50.00';
  expect(extractFacts({ name: 'x.txt', kind: 'Bill', pages: [{ page: 1, text }] }).filter(({ kind }) => kind === 'future_care')).toEqual(
    [],
  );
});
