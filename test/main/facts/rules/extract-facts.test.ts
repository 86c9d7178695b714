import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DocumentKind } from '../../../../src/shared/documents.ts';
import { dayKinds, moneyKinds, type FactKind } from '../../../../src/shared/facts.ts';
import { extractFacts } from '../../../../src/main/facts/rules/extract-facts.ts';
import type { ProposedFact } from '../../../../src/main/facts/rules/proposals.ts';
import { samplePages } from '../../../support/sample-pages.ts';

const rivera = [
  'Billing/billing-ledger-Rivera.pdf',
  'Incident/incident-report-store-0147.pdf',
  'Pleadings/complaint.docx',
  'Pleadings/answer.docx',
  'Testimony/deposition-excerpt-manager.txt',
];
const auto = [
  'claim_submission.docx',
  'medical_receipt_summary.docx',
  'police_report_12345.pdf',
  'repair_estimate_001.pdf',
  'witness_statement.txt',
];

async function factsOf(folder: string, paths: readonly string[]): Promise<ProposedFact[]> {
  const all: ProposedFact[] = [];
  for (const path of paths) {
    const document = await samplePages(folder, path);
    const facts = extractFacts(document);
    for (const fact of facts) {
      expect(document.pages[fact.page - 1]?.text.slice(fact.start, fact.end)).toBe(fact.quote);
      if (dayKinds.includes(fact.kind)) expect(fact.normal).toMatch(/^\d{4}-\d\d-\d\d$/);
      if (moneyKinds.includes(fact.kind)) expect(fact.normal).toMatch(/^\d+$/);
    }
    all.push(...facts);
  }
  return all;
}

/** Every different value of a kind, the surest first. */
function values(facts: readonly ProposedFact[], kind: FactKind): string[] {
  return [
    ...new Set(
      facts
        .filter((fact) => fact.kind === kind)
        .toSorted((a, b) => b.confidence - a.confidence)
        .map((fact) => fact.value),
    ),
  ];
}

describe('extractFacts: the Rivera file', () => {
  test('what the documents say, and nothing they do not', async () => {
    const facts = await factsOf('rivera-v-bestvalue', rivera);
    expect(values(facts, 'client_name')).toEqual(['Maria Rivera']);
    expect(values(facts, 'client_birth_date')).toEqual(['March 3, 1978']);
    expect(values(facts, 'defendant_name')).toEqual(['BestValue Grocer, Inc.']);
    expect(values(facts, 'date_of_loss')).toEqual(['February 15, 2024']);
    expect(values(facts, 'time_of_loss')).toEqual(['2:38 PM']);
    expect(values(facts, 'place_of_loss')[0]).toBe('BestValue Store No. 0147, 1847 Main Avenue, Middletown');
    expect(values(facts, 'claim_number')).toEqual(['BVG-CLM-240215-14221']);
    expect(values(facts, 'firm_reference')).toEqual(['PARDO-24-0412']);
    expect(values(facts, 'court_case_number')).toEqual(['2024-CV-00412']);
    expect(values(facts, 'plaintiff_counsel')[0]).toBe('Elena Pardo, Pardo & Associates, P.C.');
    expect(values(facts, 'opposing_counsel')).toEqual(['Marcus Hale, Hale & Stern LLP']);
    expect(values(facts, 'witness').toSorted()).toEqual(['Daniel Ortega', 'Hannah Lee', 'Sandra P.', 'Victor Chen']);
    expect(facts.filter((fact) => fact.kind === 'wage_loss').map((fact) => [fact.normal, fact.confidence > 80])).toEqual([
      ['132000', false],
      ['264000', false],
      ['396000', true],
    ]);
    expect([values(facts, 'policy_number'), values(facts, 'carrier'), values(facts, 'adjuster')]).toEqual([[], [], []]);
  });
});

