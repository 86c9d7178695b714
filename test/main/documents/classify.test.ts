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
