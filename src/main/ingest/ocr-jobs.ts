import { and, eq, max, sql } from 'drizzle-orm';
import { z } from 'zod';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { sayOf, type Documents } from '../documents/documents.ts';
import { RetryLater, type JobHandler, type Jobs } from '../jobs/jobs.ts';
import { document, page } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import { hasFile } from '../sync/files/kept-files.ts';
import type { Write } from '../sync/outbox.ts';

/** The job that turns one page of a scan into text. */
export const ocrKind = 'ocr-page';
/** `mayBeElsewhere`: this laptop did not read the file itself, so another one may be at it. */
const Payload = z.object({ documentId: z.string(), matterId: z.string(), page: z.number().int(), mayBeElsewhere: z.boolean().optional() });
/** Another laptop that has brought no page of a document for so long has stopped reading it. */
const givenUpMs = 10 * 60_000;

interface OcrJobsInput {
  store: Store;
  write: Write;
  jobs: Jobs;
  documents: Documents;
  userId: string;
  mayWrite: boolean;
  now(): number;
  extract(documentId: string): Promise<Outcome<Nothing>>;
  tell(matterId: string): void;
}

export interface OcrJobs {
  handler: JobHandler;
  /** A job for each page that waits; part of the caller's transaction. */
  enqueue(db: Db, documentId: string, matterId: string): void;
  /** Somebody looks at this page: its document goes first, and it first of all. */
  lookAt(documentId: string, pageNumber: number): void;
  /** A person stops it; Retry goes on where it ended. */
  cancel(documentId: string): Outcome<Nothing>;
  /** What this user's folders brought before a restart, or before Steno could do this. */
  resume(): void;
  progress(matterId: string): { total: number; done: number };
}

export function createOcrJobs({ store, write, jobs, documents, userId, mayWrite, now, extract, tell }: OcrJobsInput): OcrJobs {
  const { db } = store;
  const find = (documentId: string) => db.select().from(document).where(eq(document.documentId, documentId)).get();

  /** Documents of which this laptop has recognised a page since it started: what changes in them may be its own work. */
  const begun = new Set<string>();

  function enqueue(tx: Db, documentId: string, matterId: string, mayBeElsewhere = false): void {
    for (const number of documents.pagesWaiting(documentId))
      jobs.enqueue(tx, ocrKind, `${documentId}:${String(number)}`, {
        documentId,
        matterId,
        page: number,
        ...(mayBeElsewhere && { mayBeElsewhere }),
      });
  }

  /**
   * Whether another laptop, a colleague's or another one of the same person, reads it just now: nobody does the same work twice. Rows name people and not laptops; but
   * the one that read the file has its jobs, so this is asked only where there were none. A clock that is wrong makes nobody wait for ever.
   */
  function isReadElsewhere({ documentId, updatedAt }: typeof document.$inferSelect): boolean {
    const last = db
      .select({ at: max(page.updatedAt) })
      .from(page)
      .where(eq(page.documentId, documentId))
      .get();
    return Math.abs(now() - Math.max(updatedAt ?? 0, last?.at ?? 0)) < givenUpMs;
  }

  function enqueueNow(documentId: string, matterId: string, mayBeElsewhere = false): void {
    const enqueued = store.transaction((tx) => {
      enqueue(tx, documentId, matterId, mayBeElsewhere);
      return ok({});
    });
    if (enqueued.ok) jobs.wake();
  }

  return {
    enqueue,
    async handler(payload, signal) {
      const { documentId, matterId, page: number, mayBeElsewhere = false } = Payload.parse(payload);
      const row = mayBeElsewhere && !begun.has(documentId) ? find(documentId) : undefined;
      if (row && documents.pagesWaiting(documentId).includes(number) && isReadElsewhere(row))
        throw new RetryLater('another laptop reads it');
      begun.add(documentId);
      const read = await documents.ocrPage(documentId, number, signal);
      if (!read.ok) {
        if (read.error.code === 'not_found') return;
        throw new RetryLater(read.error.code);
      }
      // the last page of a document, this one being still counted
      if (jobs.countReady(ocrKind, `${documentId}:`) <= 1) {
        const finished = await documents.finishOcr(documentId);
        const extracted = finished.ok ? await extract(documentId) : finished;
        if (!extracted.ok) throw new RetryLater(extracted.error.code);
      }
      tell(matterId);
    },
    lookAt(documentId, pageNumber) {
      const row = find(documentId);
      if (row?.processingStatus !== 'waiting_for_ocr' || !mayWrite) return;
      // where it was found the jobs are there; on another laptop nobody may ever have opened it
      if (jobs.countReady(ocrKind, `${documentId}:`) === 0 && hasFile(store, row.contentHash) && !isReadElsewhere(row))
        enqueueNow(documentId, row.matterId);
      jobs.prefer(ocrKind, `${documentId}:`);
      jobs.prefer(ocrKind, `${documentId}:${String(pageNumber)}`);
    },
    cancel(documentId) {
      const row = find(documentId);
      if (!row) return err({ code: 'not_found', what: 'the document' });
      if (row.processingStatus !== 'waiting_for_ocr') return ok({});
      jobs.cancel(ocrKind, `${documentId}:`);
      const stopped = write((change) => {
        const stopped = 'Turning its pictures into text was stopped. Press Retry to go on.';
        const processingReason = sayOf(row.processingReason, 'pictures', stopped);
        change.patch('document', documentId, { processingStatus: 'failed', processingReason });
        return ok({});
      });
      tell(row.matterId);
      return stopped;
    },
    resume() {
      const waiting = db
        .select()
        .from(document)
        .where(and(sql`${document.processingStatus} = 'waiting_for_ocr'`, eq(document.uploadedBy, userId))) // as its index says it
        .all();
      for (const row of waiting) {
        if (mayWrite && jobs.countReady(ocrKind, `${row.documentId}:`) === 0 && hasFile(store, row.contentHash))
          enqueueNow(row.documentId, row.matterId, true);
      }
    },
    progress(matterId) {
      const counted = db
        .select({
          done: sql<number>`count(*) filter (where ${page.readBy} = 'ocr')`,
          waiting: sql<number>`count(*) filter (where ${page.readBy} is null and ${document.processingStatus} = 'waiting_for_ocr')`,
        })
        .from(page)
        .innerJoin(document, eq(document.documentId, page.documentId))
        .where(eq(document.matterId, matterId))
        .get();
      const done = counted?.done ?? 0;
      return { total: done + (counted?.waiting ?? 0), done };
    },
  };
}
