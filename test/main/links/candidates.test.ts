import { beforeEach, expect, test } from 'vitest';
import type { DocumentKind } from '../../../src/shared/documents.ts';
import { ok } from '../../../src/shared/result.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { candidatesFor } from '../../../src/main/links/candidates.ts';
import { linkDocument } from '../../../src/main/links/link-document.ts';
import { linksFrom } from '../../../src/main/links/link-rules.ts';
import { makeFindLaptop, type FindLaptop } from '../../support/find-pages.ts';
import { must } from '../../support/laptop.ts';

let laptop: FindLaptop;
let matterId: string;
const names = new Map<string, string>();
beforeEach(() => {
  laptop = makeFindLaptop();
  matterId = laptop.addMatter();
  names.clear();
});

function add(name: string, kind: DocumentKind, text = 'x', mediaType = 'text/plain', of = matterId): string {
  const documentId = laptop.addDocument(of, name, [text]);
  laptop.store.raw.prepare('update document set document_type = ?, file_type = ? where document_id = ?').run(kind, mediaType, documentId);
  names.set(documentId, name);
  return documentId;
}
function askedBy(documentId: string): (string | undefined)[] {
  const one = linkDocument(laptop.store.db, documentId);
  if (!one) throw new Error('no document');
  return candidatesFor(laptop.store, one)
    .map((id) => names.get(id))
    .sort();
}

/** The bill asks money for what this provider did on that day. */
function bills(documentId: string, day: string): void {
  const service = {
    provider: 'Harbor Hospital',
    serviceFrom: day,
    serviceTo: null,
    description: 'Visit',
    billedCents: 100,
    adjustedCents: 0,
    paidCents: 0,
  };
  const place = {
    page: 1,
    startOffset: 0,
    endOffset: 1,
    lineOrder: 1,
    quote: 'x',
    method: 'rule',
    confidence: 90,
    state: 'proposed',
  } as const;
  must(laptop.write((change) => ok(change.insert('bill_line', { billLineId: freshId(), matterId, documentId, ...service, ...place }))));
}

test('of a matter those are asked whose kind a rule speaks of, in the same matter', () => {
  add('demand.pdf', 'Demand');
  add('photo.jpg', 'Photo');
  add('elsewhere.pdf', 'Demand', 'x', 'text/plain', laptop.addMatter());
  expect(askedBy(add('offer.pdf', 'Offer'))).toEqual(['demand.pdf']);
  expect(askedBy(add('call.txt', 'Call_Sheet'))).toEqual([]);
});

test('a record asks the bills for a day it names, or for a year of which it names none; a bill without a day asks nobody', () => {
  const bill = add('bill.pdf', 'Bill');
  bills(bill, '2024-02-15');
  const empty = add('empty.pdf', 'Bill');
  const [sameDay, otherDay, otherYear] = ['02/15/2024', '03/15/2024', '03/15/2019'].map((day) =>
    add(day, 'Medical_Record', `Seen ${day}.`),
  );
  expect(askedBy(sameDay ?? '')).toEqual(['bill.pdf']);
  expect(askedBy(otherDay ?? '')).toEqual([]);
  expect(askedBy(otherYear ?? '')).toEqual(['bill.pdf']);
  expect(askedBy(empty)).toEqual([]);
  // nothing is in the index yet, so any of them may name its day
  expect(askedBy(bill)).toEqual(['02/15/2024', '03/15/2019', '03/15/2024']);
});

test('[property] what a rule finds, the candidates hold', () => {
  const days = ['2024-02-15', '2024-02-16', '2023-12-31', '2019-05-05'];
  const records = ['', ...days, `${days[0] ?? ''} and ${days[3] ?? ''}`].map((day, n) =>
    add(`r${String(n)}`, 'Medical_Record', `HARBOR HOSPITAL\nSeen ${day}.`),
  );
  const asking = days.map((day, n) => {
    const bill = add(`b${String(n)}`, 'Bill');
    bills(bill, day);
    return bill;
  });
  const read = (id: string) => linkDocument(laptop.store.db, id);
  let found = 0;
  for (const from of records)
    for (const to of asking) {
      const [record, bill] = [read(from), read(to)];
      if (!record || !bill || linksFrom(record, bill).length === 0) continue;
      found += 1;
      expect(askedBy(from)).toContain(names.get(to));
      expect(askedBy(to)).toContain(names.get(from));
    }
  expect(found).toBeGreaterThan(5);
});

test('a mail asks what it lists and what was taken out of it, a paper the mails that name it or that it came in', () => {
  const mail = add('a mail.eml', 'Correspondence', 'Subject: Records\nAttachments: lumbar mri.pdf, scan.pdf', 'message/rfc822');
  add('another.eml', 'Correspondence', 'Subject: Hello', 'message/rfc822');
  const listed = add('lumbar mri.pdf', 'Photo');
  const plain = add('scan.pdf', 'Photo');
  const inside = add('inside.pdf', 'Photo');
  laptop.store.raw.prepare('update document set parent_document_id = ? where document_id = ?').run(mail, inside);
  add('not listed.pdf', 'Photo');
  expect(askedBy(mail)).toEqual(['inside.pdf', 'lumbar mri.pdf']);
  expect(askedBy(listed)).toEqual(['a mail.eml']);
  expect(askedBy(inside)).toEqual(['a mail.eml']);
  expect(askedBy(plain)).toEqual([]);
});

test('of ten thousand documents the others are not gone through', () => {
  const { store } = laptop;
  const asked: string[] = [];
  const papers = [add('record.pdf', 'Medical_Record'), add('offer.pdf', 'Offer'), add('mail.eml', 'Correspondence', 'x', 'message/rfc822')];
  for (const paper of papers) {
    const one = linkDocument(store.db, paper);
    if (!one) throw new Error('no document');
    candidatesFor({ ...store, compiled: (sql) => store.compiled((asked.push(sql), sql)) }, one);
  }
  const values = { matterId, documentId: 'x', kinds: '[]', names: '[]', mails: '[]', parent: null, name: '', days: '[]' };
  const steps = asked.flatMap((sql) => store.raw.prepare(`explain query plan ${sql}`).all(values) as { detail: string }[]);
  const ofDocuments = steps.map(({ detail }) => detail).filter((detail) => /\bd\b/.test(detail));
  expect(ofDocuments.length).toBeGreaterThan(1);
  for (const step of ofDocuments)
    expect(step).toMatch(/USING (INDEX document_(kind|media|name|parent)_idx|INDEX sqlite_autoindex_document_1 \(document_id=\?\))/);
});
