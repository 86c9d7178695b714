import { BillLineView, type FactKind, FactView, type ReviewState } from '../../../src/shared/facts.ts';
import type { Letterhead } from '../../../src/shared/letterhead.ts';
import type { Block, LetterValues } from '../../../src/shared/letters.ts';
import { buildLedger } from '../../../src/main/facts/ledger.ts';
import { defaultTemplates } from '../../../src/main/templates/default-templates.ts';
import { templateToBlocks } from '../../../src/main/templates/blocks.ts';
import { computeLetterValues } from '../../../src/main/letters/values.ts';

/** An invented case: names, sums and exhibits that tests look for in the finished letter. */
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const documents = { 1: 'incident-report.txt', 2: 'complaint.docx', 3: 'billing-ledger.pdf', 4: 'wage-statement.pdf' } as const;
type Document = keyof typeof documents;

export function place(document: Document, page: number, quote = 'quoted') {
  return { documentId: uuid(900 + document), documentName: documents[document], page, start: 10, end: 10 + quote.length, quote };
}

let nextId = 100;

export function fact(
  kind: FactKind,
  value: string,
  more: { normal?: string; state?: ReviewState; confidence?: number; at?: [Document, number] } = {},
): FactView {
  nextId += 1;
  return FactView.parse({
    factId: uuid(nextId),
    matterId: uuid(1),
    kind,
    value,
    normal: more.normal ?? value,
    confidence: more.confidence ?? 90,
    state: more.state ?? 'approved',
    source: place(...(more.at ?? [1, 1])),
    method: 'rule:test',
    decidedByName: null,
    decidedAt: null,
  });
}

export function billLine(
  provider: string,
  day: string,
  billed: number,
  paid: number,
  more: { page?: number; adjusted?: number; state?: ReviewState } = {},
): BillLineView {
  nextId += 1;
  return BillLineView.parse({
    billLineId: uuid(nextId),
    matterId: uuid(1),
    provider,
    serviceFrom: day,
    serviceTo: day,
    code: null,
    description: 'service',
    units: 1,
    billedCents: billed,
    adjustedCents: more.adjusted ?? 0,
    paidCents: paid,
    owedCents: billed - paid - (more.adjusted ?? 0),
    problem: null,
    state: more.state ?? 'approved',
    source: place(3, more.page ?? 1),
  });
}

export const letterhead: Letterhead = {
  name: 'Marsh & Oyelaran LLP',
  addressLines: ['418 Harbor Street, Suite 200', 'Fairhaven, OH 44000'],
  phone: '(555) 010-4410',
  email: 'claims@marsh-oyelaran.example',
};

export const facts: FactView[] = [
  fact('client_name', 'Grace Nguyễn-Okafor', { at: [2, 1] }),
  fact('defendant_name', 'Lakeside Market, Inc.', { at: [2, 1] }),
  fact('date_of_loss', 'February 15, 2024', { normal: '2024-02-15' }),
  fact('time_of_loss', '2:38 PM'),
  fact('place_of_loss', 'Lakeside Market, 77 Pier Road, Fairhaven, Ohio'),
  fact('claim_number', 'LM-2024-0788'),
  fact('firm_reference', 'MO-24-0117', { at: [3, 1] }),
  fact('court_case_number', '2024-CV-00881', { at: [2, 1] }),
  fact('opposing_counsel', 'Prentice Vale LLP', { at: [2, 3] }),
  fact('plaintiff_counsel', 'Adaeze Oyelaran', { at: [2, 3] }),
  fact('witness', 'Tomas Brandt', { at: [1, 2] }),
  fact('wage_loss', '$3,960.00', { normal: '396000', at: [4, 1] }),
];

export const lines: BillLineView[] = [
  billLine('Fairhaven General Hospital Emergency Department', '2024-02-15', 510_200, 337_200, { adjusted: 20_000 }),
  billLine('Fairhaven General Hospital Emergency Department', '2024-02-16', 49_600, 33_200),
  billLine('Fairhaven Fire & Rescue', '2024-02-15', 141_000, 94_000, { page: 2 }),
  billLine('Orthopedic Associates of Northern Lake County, a Professional Corporation – Dr. S. Raye, MD', '2024-03-28', 109_000, 71_800, {
    page: 2,
  }),
  billLine('Lake County Physical Therapy', '2024-04-02', 640_000, 420_000, { page: 2 }),
  billLine('Lake County Physical Therapy', '2024-08-09', 160_000, 105_000, { page: 4 }),
];

export function draft(more: { lines?: BillLineView[]; facts?: FactView[]; template?: number; demandCents?: number | null } = {}): {
  blocks: Block[];
  values: LetterValues;
} {
  const input = {
    firm: letterhead,
    facts: more.facts ?? facts,
    ledger: buildLedger(more.lines ?? lines, []),
    letter: {
      title: 'Demand letter, Okafor',
      demandCents: more.demandCents === undefined ? 12_500_000 : more.demandCents,
      letterDate: '2024-10-04',
    },
  };
  const before = computeLetterValues({ ...input, blocks: [] });
  const drafted = templateToBlocks(defaultTemplates[more.template ?? 0]?.content, {
    has: (name) => (before.variables[name]?.state ?? 'missing') !== 'missing',
  });
  if (!drafted.ok) throw new Error(JSON.stringify(drafted.error));
  const { blocks } = drafted.value;
  return { blocks, values: computeLetterValues({ ...input, blocks }) };
}
