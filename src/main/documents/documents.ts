import { basename } from 'node:path';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { DocumentId, MatterId } from '../../shared/ids.ts';
import { DocumentKind, type DocumentRow, type DocumentState } from '../../shared/documents.ts';
import type { FileView } from '../../shared/files.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { WorkerKilled, type Clock, type Workers } from '../host/host.ts';
import { idOf } from '../host/ids.ts';
import { runReader } from '../host/readers.ts';
import { document, job, page, user } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import type { Files } from '../sync/files/files.ts';
import { hasFile, keepFile } from '../sync/files/kept-files.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { kindFields } from './kinds.ts';
import { createOcr, killedReason, pagesWaiting } from './ocr/ocr.ts';
import type { Attachment } from './read/attachments.ts';
import type { DocxStructure } from './read/docx-structure.ts';
import { keepPdfiumCode } from './read/pdfium-code.ts';
import type { ReadInput, ReadText } from './read/reading.ts';
import { inLines, isSaid, replacedReason } from './said.ts';
import { createViewing, type Viewing } from './viewing.ts';

/** One worker task may take this long, whatever the document holds; how much memory, readers.ts says (R10). */
const readMs = 60_000;
/** Somebody waits for this one. */
const structureMs = 10_000;
/** Deeper than any reader opens. */
const mostAround = 8;
/** Mails in archives in mails: each may hold a thousand, all together no more than this. */
const mostFromOneFile = 2_000;
const readWorker = new URL('./read/read-worker.ts', import.meta.url);

export { isSaid, replacedReason, sayOf, type Subject } from './said.ts';
export type { DocxParagraph, DocxRun, DocxStructure } from './read/docx-structure.ts';
export type { DocxStyle } from './read/docx-style.ts';

export interface FoundFile {
  matterId: string;
  relativePath: string;
  contentHash: string;
  sizeBytes: number;
  /** The mail or archive it came with. */
  parentDocumentId?: string;
}

/** Called in the transaction that keeps the document of an attachment: a new one, or one that was gone and came back with this mail. */
interface OnAttachment {
  added(change: Change, documentId: string): void;
  back(change: Change, documentId: string): void;
}

export interface Documents extends Viewing {
  /** A Word document that is no evidence, with its structure; nothing of it is kept. Errors: unsupported, corrupt, with a reason. */
  structureOf(bytes: Uint8Array, fileName: string): Promise<Outcome<DocxStructure>>;
  list(matterId: string): DocumentRow[];
  /** Takes a file into the matter, once per content, its bytes apart; tells the document's id and whether it is new. Part of the caller's transaction. */
  add(change: Change, file: FoundFile): { documentId: string; added: boolean };
  /** The file moved, came back or went; the document stays whatever happened to the file. */
  setWhereabouts(change: Change, documentId: string, whereabouts: { relativePath?: string; isMissing: boolean }): void;
  /** Reads a document's pages in a worker and keeps them; what cannot be read is kept with its reason. */
  read(documentId: string, signal: AbortSignal, onAttachment?: OnAttachment): Promise<Outcome<{ state: DocumentState }>>;
  /** What came with a mail or in an archive. */
  attachmentsOf(documentId: string): { documentId: string; fileName: string }[];
  /** Numbers of the pages that wait for text recognition. */
  pagesWaiting(documentId: string): number[];
  /** Recognises the text of one page and keeps it; what was read already, here or on another laptop, is not read again. */
  ocrPage(documentId: string, pageNumber: number, signal: AbortSignal): Promise<Outcome<Nothing>>;
  /** After the last page: the document is read, as far as it could be. */
  finishOcr(documentId: string): Promise<Outcome<Nothing>>;
  pages(documentId: string): { page: number; text: string }[];
  /** Brings a document's file to this laptop, or stops bringing it, because a person said so. */
  fetchFile(documentId: string): Outcome<FileView>;
  cancelFile(documentId: string): Promise<Outcome<Nothing>>;
}

interface DocumentsInput {
  store: Store;
  write: Write;
  workers: Workers;
  clock: Clock;
  userId: string;
  files: Files;
  /** Where it is remembered how pages were turned; null: nowhere. */
  turnsPath: string | null;
}

