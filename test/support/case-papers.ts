/** A small case in plain files, of which some belong together: what links find, and what questions are answered by. */
export const caseOfPapers: Record<string, string> = {
  'Billing/ledger.csv':
    'Provider,Date of Service,Description,Billed,Paid,Balance\nHarbor Hospital,02/15/2024,ER visit,"$1,200.00",$0.00,"$1,200.00"\n',
  'Medical/er-record.txt':
    'HARBOR HOSPITAL\nEmergency Department record\nSeen 02/15/2024.\nChief complaint: fall on a wet floor.\nX-ray: fracture of the left clavicle. Sling applied.',
  'Medical/mri-report.txt': 'MRI report\nSeen 03/15/2024 at Lakeside Imaging.\nDiagnosis: lumbar strain.',
  'Letters/demand letter.txt': 'June 3, 2024\nSettlement demand\nWe hereby demand $250,000.00 for the policy limits.',
  'Letters/offer.txt': 'July 1, 2024\nOffer of settlement\nYour demand letter dated June 3, 2024 is declined. We offer $40,000.',
};
