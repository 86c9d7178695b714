import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, count, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm';
import { AppError } from '../../../shared/errors.ts';
import type { MatterFilesView, StorageView } from '../../../shared/files.ts';
import { ok, type Outcome } from '../../../shared/result.ts';
import { blobFile, document, fileSetting, fileTransfer, matterPin } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { FirmFiles } from './firm-files.ts';
import type { Progress } from './transfer.ts';
import { dropFile, unconfirmedFiles, unconfirmFiles } from './kept-files.ts';

export const defaultBudgetGb = 20;
const bytesOfGb = 1_000_000_000;
/** At most so many files are asked about at once. */
const mostAsked = 100;

/** Files of matters that stay on this laptop. */
const pinnedHashes = (store: Store) =>
  store.db.select({ hash: document.contentHash }).from(document).innerJoin(matterPin, eq(matterPin.matterId, document.matterId));

const fetched = (store: Store) => store.db.select({ hash: fileTransfer.contentHash }).from(fileTransfer);

export function budgetGbOf(store: Store, lockedGb: number | null): number {
  return lockedGb ?? store.db.select().from(fileSetting).get()?.budgetGb ?? defaultBudgetGb;
}

export function usedBytes(store: Store): number {
  return (
    store.db
      .select({ bytes: sql<number | null>`sum(${blobFile.sizeBytes})` })
      .from(blobFile)
      .get()?.bytes ?? 0
  );
}

/** Files of pinned matters that are not here, the smallest first; those whose fetching a person stopped are left alone. */
export function missingPinned(store: Store): { hash: string; sizeBytes: number }[] {
  const rows = store.db
    .selectDistinct({ hash: document.contentHash, sizeBytes: document.fileSize, isCancelled: fileTransfer.isCancelled })
    .from(document)
    .innerJoin(matterPin, eq(matterPin.matterId, document.matterId))
    .leftJoin(blobFile, and(eq(blobFile.contentHash, document.contentHash), eq(blobFile.isWhole, true)))
    .leftJoin(fileTransfer, eq(fileTransfer.contentHash, document.contentHash))
    .where(sql`${blobFile.contentHash} is null and ${document.deletedAt} is null`)
    .orderBy(document.fileSize, document.contentHash)
    .all();
  return rows.filter(({ isCancelled }) => isCancelled !== true);
}

interface Evicting {
  store: Store;
  firm: FirmFiles;
  budgetGb: number;
  /** Files in use right now. */
  busy: string[];
  /** What is about to come. */
  neededBytes: number;
  /** Off in one control, which must lose a file. */
  asksTheFirm?: boolean;
}

/**
 * Gives back files until the rest, and what is about to come, is within the budget: those opened longest ago first, never one of a pinned
 * matter, and only what the firm, asked now, has whole and was proved to be right: hashed by its server, or sent or read back by this laptop.
 * Says whether there is room then. Rejects with RemoteError: without the firm nothing is given back.
 */
export async function makeRoom({
  store,
  firm,
  budgetGb,
  busy,
  neededBytes,
  asksTheFirm = true,
}: Evicting): Promise<Outcome<{ isRoom: boolean; given: string[] }>> {
  let over = usedBytes(store) + neededBytes - budgetGb * bytesOfGb;
  const passedOver = [...busy];
  const allGiven: string[] = [];
  while (over > 0) {
    const candidates = store.db
      .select({ hash: blobFile.contentHash, sizeBytes: blobFile.sizeBytes, isWhole: blobFile.isWhole, isProved: blobFile.isProved })
      .from(blobFile)
      .where(
        and(
          // half a file that nobody fetches is one that is being read from disk
          or(eq(blobFile.uploaded, true), and(eq(blobFile.isWhole, false), inArray(blobFile.contentHash, fetched(store)))),
          notInArray(blobFile.contentHash, pinnedHashes(store)),
          notInArray(blobFile.contentHash, passedOver),
        ),
      )
      .orderBy(blobFile.openedOrder)
      .limit(mostAsked)
      .all();
    if (candidates.length === 0) return ok({ isRoom: false, given: allGiven });
    passedOver.push(...candidates.map(({ hash }) => hash));
    const states = await firm.states(candidates.map(({ hash }) => hash));
    const lost = candidates.filter(({ hash, isWhole }) => isWhole && !states.has(hash)).map(({ hash }) => hash);
    if (lost.length > 0) {
      const sentAgain = unconfirmFiles(store, lost);
      if (!sentAgain.ok) return sentAgain;
    }
    const going: string[] = [];
    for (const { hash, sizeBytes, isWhole, isProved } of candidates) {
      if (over <= 0) break;
      const state = states.get(hash);
      // half a file is worth nothing to anybody but whoever fetches it, and it is not being fetched
      if (isWhole && asksTheFirm && !(state?.isVerified === true || (state !== undefined && isProved))) continue;
      going.push(hash);
      over -= sizeBytes;
    }
    const given = store.transaction((db) => {
      for (const hash of going) dropFile(db, hash);
      return ok({});
    });
    if (!given.ok) return given;
    allGiven.push(...going);
  }
  return ok({ isRoom: true, given: allGiven });
}

