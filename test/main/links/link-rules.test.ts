import { describe, expect, test } from 'vitest';
import type { DocumentKind } from '../../../src/shared/documents.ts';
import { daysOfService, type LinkDocument } from '../../../src/main/links/link-document.ts';
import { linksFrom } from '../../../src/main/links/link-rules.ts';
import { daysIn } from '../../../src/main/find/find.ts';
import { tokensOf } from '../../../src/main/store/index-tables.ts';

const paper = (kind: DocumentKind, text: string, more: Partial<LinkDocument> = {}): LinkDocument => {
  const days = daysIn(text).map(({ word }) => `${word.slice(2, 6)}-${word.slice(6, 8)}-${word.slice(8)}`);
  return {
    documentId: `${kind} ${text.slice(0, 9)}`,
    matterId: 'm',
    kind,
    mediaType: 'application/pdf',
    fileName: 'paper.pdf',
    parentDocumentId: null,
    text,
    words: ` ${tokensOf(text).join(' ')} `,
    days: new Set(days),
    ownDay: days[0] ?? null,
    services: [],
    claimNumbers: [],
    ...more,
  };
};
const found = (from: LinkDocument, to: LinkDocument) => linksFrom(from, to).map(({ kind, confidence }) => [kind, confidence]);

describe('a bill and its record', () => {
  const service = { provider: 'Mercy Hospital — Emergency Department', from: '2024-02-15', to: '2024-02-15' };
  const bill = paper('Bill', 'Statement', { services: [service] });

  test('each provider of a bill is looked for once, however many lines it has', () => {
    const record = paper('Medical_Record', 'MERCY HOSPITAL\nEmergency Department\nSeen on 02/15/2024 after a fall.');
    let read = 0;
    const { words } = record;
    Object.defineProperty(record, 'words', { get: () => (read += 1) && words });
    const days = Array.from({ length: 1_000 }, (_, n) => `2023-01-01`.replace('2023', String(1000 + n)));
    const long = paper('Bill', 'Statement', { services: [...days.map((day) => ({ ...service, from: day, to: day })), service] });
    expect(linksFrom(record, long)).toHaveLength(1);
    expect(read).toBeLessThan(5);
  });

  test('the same provider on a day of the bill', () => {
    const record = paper('Medical_Record', 'MERCY HOSPITAL\nEmergency Department\nSeen on 02/15/2024 after a fall.');
    expect(linksFrom(record, bill)).toEqual([
      {
        from: record.documentId,
        to: bill.documentId,
        kind: 'record_for',
        confidence: 95,
        why: 'Both name Mercy Hospital — Emergency Department and Feb 15, 2024.',
      },
    ]);
    expect(linksFrom(bill, record)).toEqual([]);
  });

  test.each([
    ['all of the name', 'Mercy Hospital Emergency Department, 2/15/2024', 95],
    ['the house', 'MERCY HOSPITAL, chart. February 15, 2024', 89],
    ['the name in another order', 'EMERGENCY DEPARTMENT RECORD — Middletown General, 02/15/2024', 86],
  ])('%s is enough', (_what, text, confidence) => {
    const provider = text.includes('Middletown') ? 'Middletown General Emergency Department' : service.provider;
    expect(found(paper('Medical_Record', text), { ...bill, services: [{ ...service, provider }] })).toEqual([['record_for', confidence]]);
  });

  test.each([
    ['another day', 'MERCY HOSPITAL Emergency Department, seen on 02/16/2024'],
    ['another house', 'Harbor Hospital Emergency Department, seen on 02/15/2024'],
    ['a word that many providers have', 'The emergency department saw her on 02/15/2024'],
    ['no day and no letterhead', 'Seen at Mercy Hospital'],
  ])('not %s', (_what, text) => {
    expect(found(paper('Medical_Record', text), bill)).toEqual([]);
  });

  test('a form with the provider’s letterhead that names no day of that year may be it', () => {
    const sheet = 'Mercy Hospital — Emergency Department\nPatient born 03/03/1978';
    expect(found(paper('Medical_Record', sheet), bill)).toEqual([['record_for', 62]]);
    expect(found(paper('Medical_Record', `${sheet}, seen 05/01/2024`), bill)).toEqual([]);
    expect(found(paper('Medical_Record', `Born 03/03/1978. ${'x '.repeat(300)} ${sheet}`), bill)).toEqual([]);
  });

  test('nor what is no record, nor a bill that says nothing of who treated', () => {
    expect(found(paper('Correspondence', 'Mercy Hospital Emergency Department 02/15/2024'), bill)).toEqual([]);
    expect(found(paper('Medical_Record', 'Mercy Hospital 02/15/2024'), paper('Bill', 'Mercy Hospital 02/15/2024'))).toEqual([]);
  });

  test('days of service are each day of a bill, and nothing where it spans years', () => {
    expect(daysOfService(paper('Bill', '', { services: [{ ...service, to: '2024-02-17' }] }))).toEqual([
      '2024-02-15',
      '2024-02-16',
      '2024-02-17',
    ]);
    expect(daysOfService(paper('Bill', '', { services: [{ ...service, to: '2030-02-17' }] }))).toBeNull();
  });
});

