import { linkDocument } from '../../src/main/links/link-document.ts';
import { linksFrom } from '../../src/main/links/link-rules.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { ok } from '../../src/shared/result.ts';
import { makeFindLaptop, type FindLaptop } from './find-pages.ts';
import { must } from './laptop.ts';

/** A page that answers, by its file's name and number. */
export type Answer = `${string} ${number}`;
export interface EvaluationQuestion {
  asked: string;
  /** The same thing asked by somebody else: what votes on the first are to help with. */
  again: string;
  answers: Answer[];
  /** Where the answer stands: on the page that speaks of what was asked, or in a document linked to that one. */
  hops: 0 | 1 | 2;
}

interface Visit {
  provider: string;
  day: string;
  service: string;
  billed: string;
  finding: string;
  plan: string;
}
const visits: Visit[] = [
  [
    'Harbor General Hospital',
    '02/15/2024',
    'Emergency visit, high complexity',
    '$2,140.00',
    'tenderness over the left clavicle',
    'sling for three weeks',
  ],
  [
    'Cedar Ridge Orthopedics',
    '03/01/2024',
    'New patient consultation',
    '$385.00',
    'positive impingement sign',
    'injection if pain persists',
  ],
  ['Lakeside Imaging', '03/15/2024', 'MRI lumbar spine', '$1,890.00', 'disc protrusion at L4-L5', 'correlate clinically'],
  ['Northgate Physical Therapy', '03/22/2024', 'Evaluation and exercise', '$240.00', 'flexion limited to forty degrees', 'twelve sessions'],
  ['Summit Pain Management', '04/10/2024', 'Epidural steroid injection', '$2,450.00', 'relief of half the symptoms', 'repeat in six weeks'],
  ['Willow Creek Neurology', '04/24/2024', 'Nerve conduction study', '$1,120.00', 'slowing of the median nerve', 'wrist splint at night'],
  ['Bayview Surgical Center', '05/08/2024', 'Arthroscopy', '$9,800.00', 'partial tear of the supraspinatus', 'no lifting for eight weeks'],
  ['Pinecrest Family Medicine', '02/20/2024', 'Office visit', '$165.00', 'spasm of the paraspinal muscles', 'muscle relaxant'],
  ['Riverside Chiropractic', '05/20/2024', 'Spinal manipulation', '$95.00', 'restricted rotation of the neck', 'two visits a week'],
  ['Oak Valley Radiology', '02/16/2024', 'Chest X-ray', '$310.00', 'nondisplaced fracture of the sixth rib', 'repeat film in a month'],
].map(([provider = '', day = '', service = '', billed = '', finding = '', plan = '']) => ({
  provider,
  day,
  service,
  billed,
  finding,
  plan,
}));

const fileOf = (provider: string): string => provider.toLowerCase().replaceAll(' ', '-');
const isoOf = (day: string): string => `${day.slice(6)}-${day.slice(0, 2)}-${day.slice(3, 5)}`;

