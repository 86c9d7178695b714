import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DocumentKind } from '../../../../src/shared/documents.ts';
import { formatCents, sumCents } from '../../../../src/shared/money.ts';
import { read } from '../../../../src/main/documents/read/read-worker.ts';
import { extractBillLines } from '../../../../src/main/facts/rules/bill-lines.ts';
import type { BillExtraction } from '../../../../src/main/facts/rules/proposals.ts';
import { makePdf, type TextAt } from '../../../support/make-pdf.ts';
import { samplePages } from '../../../support/sample-pages.ts';

function extract(text: string, kind: DocumentKind = 'Bill'): BillExtraction {
  return extractBillLines({ name: 'bill', kind, pages: text.split('\f').map((page, index) => ({ page: index + 1, text: page })) });
}

const brief = (found: BillExtraction): string[] =>
  found.lines.map((line) =>
    [
      line.provider,
      line.serviceFrom,
      line.code,
      line.description,
      line.units,
      line.billedCents,
      line.adjustedCents,
      line.paidCents,
      line.owedCents,
    ].join('|'),
  );

describe('extractBillLines: real files', () => {
  test('every line of the Rivera ledger, once, with its place', async () => {
    const document = await samplePages('rivera-v-bestvalue', 'Billing/billing-ledger-Rivera.pdf');
    const { lines, statedTotals, problems } = extractBillLines(document);
    expect([
      sumCents(lines.map((line) => line.billedCents)),
      sumCents(lines.map((line) => line.paidCents)),
      sumCents(lines.map((line) => line.owedCents)),
    ]).toEqual([1_974_800, 1_304_700, 670_100]);
    expect([lines.length, problems]).toEqual([24, []]);
    expect([...new Set(lines.map((line) => line.provider))]).toEqual([
      'Middletown General Emergency Department',
      'Middletown General Radiology Group',
      'Middletown Fire & Rescue',
      'Primary Care — Dr. L. Okeke, MD',
      'Middletown Orthopedics — Dr. S. Raye, MD',
      'Middletown General Imaging',
      'Physical Therapy — Middletown PT Center',
      'Pain Management — Dr. T. Osei, MD',
    ]);
    for (const line of [...lines, ...statedTotals])
      expect(document.pages[line.page - 1]?.text.slice(line.start, line.end)).toBe(line.quote);
    for (const line of lines)
      expect([line.billedCents - line.adjustedCents - line.paidCents, line.problem]).toEqual([line.owedCents, null]);
    const find = (description: string) => lines.find((line) => line.description === description);
    expect(find('ER visit — high complexity')).toMatchObject({
      code: '99285',
      units: 1,
      serviceFrom: '2024-02-15',
      serviceTo: '2024-02-15',
      billedCents: 214_000,
      paidCents: 141_200,
      owedCents: 72_800,
      page: 1,
    });
    expect(find('Pharmacy / meds')).toMatchObject({ code: null, units: null });
    expect(find('BLS transport + mileage')).toMatchObject({ provider: 'Middletown Fire & Rescue', code: null, billedCents: 141_000 });
    expect(find('L4-L5 facet injection (fluoro-guided)')).toMatchObject({ code: '64493', serviceFrom: '2024-06-18', page: 3 });
    expect(find('Therapeutic exercise')).toMatchObject({ units: 48, serviceFrom: '2024-04-01', serviceTo: '2024-08-31' });
    expect(statedTotals.find((total) => total.label === 'Total past medical specials')).toMatchObject({
      provider: null,
      billedCents: 1_974_800,
      paidCents: 1_304_700,
      owedCents: 670_100,
    });
    expect(statedTotals.filter((total) => total.label === 'Subtotal')).toHaveLength(6);
  });

  test('the auto claim: a Word receipt with a fee under its table; no line from the vehicle estimate or any other file', async () => {
    const receipt = extractBillLines(await samplePages('auto-claim', 'medical_receipt_summary.docx'));
    expect(brief(receipt)).toEqual([
      'Metro Orthopedic Clinic|2025-11-11|99213|Office Visit - Level 3|1|16500|0|0|16500',
      'Metro Orthopedic Clinic|2025-11-11|72040|X-Ray Cervical Spine, 3 views|1|24000|0|0|24000',
      'Metro Orthopedic Clinic|2025-11-11|99070|Medical Supplies (cold pack, collar)|1|2500|0|0|2500',
      'Metro Orthopedic Clinic|2025-11-11||Facility Fee||8500|0|0|8500',
    ]);
    expect(receipt.statedTotals.map((total) => [total.label, total.billedCents])).toEqual([
      ['Subtotal', 43_000],
      ['Total Charges', 51_500],
      ['Insurance Billed', 51_500],
    ]);
    const others: [string, string][] = [
      ['auto-claim', 'repair_estimate_001.pdf'],
      ['auto-claim', 'police_report_12345.pdf'],
      ['pdf', 'loss_run_external_001.pdf'],
      ['pdf', 'driver_mvr_packet_001.pdf'],
      ['rivera-v-bestvalue', 'Pleadings/complaint.docx'],
    ];
    for (const [folder, path] of others)
      expect([path, extractBillLines(await samplePages(folder, path))]).toEqual([path, { lines: [], statedTotals: [], problems: [] }]);
  });
});