describe('an offer', () => {
  const request = paper('RFQ', 'March 1, 2024\nRequest for Quotation No. RFQ-2024-017\nLighting package for the shoot');
  const demand = paper('Demand', 'June 3, 2024\nSettlement demand\nClaim HM-2024-778812. We hereby demand $250,000.00.', {
    claimNumbers: ['HM-2024-778812'],
  });

  test('answers the request whose number it names', () => {
    expect(found(paper('Offer', 'March 9, 2024\nOur offer for quotation number 2024-017'), request)).toEqual([['offer_for', 95]]);
    expect(found(paper('Offer', 'March 9, 2024\nOur offer for your RFQ no. 2024-018'), request)).toEqual([['offer_for', 60]]);
    expect(found(paper('Offer', 'In answer to your request of 3/1/24 we offer'), request)).toEqual([['offer_for', 88]]);
    expect(found(paper('Offer', 'March 9, 2023\nOur offer for your RFQ no. 2024-018'), request)).toEqual([]);
  });

  test.each([
    ['names its day', 'July 1, 2024\nYour demand letter dated June 3, 2024 is declined. We offer $40,000.', 92],
    ['names its claim and came later', 'July 1, 2024\nRe: HM 2024 778812. We offer $40,000.', 85],
    ['names its sum and came later', 'July 1, 2024\nYou demand $250,000. We offer $40,000.', 80],
    ['only speaks of a demand', 'July 1, 2024\nYour client’s demand is declined.', 60],
  ])('answers the demand where it %s', (_how, text, confidence) => {
    expect(found(paper('Offer', text), demand)).toEqual([['counter_offer', confidence]]);
  });

  test('not one that came before, nor of another claim', () => {
    expect(found(paper('Offer', 'May 1, 2024\nRe: HM 2024 778812. We offer $40,000.'), demand)).toEqual([]);
    expect(found(paper('Offer', 'July 1, 2024\nRe: ZZ-1-000. We offer $40,000.'), demand)).toEqual([]);
  });
});

describe('an attachment and its mail', () => {
  const mail = paper('Correspondence', 'From: a\nAttachments: scan.pdf, er-record-2024.pdf\n\nSee attached.', {
    documentId: 'mail',
    mediaType: 'message/rfc822',
  });

  test('is what was taken out of it, or lies beside it under a telling name', () => {
    expect(found(paper('Bill', 'x', { parentDocumentId: 'mail' }), mail)).toEqual([['attachment_of', 100]]);
    expect(found(paper('Medical_Record', 'x', { fileName: 'er-record-2024.pdf' }), mail)).toEqual([['attachment_of', 80]]);
  });

  test('not under a name that many files have, nor what came in an archive', () => {
    expect(found(paper('Bill', 'x', { fileName: 'scan.pdf' }), mail)).toEqual([]);
    const archive = paper('Other', 'x', { documentId: 'zip', mediaType: 'application/zip' });
    expect(found(paper('Bill', 'x', { parentDocumentId: 'zip' }), archive)).toEqual([]);
  });
});

test('hostile text is got through', () => {
  const endless = paper('Offer', `${'rfq '.repeat(20_000)}${'demand $1,'.repeat(5_000)}${'1,'.repeat(20_000)}`);
  expect(found(endless, paper('RFQ', endless.text))).toEqual([]);
  expect(found(endless, paper('Demand', endless.text))).toEqual([]);
});
