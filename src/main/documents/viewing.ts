import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, between, count, eq, sql } from 'drizzle-orm';
import type { DocumentId } from '../../shared/ids.ts';
import type { FoundPlace, FoundPlaces, Outline, PageView } from '../../shared/documents.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { WorkerKilled, type Workers } from '../host/host.ts';
import { document, page } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Files } from '../sync/files/files.ts';
import { killedReason } from './ocr/ocr.ts';
import { findAcross, findInPage, fold, foldQuery, type Across, type PageEnd } from './find-in-pages.ts';
import { createOpenFiles } from './open-files.ts';
import { createPageTurns } from './page-turns.ts';
import type { PageSize, RenderedPage, RenderInput, SizesInput } from './read/reading.ts';
import { unpackWords } from './word-boxes.ts';

const renderBudget = { timeoutMs: 10_000, memoryMb: 512 };
const readWorker = new URL('./read/read-worker.ts', import.meta.url);
/** More places than anybody steps through. */
const mostPlaces = 2000;
/** Core answers others between so many pages. */
const pagesAtOnce = 50;
const sizesKept = 50;

/** What a window needs to show a document. */
export interface Viewing {
  /** One page with its words and, where it can be drawn and its file is here, its picture. */
  page(request: { documentId: string; page: number; widthPx: number }): Promise<Outcome<PageView>>;
  /** How many pages there are, how large each is and how it is turned: enough to lay all of them out before one is drawn. */
  outline(documentId: string): Promise<Outcome<Outline>>;
  /** The places of a document that say these words. */
  findPlaces(request: { documentId: string; words: string }): Promise<Outcome<FoundPlaces>>;
  /** Turns a page, or all pages, for this person on this laptop. */
  turn(request: { documentId: string; page: number | null; by: number }): Outcome<Nothing>;
}

interface ViewingInput {
  store: Store;
  workers: Workers;
  files: Files;
  /** Where it is remembered how pages were turned; null: nowhere. */
  turnsPath: string | null;
}

const isDrawn = (mediaType: string): boolean => mediaType === 'application/pdf' || mediaType.startsWith('image/');