describe('extractBillLines: invented bills', () => {
  test('a Markdown table, an adjusted column, a credit, two-digit years', () => {
    const found = extract(
      '# Lakeside Chiropractic, PLLC\n\nStatement of March 31, 2024\n\nPatient: A. B.\n\n| DOS | CPT | Description | Charges | Adjustments | Payments | Balance |\n|---|---|---|---:|---:|---:|---:|\n| 3/4/24 | 98941 | CMT | $90.00 | $20.00 | $50.00 | $20.00 |\n| 3/9/24 | — | Courtesy credit | ($10.00) | — | — | ($10.00) |\n',
    );
    expect(brief(found)).toEqual([
      'Lakeside Chiropractic, PLLC|2024-03-04|98941|CMT||9000|2000|5000|2000',
      'Lakeside Chiropractic, PLLC|2024-03-09||Courtesy credit||-1000|0|0|-1000',
    ]);
  });

  test('space-aligned text, and amounts that follow with one space', () => {
    const found = extract(
      'Valley Radiology Group (03/05/2024)\n\nCPT      Description          Billed     Paid\n72148    MRI lumbar           $900.00    $0.00\n72149    MRI, contrast $1,100.00 $100.00\nTotal charges                 $2,000.00  $100.00\n',
    );
    expect(brief(found)).toEqual([
      'Valley Radiology Group|2024-03-05|72148|MRI lumbar||90000|0|0|90000',
      'Valley Radiology Group|2024-03-05|72149|MRI, contrast||110000|0|10000|100000',
    ]);
    expect(found.statedTotals).toMatchObject([{ label: 'Total charges', billedCents: 200_000, paidCents: 10_000 }]);
  });

  test.each(['$200,00', '1.234,56', '$12.3', '$1,23.00'])('the malformed amount %s is a stated problem, never a guess', (amount) => {
    const text = `1. Hill Clinic (2024-01-02)\n\nCPT\tDescription\tBilled\tPaid\n99213\tVisit\t${amount}\t$1.00\n99214\tVisit\t$100.00\t$1.00\n`;
    const found = extract(text);
    expect(brief(found)).toEqual(['Hill Clinic|2024-01-02|99214|Visit||10000|0|100|9900']);
    expect(found.problems).toMatchObject([{ provider: 'Hill Clinic', quote: `99213\tVisit\t${amount}\t$1.00` }]);
    expect(found.problems[0]?.reason).toContain(amount);
  });

  test('a line whose amounts do not agree is kept as printed, with low confidence and its reason', () => {
    const [less, more] = extract(
      'Hill Clinic\n\nCPT\tDescription\tBilled\tPaid\tBalance\n99213\tPatient visit\t$100.00\t$40.00\t$50.00\n99214\tVisit\t$100.00\t$80.00\t$50.00\n',
    ).lines;
    expect(less).toMatchObject({
      billedCents: 10_000,
      adjustedCents: 1000,
      paidCents: 4000,
      owedCents: 5000,
      problem: expect.stringContaining('$10.00'),
    });
    expect(more).toMatchObject({
      billedCents: 10_000,
      adjustedCents: 0,
      paidCents: 8000,
      owedCents: 5000,
      problem: expect.stringContaining('$30.00 more'),
    });
    expect([less?.confidence, more?.confidence]).toEqual([50, 50]);
  });

  test('a table by provider is a list of bills where it stands alone, and totals where it repeats tables', () => {
    const summary =
      'SUMMARY OF MEDICAL EXPENSES\n\nProvider\tBilled\tPaid\nHill Clinic\t$100.00\t$0.00\nOak Therapy\t$50.00\t$0.00\nTotal\t$150.00\t$0.00\n';
    const alone = extract(summary.replace('SUMMARY OF ', ''));
    expect(alone.lines.map((line) => [line.provider, line.billedCents])).toEqual([
      ['Hill Clinic', 10_000],
      ['Oak Therapy', 5000],
    ]);
    const itemised =
      '1. Hill Clinic\n\nCPT\tDescription\tBilled\tPaid\n99213\tVisit\t$100.00\t$0.00\n\n2. Oak Therapy\n\nCPT\tDescription\tBilled\tPaid\n97110\tExercise\t$50.00\t$0.00\n\n';
    const both = extract(itemised + summary);
    expect(both.lines.map((line) => [line.provider, line.billedCents])).toEqual([
      ['Hill Clinic', 10_000],
      ['Oak Therapy', 5000],
    ]);
    expect(both.statedTotals.map((total) => [total.provider, total.billedCents])).toEqual([
      ['Hill Clinic', 10_000],
      ['Oak Therapy', 5000],
      [null, 15_000],
    ]);
  });

  test('a summary that stands before the tables it repeats is not counted either', () => {
    const found = extract(
      'SUMMARY\n\nProvider\tBilled\tPaid\nClinic (Hill)\t$100.00\t$0.00\n\n1. Hill Clinic\n\nCPT\tDescription\tBilled\tPaid\n99213\tVisit\t$60.00\t$0.00\n99214\tVisit\t$40.00\t$0.00\n',
    );
    expect([found.lines.map((line) => line.billedCents), found.statedTotals.map((total) => total.billedCents)]).toEqual([
      [6000, 4000],
      [10_000],
    ]);
  });

  test('a summary alone, under a title that says so, still gives its providers', () => {
    const found = extract('SUMMARY OF MEDICAL EXPENSES\n\nProvider\tBilled\tPaid\nHill Clinic\t$100.00\t$0.00\nTotal\t$100.00\t$0.00\n');
    expect(found.lines.map((line) => line.provider)).toEqual(['Hill Clinic']);
  });

  test('estimates of future care, wages and property are no bills', () => {
    for (const heading of ['FUTURE MEDICAL CARE (estimated)', 'LOST WAGES', 'PROPERTY DAMAGE']) {
      expect(extract(`Patient treatment\n\n${heading}\n\nItem\tAmount\nOne\t$100.00\n`).lines).toEqual([]);
    }
    expect(extract('Hill Clinic\n\nPatient treatment\n\nItem\tAmount\nOne\t$100.00\n').lines).toHaveLength(1);
  });

  test('a table that goes on over a page, with and without its header repeated, keeps its provider', () => {
    const header = 'Date\tCPT\tDescription\tBilled\tPaid\n';
    const row = (day: string): string => `2024-01-${day}\t97110\tExercise\t$10.00\t$0.00\n`;
    const repeated = extract(`3. Oak Therapy (4 visits)\n\n${header}${row('02')}\f${header}${row('03')}`);
    const plain = extract(`3. Oak Therapy (4 visits)\n\n${header}${row('02')}Page 1 of 2\fClaim of A. B. — patient ledger\n${row('03')}`);
    for (const found of [repeated, plain])
      expect(found.lines.map((line) => [line.provider, line.serviceFrom, line.page])).toEqual([
        ['Oak Therapy', '2024-01-02', 1],
        ['Oak Therapy', '2024-01-03', 2],
      ]);
  });

  test('a service whose name begins with "Total" is a line; a total with an odd name is not', () => {
    const found = extract(
      '1. Bone Hospital (2024-05-06)\n\nCPT\tDescription\tBilled\tPaid\n27447\tTotal knee arthroplasty\t$9,000.00\t$0.00\n—\tImplant\t$1,000.00\t$0.00\nTotal Bone Hospital\t\t$10,000.00\t$0.00\n',
    );
    expect(found.lines.map((line) => [line.description, line.problem])).toEqual([
      ['Total knee arthroplasty', null],
      ['Implant', null],
    ]);
    expect(found.statedTotals.map((total) => total.label)).toEqual(['Total Bone Hospital']);
    const doubtful = extract(
      '1. Bone Hospital\n\nDescription\tBilled\tPaid\nTotal hip arthroplasty\t$9,000.00\t$0.00\nImplant\t$1,000.00\t$0.00\n',
    );
    expect(doubtful.lines.map((line) => [line.description, line.problem !== null])).toEqual([
      ['Total hip arthroplasty', true],
      ['Implant', false],
    ]);
  });

  test('a bill that does not name its provider says so', () => {
    expect(extract('Patient A. B.\n\nCPT\tDescription\tBilled\tPaid\n99213\tVisit\t$1.00\t$0.00\n').lines).toMatchObject([
      { provider: 'Unknown provider', problem: expect.stringContaining('provider') },
    ]);
  });
});