export function createDocuments({ store, write, workers, clock, userId, files, turnsPath }: DocumentsInput): Documents {
  const { db } = store;

  const find = (documentId: string) => db.select().from(document).where(eq(document.documentId, documentId)).get();

  function pages(documentId: string): { page: number; text: string }[] {
    return db
      .select({ page: page.pageNumber, text: page.extractedText })
      .from(page)
      .where(eq(page.documentId, documentId))
      .orderBy(asc(page.pageNumber))
      .all();
  }

  /** The media types of the mails and archives around a document, from the inside out. */
  function cameIn(parentDocumentId: string | null): string[] {
    const types: string[] = [];
    for (let id = parentDocumentId; id !== null && types.length < mostAround;) {
      const parent = find(id);
      if (!parent) break;
      types.push(parent.fileType);
      id = parent.parentDocumentId;
    }
    return types;
  }

  /** A file's bytes, or where a worker has taken them, the same once more. */
  async function bytesOf({ contentHash }: typeof document.$inferSelect, first: Uint8Array): Promise<Uint8Array> {
    if (first.length > 0) return first;
    const again = await files.fetch(contentHash);
    return again.ok ? again.value : first;
  }

  /** The file of the folder that a document came out of; itself where it came out of none. */
  function topmost({ documentId, parentDocumentId }: typeof document.$inferSelect): string {
    let top = documentId;
    for (let [id, depth] = [parentDocumentId, 0]; id !== null && depth < mostAround; depth += 1) {
      top = id;
      id = find(id)?.parentDocumentId ?? null;
    }
    return top;
  }

  function add(
    change: Change,
    { matterId, relativePath, contentHash, sizeBytes, parentDocumentId }: FoundFile,
  ): { documentId: string; added: boolean } {
    // the same bytes in the same matter are the same document, on every laptop
    const documentId = idOf('document', matterId, contentHash);
    const now = clock.now();
    const added = change.insert('document', {
      documentId,
      matterId,
      fileName: basename(relativePath).slice(0, 255),
      relativePath,
      fileType: 'application/octet-stream',
      fileSize: sizeBytes,
      contentHash,
      documentType: 'Other',
      processingStatus: 'waiting',
      isMissing: false,
      uploadedBy: userId,
      uploadedAt: now,
      ...(parentDocumentId === undefined ? {} : { parentDocumentId }),
    });
    return { documentId, added };
  }

  /** An attachment as a document of its own. One that is here already, in the folder or with another mail, stays where it is. */
  function keepAttachment(change: Change, parent: typeof document.$inferSelect, attachment: Attachment, onAttachment?: OnAttachment): void {
    const { name, bytes, hash } = attachment;
    const relativePath = `${parent.relativePath}/${name}`.slice(0, 4096);
    const parentDocumentId = parent.documentId;
    if (hash === parent.contentHash) return;
    const file = { matterId: parent.matterId, relativePath, contentHash: hash, sizeBytes: bytes.length, parentDocumentId };
    const { documentId, added } = add(change, file);
    // a row that a colleague's laptop made may have come without its bytes
    if (added || !hasFile(store, hash)) keepFile(change.db, hash, bytes, clock.now());
    if (added) onAttachment?.added(change, documentId);
    else if (find(documentId)?.isMissing === true) {
      change.patch('document', documentId, { isMissing: false, relativePath, parentDocumentId });
      onAttachment?.back(change, documentId);
    }
  }

  const ocr = createOcr({ store, write, workers, clock, files, userId });

  return {
    ...createViewing({ store, workers, files, turnsPath }),
    pages,
    pagesWaiting: (documentId) => pagesWaiting(db, documentId),
    ocrPage: ocr.readPage,
    async structureOf(bytes, fileName) {
      try {
        return await runReader<{ bytes: Uint8Array; fileName: string }, Outcome<DocxStructure>>(workers, {
          module: readWorker,
          task: 'readStructure',
          input: () => ({ bytes: new Uint8Array(bytes), fileName }),
          sizeBytes: bytes.length,
          timeoutMs: structureMs,
        });
      } catch (error) {
        if (!(error instanceof WorkerKilled)) throw error;
        return err({ code: 'corrupt', what: `the file ${fileName}`, reason: killedReason[error.cause] });
      }
    },
    finishOcr: ocr.finish,
    list(matterId) {
      const rows = db
        .select({ d: document, first: user.firstName, last: user.lastName, leaseUntil: job.leaseUntil, jobId: job.jobId })
        .from(document)
        .leftJoin(job, and(eq(job.kind, 'read-document'), eq(job.dedupeKey, document.documentId), eq(job.state, 'ready')))
        .leftJoin(user, eq(user.userId, document.uploadedBy))
        .where(and(eq(document.matterId, matterId), isNull(document.deletedAt)))
        .orderBy(asc(document.relativePath))
        .all();
      return rows.map(({ d, first, last, leaseUntil, jobId }) => ({
        documentId: d.documentId as DocumentId,
        matterId: d.matterId as MatterId,
        fileName: d.fileName,
        relativePath: d.relativePath,
        mediaType: d.fileType,
        sizeBytes: d.fileSize,
        pageCount: d.pageCount,
        kind: DocumentKind.catch('Other').parse(d.documentType),
        kindBy: d.kindBy,
        kindConfidence: d.kindConfidence,
        kindWhy: d.kindWhy,
        // read means with its facts: until its job is gone it is still being worked on
        state: jobId === null ? (d.processingStatus as DocumentState) : leaseUntil === null ? 'waiting' : 'reading',
        reason: d.processingReason?.replaceAll('\n', ' ') ?? null,
        missing: d.isMissing,
        addedAt: d.uploadedAt ?? d.createdAt ?? 0,
        addedByName: first && last ? `${first} ${last}` : null,
        contentHere: hasFile(store, d.contentHash),
      }));
    },

    add,

    setWhereabouts(change, documentId, { relativePath, isMissing }) {
      const row = find(documentId);
      if (!row || (row.isMissing === isMissing && (relativePath === undefined || relativePath === row.relativePath))) return;
      change.patch('document', documentId, {
        isMissing,
        ...(relativePath === undefined ? {} : { relativePath, fileName: basename(relativePath).slice(0, 255) }),
      });
    },

    attachmentsOf: (documentId) =>
      db
        .select({ documentId: document.documentId, fileName: document.fileName })
        .from(document)
        .where(and(eq(document.parentDocumentId, documentId), isNull(document.deletedAt)))
        .all(),

    async read(documentId, signal, onAttachment) {
      const row = find(documentId);
      if (!row) return err({ code: 'not_found', what: 'the document' });
      const bytes = await files.fetch(row.contentHash);
      if (!bytes.ok) return bytes;
      keepPdfiumCode();
      let result: Outcome<ReadText>;
      try {
        result = await runReader<ReadInput, Outcome<ReadText>>(workers, {
          module: readWorker,
          task: 'read',
          input: async () => ({ bytes: await bytesOf(row, bytes.value), fileName: row.relativePath, within: cameIn(row.parentDocumentId) }),
          sizeBytes: bytes.value.length,
          timeoutMs: readMs,
          signal,
        });
      } catch (error) {
        if (!(error instanceof WorkerKilled) || error.cause === 'aborted') throw error;
        result = err({ code: 'corrupt', what: 'the file', reason: killedReason[error.cause] });
      }
      // not waited for: after a power cut the job is there again, and so are the file's bytes
      return store.jot(() =>
        write<{ state: DocumentState }>((change) => {
          const processedAt = clock.now();
          // as it is now: it may have been replaced while it was read
          const isReplaced = isSaid(find(documentId)?.processingReason ?? null, 'replaced');
          if (!result.ok) {
            const state = result.error.code === 'unsupported' ? 'unsupported' : 'failed';
            const reason = 'reason' in result.error ? result.error.reason : 'It could not be read.';
            const processingReason = inLines([isReplaced ? replacedReason : null, reason]);
            change.patch('document', documentId, { processingStatus: state, processingReason, processedAt });
            return ok({ state });
          }
          const { mediaType, pages: readPages, attachments, note } = result.value;
          let room = attachments.length === 0 ? 0 : mostFromOneFile - countOutOf(change.db, topmost(row));
          const taken = attachments.filter(({ hash }) => find(idOf('document', row.matterId, hash)) !== undefined || (room -= 1) >= 0);
          const left = attachments.length - taken.length;
          for (const { page: pageNumber, text, needsOcr, oddities } of readPages) {
            const pageId = idOf('page', documentId, pageNumber);
            change.insert('page', {
              pageId,
              documentId,
              pageNumber,
              extractedText: text,
              readBy: needsOcr ? null : 'text',
              ...(oddities?.length && { oddities }),
            });
          }
          // a page that was recognised before, here or elsewhere, is no picture any more
          const waitingForOcr = pagesWaiting(change.db, documentId).length;
          const state: DocumentState = waitingForOcr > 0 ? 'waiting_for_ocr' : 'read';
          change.patch('document', documentId, {
            fileType: mediaType,
            ...kindFields(change.db, { ...row, title: readPages[0]?.text ?? '' }, result.value, userId),
            processingStatus: state,
            processingReason: inLines([
              isReplaced ? replacedReason : null,
              waitingForOcr > 0 ? ocrReason(waitingForOcr, readPages.length) : null,
              left > 0 ? leftReason(left) : null,
              note,
            ]),
            pageCount: readPages.length,
            processedAt,
          });
          // what a replaced mail brought, its newer version says; when it is back it is read again
          if (!isReplaced) for (const attachment of taken) keepAttachment(change, row, attachment, onAttachment);
          return ok({ state });
        }),
      );
    },

    fetchFile(documentId) {
      const row = find(documentId);
      if (!row) return err({ code: 'not_found', what: 'the document' });
      return ok(files.fetchAgain(row.contentHash, row.fileSize));
    },
    cancelFile(documentId) {
      const row = find(documentId);
      return row ? files.cancel(row.contentHash) : Promise.resolve(err({ code: 'not_found', what: 'the document' }));
    },
  };
}

/** Documents that came out of a file, at any depth. */
function countOutOf(db: Db, documentId: string): number {
  const counted = db.get<{ n: number }>(sql`with recursive inside (id) as (
    select document_id from document where parent_document_id = ${documentId} union select d.document_id from document d join inside i on d.parent_document_id = i.id)
    select count(*) as n from inside`);
  return counted.n;
}

const leftReason = (left: number): string =>
  `${String(left)} ${left === 1 ? 'file was' : 'files were'} left in it: more than ${String(mostFromOneFile)} came out of one file. Take it apart and put the parts in the folder.`;

function ocrReason(waiting: number, total: number): string {
  return waiting === total
    ? total === 1
      ? 'The page is a picture.'
      : `All ${String(total)} pages are pictures.`
    : `${String(waiting)} of ${String(total)} pages are pictures; the others are read.`;
}
