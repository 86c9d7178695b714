import type { DocumentKind, DocumentRow, DocumentState } from '../../shared/documents.ts';

export const kindWords: Record<DocumentKind, string> = {
  Medical_Record: 'Medical records',
  Bill: 'Bills',
  Police_Report: 'Police reports',
  Correspondence: 'Correspondence',
  Photo: 'Photos',
  Insurance: 'Insurance',
  Pleading: 'Pleadings',
  Testimony: 'Testimony',
  Incident_Report: 'Incident reports',
  Contract: 'Contracts',
  Call_Sheet: 'Call sheets',
  RFQ: 'Requests for quotes',
  Offer: 'Offers',
  Demand: 'Demands',
  Other: 'Other',
};

const stateWords: Record<DocumentState, string> = {
  waiting: 'Waiting to be read',
  reading: 'Being read',
  read: 'Read',
  waiting_for_ocr: 'Waiting for text recognition',
  failed: 'Could not be read',
  unsupported: 'Not a kind of file Steno reads',
};

/** The state of a document with its reason, as one phrase: "Waiting for text recognition: the pages are pictures". */
export function stateText(document: DocumentRow): string {
  const words = stateWords[document.state];
  const said = document.reason ?? words;
  // Some reasons are whole sentences that begin with the state itself.
  const reason = said.toLowerCase().startsWith(words.toLowerCase()) ? said : `${words}: ${said}`;
  if (document.missing) return `${reason} · no longer in the folder`;
  return document.contentHere ? reason : `${reason} · the file is still at the firm`;
}

export const stateTones: Record<DocumentState, string> = {
  waiting: 'tag-hollow',
  reading: 'tag-accent',
  read: 'tag-done',
  waiting_for_ocr: 'tag-ask',
  failed: 'tag-block',
  unsupported: 'tag-hollow',
};

/** Documents by kind, in the order the kinds are listed above; within a kind by path. */
export function byKind(documents: readonly DocumentRow[]): { kind: DocumentKind; documents: DocumentRow[] }[] {
  return (Object.keys(kindWords) as DocumentKind[])
    .map((kind) => ({
      kind,
      documents: documents
        .filter((document) => document.kind === kind)
        .sort((a, b) => a.relativePath.localeCompare(b.relativePath, 'en', { numeric: true })),
    }))
    .filter((group) => group.documents.length > 0);
}