describe('extractFacts: the auto claim', () => {
  test('each side keeps its own; a witness stays a witness', async () => {
    const facts = await factsOf('auto-claim', auto);
    expect(values(facts, 'client_name')).toEqual(['John Smith']);
    expect(values(facts, 'client_birth_date')).toEqual(['March 15, 1985']);
    expect(values(facts, 'defendant_name')).toEqual(['Jane Doe']);
    expect(values(facts, 'date_of_loss')).toEqual(['November 10, 2025']);
    expect(values(facts, 'time_of_loss')).toEqual(['1:30 PM']);
    expect(values(facts, 'place_of_loss')[0]).toMatch(/^I-95 Northbound, Mile Marker 42, Baltimore County/);
    expect(values(facts, 'claim_number')).toEqual(['CLM-2025-00142']);
    expect(values(facts, 'policy_number')).toEqual(['AUTO-789456']);
    expect(values(facts, 'carrier')).toEqual(['State Farm']);
    expect(values(facts, 'witness')).toEqual(['Michael Johnson']);
  });
});

function facts(text: string, kind: DocumentKind = 'Other'): string[] {
  return extractFacts({ name: 'x', kind, pages: [{ page: 1, text }] }).map((fact) => `${fact.kind}: ${fact.value}`);
}

describe('extractFacts: invented documents', () => {
  test('a caption in capitals, names across line ends', () => {
    const text =
      'IN THE DISTRICT COURT\n\nANA DE LA CRUZ, Plaintiff,\n\nv.\n\nNORTHWIND LOGISTICS, LLC, a Texas limited liability company, Defendant.\n\nCause No. 24-1187-C\n\nOn or about the evening, Plaintiff Ana\nde la Cruz was driving. On March 9, 2023, at about 9:05 p.m., a truck struck her car.\n\n/s/ Ruth Okoro\nRUTH OKORO, ESQ.\nOKORO LAW GROUP\nAttorneys for Plaintiff';
    expect(facts(text, 'Pleading').toSorted()).toEqual([
      'client_name: Ana de la Cruz',
      'court_case_number: 24-1187-C',
      'date_of_loss: March 9, 2023',
      'defendant_name: Northwind Logistics, LLC',
      'plaintiff_counsel: Ruth Okoro, Okoro Law Group',
      'time_of_loss: 9:05 PM',
    ]);
  });

  test('a letter from a carrier', () => {
    const text =
      'Great Plains Casualty Company\nOctober 2, 2024\n\nRe: Our Insured: Blue Door Hotels\nClaim Number: GP-77120-A\nPolicy No.: HO 55-1\nPolicy No.: CGL-5501992\nDate of Loss: 07/04/2024\nOur File No.: 2291-B\n\nSincerely,\nDana Whitfield, Senior Claims Adjuster';
    expect(facts(text, 'Correspondence').toSorted()).toEqual([
      'adjuster: Dana Whitfield',
      'carrier: Great Plains Casualty Company',
      'claim_number: GP-77120-A',
      'date_of_loss: July 4, 2024',
      'defendant_name: Blue Door Hotels',
      'firm_reference: 2291-B',
      'policy_number: CGL-5501992',
    ]);
  });

  test('dates that are no dates of loss', () => {
    for (const text of [
      'Report Date: February 15, 2024',
      'Dated: March 14, 2024',
      'the letter of May 1, 2024',
      'Date of Birth: March 3, 1978',
      'Discharge: 2024-08-20',
      'reported accident, printed on 02/26/2026',
      'Date of Loss: 02/30/2024',
      'Date of Loss: pending',
    ]) {
      expect([text, facts(text).filter((fact) => fact.startsWith('date_of_loss'))]).toEqual([text, []]);
    }
    expect(facts('Date of Loss: 02/29/2024')).toEqual(['date_of_loss: February 29, 2024']);
  });

  test('numbers of the plaintiff side are no claim numbers', () => {
    expect(facts('Claim No. (plaintiff-side): ABC-24-0001')).toEqual(['firm_reference: ABC-24-0001']);
    expect(facts('Claim No.: ABC-24-0001')).toEqual(['claim_number: ABC-24-0001']);
    expect(facts('Claim No.: pending')).toEqual([]);
  });

  test('wages: the total is sure, malformed amounts are left out', () => {
    expect(facts('Total lost wages: $1,250.50.')).toEqual(['wage_loss: $1,250.50']);
    expect(facts('Total lost wages: $1250,50.')).toEqual([]);
    expect(facts('Wage loss: $30/hour')).toEqual([]);
  });

  test('every quote is exactly its place, whatever the text', () => {
    const piece = fc.constantFrom(
      'Plaintiff ',
      'Maria Rivera',
      'Date of Loss: ',
      '2024-02-15',
      '\n',
      ' ',
      'Claim No.: ',
      'A-12345',
      ', at approximately ',
      '2:38 PM',
      'Patient: ',
      'Rivera, Maria',
      '“é”',
      '\t',
      'Total wage loss: $1,000.00',
      'Acme Foods, Inc.',
      'Defendant ',
      'DOB: 03/03/1978',
      '/s/ ',
      'ESQ.',
      'LLP',
      'limits of $100,000/$300,000 ',
      'Assessment:\n1. Neck pain; strain.\n',
      'S13.4XXA ',
      'Ibuprofen 600mg PO ',
      'A. I looked down. ',
      '2020 Toyota Camry ',
      'Hours missed: 8 hours ',
      'WAGE LOSS\n(5 days) ',
      'Hill Clinic\n\nDate\tCPT\tBilled\tIns Paid\n01/02/2024\t99213\t$10.00\t$5.00\n',
      'fell ',
      'On ',
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
          { minLength: 1, maxLength: 3 },
        ),
        fc.constantFrom<DocumentKind>('Pleading', 'Bill', 'Medical_Record', 'Testimony', 'Incident_Report', 'Other'),
        (texts, kind) => {
          const pages = texts.map((text, index) => ({ page: index + 1, text }));
          const found = extractFacts({ name: 'x', kind, pages });
          for (const fact of found) expect(pages[fact.page - 1]?.text.slice(fact.start, fact.end)).toBe(fact.quote);
          expect(new Set(found.map((fact) => `${fact.kind} ${fact.normal}`)).size).toBe(found.length);
          // what a fact's id is made of: two at one place would be kept as one
          expect(new Set(found.map(({ kind: of, page, start, method }) => `${of} ${String(page)} ${String(start)} ${method}`)).size).toBe(
            found.length,
          );
          expect(extractFacts({ name: 'x', kind, pages })).toEqual(found);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each<DocumentKind>(['Incident_Report', 'Medical_Record', 'Testimony', 'Pleading', 'Correspondence'])(
    'long hostile text costs little time: %s',
    (kind) => {
      for (const text of [
        'A '.repeat(60_000),
        'Aa Bb Cc '.repeat(20_000),
        '$1,'.repeat(40_000),
        'Claim No. ('.repeat(20_000),
        'Witnesses: ('.repeat(20_000),
        'I, Aa Bb '.repeat(20_000),
        'accident '.repeat(20_000),
        '/s/ Aa Bb '.repeat(15_000),
        '\n'.repeat(120_000),
        ' \n'.repeat(60_000),
        'Driver: Aa Bb  \n'.repeat(8_000),
        'Aa Bb, MD '.repeat(12_000),
        'Assessment:\n1. pain\n'.repeat(6_000),
        'ibuprofen 600mg take every 6 hours '.repeat(3_500),
        'policy limits of $'.repeat(7_000),
        '2020 Toyota '.repeat(10_000),
        'Q. a\nA. b c d e leak\n'.repeat(6_000),
        'fell Mr. '.repeat(13_000),
      ]) {
        const begun = performance.now();
        extractFacts({ name: 'x', kind, pages: [{ page: 1, text }] });
        expect([text.slice(0, 12), performance.now() - begun < 8000]).toEqual([text.slice(0, 12), true]);
      }
    },
  );
});
