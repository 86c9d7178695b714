import { join } from 'node:path';
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { IngestProgress } from '../../shared/documents.ts';
import type { MatterId } from '../../shared/ids.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { isSaid, replacedReason, type Documents } from '../documents/documents.ts';
import { RetryLater, type JobHandler, type Jobs } from '../jobs/jobs.ts';
import { document, folderFile } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { hasFile } from '../sync/files/kept-files.ts';
import type { Change, Write } from '../sync/outbox.ts';
import { createOcrJobs, ocrKind, type OcrJobs } from './ocr-jobs.ts';
import { watchFolder, type FolderWatch, type SeenFile } from './folder-watch.ts';
import { mostKeptBytes, takeFile } from './take-file.ts';
import { createTelling } from './telling.ts';

/** A larger file is kept and not read; it is listed with this reason. */
const mostReadBytes = 200 * 1024 * 1024;

export interface Ingest {
  /** Watches a matter's case folder; another one than before in that one's place. */
  watch(matterId: string, folder: string): void;
  rescan(matterId: string): Promise<void>;
  retry(documentId: string): Outcome<Nothing>;
  progress(matterId: string): IngestProgress;
  handlers: Record<'ingest-file' | 'read-document' | 'ocr-page', JobHandler>;
  /** Text recognition, which runs beside the rest. */
  ocr: Pick<OcrJobs, 'lookAt' | 'cancel' | 'resume'>;
  /** Resolves when a folder has been looked through once and every file found has been dealt with. */
  settled(matterId: string): Promise<void>;
  stop(): Promise<void>;
}

interface IngestInput {
  store: Store;
  write: Write;
  jobs: Jobs;
  documents: Documents;
  userId: string;
  mayWrite: boolean;
  /** Facts and bill lines of a document that was just read. */
  extract(documentId: string): Promise<Outcome<Nothing>>;
  /** A file was replaced by another version of itself: what was read from the old one must not count twice. */
  supersede(change: Change, documentId: string): void;
  /** A document came with a file that was replaced, and not with the new version; it is there again. */
  setAside(change: Change, documentId: string): void;
  bringBack(change: Change, documentId: string): void;
  onProgress(progress: IngestProgress): void;
  now(): number;
  /** How long a file must be quiet before it is read, ms. */
  settleMs?: number;
}

/** Mails and archives. */
const holdsFiles: ReadonlySet<string> = new Set(['message/rfc822', 'application/vnd.ms-outlook', 'application/zip']);
/** Mails in mails, as deep as readers go; what the firm sent may go round in a circle. */
const mostInside = 8;

const FilePayload = z.object({ matterId: z.string(), folder: z.string(), relativePath: z.string() });
const DocumentPayload = z.object({ documentId: z.string(), matterId: z.string() });

const tooLargeToRead =
  'It is larger than 200 MB, so its text is not read. The file itself is kept and goes to the firm. Split it and put the parts in the folder to have it read.';
const tooLargeToKeep =
  'It is larger than 2 GB, so it stays where it is and does not go to the firm. Split it and put the parts in the folder.';

const countSql = `select count(*) filter (where state <> 'missing') as total, count(*) filter (where state = 'done') as done,
    (select count(*) from document where matter_id = @matterId and processing_status in ('waiting', 'reading')) as unread,
    (select count(*) from document where matter_id = @matterId and processing_status in ('failed', 'unsupported')) as failed
  from folder_file where matter_id = @matterId`;

