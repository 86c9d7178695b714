/** The invented case of the demo. Every person, firm, place, number and sum is made up; amounts are integer cents. */
export const mark = 'Synthetic sample. Not a real record; every person, business and number is invented.';

export interface SampleProvider {
  name: string;
  when: string;
  rows: { code: string; description: string; units: number; billedCents: number; paidCents: number }[];
}

const row = (code: string, description: string, units: number, billedCents: number, paidCents: number): SampleProvider['rows'][number] => ({
  code,
  description,
  units,
  billedCents,
  paidCents,
});

export const providers: SampleProvider[] = [
  {
    name: 'Fairhaven Memorial Emergency Department',
    when: '2024-05-11',
    rows: [
      row('99284', 'Emergency visit', 1, 168_500, 111_200),
      row('73110', 'X-ray, right wrist', 1, 41_200, 27_150),
      row('73502', 'X-ray, right hip', 1, 38_900, 25_675),
      row('29125', 'Forearm splint', 1, 22_450, 14_800),
    ],
  },
  {
    name: 'Fairhaven Fire & Rescue',
    when: 'EMS, 2024-05-11',
    rows: [row('A0429', 'Ambulance, basic life support', 1, 97_500, 65_000), row('A0425', 'Mileage', 6, 11_400, 7_600)],
  },
  {
    name: 'Harbor Family Practice',
    when: '2 visits, 2024-05-17 through 2024-08-02',
    rows: [row('99213', 'Follow-up, 2024-05-17', 1, 21_000, 13_860), row('99213', 'Follow-up, 2024-08-02', 1, 21_000, 13_860)],
  },
  {
    name: 'Northshore Orthopedics',
    when: '2024-05-22 through 2024-07-10',
    rows: [
      row('99203', 'New patient visit', 1, 39_500, 26_100),
      row('73221', 'MRI, right wrist', 1, 186_000, 122_800),
      row('99213', 'Follow-up', 1, 24_000, 15_850),
    ],
  },
  {
    name: 'Fairhaven Hand Therapy',
    when: '12 visits, 2024-06-03 through 2024-07-29',
    rows: [
      row('97165', 'Therapy evaluation', 1, 18_500, 12_200),
      row('97110', 'Therapeutic exercise', 24, 168_000, 110_900),
      row('97140', 'Manual therapy', 12, 72_000, 47_500),
    ],
  },
];

export const incidentReport = `LAKESIDE MARKET - STORE INCIDENT REPORT
${mark}

Store No.: 12 (Fairhaven)
Report ID: LM-IR-2024-0031
Report Date: May 11, 2024
Reported By: Tomas Brandt, Shift Supervisor
Claim No.: LM-CLM-240511-0031

1. Incident Summary
Date / Time: 2024-05-11, approximately 4:20 PM
Location: Lakeside Market, 77 Pier Road, Fairhaven, floral department
Type: Customer fall on wet floor

2. Persons Involved
Customer: Ngozi Okafor
Witnesses: Priya Raman (customer); Tomas Brandt (Shift Supervisor)

3. Sequence of Events
4:02 PM: A flower bucket is knocked over beside the floral cooler.
4:05 PM: A mop is asked for over the store radio.
4:20 PM: Customer Okafor slips beside the floral cooler and falls on the right hand and hip.
4:22 PM: Supervisor Brandt arrives. Customer reports pain in the right wrist and hip.
4:26 PM: Supervisor Brandt calls 911.
4:37 PM: Fairhaven Fire & Rescue arrives and takes the customer to Fairhaven Memorial.

4. Condition of the Area
Water, about 3 feet across, on sealed concrete. No cone was in place at 4:20 PM.

5. Inspection Log
Inspections are due every 30 minutes. The last logged inspection before 4:20 PM was at 3:30 PM.

Supervisor signature: /s/ Tomas Brandt
`;

export const complaint: { heading?: true; text: string }[] = [
  { heading: true, text: 'COMPLAINT - Okafor v. Lakeside Market, Inc.' },
  { text: mark },
  { text: 'Court of Common Pleas, Lake County' },
  { text: 'Case No. 2024-CV-01187' },
  { text: 'NGOZI OKAFOR, Plaintiff,' },
  { text: 'v.' },
  { text: 'LAKESIDE MARKET, INC., Defendant.' },
  { heading: true, text: 'Complaint for Personal Injury (Premises Liability)' },
  { text: 'Plaintiff Ngozi Okafor, by and through counsel, alleges as follows:' },
  { text: '1. Plaintiff Ngozi Okafor is a resident of Lake County. Date of birth: April 9, 1981.' },
  { text: '2. Defendant Lakeside Market, Inc. operates a store at 77 Pier Road, Fairhaven.' },
  { text: '3. On May 11, 2024, at approximately 4:20 PM, Plaintiff was a customer in the store.' },
  { text: '4. Water lay on the floor beside the floral cooler. No cone, sign or mat stood near it.' },
  { text: '5. Plaintiff slipped on the water and fell on the right hand and hip.' },
  {
    text: '6. Defendant owed Plaintiff a duty of reasonable care to inspect the premises and to remove or warn of hazards, and breached it.',
  },
  { text: '7. As a result Plaintiff was injured, incurred medical expenses, and lost earnings.' },
  { text: 'Plaintiff demands judgment for damages in an amount to be proved at trial, and a trial by jury.' },
  { text: 'Dated: September 3, 2024' },
  { text: '/s/ Adaeze Oyelaran' },
  { text: 'Adaeze Oyelaran, Marsh & Oyelaran LLP' },
  { text: 'Counsel for Plaintiff Ngozi Okafor' },
];

export const erRecord = `EMERGENCY DEPARTMENT RECORD
Fairhaven Memorial
${mark}

Patient: Okafor, Ngozi        DOB: 04/09/1981
Arrival: 05/11/2024 17:04     Discharge: 05/11/2024 20:31
Attending: L. Ferrante, MD    Chart: FM-ED-24-03310

1. Chief complaint
Fall in store. Pain in right wrist and right hip.

2. History
Patient slipped on a wet floor and fell on an outstretched right hand.
No head strike. No loss of consciousness.

3. Examination
Right wrist: swelling, tenderness over the distal radius.
Right hip: tenderness, full range of motion.

4. Imaging
X-ray right wrist: nondisplaced fracture of the distal radius.
X-ray right hip: no fracture.

5. Diagnosis
S52.501A  Fracture of lower end of right radius, initial encounter
S70.01XA  Contusion of right hip, initial encounter

6. Disposition
Forearm splint. Follow-up with orthopedics within two weeks.
`;

export const wages = [
  'Full time off: 2024-05-13 to 2024-05-24 (10 working days), $2,240.00 at $28 an hour and 8 hours a day.',
  'Reduced hours: 2024-05-28 to 2024-06-14 (56 hours), $1,568.00.',
  'Total past wage loss: $3,808.00.',
];
