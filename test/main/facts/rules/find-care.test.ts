import { expect, test } from 'vitest';
import { normals, rulesFind } from '../../../support/rule-facts.ts';

const ledger =
  'Hill Clinic bills\n\n1. Hill Clinic (2024-03-05)\n\nCPT\tDescription\tBilled\tPaid\n99213\tVisit\t$100.00\t$0.00\n\n2. Oak Therapy (2024-03 through 2024-05)\n\nCPT\tDescription\tBilled\tPaid\n97110\tExercise\t$50.00\t$0.00\n\nDischarge: 2024-05-20.';

test('providers: of a bill by its headings, of a record by its title, its letterhead, its labels and the letters behind a name', () => {
  expect(normals('provider', ledger, 'Bill')).toEqual(['Hill Clinic', 'Oak Therapy']);
  expect(normals('provider', 'EMS RUN SHEET — Harbor Fire & Rescue\nDestination:\nHarbor General Hospital')).toEqual([
    'Harbor Fire & Rescue',
    'Harbor General Hospital',
  ]);
  expect(normals('provider', 'EMERGENCY DEPARTMENT RECORD\n\nFairhaven Memorial\n\nAttending: L. Ferrante, MD')).toEqual([
    'Fairhaven Memorial',
    'L. Ferrante, MD',
  ]);
});

test('no provider: a town in Maryland, a witness, whoever a letter names', () => {
  expect(normals('provider', 'Note\nAddress: 1 Main St, Silver Spring, MD 20901\nSeen with Ann Poe.')).toEqual([]);
  expect(normals('provider', 'Attending: L. Ferrante, MD', 'Correspondence')).toEqual([]);
});

test('a heading on the page before its table is where the provider is named', () => {
  const [page] = ledger.split('\n\nCPT');
  const rest = ledger.slice(page?.length ?? 0);
  expect(rulesFind('provider', `${page ?? ''}\f${rest}`, 'Bill').map(({ normal, page: on }) => [normal, on])).toContainEqual([
    'Hill Clinic',
    1,
  ]);
});

test('visits: days of service with their provider; a span of months is none, a discharge is', () => {
  expect(rulesFind('visit', ledger, 'Bill').map(({ normal, quote }) => [normal, quote])).toEqual([
    ['2024-03-05|Hill Clinic', 'Hill Clinic (2024-03-05)'],
    ['2024-05-20|Oak Therapy', 'Discharge: 2024-05-20'],
  ]);
  expect(normals('visit', 'Calder Family Medicine\nProgress note\nVisit Date: March 4, 2014')).toEqual([
    '2014-03-04|Calder Family Medicine',
  ]);
  expect(normals('visit', 'Calder Family Medicine\nVisit Date: 02/30/2014')).toEqual([]);
  expect(normals('visit', 'Calder Family Medicine\nVisit Date: 3/4/14')).toEqual([]);
});

test('procedures: in the code column of a bill, after their label, in brackets after what was done', () => {
  expect(normals('procedure', ledger, 'Bill')).toEqual(['99213', '97110']);
  expect(normals('procedure', 'CPT 72141. MRI lumbar spine (72148). HCPCS: J1885, knee brace L1833 fitted.')).toEqual([
    '72141',
    '72148',
    'J1885',
    'L1833',
  ]);
});

test('payments: by the columns that name who paid, or the column of payers; an unnamed payment is nobody’s', () => {
  const bill = (header: string, row: string): string[] => normals('payment', `Hill Clinic\nPatient\n\n${header}\n${row}\n`, 'Bill');
  expect(bill('Date\tCPT\tBilled\tIns. Paid\tPatient Payments\tBalance', '03/01/2024\t99213\t$100.00\t$60.00\t$15.00\t$25.00')).toEqual([
    '2024-03-01|99213|insurance 6000|patient 1500',
  ]);
  expect(bill('Date\tCPT\tBilled\tPaid\tPayer', '03/01/2024\t99213\t$100.00\t$60.00\tMedicare')).toEqual([
    '2024-03-01|99213|medicare 6000',
  ]);
  expect(bill('Date\tCPT\tBilled\tPaid\tBalance', '03/01/2024\t99213\t$100.00\t$60.00\t$40.00')).toEqual([]);
});

test('no procedure: ZIP codes, parts, telephone numbers, and five digits in brackets after anything else', () => {
  expect(normals('procedure', 'Towson, MD 21204 (21204). Part 64401-06080. Phone 55501. The crash (10250) was bad. E1234 street')).toEqual(
    [],
  );
  expect(normals('procedure', 'CPT 72141', 'Other')).toEqual([]);
});