export function createViewing({ store, workers, files, turnsPath }: ViewingInput): Viewing {
  const { db } = store;
  const openFiles = createOpenFiles(store);
  const turns = createPageTurns(turnsPath);
  const sizesByHash = new Map<string, PageSize[]>();
  const find = (documentId: string) => db.select().from(document).where(eq(document.documentId, documentId)).get();

  /** Sizes of the pages of a file that can be drawn; null where its file is not here or will not open. */
  async function sizesOf(hash: string, mediaType: string): Promise<PageSize[] | null> {
    const known = sizesByHash.get(hash);
    if (known) return known;
    const bytes = openFiles.read(hash);
    if (!bytes) return null;
    const input: SizesInput = { bytes, mediaType, key: hash };
    const found = await workers
      .run<SizesInput, Outcome<PageSize[]>>(readWorker, 'pageSizes', input, renderBudget)
      .catch((error: unknown) => {
        if (!(error instanceof WorkerKilled)) throw error;
        return null;
      });
    if (!found?.ok) return null;
    sizesByHash.set(hash, found.value);
    for (const [oldest] of sizesByHash) if (sizesByHash.size > sizesKept) sizesByHash.delete(oldest);
    return found.value;
  }

  return {
    async page({ documentId, page: number, widthPx }) {
      const row = find(documentId);
      if (!row) return err({ code: 'not_found', what: 'the document' });
      const found = db
        .select()
        .from(page)
        .where(and(eq(page.documentId, documentId), eq(page.pageNumber, number)))
        .get();
      if (!found) return err({ code: 'not_found', what: `page ${String(number)} of ${row.fileName}` });
      const text = found.extractedText;
      const kept = found.wordBoxes ? unpackWords(found.wordBoxes, text.length) : [];
      const view: PageView = {
        documentId: row.documentId as DocumentId,
        page: number,
        pageCount: db.select({ n: count() }).from(page).where(eq(page.documentId, documentId)).get()?.n ?? 1,
        text,
        image: null,
        words: kept,
        file: null,
        readBy: found.readBy,
        confidence: found.ocrConfidence,
        rotation: found.rotation ?? 0,
      };
      if (!isDrawn(row.fileType)) return ok(view);
      // what has to come first is not waited for: the text is here, and the window is told when the file is
      const bytes = openFiles.read(row.contentHash);
      if (!bytes) return ok({ ...view, file: files.want(row.contentHash, row.fileSize) });
      try {
        const input: RenderInput = { bytes, mediaType: row.fileType, page: number, widthPx, key: row.contentHash };
        const drawn = await workers.run<RenderInput, Outcome<RenderedPage>>(readWorker, 'renderPage', input, renderBudget);
        if (!drawn.ok) return drawn;
        // boxes fit the stored text only where this version reads the page as the one that stored it did
        return ok({ ...view, image: drawn.value.image, words: kept.length === 0 && drawn.value.text === text ? drawn.value.words : kept });
      } catch (error) {
        if (!(error instanceof WorkerKilled)) throw error;
        return err({ code: 'corrupt', what: 'this page', reason: `${killedReason[error.cause]} Its text is still here.` });
      }
    },

    async outline(documentId) {
      const row = find(documentId);
      if (!row) return err({ code: 'not_found', what: 'the document' });
      const sizes = isDrawn(row.fileType) ? await sizesOf(row.contentHash, row.fileType) : null;
      const turnOf = turns.of(documentId);
      const pages = db
        .select({ page: page.pageNumber, rotation: page.rotation, hasText: sql<number>`length(${page.extractedText}) > 0` })
        .from(page)
        .where(eq(page.documentId, documentId))
        .orderBy(asc(page.pageNumber))
        .all();
      return ok({
        documentId: row.documentId as DocumentId,
        fileName: row.fileName,
        pages: pages.map((kept, index) => ({
          size: sizes && (sizes[index] ?? null),
          upright: kept.rotation ?? 0,
          turn: turnOf(kept.page),
          hasText: Boolean(kept.hasText),
        })),
      });
    },

    async findPlaces({ documentId, words }) {
      const query = foldQuery(words);
      const places: FoundPlace[] = [];
      if (query === '') return ok({ places, hasMore: false });
      // of the last page that says anything: blank ones lie between it and the next
      let before: (PageEnd & { page: number; length: number }) | null = null;
      for (let first = 1; ; first += pagesAtOnce) {
        const some = db
          .select({ page: page.pageNumber, text: page.extractedText })
          .from(page)
          .where(and(eq(page.documentId, documentId), between(page.pageNumber, first, first + pagesAtOnce - 1)))
          .orderBy(asc(page.pageNumber))
          .all();
        if (some.length === 0) return ok({ places, hasMore: false });
        for (const { page: number, text } of some) {
          const folded = fold(text);
          if (folded.text.trim() === '') continue;
          const across: Across | null = before && findAcross(before, folded, text, query);
          if (before && across)
            places.push({ page: before.page, start: across.start, end: before.length, goesOn: { page: number, ...across.next } });
          const from: number = across?.next.end ?? 0;
          const here = findInPage(text, query, mostPlaces + 1 - places.length, folded, from);
          for (const place of here) places.push({ page: number, ...place });
          before = { page: number, length: text.length, folded, lastEnd: here.at(-1)?.end ?? from };
          if (places.length > mostPlaces) return ok({ places: places.slice(0, mostPlaces), hasMore: true });
        }
        await nextTurn();
      }
    },

    turn({ documentId, page: number, by }) {
      if (!find(documentId)) return err({ code: 'not_found', what: 'the document' });
      turns.turn(documentId, number, by);
      return ok({});
    },
  };
}
