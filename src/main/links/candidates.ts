import { DocumentKind } from '../../shared/documents.ts';
import { documentsNaming } from '../find/find.ts';
import type { Store } from '../store/store.ts';
import { daysOfService, type LinkDocument } from './link-document.ts';
import { attachmentsListed, isMail, isTellingName, linkRules, mailTypes } from './link-rules.ts';

/** Of a matter, read, and not the document itself; by no index of these, which would name all of a matter. */
const others = (ofMatter = 'd.matter_id') =>
  `${ofMatter} = @matterId and d.document_id <> @documentId and d.deleted_at is null and +d.processing_status in ('read', 'waiting_for_ocr')`;
const ofKindsSql = `select d.document_id as id from document d where ${others()} and d.document_type in (select value from json_each(@kinds))`;
const attachmentsSql = `select d.document_id as id from document d where ${others()} and d.file_name in (select value from json_each(@names))
  union select d.document_id from document d where ${others('+d.matter_id')} and d.parent_document_id = @documentId`;
const mailsSql = `select d.document_id as id from document d where ${others()} and d.file_type in (select value from json_each(@mails))
    and @name <> '' and exists (select 1 from page p where p.document_id = d.document_id and instr(p.extracted_text, @name) > 0)
  union select d.document_id from document d where ${others('+d.matter_id')} and d.document_id = @parent and d.file_type in (select value from json_each(@mails))`;
/** The bills that ask money for a day the record names, or for a year of which it names none (`find` of record_for in link-rules.ts). */
const billsSql = `select distinct b.document_id as id from (
    select document_id, coalesce(service_from, service_to) as first, coalesce(service_to, service_from) as last from bill_line
    where matter_id = @matterId and deleted_at is null and state <> 'rejected') b
  where exists (select 1 from document d where d.document_id = b.document_id and d.document_type = 'Bill' and d.deleted_at is null) and (
    exists (select 1 from json_each(@days) x where x.value between b.first and b.last)
    or b.first is not null and not exists (select 1 from json_each(@days) x where x.value >= substr(b.first, 1, 4) and substr(x.value, 1, 4) <= b.last))`;

/**
 * Documents of the matter that a rule may have something to say about beside this one. A matter may have ten thousand, and each of them asks:
 * the store is asked for those alone whose kind, name or days speak for them, so that no text is read for nothing.
 */
export function candidatesFor(store: Store, one: LinkDocument): string[] {
  return [...new Set([...byKind(store, one), ...attachmentsIn(store, one), ...mailsWith(store, one)])];
}

interface Found {
  id: string;
}

function byKind(store: Store, one: LinkDocument): string[] {
  if (one.kind === 'Bill') return recordsFor(store, one);
  if (one.kind === 'Medical_Record') {
    const days = JSON.stringify([...one.days]);
    return (store.compiled(billsSql).all({ matterId: one.matterId, days }) as Found[]).map(({ id }) => id);
  }
  const rules = linkRules.filter(({ kind }) => kind !== 'attachment_of');
  const as = (kind: DocumentKind) => ({ kind, mediaType: '' });
  const kinds = DocumentKind.options.filter((kind) => rules.some((rule) => rule.fits(one, as(kind)) || rule.fits(as(kind), one)));
  if (kinds.length === 0) return [];
  return ofKinds(store, one, kinds);
}

function ofKinds(store: Store, { matterId, documentId }: LinkDocument, kinds: DocumentKind[]): string[] {
  const found = store.compiled(ofKindsSql).all({ matterId, documentId, kinds: JSON.stringify(kinds) }) as Found[];
  return found.map(({ id }) => id);
}

function recordsFor(store: Store, bill: LinkDocument): string[] {
  if (bill.services.length === 0) return [];
  const records = ofKinds(store, bill, ['Medical_Record']);
  const days = records.length > 0 ? daysOfService(bill) : null;
  const near = days && documentsNaming(store, bill.matterId, days);
  const ofYears = days && documentsNaming(store, bill.matterId, [...new Set(days.map((day) => day.slice(0, 4)))]);
  if (!near || !ofYears) return records;
  // one that names another day of the year and not this one is of another visit
  return records.filter((id) => near.has(id) || !ofYears.has(id));
}

function attachmentsIn(store: Store, { matterId, documentId, mediaType, text }: LinkDocument): string[] {
  if (!isMail(mediaType)) return [];
  const names = JSON.stringify(attachmentsListed(text).filter(isTellingName));
  return (store.compiled(attachmentsSql).all({ matterId, documentId, names }) as Found[]).map(({ id }) => id);
}

function mailsWith(store: Store, { matterId, documentId, fileName, parentDocumentId }: LinkDocument): string[] {
  const name = isTellingName(fileName) ? fileName : '';
  const mails = JSON.stringify([...mailTypes]);
  return (store.compiled(mailsSql).all({ matterId, documentId, mails, parent: parentDocumentId, name }) as Found[]).map(({ id }) => id);
}
