import { expect, test } from 'vitest';
import type { DocumentKind, Oddity } from '../../../src/shared/documents.ts';
import type { BillLineView } from '../../../src/shared/facts.ts';
import type { BillLineId, DocumentId, MatterId } from '../../../src/shared/ids.ts';
import { pageWords, type Evidence, type EvidenceDocument, type EvidencePage } from '../../../src/main/questions/evidence.ts';
import { chargedTwice } from '../../../src/main/questions/rules/charged-twice.ts';
import { oddPages } from '../../../src/main/questions/rules/odd-pages.ts';
import { billsWithoutRecords, recordsWithoutBills } from '../../../src/main/questions/rules/records-and-bills.ts';
import { treatmentGaps } from '../../../src/main/questions/rules/treatment-gaps.ts';

const page = (number: number, more: Partial<EvidencePage> = {}): EvidencePage => ({
  page: number,
  hasWords: true,
  rotation: 0,
  oddities: [],
  ...more,
});
const document = (fileName: string, kind: DocumentKind, pages = [page(1)]): EvidenceDocument => ({
  documentId: fileName as DocumentId,
  fileName,
  kind,
  isRead: true,
  pages,
});
function line(provider: string, serviceFrom: string | null, more: Partial<BillLineView> & { on?: string } = {}): BillLineView {
  const { on = 'bill.pdf', ...rest } = more;
  return {
    billLineId: 'x' as BillLineId,
    matterId: 'x' as MatterId,
    provider,
    serviceFrom,
    serviceTo: null,
    code: '99213',
    description: 'Office visit',
    units: 1,
    billedCents: 15_000,
    adjustedCents: 0,
    paidCents: 0,
    owedCents: 15_000,
    problem: null,
    state: 'proposed',
    paidBy: [],
    sameAs: null,
    readAs: null,
    alsoIn: [],
    source: { documentId: on as DocumentId, documentName: on, page: 2, start: 5, end: 9, quote: 'x' },
    ...rest,
  };
}
/** `texts`: what stands in the records, by name. */
function evidence(more: Partial<Evidence>, texts: Record<string, string> = {}): Evidence {
  return {
    documents: [],
    lines: [],
    lossDay: null,
    mentioning: (words, kind) =>
      kind === 'Medical_Record'
        ? new Set(
            Object.entries(texts).flatMap(([name, text]) =>
              words.every((word) => new RegExp(`\\b${word.replaceAll(' ', '\\W+')}\\b`, 'i').test(text)) ? [name] : [],
            ),
          )
        : new Set(),
    ...more,
  };
}

test('a provider with bills and no record is asked about, once, whatever the spelling', () => {
  const lines = [
    line('Lakeview Imaging, LLC', '2024-03-01'),
    line('LAKEVIEW  IMAGING, LLC', '2024-03-02'),
    line('Harris Ortho', '2024-03-03'),
  ];
  const found = billsWithoutRecords(evidence({ lines }, { 'chart.pdf': 'Seen at Harris Ortho Group on March 3' }));
  expect(found.map(({ title }) => title)).toEqual(['There are bills of Lakeview Imaging, LLC, but no record of the treatment.']);
  expect(found[0]?.key).not.toMatch(/lakeview/i); // what travels names nobody
  expect(found[0]?.places).toEqual([{ documentId: 'bill.pdf', documentName: 'bill.pdf', page: 2, start: 5, end: 9 }]);
});

test('words that all providers have do not make two of them one; either part of a name will do', () => {
  const chart = { 'chart.pdf': 'Mercy Hospital Emergency Department. Follow up with Dr. Okafor.' };
  const asked = (provider: string) => billsWithoutRecords(evidence({ lines: [line(provider, '2024-03-01')] }, chart)).length;
  expect(asked('Baptist Hospital Emergency Department')).toBe(1);
  expect(asked('Mercy Hospital')).toBe(0);
  expect(asked('Emergency Physicians — Okafor')).toBe(0);
  // that somebody was sent to physical therapy is no record of it
  const sentOn = { 'chart.pdf': 'Mercy Hospital. Pt to begin physical therapy.' };
  const therapy = (provider: string) => billsWithoutRecords(evidence({ lines: [line(provider, '2024-04-01')] }, sentOn)).length;
  expect(['Physical Therapy — Mercy PT Center', 'Mercy Hospital', 'Mercy Radiology Group'].map(therapy)).toEqual([1, 0, 1]);
});

