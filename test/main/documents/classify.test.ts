import { describe, expect, test } from 'vitest';
import { classifyDocument } from '../../../src/main/documents/classify.ts';
import { read } from '../../../src/main/documents/read/read-worker.ts';
import { sampleBytes } from '../../support/sample-files.ts';

describe('classifyDocument', () => {
  test.each([
    ['rivera-v-bestvalue', 'Billing/billing-ledger-Rivera.pdf', 'Bill'],
    ['rivera-v-bestvalue', 'Incident/incident-report-store-0147.pdf', 'Incident_Report'],
    ['rivera-v-bestvalue', 'Medical/er-record-2024-02-15-scan.pdf', 'Medical_Record'],
    ['rivera-v-bestvalue', 'Medical/ems-run-sheet.png', 'Medical_Record'],
    ['rivera-v-bestvalue', 'Pleadings/complaint.docx', 'Pleading'],
    ['rivera-v-bestvalue', 'Pleadings/answer.docx', 'Pleading'],
    ['rivera-v-bestvalue', 'Testimony/deposition-excerpt-manager.txt', 'Testimony'],
    ['auto-claim', 'police_report_12345.pdf', 'Police_Report'],
    ['auto-claim', 'repair_estimate_001.pdf', 'Other'],
    ['auto-claim', 'medical_receipt_summary.docx', 'Medical_Record'],
    ['auto-claim', 'witness_statement.txt', 'Testimony'],
    ['auto-claim', 'claim_submission.docx', 'Correspondence'],
    ['pdf', 'loss_run_external_001.pdf', 'Insurance'],
  ])('%s/%s is %s', async (folder, path, kind) => {
    const outcome = await read({ bytes: sampleBytes(folder, path), fileName: path });
    expect(outcome).toMatchObject({ ok: true, value: { kind } });
    if (outcome.ok) expect(outcome.value.kindConfidence).toBeGreaterThanOrEqual(50);
  });

  const kindOf = (path: string, text = '', mediaType = 'application/pdf'): string => classifyDocument({ path, mediaType, text }).kind;

  test('the text tells the kind where the name is of no use', () => {
    expect(
      kindOf('scan0001.pdf', 'MERCY HOSPITAL\nItemized Statement\nCPT Description Billed\n99283 ER visit\nSubtotal\nBalance due'),
    ).toBe('Bill');
    expect(kindOf('doc.pdf', "IN THE DISTRICT COURT OF TRAVIS COUNTY\nPlaintiff's Original Petition\nWHEREFORE, Plaintiff prays")).toBe(
      'Pleading',
    );
    expect(kindOf('doc.pdf', 'lorem ipsum')).toBe('Other');
  });

  test.each([
    [
      'Medical_Record',
      'a1.pdf',
      'LAKESIDE CLINIC\nProgress Note\nAssessment: lumbar strain. Medications: ibuprofen. Follow-up in two weeks.',
    ],
    ['Bill', 'a2.pdf', 'LAKESIDE CLINIC\nPatient Statement\nCPT 97110 billed $120.00\nBalance due $120.00'],
    ['Police_Report', 'a3.pdf', 'STATE POLICE\nTraffic Crash Report\nReporting officer: T. Hale, badge 114. Citation issued.'],
    ['Correspondence', 'a4.pdf', 'Marsh LLP\nMay 2, 2024\nDear Ms. Rivera,\nplease sign the enclosed forms.\nSincerely,\nDana Marsh'],
    ['Photo', 'IMG_2041.jpg', ''],
    ['Insurance', 'a5.pdf', 'HARBOR MUTUAL\nExplanation of Benefits\nInsured: M. Rivera. Claim number 778812. Deductible $500.'],
    ['Pleading', 'a6.pdf', 'IN THE SUPERIOR COURT\nComplaint for Damages\nPlaintiff prays for a jury trial. WHEREFORE'],
    ['Testimony', 'a7.pdf', 'DEPOSITION OF JOHN HALE\nQ. Were you there? A. Yes. Court reporter: CSR 114'],
    ['Incident_Report', 'a8.pdf', 'Customer Accident Report\nStore 147. A guest fell in aisle 5.'],
    ['Contract', 'a9.pdf', 'VEHICLE SERVICE CONTRACT\nhereinafter the Dealer. The parties agree. Cancellation: within 60 days.'],
    ['Call_Sheet', 'b1.pdf', 'CALL SHEET — Day 4 of 12\nCrew call 6:00 AM, shooting call 7:30 AM'],
    ['RFQ', 'b2.pdf', 'Request for Quotation RFQ-2024-017\nWe ask for your quotation for an accident reconstruction.'],
    [
      'Offer',
      'b3.pdf',
      'HARBOR MUTUAL\nJuly 1, 2024\nRe: Claim 778812\nDear Counsel,\nin response to your demand of June 3, 2024 we offer $40,000 in full and final settlement.\nSincerely,',
    ],
    ['Offer', 'b4.pdf', 'Counter-offer\nOur offer is $95,000.'],
    [
      'Demand',
      'b5.pdf',
      'Marsh LLP\nJune 3, 2024\nVIA CERTIFIED MAIL\nRe: Time-limited demand for policy limits\nDear Adjuster,\nour client hereby demands $250,000. This demand expires on July 3, 2024.\nSincerely,',
    ],
    ['Other', 'b6.pdf', 'Grocery list: apples, bread'],
  ] as const)('%s by its text: %s', (kind, path, text) => {
    expect(kindOf(path, text, path.endsWith('.jpg') ? 'image/jpeg' : 'application/pdf')).toBe(kind);
  });

  test('the more speaks for a kind and the less for another, the surer', () => {
    const sureOf = (path: string, text: string): number => classifyDocument({ path, mediaType: 'application/pdf', text }).kindConfidence;
    const [folder, named, titled, torn] = [
      sureOf('Medical/1.pdf', ''),
      sureOf('Medical/er chart.pdf', ''),
      sureOf('Medical/er chart.pdf', 'Emergency department\nChief complaint'),
      sureOf('Medical/er bill.pdf', 'Chief complaint, diagnosis. Balance due, subtotal'),
    ];
    expect(folder).toBeLessThan(named);
    expect(named).toBeLessThan(titled);
    expect(torn).toBeLessThan(titled);
    expect(titled).toBeLessThanOrEqual(95);
  });

  test('the folder tells the kind of a scan without text, and gives its reason', () => {
    expect(classifyDocument({ path: 'Medical/scan1.pdf', mediaType: 'application/pdf', text: '' })).toEqual({
      kind: 'Medical_Record',
      kindWhy: 'it lies in the folder “Medical”',
      kindConfidence: 53,
    });
    expect(kindOf('scan1.png', '', 'image/png')).toBe('Photo');
    expect(kindOf('scan1.pdf')).toBe('Other');
  });
});