interface RandomLine {
  day: string;
  code: string;
  description: string;
  billed: number;
  paid: number;
}
const words = fc.constantFrom(
  'Office',
  'visit',
  'MRI',
  'lumbar',
  'spine',
  'w/o',
  'contrast',
  'injection',
  'facet',
  'therapeutic',
  'exercise',
  '(3',
  'views)',
  're-eval,',
  'pain',
);
const line: fc.Arbitrary<RandomLine> = fc
  .record({
    day: fc.integer({ min: 1, max: 365 }).map((day) => new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10)),
    code: fc.constantFrom('99213', '97110', '72148-26', 'G0283', '64493'),
    description: fc.array(words, { minLength: 1, maxLength: 7 }).map((all) => all.join(' ')),
    billed: fc.integer({ min: 1, max: 5_000_000 }),
    paid: fc.integer({ min: 0, max: 5_000_000 }),
  })
  .map((made) => ({ ...made, paid: made.paid % (made.billed + 1) }));
const ledger = fc.array(
  fc.record({
    provider: fc.constantFrom('Hill Clinic', 'Oak Physical Therapy', 'Mercy Hospital', 'Lakeside Imaging Group', 'Dr. A. Lund, MD'),
    lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
);
type Ledger = typeof ledger extends fc.Arbitrary<infer T> ? T : never;

const expected = (made: Ledger): string[] =>
  made.flatMap(({ provider, lines }) =>
    lines.map((l) => [provider, l.day, l.code, l.description, '', l.billed, 0, l.paid, l.billed - l.paid].join('|')),
  );

function renderText(made: Ledger, separator: string): string {
  const row = (cells: string[]): string => (separator === '|' ? `| ${cells.join(' | ')} |` : cells.join(separator));
  const blocks = made.map(({ provider, lines }, index) => {
    const rows = lines.map((l) =>
      row([l.day, l.code, l.description, formatCents(l.billed), formatCents(l.paid), formatCents(l.billed - l.paid)]),
    );
    const billed = sumCents(lines.map((l) => l.billed));
    const paid = sumCents(lines.map((l) => l.paid));
    const empty = separator.trim() === '' && separator !== '\t' ? [] : ['', ''];
    return [
      `${String(index + 1)}. ${provider}`,
      '',
      row(['Date', 'CPT', 'Description', 'Billed', 'Paid', 'Balance']),
      ...rows,
      row(['Subtotal', ...empty, formatCents(billed), formatCents(paid), formatCents(billed - paid)]),
    ].join('\n');
  });
  return `PATIENT LEDGER\n\n${blocks.join('\n\n')}\n`;
}

/** Draws the ledger as tables with wrapped descriptions, amounts centred on each row or at its top. */
async function renderPdf(made: Ledger, centred: boolean): Promise<Uint8Array> {
  const pages: TextAt[][] = [[{ text: 'PATIENT LEDGER', x: 72, y: 40, size: 16 }]];
  let y = 80;
  const put = (x: number, at: number, text: string): number => pages.at(-1)?.push({ text, x, y: at }) ?? 0;
  for (const [index, { provider, lines }] of made.entries()) {
    if (y > 500) {
      pages.push([]);
      y = 40;
    }
    pages.at(-1)?.push({ text: `${String(index + 1)}. ${provider}`, x: 72, y, size: 14 });
    y += 30;
    ['Date', 'CPT', 'Description', 'Billed', 'Paid', 'Balance'].forEach((text, column) =>
      put([72, 150, 210, 330, 410, 490][column] ?? 0, y, text),
    );
    y += 16.5;
    for (const l of lines) {
      const wrapped = l.description.split(' ').reduce<string[]>((all, word) => {
        const last = all.at(-1);
        if (last !== undefined && `${last} ${word}`.length <= 18) all[all.length - 1] = `${last} ${word}`;
        else all.push(word);
        return all;
      }, []);
      if (y + wrapped.length * 12.7 > 760) {
        pages.push([]);
        y = 40;
      }
      wrapped.forEach((text, at) => put(210, y + at * 12.7, text));
      const middle = centred ? y + ((wrapped.length - 1) * 12.7) / 2 : y;
      [l.day, l.code].forEach((text, column) => put([72, 150][column] ?? 0, middle, text));
      [l.billed, l.paid, l.billed - l.paid].forEach((cents, column) => put([330, 410, 490][column] ?? 0, middle, formatCents(cents)));
      y += (wrapped.length - 1) * 12.7 + 16.5;
    }
    y += 20;
  }
  return makePdf(pages);
}

describe('extractBillLines: random ledgers come back equal (fast-check prints the seed of a failure)', () => {
  test.each([
    ['tabs', '\t'],
    ['Markdown', '|'],
    ['spaces', '    '],
  ])('as %s', (_name, separator) => {
    fc.assert(
      fc.property(ledger, (made) => {
        const found = extract(renderText(made, separator));
        expect(brief(found)).toEqual(expected(made));
        expect([found.problems.length, found.statedTotals.length]).toEqual([0, made.length]);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['centred', true],
    ['top-aligned', false],
  ])('as a PDF whose descriptions wrap, %s', async (_name, centred) => {
    await fc.assert(
      fc.asyncProperty(ledger, async (made) => {
        const outcome = await read({ bytes: await renderPdf(made, centred), fileName: 'Billing/ledger.pdf' });
        if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
        expect(brief(extractBillLines({ name: 'ledger.pdf', kind: outcome.value.kind, pages: outcome.value.pages }))).toEqual(
          expected(made),
        );
      }),
      { numRuns: 60 },
    );
  });
});