/** From a file in a case folder to a document with pages and facts; each step is a job, so a crash repeats a step and loses none. */
export function createIngest(input: IngestInput): Ingest {
  const { store, write, jobs, documents } = input;
  const { db } = store;
  const watches = new Map<
    string,
    { watch: FolderWatch; folder: string; problem: string | null; isOfDisk: boolean; scanned: Promise<void> }
  >();
  /** By document: where it is of and its name, the first that is read first. And by matter the file that is taken in meanwhile. */
  const [reading, taking] = [new Map<string, { matterId: string; name: string }>(), new Map<string, string>()];

  function progress(matterId: string): IngestProgress {
    // told often, of folders with thousands of files: one statement that brings no rows
    const counted = store.compiled(countSql).get({ matterId }) as Record<'total' | 'done' | 'unread' | 'failed', number>;
    return {
      matterId: matterId as MatterId,
      total: counted.total,
      done: Math.max(0, counted.done - counted.unread),
      failed: counted.failed,
      current: [...reading.values()].find((one) => one.matterId === matterId)?.name ?? taking.get(matterId) ?? null,
      ocr: ocr.progress(matterId),
      problem: watches.get(matterId)?.problem ?? null,
    };
  }
  const fileAt = (matterId: string, relativePath: string) =>
    db
      .select()
      .from(folderFile)
      .where(and(eq(folderFile.matterId, matterId), eq(folderFile.relativePath, relativePath)))
      .get();
  /**
   * Where in the folder a document's bytes lie now: at the place it is known by, at another one, in a mail or archive that is there, or nowhere. Says so in
   * its row and in those of what came with it; whether they are anywhere.
   */
  function place(change: Change, matterId: string, documentId: string, depth = 0): boolean {
    const files = db
      .select({ path: folderFile.relativePath })
      .from(folderFile)
      .where(and(eq(folderFile.matterId, matterId), eq(folderFile.documentId, documentId), eq(folderFile.state, 'done')))
      .orderBy(asc(folderFile.relativePath))
      .all();
    const known = db.select().from(document).where(eq(document.documentId, documentId)).get();
    const [first] = files;
    const isWhereItWas = files.some(({ path }) => path === known?.relativePath);
    const inside = first || !known?.parentDocumentId ? null : pathIn(known.parentDocumentId, known.fileName);
    documents.setWhereabouts(change, documentId, {
      isMissing: !first && inside === null,
      ...(first && !isWhereItWas && { relativePath: first.path }),
      ...(inside !== null && { relativePath: inside }),
    });
    if (known?.isMissing === true && (first || inside !== null)) {
      input.bringBack(change, documentId);
      // what came with it may have come with another file meanwhile: its bytes say what is its own
      if (holdsFiles.has(known.fileType)) jobs.enqueue(change.db, 'read-document', documentId, { documentId, matterId });
    }
    if (depth < mostInside) for (const one of documents.attachmentsOf(documentId)) place(change, matterId, one.documentId, depth + 1);
    return first !== undefined || inside !== null;
  }
  /**
   * What came with the versions that this document took the place of, and what it does not bring itself, counts no more. Only once it is read: a copy that broke off
   * says nothing about what it holds. The same file may have come with another mail, and a row knows one of them: those are looked through again.
   */
  function leaveOut(change: Change, { documentId, matterId, relativePath }: typeof document.$inferSelect): void {
    const rows = change.db
      .select()
      .from(document)
      .where(and(eq(document.matterId, matterId), eq(document.relativePath, relativePath), eq(document.isMissing, true)))
      .all();
    let leftOut = 0;
    const inside = (parentId: string, depth: number): void => {
      for (const one of depth < mostInside ? documents.attachmentsOf(parentId) : []) {
        const row = change.db.select().from(document).where(eq(document.documentId, one.documentId)).get();
        if (row?.isMissing !== true || isSaid(row.processingReason, 'replaced')) continue;
        input.setAside(change, one.documentId);
        leftOut += 1;
        inside(one.documentId, depth + 1);
      }
    };
    for (const old of rows) if (old.documentId !== documentId && isSaid(old.processingReason, 'replaced')) inside(old.documentId, 0);
    if (leftOut === 0) return;
    const holders = change.db
      .select({ documentId: document.documentId })
      .from(document)
      .where(
        and(
          eq(document.matterId, matterId),
          eq(document.isMissing, false),
          inArray(document.fileType, [...holdsFiles]),
          isNull(document.deletedAt),
        ),
      )
      .all();
    for (const one of holders)
      if (one.documentId !== documentId) jobs.enqueue(change.db, 'read-document', one.documentId, { documentId: one.documentId, matterId });
  }
  function pathIn(parentDocumentId: string, fileName: string): string | null {
    const parent = db.select().from(document).where(eq(document.documentId, parentDocumentId)).get();
    return !parent || parent.isMissing ? null : `${parent.relativePath}/${fileName}`.slice(0, 4096);
  }
  const tell = createTelling((matterId) => input.onProgress(progress(matterId)));
  const ocr = createOcrJobs({ ...input, tell: tell.soon });

  function onFile(matterId: string, folder: string, file: SeenFile): void {
    const known = fileAt(matterId, file.relativePath);
    if (known?.state === 'done' && known.sizeBytes === file.sizeBytes && known.modifiedMs === Math.trunc(file.modifiedMs)) return;
    const seen = { sizeBytes: file.sizeBytes, modifiedMs: Math.trunc(file.modifiedMs), state: 'seen' as const };
    // not waited for: after a power cut the scan at the start finds the file again
    const noted = store.jot(() =>
      store.transaction((tx) => {
        tx.insert(folderFile)
          .values({ matterId, relativePath: file.relativePath, ...seen })
          .onConflictDoUpdate({ target: [folderFile.matterId, folderFile.relativePath], set: seen })
          .run();
        jobs.enqueue(tx, 'ingest-file', `${matterId}:${file.relativePath}`, { matterId, folder, relativePath: file.relativePath });
        return ok({});
      }),
    );
    if (noted.ok) setProblem(matterId, null);
    else setProblem(matterId, 'This laptop’s disk is full or failing: new files wait in the folder until there is room.', true);
    jobs.wake();
  }

  function onMissing(matterId: string, relativePath: string): void {
    write((change) => {
      const known = fileAt(matterId, relativePath);
      if (!known) return ok({});
      change.db
        .update(folderFile)
        .set({ state: 'missing' })
        .where(and(eq(folderFile.matterId, matterId), eq(folderFile.relativePath, relativePath)))
        .run();
      if (known.documentId) place(change, matterId, known.documentId);
      return ok({});
    });
    tell.soon(matterId);
  }

  function setProblem(matterId: string, problem: string | null, isOfDisk = false): void {
    const entry = watches.get(matterId);
    if (!entry || entry.problem === problem) return;
    Object.assign(entry, { problem, isOfDisk });
    tell.now(matterId);
  }
  /** A file was kept, so there is room again; what ails the folder is for the watcher to say. */
  function thereIsRoom(matterId: string): void {
    if (watches.get(matterId)?.isOfDisk === true) setProblem(matterId, null);
  }

  const ingestFile: JobHandler = async (payload) => {
    const { matterId, folder, relativePath } = FilePayload.parse(payload);
    const path = join(folder, relativePath);
    taking.set(matterId, relativePath);
    tell.soon(matterId);
    try {
      const taken = await takeFile({ store, path, within: folder, now: input.now() });
      if (!taken.ok) {
        if (taken.error.code === 'conflict') throw new RetryLater('the file changes while it is read');
        if (taken.error.code === 'not_found') return; // gone again; the watcher says so
        if (taken.error.code === 'full') setProblem(matterId, taken.error.reason, true);
        throw new RetryLater('the file cannot be taken yet');
      }
      const { hash, sizeBytes } = taken.value;
      const state = { isKept: false };
      const outcome = write((change) => {
        const before = fileAt(matterId, relativePath)?.documentId;
        const { documentId, added } = documents.add(change, { matterId, relativePath, contentHash: hash, sizeBytes });
        // a row that a colleague's laptop made may have come without its bytes, and that laptop may never bring them
        state.isKept = added || !hasFile(store, hash);
        if (state.isKept) taken.value.keep(change.db);
        change.db
          .update(folderFile)
          .set({ state: 'done', contentHash: hash, documentId })
          .where(and(eq(folderFile.matterId, matterId), eq(folderFile.relativePath, relativePath)))
          .run();
        if (before && before !== documentId && !place(change, matterId, before)) input.supersede(change, before);
        if (!added) place(change, matterId, documentId);
        else if (sizeBytes > mostReadBytes) {
          const processingReason = sizeBytes > mostKeptBytes ? tooLargeToKeep : tooLargeToRead;
          change.patch('document', documentId, { processingStatus: 'failed', processingReason });
        } else jobs.enqueue(change.db, 'read-document', documentId, { documentId, matterId });
        return ok({});
      });
      if (!outcome.ok || !state.isKept) taken.value.leave();
      if (!outcome.ok) {
        setProblem(matterId, 'reason' in outcome.error ? outcome.error.reason : 'The file could not be kept.', true);
        throw new RetryLater(outcome.error.code);
      }
      thereIsRoom(matterId);
    } finally {
      taking.delete(matterId);
      tell.soon(matterId);
    }
  };

  const readDocument: JobHandler = async (payload, signal) => {
    const { documentId, matterId } = DocumentPayload.parse(payload);
    const row = db.select({ name: document.fileName }).from(document).where(eq(document.documentId, documentId)).get();
    reading.set(documentId, { matterId, name: row?.name ?? '' });
    tell.soon(matterId);
    try {
      const read = await documents.read(documentId, signal, {
        added: (change, attachmentId) => jobs.enqueue(change.db, 'read-document', attachmentId, { documentId: attachmentId, matterId }),
        back(change, attachmentId) {
          input.bringBack(change, attachmentId);
          for (const one of documents.attachmentsOf(attachmentId)) place(change, matterId, one.documentId);
        },
      });
      if (!read.ok) {
        if (read.error.code === 'not_found') return;
        throw new RetryLater(read.error.code);
      }
      if (read.value.state !== 'failed' && read.value.state !== 'unsupported') {
        const left = store.jot(() =>
          write((change) => {
            const now = change.db.select().from(document).where(eq(document.documentId, documentId)).get();
            if (now && !now.isMissing && now.parentDocumentId === null) leaveOut(change, now);
            return ok({});
          }),
        );
        if (!left.ok) throw new RetryLater(left.error.code);
        jobs.wake();
      }
      const extracted = await input.extract(documentId);
      if (!extracted.ok) throw new RetryLater(extracted.error.code);
      if (read.value.state === 'waiting_for_ocr') {
        const enqueued = store.transaction((tx) => {
          ocr.enqueue(tx, documentId, matterId);
          return ok({});
        });
        if (!enqueued.ok) throw new RetryLater(enqueued.error.code);
        jobs.wake();
      }
    } finally {
      reading.delete(documentId);
      tell.soon(matterId);
    }
  };

  return {
    progress,
    handlers: { 'ingest-file': ingestFile, 'read-document': readDocument, [ocrKind]: ocr.handler },
    ocr,
    watch(matterId, folder) {
      const before = watches.get(matterId);
      if (before?.folder === folder) return;
      if (before) void before.watch.close();
      let scanDone = (): void => undefined;
      const scanned = new Promise<void>((resolve) => (scanDone = resolve));
      const watch = watchFolder(
        folder,
        {
          onFile: (file) => onFile(matterId, folder, file),
          onMissing: (relativePath) => onMissing(matterId, relativePath),
          onFolderGone: (reason) => setProblem(matterId, reason),
          onFolderBack: () => setProblem(matterId, null),
          onScanDone: (present, unreadable) => {
            // what went while nobody watched
            const known = db.select().from(folderFile).where(eq(folderFile.matterId, matterId)).all();
            const here = new Set(present);
            const isUnknown = (path: string): boolean => unreadable.some((folderPath) => path.startsWith(`${folderPath}/`));
            for (const { state, relativePath } of known) {
              if (state !== 'missing' && !here.has(relativePath) && !isUnknown(relativePath)) onMissing(matterId, relativePath);
            }
            scanDone();
          },
        },
        input.settleMs === undefined ? {} : { settleMs: input.settleMs },
      );
      watches.set(matterId, { watch, folder, problem: null, isOfDisk: false, scanned });
      tell.now(matterId);
    },
    async rescan(matterId) {
      await watches.get(matterId)?.watch.rescan();
      jobs.wake();
    },
    retry(documentId) {
      const row = db.select().from(document).where(eq(document.documentId, documentId)).get();
      if (!row) return err({ code: 'not_found', what: 'the document' });
      const outcome = write((change) => {
        const processingReason = isSaid(row.processingReason, 'replaced') ? replacedReason : null;
        change.patch('document', documentId, { processingStatus: 'waiting', processingReason });
        jobs.enqueue(change.db, 'read-document', documentId, { documentId, matterId: row.matterId });
        return ok({});
      });
      jobs.wake();
      return outcome;
    },
    async settled(matterId) {
      await watches.get(matterId)?.scanned;
      await jobs.idle();
    },
    async stop() {
      tell.stop();
      await Promise.all([...watches.values()].map(({ watch }) => watch.close()));
      watches.clear();
    },
  };
}