/** Pages that stay for what comes next; the rest of what was freed goes back to the disk. */
const sparePages = 4096;
/** A few megabytes a step: the windows wait for no longer one. */
const stepPages = 256;

/** Shrinks the store's file after files were given back, a step a turn, until `signal` or none is left. A store made before this stays as large. */
export async function shrinkStore({ raw, transaction }: Store, signal: AbortSignal): Promise<void> {
  const free = (): number => Number(raw.pragma('freelist_count', { simple: true }));
  for (let before = Infinity, now = free(); now > sparePages && now < before && !signal.aborted; before = now, now = free()) {
    const step = transaction(() => ok(raw.pragma(`incremental_vacuum(${String(stepPages)})`)));
    if (!step.ok) return; // the disk is full: there is nothing to gain
    await nextTurn();
  }
}

const TransferError = AppError.nullable().catch(null);

/** `running`: how far a file is that is on the line right now. */
export function viewStorage(
  store: Store,
  lockedGb: number | null,
  problem: AppError | null,
  running: (hash: string) => Progress | undefined,
): StorageView {
  const unconfirmed = unconfirmedFiles(store);
  const pinned = store.db
    .select({ bytes: sql<number | null>`sum(${blobFile.sizeBytes})` })
    .from(blobFile)
    .where(inArray(blobFile.contentHash, pinnedHashes(store)))
    .get();
  const transfers = store.db
    .select({
      t: fileTransfer,
      fileName: sql<string | null>`min(${document.fileName})`,
      sizeBytes: sql<number | null>`max(${document.fileSize})`,
    })
    .from(fileTransfer)
    .leftJoin(document, eq(document.contentHash, fileTransfer.contentHash))
    .where(eq(fileTransfer.isCancelled, false))
    .groupBy(fileTransfer.contentHash)
    .orderBy(fileTransfer.createdAt)
    .limit(50)
    .all();
  return {
    usedBytes: usedBytes(store),
    budgetGb: budgetGbOf(store, lockedGb),
    isLocked: lockedGb !== null,
    pinnedMatters: store.db.select({ n: count() }).from(matterPin).get()?.n ?? 0,
    pinnedBytes: pinned?.bytes ?? 0,
    unconfirmedCount: unconfirmed.length,
    unconfirmedBytes: unconfirmed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    transfers: transfers.map(({ t, fileName, sizeBytes }) => ({
      fileName: fileName ?? 'A file',
      direction: t.direction,
      doneBytes: doneBytes(running(t.contentHash) ?? { done: t.chunksDone, of: t.chunkCount }, sizeBytes ?? 0),
      sizeBytes: sizeBytes ?? 0,
      problem: TransferError.parse(t.lastError),
    })),
    problem,
  };
}

export function viewMatterFiles(store: Store, matterId: string): MatterFilesView {
  const named = store.db
    .selectDistinct({ hash: document.contentHash, sizeBytes: document.fileSize, isWhole: blobFile.isWhole })
    .from(document)
    .leftJoin(blobFile, eq(blobFile.contentHash, document.contentHash))
    .where(and(eq(document.matterId, matterId), isNull(document.deletedAt)))
    .all();
  const away = named.filter(({ isWhole }) => isWhole !== true);
  return {
    isPinned: store.db.select().from(matterPin).where(eq(matterPin.matterId, matterId)).get() !== undefined,
    hereCount: named.length - away.length,
    totalCount: named.length,
    awayBytes: away.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

export function doneBytes({ done, of }: Progress, sizeBytes: number): number {
  return of === 0 ? 0 : Math.floor((sizeBytes * done) / of);
}
