import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, eq, inArray, notInArray, sql } from 'drizzle-orm';
import { ok, type Outcome } from '../../../shared/result.ts';
import { blobChunk, blobFile, fileTransfer } from '../../store/schema.ts';
import type { Db, Store } from '../../store/store.ts';

/*
 * A file's bytes in the encrypted store, by its SHA-256, in chunks that each have their own. What is sent is this copy, never the file on
 * disk, which its owner may go on changing.
 */

/** Bytes of one chunk, here and at the firm. */
export const chunkBytes = 512 * 1024;

/** Keeps a file that is in memory; one that is here whole already is not written again. */
export function keepFile(db: Db, hash: string, bytes: Uint8Array, now: number): void {
  const before = db.select({ isWhole: blobFile.isWhole }).from(blobFile).where(eq(blobFile.contentHash, hash)).get();
  if (before?.isWhole) return;
  if (before) dropFile(db, hash); // half of it was on its way
  const values = { contentHash: hash, sizeBytes: bytes.length, uploaded: false, createdAt: now, openedOrder: nextOrder(db) };
  db.insert(blobFile).values(values).run();
  for (let chunk = 0; chunk * chunkBytes < bytes.length; chunk += 1) {
    putChunk(db, hash, chunk, Buffer.from(bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes)));
  }
}

/** Makes room for a file of which the chunks come one by one. */
export function beginFile(db: Db, hash: string, sizeBytes: number, now: number): void {
  const values = { contentHash: hash, sizeBytes, uploaded: false, createdAt: now, isWhole: false, openedOrder: nextOrder(db) };
  db.insert(blobFile).values(values).onConflictDoNothing().run();
}

export function putChunk(db: Db, hash: string, chunkNumber: number, bytes: Buffer, digest = sha256(bytes)): void {
  db.insert(blobChunk).values({ contentHash: hash, chunkNumber, bytes, digest }).onConflictDoNothing().run();
}

export function dropChunks(db: Db, hash: string, chunks: number[]): void {
  db.delete(blobChunk)
    .where(and(eq(blobChunk.contentHash, hash), inArray(blobChunk.chunkNumber, chunks)))
    .run();
}

/** Its last chunk is here and all of it is what its hash says. */
export function keepWhole(db: Db, hash: string): void {
  db.update(blobFile).set({ isWhole: true }).where(eq(blobFile.contentHash, hash)).run();
}

/** Drops what never became whole, unless it is being fetched. */
export function dropHalf(store: Store, hash: string): Outcome<unknown> {
  return store.transaction((db) => {
    const isFetched = db.select().from(fileTransfer).where(eq(fileTransfer.contentHash, hash)).get() !== undefined;
    if (findKept(store, hash)?.isWhole === false && !isFetched) dropFile(db, hash);
    return ok({});
  });
}

/** Drops what a crash left of files that were being read from disk: nobody goes on with them. */
export function dropLeftovers(store: Store): Outcome<unknown> {
  return store.transaction((db) => {
    db.delete(blobFile)
      .where(
        and(
          eq(blobFile.isWhole, false),
          notInArray(blobFile.contentHash, db.select({ hash: fileTransfer.contentHash }).from(fileTransfer)),
        ),
      )
      .run();
    return ok({});
  });
}

/** Takes a file out of the store; its chunks go with it. */
export function dropFile(db: Db, hash: string): void {
  db.delete(blobFile).where(eq(blobFile.contentHash, hash)).run();
}

export interface KeptFile {
  contentHash: string;
  sizeBytes: number;
  isWhole: boolean;
  uploaded: boolean;
  isProved: boolean;
}

export function findKept(store: Store, hash: string): KeptFile | undefined {
  return store.db.select().from(blobFile).where(eq(blobFile.contentHash, hash)).get();
}

export function hasFile(store: Store, hash: string): boolean {
  return findKept(store, hash)?.isWhole === true;
}

/** A file's bytes, or null where they are not all on this laptop. Reading it counts as opening it. */
export function readFile(store: Store, hash: string): Uint8Array | null {
  if (!hasFile(store, hash)) return null;
  const parts = store.db
    .select({ bytes: blobChunk.bytes })
    .from(blobChunk)
    .where(eq(blobChunk.contentHash, hash))
    .orderBy(blobChunk.chunkNumber)
    .all();
  noteOpened(store, hash);
  return Buffer.concat(parts.map((part) => part.bytes));
}

export function readChunk(store: Store, hash: string, chunk: number): Buffer | null {
  return chunkAt(store, hash, chunk)?.bytes ?? null;
}