test('a record of which no provider billed is asked about; one that waits to be read, or is empty, is not yet', () => {
  const documents = [
    document('er.pdf', 'Medical_Record'),
    document('pt.pdf', 'Medical_Record'),
    { ...document('scan.pdf', 'Medical_Record'), isRead: false },
    document('empty.pdf', 'Medical_Record', [page(1, { hasWords: false })]),
    document('letter.pdf', 'Correspondence'),
  ];
  const texts = { 'er.pdf': 'Mercy Hospital', 'pt.pdf': 'Stride Physical Therapy' };
  const found = recordsWithoutBills(evidence({ documents, lines: [line('Mercy Hospital', '2024-03-01')] }, texts));
  expect(found.map(({ key }) => key)).toEqual(['record_without_bill:pt.pdf']);
  // a case that has just begun is not asked about record by record
  expect(recordsWithoutBills(evidence({ documents }, texts)).map(({ title, places }) => [title, places.length])).toEqual([
    ['There are 2 records of treatment, but no bill.', 2],
  ]);
});

test('nothing is said to be missing before all pages were looked through', () => {
  const lines = [line('Lakeview Imaging', '2024-03-01')];
  const documents = [document('er.pdf', 'Medical_Record')];
  const [early, late] = [null, new Set<string>()].map((found) => evidence({ lines, documents, mentioning: () => found }));
  const asked = (of: Evidence | undefined) =>
    of ? [...billsWithoutRecords(of), ...recordsWithoutBills(of)].map(({ kind }) => kind) : null;
  expect([asked(early), asked(late)]).toEqual([[], ['bill_without_record', 'record_without_bill']]);
});

test('a gap in treatment is counted from the end of one service to the beginning of the next, whatever the order of the bills', () => {
  const lines = [
    line('PT', '2024-06-03'),
    line('ER', '2024-02-15'),
    line('PT', '2024-03-01', { serviceTo: '2024-04-20' }),
    line('MRI', '2024-03-10'),
    line('undated', null),
  ];
  const found = treatmentGaps(evidence({ lines, lossDay: '2024-02-15' }));
  expect(found.map(({ title }) => title)).toEqual(['No treatment for 44 days, from April 20, 2024 to June 3, 2024.']);
  expect(treatmentGaps(evidence({ lines: [line('ER', '2024-03-02')], lossDay: '2024-02-15' })).map(({ title }) => title)).toEqual([
    'The first treatment is 16 days after the loss, on March 2, 2024.',
  ]);
  for (const [from, to, gaps] of [
    ['2024-01-01', '2024-01-31', 0],
    ['2024-01-01', '2024-02-01', 1],
  ] as const)
    expect(treatmentGaps(evidence({ lines: [line('PT', from), line('PT', to)] }))).toHaveLength(gaps);
});

test('a charge in two statements is told with what it adds; two visits on two days, or at two prices, are no such charge', () => {
  const lines = [
    line('PT', '2024-03-01'),
    line('P.T.', '2024-03-01', { on: 'second.pdf' }),
    line('PT', '2024-03-01', { on: 'second.pdf', code: '97110' }),
    line('PT', '2024-03-01', { code: '97110' }),
    line('PT', '2024-03-02'),
    line('PT', '2024-03-02', { billedCents: 1 }),
    line('PT', null),
    line('PT', null),
  ];
  const found = chargedTwice(evidence({ lines: lines.map((one) => ({ ...one, provider: 'PT' })) }));
  expect(found.map(({ title, advice }) => [title, advice.split('.')[0]])).toEqual([
    ['“bill.pdf” and “second.pdf” hold the same 2 charges.', 'Each is counted once, with both places as its evidence'],
  ]);
  expect(chargedTwice(evidence({ lines: [line('PT', '2024-03-01'), line('PT', '2024-03-01')] })).map(({ title }) => title)).toEqual([
    'The same charge stands twice in “bill.pdf”.',
  ]);
});

