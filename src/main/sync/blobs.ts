import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { blobChunk, blobFile } from '../store/schema.ts';
import type { Db, Store } from '../store/store.ts';
import type { Remote } from './remote.ts';

/** Bytes of one chunk, here and at the firm. */
export const chunkBytes = 512 * 1024;

/** Keeps a file's bytes in the encrypted store, by its hash; a file already here is not written again. */
export function keepBlob(db: Db, hash: string, bytes: Uint8Array, now: number, uploaded = false): void {
  const added = db
    .insert(blobFile)
    .values({ contentHash: hash, sizeBytes: bytes.length, uploaded, createdAt: now })
    .onConflictDoNothing()
    .run();
  if (added.changes === 0) return;
  for (let chunk = 0; chunk * chunkBytes < bytes.length; chunk += 1) {
    const part = Buffer.from(bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes));
    db.insert(blobChunk).values({ contentHash: hash, chunkNumber: chunk, bytes: part }).run();
  }
}

export function hasBlob(store: Store, hash: string): boolean {
  return store.db.select({ hash: blobFile.contentHash }).from(blobFile).where(eq(blobFile.contentHash, hash)).get() !== undefined;
}

/** A file's bytes from the store, or null where they are not on this laptop. */
export function readBlob(store: Store, hash: string): Uint8Array | null {
  if (!hasBlob(store, hash)) return null;
  const parts = store.db
    .select({ bytes: blobChunk.bytes })
    .from(blobChunk)
    .where(eq(blobChunk.contentHash, hash))
    .orderBy(blobChunk.chunkNumber)
    .all();
  return Buffer.concat(parts.map((part) => part.bytes));
}

/** Sends every file the firm does not have yet, chunk by chunk; chunks that arrived before a broken line are not sent again. */
export async function uploadBlobs(store: Store, remote: Remote): Promise<void> {
  const waiting = store.db.select().from(blobFile).where(eq(blobFile.uploaded, false)).all();
  for (const file of waiting) {
    const state = await remote.blobState(file.contentHash);
    if (!state?.complete) {
      const there = new Set(state?.chunks ?? []);
      const chunks = store.db.select({ n: blobChunk.chunkNumber }).from(blobChunk).where(eq(blobChunk.contentHash, file.contentHash)).all();
      if (chunks.length === 0) await remote.putBlobChunk(file.contentHash, 0, 0, new Uint8Array());
      for (const { n } of chunks) {
        if (there.has(n)) continue;
        const part = store.raw
          .prepare('select bytes from blob_chunk where content_hash = ? and chunk_number = ?')
          .get(file.contentHash, n) as { bytes: Buffer };
        await remote.putBlobChunk(file.contentHash, file.sizeBytes, n, part.bytes);
      }
      // false: the firm found another hash and dropped the chunks; the next round sends them anew
      if (!(await remote.completeBlob(file.contentHash))) continue;
    }
    const marked = store.transaction((db) => {
      db.update(blobFile).set({ uploaded: true }).where(eq(blobFile.contentHash, file.contentHash)).run();
      return ok({});
    });
    if (!marked.ok) return;
  }
}

/** Brings a file from the firm on demand; its hash is checked before it is kept. Errors: not_found, corrupt, or the line's. */
export async function fetchBlob(store: Store, remote: Remote, hash: string, now: number): Promise<Outcome<Uint8Array>> {
  const state = await remote.blobState(hash);
  if (!state?.complete) return err({ code: 'not_found', what: 'the file of this document' });
  const parts: Uint8Array[] = [];
  for (const n of state.chunks) {
    const part = await remote.getBlobChunk(hash, n);
    if (!part) return err({ code: 'not_found', what: 'the file of this document' });
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  if (createHash('sha256').update(bytes).digest('hex') !== hash) {
    return err({
      code: 'corrupt',
      what: 'the file of this document',
      reason: 'What arrived is not what was sent. Nothing was kept; try again, and tell your IT if it happens twice.',
    });
  }
  const kept = store.transaction((db) => {
    keepBlob(db, hash, bytes, now, true);
    return ok({});
  });
  return kept.ok ? ok(bytes) : kept;
}
