import { eq } from 'drizzle-orm';
import type { AppError } from '../../../shared/errors.ts';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { blobFile, fileTransfer } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { FirmFiles, FoundFile } from './firm-files.ts';
import { beginFile, chunksOf, confirmFile, dropChunks, findKept, hashKept, keepWhole, putChunk, sha256 } from './kept-files.ts';
import { inFlight, type Progress } from './transfer.ts';

interface Fetching {
  store: Store;
  firm: FirmFiles;
  hash: string;
  now: number;
  signal: AbortSignal;
  onProgress(at: Progress): void;
}

/** A chunk that arrives damaged is asked for this often. */
const mostTries = 3;

/**
 * Brings one file from the firm, chunk by chunk into the store; what arrived before the line broke or Steno ended is not asked for again.
 * It counts as here only once SHA-256 over all of it is what its name says. Otherwise its chunks are dropped and it is fetched once more;
 * after that it is said. Errors: not_found, corrupt, cancelled, those of the store; those of RemoteError are rejected.
 */
export async function downloadFile(fetching: Fetching): Promise<Outcome<unknown>> {
  const { store, firm, hash, signal } = fetching;
  for (let attempt = 1; ; attempt += 1) {
    const found = await firm.find(hash);
    if (!found) return err(notYet);
    const begun = begin(fetching, found);
    if (!begun.ok) return begun;
    const brought = await bringChunks(fetching, found);
    if (signal.aborted) return err(cancelled);
    if (!brought.ok) return brought;
    if (brought.value === 'all') {
      const { actual, broken } = await hashKept(store, hash, found.digests);
      if (actual === hash) return finish(store, hash);
      const dropped = store.transaction((db) => {
        // which chunk is wrong is known where the firm knows their hashes; where all agree with them, the firm's copy itself is
        dropChunks(db, hash, broken.length > 0 ? broken : chunksOf(store, hash).map(({ chunk }) => chunk));
        return ok({});
      });
      if (!dropped.ok) return dropped;
      if (attempt >= 2) return err(notTheFile);
    } else if (attempt >= mostTries) return err(notYet); // it moved house three times while it was fetched
  }
}

function begin({ store, hash, now }: Fetching, found: FoundFile): Outcome<unknown> {
  return store.transaction((db) => {
    const before = findKept(store, hash);
    // never whole here, so another size is an announcement that came to nothing
    if (before && !before.isWhole && before.sizeBytes !== found.sizeBytes) db.delete(blobFile).where(eq(blobFile.contentHash, hash)).run();
    beginFile(db, hash, found.sizeBytes, now);
    const here = chunksOf(store, hash);
    const stale = here.filter(
      ({ chunk, digest }) => chunk >= found.chunks || (found.digests && !digest?.equals(digestAt(found.digests, chunk))),
    );
    dropChunks(
      db,
      hash,
      stale.map(({ chunk }) => chunk),
    );
    db.update(fileTransfer)
      .set({ chunkCount: found.chunks, chunksDone: here.length - stale.length })
      .where(eq(fileTransfer.contentHash, hash))
      .run();
    return ok({});
  });
}

/** 'moved': the firm's files are moving house, ask where this one is now. */
async function bringChunks({ store, firm, hash, signal, onProgress }: Fetching, found: FoundFile): Promise<Outcome<'all' | 'moved'>> {
  const here = new Set(chunksOf(store, hash).map(({ chunk }) => chunk));
  const missing = Array.from({ length: found.chunks }, (_, chunk) => chunk).filter((chunk) => !here.has(chunk));
  onProgress({ done: here.size, of: found.chunks });
  const state: { isMoved: boolean; done: number } = { isMoved: false, done: here.size };
  const brought = await inFlight(missing, async (chunk) => {
    if (state.isMoved || signal.aborted) return ok({});
    const bytes = await intactChunk(firm, hash, found, chunk);
    if (bytes === 'damaged') return err(damaged);
    if (bytes === null) {
      state.isMoved = true;
      return ok({});
    }
    state.done += 1;
    const kept = store.transaction((db) => {
      putChunk(db, hash, chunk, Buffer.from(bytes));
      db.update(fileTransfer).set({ chunksDone: state.done }).where(eq(fileTransfer.contentHash, hash)).run();
      return ok({});
    });
    if (kept.ok) onProgress({ done: state.done, of: found.chunks });
    return kept;
  });
  if (!brought.ok) return brought;
  return ok(state.isMoved ? 'moved' : 'all');
}

async function intactChunk(firm: FirmFiles, hash: string, found: FoundFile, chunk: number): Promise<Uint8Array | 'damaged' | null> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    const bytes = await firm.get(hash, found.home, chunk);
    if (bytes === null || !found.digests || sha256(bytes).equals(digestAt(found.digests, chunk))) return bytes;
  }
  return 'damaged';
}

function finish(store: Store, hash: string): Outcome<unknown> {
  return store.transaction((db) => {
    keepWhole(db, hash);
    confirmFile(db, hash, true);
    return ok({});
  });
}

function digestAt(digests: Buffer, chunk: number): Buffer {
  return digests.subarray(chunk * 32, chunk * 32 + 32);
}

const cancelled: AppError = { code: 'cancelled', what: 'fetching the file' };
const notYet: AppError = { code: 'not_found', what: 'the file of this document' };
const damaged: AppError = {
  code: 'corrupt',
  what: 'the file on its way from the firm',
  reason: 'A part of it arrived changed three times in a row. What arrived whole is kept; try again, and tell your IT if it happens twice.',
};
const notTheFile: AppError = {
  code: 'corrupt',
  what: 'the firm’s copy of this file',
  reason:
    'Twice it was not the file that was added, so nothing of it was kept here. Its text and facts are not touched. Ask your IT to run ‘steno admin file-store verify’; a laptop that still has the file then sends it again.',
};