/** Bills and records of ten providers, letters, mails; as firms get them: the record says who and when on its first page, and what was found further back. */
function addPapers(laptop: FindLaptop, matterId: string): void {
  for (const { provider, day, service, billed, finding, plan } of visits) {
    const bill = laptop.addDocument(
      matterId,
      `Billing/${fileOf(provider)}-bill.txt`,
      [`${provider}\nStatement of account\n${day} ${service} billed ${billed}\nBalance due ${billed}`],
      'Bill',
    );
    must(
      laptop.write((change) => {
        const line = {
          matterId,
          documentId: bill,
          lineOrder: 0,
          provider,
          serviceFrom: isoOf(day),
          serviceTo: isoOf(day),
          description: service,
        };
        const money = { billedCents: 1, adjustedCents: 0, paidCents: 0, method: 'rule:x', confidence: 90, state: 'proposed' as const };
        return ok(
          change.insert('bill_line', { billLineId: freshId(), ...line, ...money, page: 1, startOffset: 0, endOffset: 1, quote: 'x' }),
        );
      }),
    );
    laptop.addDocument(
      matterId,
      `Medical/${fileOf(provider)}-chart.txt`,
      [
        `${provider}\nChart of Maria Rivera\nDates of service ${day}\nRequested by counsel. Copies certified.`,
        'Past history\nNo prior injuries of the shoulder, neck or back. Family history not contributory. Denies tobacco.',
        `Encounter of ${day}\nExamination: ${finding}.\nPlan: ${plan}. Discussed with the patient, who agrees.`,
        'Examination of an earlier visit: normal. Plan: none. Treatment was not needed and no finding was billed.',
      ],
      'Medical_Record',
    );
  }
  const demands: [day: string, sum: string, offer: string, ground: string][] = [
    ['June 3, 2024', '$250,000.00', '$40,000.00', 'a prior lumbar strain'],
    ['September 9, 2024', '$180,000.00', '$95,000.00', 'a gap in treatment of five weeks'],
  ];
  demands.forEach(([day, sum, offer, ground], n) => {
    laptop.addDocument(
      matterId,
      `Letters/demand-${String(n + 1)}.txt`,
      [`${day}\nSettlement demand\nWe hereby demand ${sum} within thirty days.`],
      'Demand',
    );
    laptop.addDocument(
      matterId,
      `Letters/answer-${String(n + 1)}.txt`,
      [
        `${n === 0 ? 'July 1' : 'October 2'}, 2024\nThank you for your demand letter dated ${day}. Our position follows on the next page.`,
        `We can pay ${offer} in full and final settlement. The evaluation considers ${ground}.`,
      ],
      'Offer',
    );
  });
  const requests: [number: string, what: string, price: string][] = [
    ['RFQ-2024-017', 'an accident reconstruction', '$6,200.00'],
    ['RFQ-2024-031', 'a life care plan', '$11,400.00'],
  ];
  requests.forEach(([number, what, price], n) => {
    laptop.addDocument(
      matterId,
      `Experts/request-${String(n + 1)}.txt`,
      [`Request for quotation ${number}\nWe ask for ${what} with testimony at trial.`],
      'RFQ',
    );
    laptop.addDocument(
      matterId,
      `Experts/quote-${String(n + 1)}.txt`,
      [
        `Quotation number ${number.slice(4)}\nTerms and delivery overleaf.`,
        `Fixed fee ${price}, travel not included, report in six weeks.`,
      ],
      'Offer',
    );
  });
  const mails: [subject: string, file: string, body: string, page: string][] = [
    [
      'Employer asked for wages',
      'payroll-export-2024.txt',
      'Please find what the employer sent.',
      'Absent 22 days. Gross loss of 3,960 dollars at 30 an hour.',
    ],
    ['Collection agency writes', 'harbor-general-hospital-bill.txt', 'The agency threatens suit and forwards what it wants paid.', ''],
    [
      'Photos of the aisle',
      'aisle-inspection-log.txt',
      'The store manager sent this.',
      'Last sweep logged 41 minutes before. Sweeps are due each quarter of an hour.',
    ],
  ];
  for (const [subject, file, body, page] of mails) {
    const mail = laptop.addDocument(
      matterId,
      `Mail/${subject}.eml`,
      [`From: a\nSubject: ${subject}\nAttachments: ${file}\n\n${body}`],
      'Correspondence',
    );
    laptop.store.raw.prepare(`update document set file_type = 'message/rfc822' where document_id = ?`).run(mail);
    if (page !== '') laptop.addDocument(matterId, `Mail/${file}`, [page], 'Other');
  }
}

const chart = (provider: string, page: number): Answer => `${fileOf(provider)}-chart.txt ${page}`;

