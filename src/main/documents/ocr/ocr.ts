import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm';
import type { DocumentState } from '../../../shared/documents.ts';
import { err, ok, type Nothing, type Outcome } from '../../../shared/result.ts';
import { WorkerKilled, type Clock, type Workers } from '../../host/host.ts';
import { document, page } from '../../store/schema.ts';
import type { Db, Store } from '../../store/store.ts';
import type { Files } from '../../sync/files/files.ts';
import type { Write } from '../../sync/outbox.ts';
import type { ClassifyInput } from '../classify.ts';
import { kindFields, type Told } from '../kinds.ts';
import { sayOf } from '../said.ts';
import { packWords } from '../word-boxes.ts';
import type { OcrInput, OcrPage } from './ocr-page.ts';

/**
 * One page may take this long and this much; other figures than those for reading, so that the started engine is not given to another task. Seconds as a rule, but a busy laptop
 * gives recognition a tenth of a processor.
 */
const ocrBudget = { timeoutMs: 180_000, memoryMb: 384 };
const ocrWorker = new URL('./ocr-worker.ts', import.meta.url);
/** As much memory as reading may take, so that a worker of it does this as well. */
const classifyBudget = { timeoutMs: 10_000, memoryMb: 512 };
/** With more text than this a page of an older Steno, which did not say how it was read, is no picture. */
const fewChars = 160;

export const killedReason = {
  timeout:
    'Reading it took too long and was stopped; the rest of the folder goes on. Open it in its own program to check it, then press Retry.',
  memory: 'Reading it needs more memory than Steno allows one file. Split the file and put the parts in the folder.',
  crash: 'The file breaks the reader, so it was set aside. Open it in its own program, save it anew, and Steno reads it again.',
  aborted: 'Reading was cancelled.',
} as const;

/** Numbers of the pages that are pictures and unread. */
export function pagesWaiting(db: Db, documentId: string): number[] {
  return db
    .select({ number: page.pageNumber })
    .from(page)
    .where(and(eq(page.documentId, documentId), isNull(page.readBy), sql`length(${page.extractedText}) < ${fewChars}`))
    .orderBy(asc(page.pageNumber))
    .all()
    .map(({ number }) => number);
}

interface OcrInputs {
  store: Store;
  write: Write;
  workers: Workers;
  clock: Clock;
  files: Files;
  userId: string;
}

export interface Ocr {
  readPage(documentId: string, pageNumber: number, signal: AbortSignal): Promise<Outcome<Nothing>>;
  finish(documentId: string): Promise<Outcome<Nothing>>;
}

/** Text recognition of pages that are pictures, each once: what this laptop or a colleague's read of the same bytes is taken over. */
export function createOcr({ store, write, workers, clock, files, userId }: OcrInputs): Ocr {
  const { db } = store;
  const find = (documentId: string) => db.select().from(document).where(eq(document.documentId, documentId)).get();

  /** The same page of the same bytes in another matter. */
  function twinOf(contentHash: string, documentId: string, pageNumber: number): typeof page.$inferSelect | undefined {
    return db
      .select({ page })
      .from(page)
      .innerJoin(document, eq(document.documentId, page.documentId))
      .where(
        and(
          eq(document.contentHash, contentHash),
          ne(document.documentId, documentId),
          eq(page.pageNumber, pageNumber),
          eq(page.readBy, 'ocr'),
        ),
      )
      .get()?.page;
  }

  return {
    async readPage(documentId, pageNumber, signal) {
      const row = find(documentId);
      const before = db
        .select()
        .from(page)
        .where(and(eq(page.documentId, documentId), eq(page.pageNumber, pageNumber)))
        .get();
      if (!row || !before) return err({ code: 'not_found', what: 'the page' });
      if (before.readBy !== null) return ok({});
      const { pageId } = before;
      const twin = twinOf(row.contentHash, documentId, pageNumber);
      if (twin) {
        const { extractedText, ocrConfidence, rotation, wordBoxes } = twin;
        return write((change) =>
          ok({ is: change.patch('page', pageId, { extractedText, readBy: 'ocr', ocrConfidence, rotation, wordBoxes }) }),
        );
      }
      const bytes = await files.fetch(row.contentHash);
      if (!bytes.ok) return bytes;
      const input: OcrInput = { bytes: bytes.value, mediaType: row.fileType, page: pageNumber };
      let read: Outcome<OcrPage>;
      try {
        read = await workers.run(ocrWorker, 'ocrPage', input, { ...ocrBudget, signal });
      } catch (error) {
        if (!(error instanceof WorkerKilled) || error.cause === 'aborted') throw error;
        return ok({}); // the page stays unread; finish() says so
      }
      if (!read.ok) return ok({});
      const { text, words, confidence, rotation } = read.value;
      return write((change) => {
        // a colleague's laptop was faster, and letters and facts may lean on its words
        const now = change.db.select({ readBy: page.readBy }).from(page).where(eq(page.pageId, pageId)).get();
        if (now?.readBy !== null) return ok({});
        // a stamp that the file spells out is worth more than nothing
        const isLess = text.length < before.extractedText.length;
        change.patch('page', pageId, {
          readBy: 'ocr',
          ocrConfidence: confidence,
          rotation,
          ...(isLess ? {} : { extractedText: text, wordBoxes: Buffer.from(packWords(words)) }),
        });
        return ok({});
      });
    },

    async finish(documentId) {
      const row = find(documentId);
      if (!row || row.processingStatus !== 'waiting_for_ocr') return ok({});
      const pages = db.select().from(page).where(eq(page.documentId, documentId)).orderBy(asc(page.pageNumber)).all();
      const unread = pagesWaiting(db, documentId);
      let told: Told | null = null;
      try {
        const input: ClassifyInput = {
          path: row.relativePath,
          mediaType: row.fileType,
          text: pages.map((p) => p.extractedText).join('\n'),
        };
        told = await workers.run<ClassifyInput, Told>(ocrWorker, 'classify', input, classifyBudget);
      } catch (error) {
        if (!(error instanceof WorkerKilled)) throw error;
      }
      const processingStatus: DocumentState = unread.length === pages.length ? 'failed' : 'read';
      return write((change) => {
        change.patch('document', documentId, {
          processingStatus,
          ...(told && kindFields(change.db, { ...row, title: pages[0]?.extractedText ?? '' }, told, userId)),
          processingReason: sayOf(find(documentId)?.processingReason ?? null, 'pictures', unreadReason(unread, pages.length)),
          processedAt: clock.now(),
        });
        return ok({});
      });
    },
  };
}

function unreadReason(unread: number[], total: number): string | null {
  if (unread.length === 0) return null;
  const listed = unread.slice(0, 5).join(', ') + (unread.length > 5 ? ', …' : '');
  const which =
    total === 1
      ? 'The page is a picture that'
      : unread.length === 1
        ? `Page ${listed} is a picture that`
        : `Pages ${listed} are pictures that`;
  return `${which} could not be turned into text. Look at it in the viewer, or scan it again, and press Retry.`;
}
