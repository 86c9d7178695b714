import type { LintRuleId } from '../../src/shared/linter.ts';

/** A demand as another firm would send it: nothing in it is wrong. Cells of a row are parted by tabs, paragraphs by an empty line. Invented. */
export const cleanDemand = `Marlow & Finch LLP
200 Court Street, Toledo, OH 43604

June 10, 2024

VIA EMAIL AND CERTIFIED MAIL

Harbor Mutual Insurance Company
Attn: Dana Whitfield
12 Main Street, Toledo, OH 43604

Re: Settlement demand
Our client: Maria Alvarez
Your insured: Peter Novak
Claim No.: HM-448120
Policy No.: PX-77120-04
Date of loss: February 15, 2024

Dear Ms. Whitfield:

This office represents Maria Alvarez for the injuries she sustained in the collision of February 15, 2024. Please accept this letter as her demand for settlement. The records that support each statement are enclosed as Exhibits A, B and C.

Facts

On Thursday, February 15, 2024, at about 5:40 p.m., Ms. Alvarez was driving her 2019 Honda Accord east on Monroe Street, Toledo. Peter Novak ran the red light at Secor Road and struck the driver's side of her car (Exhibit A at 2). The police report places the fault on him alone.

Mr. Novak told the officer that he "did not see the light" and that he had been looking at his telephone.

Treatment

Ms. Alvarez was taken by Lucas County EMS to Toledo General Hospital on February 15, 2024, where she was examined and discharged with a diagnosis of cervical strain (ICD-10 S13.4XXA).

From February 22, 2024 she treated at Westgate Chiropractic Clinic, and on March 28, 2024 she was evaluated at Maumee Valley Orthopedics, which ordered an MRI. The MRI was done at Northside Imaging on April 9, 2024. She was discharged from care on May 20, 2024.

Medical specials

The charges for this treatment are set out below and documented in Exhibit B.

Provider\tDates of service\tAmount
Lucas County EMS\t02/15/2024\t$1,150.00
Toledo General Hospital\t02/15/2024\t$6,420.50
Westgate Chiropractic Clinic\t02/22/2024 – 05/20/2024\t$3,900.00
Maumee Valley Orthopedics\t03/28/2024\t$640.00
Northside Imaging\t04/09/2024\t$2,310.00
Total\t\t$14,420.50

The medical bills total $14,420.50.

Wage loss

Ms. Alvarez missed three weeks of work and lost wages of $2,640.00 (Exhibit C). Her losses are:

Medical specials: $14,420.50
Lost wages: $2,640.00
Total: $17,060.50

In other words, $14,420.50 + $2,640.00 = $17,060.50.

Pain and suffering

Before the collision Ms. Alvarez walked her dog each morning. For three months she could not turn her head without pain, and her sleep was broken through most nights.

Demand

Ms. Alvarez demands payment of eighty-five thousand dollars ($85,000.00) in exchange for a release of all claims against your insured. The policy limits are $100,000.00, so the demand is within the policy limits.

Please respond in writing by 5:00 p.m. EDT on July 15, 2024. Valid liens will be satisfied from the settlement.

Sincerely,

Ruth Marlow
Marlow & Finch LLP

Enclosures

Exhibit A: Toledo Police report
Exhibit B: medical records and bills
Exhibit C: wage verification
`;

/** A demand under California's statute, whole. */
export const cleanTimeLimit = `March 4, 2024

TIME-LIMITED DEMAND
California Code of Civil Procedure section 999

VIA EMAIL

Bayline Casualty Company
4 Harbor Way, Oakland, CA 94607

Re: Our client: Tomas Reyes
Your insured: Irene Walsh
Claim number: BC-90211
Date of loss: November 3, 2023
Location of loss: 14th Street at Broadway, Oakland

To whom it may concern:

Tomas Reyes offers to settle all claims against your insured that arise from the collision of November 3, 2023 for $50,000.00, which is within the policy limits and includes the satisfaction of all liens.

His injuries known to us are a fracture of the left wrist and a cervical strain. In exchange for payment he will give every insured a complete release. The records and bills are enclosed as proof of the claim.

This demand can be accepted until 11:59 p.m. Pacific Time on April 5, 2024.

Sincerely,

Ruth Marlow
`;