export const evaluationSet: readonly EvaluationQuestion[] = [
  ...visits.map(({ provider, service, billed }, n): EvaluationQuestion => ({
    asked:
      n % 2 === 0
        ? `What was found when ${provider} billed ${billed}?`
        : `Which finding stands behind the ${service} billed by ${provider}?`,
    again: n % 2 === 0 ? `findings behind ${provider} ${billed}` : `What did they find at ${provider} for the ${service}?`,
    answers: [chart(provider, 3)],
    hops: 1,
  })),
  {
    asked: 'How much was offered in answer to the demand of June 3, 2024?',
    again: 'offer after the demand of 06/03/2024',
    answers: ['answer-1.txt 2'],
    hops: 1,
  },
  {
    asked: 'What did the carrier say to our demand for $180,000?',
    again: 'carrier answer to the $180,000 demand',
    answers: ['answer-2.txt 2'],
    hops: 1,
  },
  {
    asked: 'What does the expert charge for the reconstruction we asked for?',
    again: 'charge of the reconstruction expert',
    answers: ['quote-1.txt 2'],
    hops: 1,
  },
  { asked: 'What is the fee for the life care plan?', again: 'life care plan price', answers: ['quote-2.txt 2'], hops: 1 },
  { asked: 'What did the employer send about wages?', again: 'wages from the employer', answers: ['payroll-export-2024.txt 1'], hops: 1 },
  {
    asked: 'What came with the photos of the aisle?',
    again: 'aisle photos mail attachment',
    answers: ['aisle-inspection-log.txt 1'],
    hops: 1,
  },
  {
    asked: 'What was found where the collection agency threatens suit?',
    again: 'threats of the collection agency',
    answers: [chart('Harbor General Hospital', 3)],
    hops: 2,
  },
  // what words alone find: links must not get in the way
  { asked: 'disc protrusion at L4-L5', again: 'L4-L5 protrusion of the disc', answers: [chart('Lakeside Imaging', 3)], hops: 0 },
  {
    asked: 'Who saw a partial tear of the supraspinatus?',
    again: 'supraspinatus tear',
    answers: [chart('Bayview Surgical Center', 3)],
    hops: 0,
  },
  {
    asked: 'How much did Summit Pain Management bill?',
    again: 'Summit Pain Management billed',
    answers: ['summit-pain-management-bill.txt 1'],
    hops: 0,
  },
  { asked: 'gap in treatment of five weeks', again: 'five weeks gap treatment', answers: ['answer-2.txt 2'], hops: 0 },
  { asked: 'When was the last sweep before the fall?', again: 'last sweep logged', answers: ['aisle-inspection-log.txt 1'], hops: 0 },
  { asked: 'wrist splint', again: 'splint for the wrist at night', answers: [chart('Willow Creek Neurology', 3)], hops: 0 },
];

export interface EvaluationCase {
  laptop: FindLaptop;
  matterId: string;
}

/** The papers on a laptop, with the links that the rules find; or with as many that lead anywhere. */
export async function evaluationCase(links: 'found' | 'none' | 'anywhere' = 'found'): Promise<EvaluationCase> {
  const laptop = makeFindLaptop();
  const matterId = laptop.addMatter();
  addPapers(laptop, matterId);
  await laptop.find.settled();
  const ids = laptop.store.raw.prepare('select document_id from document order by relative_path').pluck().all() as string[];
  const papers = ids.flatMap((id) => linkDocument(laptop.store.db, id) ?? []);
  const found = papers.flatMap((from) => papers.flatMap((to) => (from === to ? [] : linksFrom(from, to))));
  must(
    laptop.write((change) => {
      found.forEach(({ from, to, kind, confidence, why }, n) => {
        const elsewhere = papers[(n * 7 + 3) % papers.length]?.documentId ?? to;
        const toDocumentId = links === 'anywhere' ? elsewhere : to;
        if (links !== 'none' && toDocumentId !== from)
          change.insert('document_link', {
            ...{ linkId: freshId(), fromDocumentId: from, toDocumentId, linkKind: kind, confidence, why },
            ...{ method: 'rule', state: 'proposed' },
          });
      });
      return ok({});
    }),
  );
  return { laptop, matterId };
}
