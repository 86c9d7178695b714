import { createHash } from 'node:crypto';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Db, Store } from '../store/store.ts';
import { beginFile, chunkBytes, dropHalf, hasFile, keepFile, keepWhole, putChunk } from '../sync/files/kept-files.ts';
import { changedMeanwhile, hashFile } from './hash-file.ts';

export interface TakenFile {
  hash: string;
  sizeBytes: number;
  /** Part of the transaction that makes the document: with it the bytes are the store's. */
  keep(db: Db): void;
  /** They were not wanted after all. */
  leave(): void;
}

/** Files up to this size are read once, in memory; what is hashed is then what is kept. */
const mostInMemoryBytes = 16 * 1024 * 1024;
/** What is larger stays where it is. */
export const mostKeptBytes = 2 * 1024 * 1024 * 1024;

interface Taking {
  store: Store;
  path: string;
  /** The case folder, out of which no link may lead. */
  within?: string | undefined;
  now: number;
  /** For tests: called after each piece that was read. */
  onPiece?: (() => Promise<void>) | undefined;
  mostInMemory?: number;
}

/**
 * A file from the disk into the store, never more than a piece of a large one in memory. It may be written to meanwhile: what is kept is
 * what its hash says, or nothing is, and `conflict` says to read it again. Further errors: those of `hashFile` and of the store.
 */
export async function takeFile({
  store,
  path,
  within,
  now,
  onPiece,
  mostInMemory = mostInMemoryBytes,
}: Taking): Promise<Outcome<TakenFile>> {
  let pieces: Buffer[] = [];
  let readBytes = 0;
  const hashed = await hashFile(path, {
    within,
    onPiece: async (piece) => {
      readBytes += piece.length;
      if (readBytes <= mostInMemory) pieces.push(Buffer.from(piece));
      else pieces = [];
      await onPiece?.();
    },
  });
  if (!hashed.ok) return hashed;
  const { hash, sizeBytes } = hashed.value;
  const nothing = (): void => undefined;
  if (sizeBytes <= mostInMemory) {
    const bytes = Buffer.concat(pieces);
    return ok({ hash, sizeBytes, keep: (db) => keepFile(db, hash, bytes, now), leave: nothing });
  }
  if (sizeBytes > mostKeptBytes || hasFile(store, hash)) return ok({ hash, sizeBytes, keep: nothing, leave: nothing });
  const staged = await stage({ store, path, within, now, onPiece }, hash, sizeBytes);
  if (!staged.ok) return staged;
  return ok({ hash, sizeBytes, keep: (db) => keepWhole(db, hash), leave: () => void dropHalf(store, hash) });
}

/** Reads it a second time, chunk by chunk into the store, where it is not yet a file; whole and unchanged, or dropped again. */
async function stage({ store, path, within, now, onPiece }: Taking, hash: string, sizeBytes: number): Promise<Outcome<unknown>> {
  const begun = store.transaction((db) => {
    beginFile(db, hash, sizeBytes, now);
    return ok({});
  });
  if (!begun.ok) return begun;
  const again = createHash('sha256');
  const state: { stored: Outcome<unknown>; chunk: number; held: Buffer } = { stored: ok({}), chunk: 0, held: Buffer.alloc(0) };
  const put = (bytes: Buffer): void => {
    if (!state.stored.ok) return;
    state.stored = store.transaction((db) => {
      putChunk(db, hash, state.chunk, bytes);
      return ok({});
    });
    state.chunk += 1;
  };
  const read = await hashFile(path, {
    within,
    onPiece: async (piece) => {
      again.update(piece);
      state.held = Buffer.concat([state.held, piece]);
      for (; state.held.length >= chunkBytes; state.held = state.held.subarray(chunkBytes))
        put(Buffer.from(state.held.subarray(0, chunkBytes)));
      await onPiece?.();
    },
  });
  if (state.held.length > 0) put(state.held);
  const isSame = read.ok && again.digest('hex') === hash;
  if (state.stored.ok && isSame) return ok({});
  dropHalf(store, hash);
  if (!state.stored.ok) return state.stored;
  return read.ok ? err(changedMeanwhile) : read;
}