function chunkAt(store: Store, hash: string, chunk: number): { bytes: Buffer; digest: Buffer | null } | undefined {
  return store.db
    .select({ bytes: blobChunk.bytes, digest: blobChunk.digest })
    .from(blobChunk)
    .where(and(eq(blobChunk.contentHash, hash), eq(blobChunk.chunkNumber, chunk)))
    .get();
}

export function chunksOf(store: Store, hash: string): { chunk: number; digest: Buffer | null }[] {
  return store.db
    .select({ chunk: blobChunk.chunkNumber, digest: blobChunk.digest })
    .from(blobChunk)
    .where(eq(blobChunk.contentHash, hash))
    .orderBy(blobChunk.chunkNumber)
    .all();
}

/** The SHA-256 of every chunk one after another, as a file is announced. Chunks kept before they had one are hashed now. */
export async function digestsOf(store: Store, hash: string): Promise<Buffer> {
  const digests: Buffer[] = [];
  for (const { chunk, digest } of chunksOf(store, hash)) {
    digests.push(digest ?? sha256(readChunk(store, hash, chunk) ?? Buffer.alloc(0)));
    if (digest === null) await nextTurn();
  }
  return Buffer.concat(digests);
}

/** Reads a whole file through, one chunk in memory at a time: its SHA-256, and the chunks that are no longer what they were. */
export async function hashKept(store: Store, hash: string, expected: Buffer | null): Promise<{ actual: string; broken: number[] }> {
  const whole = createHash('sha256');
  const broken: number[] = [];
  for (const { chunk } of chunksOf(store, hash)) {
    const bytes = readChunk(store, hash, chunk) ?? Buffer.alloc(0);
    whole.update(bytes);
    if (expected && !sha256(bytes).equals(expected.subarray(chunk * 32, chunk * 32 + 32))) broken.push(chunk);
    await nextTurn(); // hashing two gigabytes at once would stop the windows
  }
  return { actual: whole.digest('hex'), broken };
}

/**
 * Files that the firm has not confirmed: nowhere but here. They are never given back to the disk, and a laptop that has to erase itself
 * saves them first.
 */
export function unconfirmedFiles(store: Store): { contentHash: string; sizeBytes: number }[] {
  return store.db
    .select({ contentHash: blobFile.contentHash, sizeBytes: blobFile.sizeBytes })
    .from(blobFile)
    .where(and(eq(blobFile.uploaded, false), eq(blobFile.isWhole, true)))
    .orderBy(blobFile.sizeBytes, blobFile.contentHash)
    .all();
}

/** Marks what the firm is now known to have, and forgets that it was on its way. */
export function confirmFile(db: Db, hash: string, isProved: boolean): void {
  db.update(blobFile)
    .set({ uploaded: true, ...(isProved && { isProved }) })
    .where(eq(blobFile.contentHash, hash))
    .run();
  db.delete(fileTransfer).where(eq(fileTransfer.contentHash, hash)).run();
}

/** The firm does not have it after all (it was restored from a backup, or threw a broken file away): it is sent again. */
export function unconfirmFiles(store: Store, hashes: string[]): Outcome<unknown> {
  return store.transaction((db) => {
    db.update(blobFile).set({ uploaded: false, isProved: false }).where(inArray(blobFile.contentHash, hashes)).run();
    return ok({});
  });
}

/** What the firm is believed to have. */
export function confirmedFiles(store: Store): string[] {
  const rows = store.db
    .select({ hash: blobFile.contentHash })
    .from(blobFile)
    .where(and(eq(blobFile.uploaded, true), eq(blobFile.isWhole, true)))
    .all();
  return rows.map(({ hash }) => hash);
}

/** Opened last is given back last. A counter, so that no clock decides. */
function noteOpened(store: Store, hash: string): void {
  const newest =
    store.db
      .select({ order: sql<number | null>`max(${blobFile.openedOrder})` })
      .from(blobFile)
      .get()?.order ?? 0;
  const own = store.db.select({ order: blobFile.openedOrder }).from(blobFile).where(eq(blobFile.contentHash, hash)).get()?.order;
  if (own === newest) return;
  // on a full disk the page still opens; and it waits for none
  store.jot(() =>
    store.transaction((db) => {
      db.update(blobFile)
        .set({ openedOrder: newest + 1 })
        .where(eq(blobFile.contentHash, hash))
        .run();
      return ok({});
    }),
  );
}

function nextOrder(db: Db): number {
  return (
    (db
      .select({ order: sql<number | null>`max(${blobFile.openedOrder})` })
      .from(blobFile)
      .get()?.order ?? 0) + 1
  );
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
