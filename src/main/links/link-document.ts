import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import { DocumentKind } from '../../shared/documents.ts';
import { daysIn } from '../find/find.ts';
import { tokensOf } from '../store/index-tables.ts';
import { billLine, document, fact, page } from '../store/schema.ts';
import type { Db } from '../store/store.ts';

/** What a rule looks at of a document. */
export interface LinkDocument {
  documentId: string;
  matterId: string;
  kind: DocumentKind;
  mediaType: string;
  fileName: string;
  parentDocumentId: string | null;
  text: string;
  /** The words of `text` in a row, in small letters, a space around each. */
  words: string;
  /** Every day that is named in it, as ISO text. */
  days: Set<string>;
  /** The first day that is named in it: of a letter or a form, its own. */
  ownDay: string | null;
  /** Who treated when, as its bill lines say. */
  services: { provider: string; from: string; to: string }[];
  claimNumbers: string[];
}

/** What tells how a document belongs to others stands in front. */
const mostChars = 150_000;
const mostPages = 300;
const ownDayWithin = 1_500;

/** Null: it is not here, or gone. */
export function linkDocument(db: Db, documentId: string): LinkDocument | null {
  const row = db
    .select()
    .from(document)
    .where(and(eq(document.documentId, documentId), isNull(document.deletedAt)))
    .get();
  if (!row) return null;
  const pages = db
    .select({ text: page.extractedText })
    .from(page)
    .where(eq(page.documentId, documentId))
    .orderBy(asc(page.pageNumber))
    .limit(mostPages)
    .all();
  const text = pages
    .map((one) => one.text)
    .join('\n')
    .slice(0, mostChars);
  const days = daysIn(text).sort((a, b) => a.start - b.start);
  const lines = db
    .selectDistinct({ provider: billLine.provider, from: billLine.serviceFrom, to: billLine.serviceTo })
    .from(billLine)
    .where(and(eq(billLine.documentId, documentId), isNull(billLine.deletedAt), ne(billLine.state, 'rejected')))
    .all();
  const claims = db
    .selectDistinct({ normal: fact.normal })
    .from(fact)
    .where(and(eq(fact.documentId, documentId), eq(fact.kind, 'claim_number'), ne(fact.state, 'rejected'), isNull(fact.deletedAt)))
    .all();
  return {
    documentId,
    matterId: row.matterId,
    kind: DocumentKind.catch('Other').parse(row.documentType),
    mediaType: row.fileType,
    fileName: row.fileName,
    parentDocumentId: row.parentDocumentId,
    text,
    words: ` ${tokensOf(text).join(' ')} `,
    days: new Set(days.map(({ word }) => dayOf(word))),
    ownDay: days[0] && days[0].start < ownDayWithin ? dayOf(days[0].word) : null,
    services: lines.flatMap(({ provider, from, to }) => {
      const first = from ?? to;
      return first === null ? [] : [{ provider, from: first, to: to ?? first }];
    }),
    claimNumbers: claims.map(({ normal }) => normal),
  };
}

/** "qd20240215", the index's word, as "2024-02-15". */
const dayOf = (word: string): string => `${word.slice(2, 6)}-${word.slice(6, 8)}-${word.slice(8, 10)}`;

/** More are no list to look for. */
const mostDaysOfService = 400;

/** Each day a bill asks money for; null where it names none or whole years. */
export function daysOfService({ services }: LinkDocument): string[] | null {
  const days = new Set<string>();
  for (const { from, to } of services) {
    for (let at = Date.parse(from); at <= Date.parse(to) && days.size <= mostDaysOfService; at += 86_400_000)
      days.add(new Date(at).toISOString().slice(0, 10));
  }
  return days.size === 0 || days.size > mostDaysOfService ? null : [...days];
}