/** Another hand: a fall in a store, a man, bills as a list, a head with tabs, terms with numbers, history before the loss. Nothing in it is wrong. */
export const cleanPremises = `LAW OFFICE OF HELEN ORTEGA
1700 Fannin Street, Suite 310
Houston, Texas 77002

September 12, 2023

Via facsimile (555) 010-7781 and certified mail no. 7019 2280 0001 4411 9032

Claims Department
Great Prairie Insurance Company
P.O. Box 4400
Plano, TX 75024

RE:\tClaimant:\tDaniel Okoro
\tYour Insured:\tFresh Barn Markets, Inc.
\tClaim No.:\t23-77810-A
\tDate of Incident:\tJanuary 18, 2023

Dear Claims Representative:

I represent Daniel Okoro, age 46, who was injured in a fall at your insured's store at 2210 Westheimer Road on January 18, 2023. This letter is a settlement demand. It is protected by Rule 408 of the Texas Rules of Evidence.

I. THE INCIDENT

At 6:15 p.m. on Wednesday, January 18, 2023, Mr. Okoro was walking with his wife, Mrs. Okoro, toward the dairy case when he slipped on a clear liquid. The assistant manager, Kevin Tran, told him that a cooler had been leaking "since yesterday" and that maintenance had been called twice, on January 16 and January 17. The incident report of January 18, 2023 says the same. No sign or cone had been put out.

II. INJURIES AND TREATMENT

Mr. Okoro was taken by Houston Fire Department EMS to Memorial Southwest Hospital, where X-rays showed a fracture of the left wrist. He followed up with Dr. Alan Reyes at Bayou Orthopedics on January 25, February 22 and March 29, 2023. From April 3, 2023 through June 30, 2023 he had 22 visits at Gulf Coast Physical Therapy. There was a gap in his treatment in May while he cared for his mother; he resumed on May 30, 2023.

Mr. Okoro had been treated for a sprain of the right ankle in 2016, on March 8, 2016. That injury had healed long before this incident and is unrelated.

Dr. Reyes estimates that removal of the hardware in his wrist will cost between $9,500.00 and $12,000.00. He is scheduled to be seen again on November 6, 2023.

III. DAMAGES

Houston Fire Department EMS: $1,245.00
Memorial Southwest Hospital: $11,302.15
Bayou Orthopedics: $2,870.00
Gulf Coast Physical Therapy: $4,180.00
Total medical expenses: $19,597.15

Of that amount his health insurer paid $6,120.44, and $3,004.10 remains outstanding. Mr. Okoro earned $27.50 per hour and missed 160 hours, so he lost $4,400.00. His past losses are medical expenses of $19,597.15 and lost earnings of $4,400.00, for a total of $23,997.15.

IV. DEMAND

To resolve this claim Mr. Okoro will accept one hundred fifteen thousand dollars ($115,000.00). This offer remains open until 5:00 p.m. CDT on October 13, 2023, and includes:

1.\tpayment within 20 days of acceptance;
2.\ta release of Fresh Barn Markets, Inc. and its employees; and
3.\tsatisfaction of all valid liens, including that of his health insurer, Lone Star Mutual Insurance Company, by Mr. Okoro.

If your insured has excess or umbrella coverage, please tell me its limits. Mr. and Mrs. Okoro reserve all rights.

Very truly yours,

_________________________
Helen Ortega
`;

export interface Seeded {
  rule: LintRuleId;
  what: string;
  /** Of the clean letter that is changed; `cleanDemand` where it is not said. */
  of?: string;
  from: string;
  to: string;
  /** A second change: what, by what. */
  then?: [string, string];
  /** Other rules that rightly see the same defect. */
  with?: LintRuleId[];
  /** Stands in the quote of the finding. */
  quote: string;
}