test('what a charge is told by holds for all of its documents, however many: two sets of them are two questions', () => {
  const ids = Array.from({ length: 13 }, (_, n) => `${String(n).padStart(2, '0')}-4111-8111-111111111111-11111111`);
  const asked = (of: string[]) => chargedTwice(evidence({ lines: of.map((on) => line('PT', '2024-03-01', { on })) }))[0]?.key ?? '';
  const [eleven, twelve, other] = [ids.slice(0, 11), ids, [...ids.slice(0, 12), 'zz']].map(asked);
  expect(new Set([eleven, twelve, other]).size).toBe(3);
  expect([eleven, twelve, other].every((key = '') => key.length <= 400)).toBe(true);
  // control: cut, as it was, two of them are one
  expect(ids.join('+').slice(0, 400)).toBe([...ids.slice(0, 12), 'zz'].toSorted().join('+').slice(0, 400));
  // an answer that was given to a few documents is found under the same key as before
  expect(asked(['b', 'a'])).toBe('charged_twice:a+b');
});

test('a table with thousands of providers is one question, and none of them is looked for', () => {
  let looked = 0;
  const mentioning = () => {
    looked += 1;
    return new Set<string>();
  };
  const of = (count: number) =>
    evidence({ lines: Array.from({ length: count }, (_, n) => line(`Clinic ${String(n)} Xenia`, null)), mentioning });
  expect(billsWithoutRecords(of(300))).toHaveLength(300);
  expect(looked).toBe(300);
  const many = of(5_000);
  expect([billsWithoutRecords(many).map(({ title }) => title), recordsWithoutBills(many)]).toEqual([
    ['The bills name 5,000 providers: whether there are records of each of them was not looked at.'],
    [],
  ]);
  expect(looked).toBe(300);
});

test('a charge that stands in a bill a thousand times is one question, with as many places as anybody looks at', () => {
  const lines = Array.from({ length: 5_000 }, (_, n) => line('PT', '2024-03-01', { code: String(Math.floor(n / 2)) }));
  const [asked, ...rest] = chargedTwice(evidence({ lines }));
  expect([asked?.title, asked?.places.length, rest]).toEqual(['The same 2500 charges stand twice in “bill.pdf”.', 200, []]);
});

test('blank and upside-down pages, and text that nobody sees, are told by page; photos have no words anyhow', () => {
  const oddity = (kind: Oddity['kind']): Partial<EvidencePage> => ({ oddities: [{ kind, start: 3, end: 8 }] });
  const documents = [
    document('scan.pdf', 'Medical_Record', [
      page(1),
      page(2, { hasWords: false }),
      page(3, { hasWords: false }),
      page(4, { rotation: 180 }),
    ]),
    document('photo.jpg', 'Photo', [page(1, { hasWords: false })]),
    document('order.pdf', 'Pleading', [page(1, oddity('hidden')), page(2), page(3, oddity('covered'))]),
    { ...document('waiting.pdf', 'Bill', [page(1, { hasWords: false })]), isRead: false },
  ];
  const found = oddPages(evidence({ documents }));
  expect(found.map(({ title }) => title)).toEqual([
    'No words on pages 2, 3 of “scan.pdf”: are they blank, or badly scanned?',
    'Page 4 of “scan.pdf” stands upside down.',
    'There is text on page 1 of “order.pdf” that nobody sees.',
    'Words on page 3 of “order.pdf” are covered, not removed.',
  ]);
  expect(found[3]?.places).toEqual([{ documentId: 'order.pdf', documentName: 'order.pdf', page: 3, start: 3, end: 8 }]);
});

test('pages in words', () => {
  expect([[3], [1, 2], [5, 3, 4, 9], [1, 3]].map(pageWords)).toEqual(['page 3', 'pages 1, 2', 'pages 3 to 5 and 9', 'pages 1 and 3']);
});