/** Each defect by one change of the clean letter. */
export const seededDefects: readonly Seeded[] = [
  { rule: 'table_sum', what: 'a printed total below the sum of its lines', from: 'Total\t\t$14,420.50', to: 'Total\t\t$10,359.25', quote: '$10,359.25' },
  { rule: 'list_sum', what: 'a list of losses with a wrong total', from: 'Total: $17,060.50', to: 'Total: $17,600.50', quote: '$17,600.50' },
  { rule: 'sentence_sum', what: 'an equation that is none', from: '= $17,060.50', to: '= $17,600.50', quote: '$17,600.50' },
  { rule: 'sentence_sum', what: 'a total of two amounts in words', from: 'In other words, $14,420.50 + $2,640.00 = $17,060.50.', to: 'She incurred bills of $14,420.50 and a wage loss of $2,640.00, for a total of $18,060.50.', quote: '$18,060.50' },
  { rule: 'totals_differ', what: 'a total in the text that the table does not have', from: 'The medical bills total $14,420.50.', to: 'The medical bills total $15,420.50.', quote: '$15,420.50' },
  { rule: 'amount_words', what: 'words and figures that differ', from: 'eighty-five thousand dollars ($85,000.00)', to: 'seventy-five thousand dollars ($85,000.00)', quote: 'seventy-five thousand' },
  { rule: 'malformed_amount', what: '$200,00', from: 'Her losses are:', to: 'Her co-payments were $200,00 each. Her losses are:', quote: '$200,00' },
  { rule: 'malformed_amount', what: 'an amount as other countries write it', from: 'Her losses are:', to: 'Her co-payments were 1.234,56 each. Her losses are:', quote: '1.234,56' },
  { rule: 'demand_limits', what: 'a demand said to be within limits and above them', from: 'The policy limits are $100,000.00', to: 'The policy limits are $50,000.00', quote: '$85,000.00' },
  { rule: 'date_after_letter', what: 'treatment after the letter', from: 'discharged from care on May 20, 2024', to: 'discharged from care on August 20, 2024', with: ['treatment_gap'], quote: 'August 20, 2024' },
  { rule: 'date_before_loss', what: 'treatment before the loss', from: 'at Northside Imaging on April 9, 2024', to: 'at Northside Imaging on January 9, 2024', quote: 'January 9, 2024' },
  { rule: 'letter_before_loss', what: 'a letter seven months before its loss', from: 'June 10, 2024', to: 'July 10, 2023', quote: 'July 10, 2023' },
  { rule: 'two_loss_dates', what: 'two dates of loss', from: 'sustained in the collision of February 15, 2024', to: 'sustained in the collision of February 25, 2024', quote: 'February 25, 2024' },
  { rule: 'impossible_date', what: 'February 30', from: 'on April 9, 2024', to: 'on April 31, 2024', quote: 'April 31, 2024' },
  { rule: 'weekday_wrong', what: 'a weekday that is not of its date', from: 'On Thursday, February', to: 'On Friday, February', quote: 'Friday' },
  { rule: 'time_zone', what: 'standard time in July', from: '5:00 p.m. EDT on', to: '5:00 p.m. EST on', quote: 'EST' },
  { rule: 'stray_party', what: 'another client’s name', from: 'Before the collision Ms. Alvarez walked', to: 'Before the collision Mr. Brennan walked', quote: 'Brennan' },
  { rule: 'stray_party', what: 'another carrier’s name', from: 'The police report places', to: 'State Farm has accepted this. The police report places', quote: 'State Farm' },
  { rule: 'name_spelling', what: 'the client’s name one letter off', from: 'Treatment\n\nMs. Alvarez', to: 'Treatment\n\nMs. Alvares', quote: 'Alvares' },
  { rule: 'wrong_gender', what: 'a title that is not the client’s', from: 'Ms. Alvarez missed', to: 'Mr. Alvarez missed', quote: 'Mr' },
  { rule: 'wrong_gender', what: 'a pronoun that is not the client’s', from: 'without pain, and her sleep', to: 'without pain, and Ms. Alvarez says that his sleep', quote: 'his' },
  { rule: 'doubled_paragraph', what: 'a paragraph twice', from: 'Treatment\n\n', to: 'The charges for this treatment are set out below and documented in Exhibit B.\n\nTreatment\n\n', quote: 'The charges' },
  { rule: 'doubled_word', what: 'a word twice', from: 'ran the red light', to: 'ran the the red light', quote: 'the the' },
  { rule: 'unresolved_choice', what: 'a.m./ p.m.', from: '5:40 p.m.,', to: '5:40 a.m./ p.m.,', quote: 'a.m./ p.m.' },
  { rule: 'unresolved_choice', what: 'is/are in brackets', from: 'The records that support', to: 'The records [is/are] what support', quote: '[is/are]' },
  { rule: 'placeholder', what: 'a name that was never filled in', from: 'This office represents Maria Alvarez', to: 'This office represents [CLIENT NAME]', quote: '[CLIENT NAME]' },
  { rule: 'placeholder', what: 'a date of X', from: 'on April 9, 2024', to: 'on XX/XX/XXXX', quote: 'XX/XX/XXXX' },
  { rule: 'provider_missing', what: 'two treating providers that are not in the specials', from: 'which ordered an MRI.', to: 'which ordered an MRI. She was treated at Perrysburg Pain Management and underwent surgery at Riverbend Surgery Center.', quote: 'Perrysburg Pain Management' },
  { rule: 'treatment_gap', what: 'a long gap nobody explains', from: '05/20/2024\t$3,900.00', to: '03/20/2024\t$3,900.00', then: ['She was discharged from care on May 20, 2024.', 'She was seen for the last time on June 9, 2024.'], quote: 'June 9, 2024' },
  { rule: 'code_out_of_time', what: 'an ICD-9 code for 2024', from: '(ICD-10 S13.4XXA)', to: '(ICD-9 847.0)', quote: '847.0' },
  { rule: 'criminal_threat', what: 'a threat of prosecution', from: 'Valid liens will', to: 'Unless we receive payment we will refer this matter to the district attorney. Valid liens will', quote: 'district attorney' },
  { rule: 'exhibit_missing', what: 'an exhibit that is not in the list', from: 'Medical specials\n\nThe charges for this treatment are set out below and documented in Exhibit B.', to: 'Medical specials\n\nThe charges for this treatment are set out below and documented in Exhibit F.', quote: 'F' },
  { rule: 'exhibit_skipped', what: 'an exhibit letter left out', from: 'Exhibit C: wage verification', to: 'Exhibit D: wage verification', with: ['exhibit_missing'], quote: '' },
  { rule: 'time_limit_terms', what: 'no release is offered', of: cleanTimeLimit, from: 'In exchange for payment he will give every insured a complete release. ', to: '', quote: 'TIME-LIMITED' },
  { rule: 'time_limit_short', what: 'nineteen days', of: cleanTimeLimit, from: 'April 5, 2024', to: 'March 23, 2024', quote: 'March 23, 2024' },
]; // prettier-ignore

/** The letter with the defect in it. */
export function seeded({ of = cleanDemand, from, to, then: [more, by] = ['', ''] }: Seeded): string {
  if (!of.includes(from) || !of.includes(more)) throw new Error(`the clean letter does not say “${of.includes(from) ? more : from}”`);
  return of.replace(from, () => to).replace(more, () => by);
}
