import { createHash } from 'node:crypto';
import { ok } from '../../src/shared/result.ts';
import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { chunkBytes, keepFile, sha256 } from '../../src/main/sync/files/kept-files.ts';
import { must, type TestLaptop } from './laptop.ts';

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file as it is announced and sent. */
export function chunked(bytes: Uint8Array, size = chunkBytes): { hash: string; chunks: Buffer[]; digests: Buffer } {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(Buffer.from(bytes.subarray(at, at + size)));
  return { hash: hashOf(bytes), chunks, digests: Buffer.concat(chunks.map((chunk) => sha256(chunk))) };
}

/** Announces, sends and completes a file, chunk after chunk; its hash. */
export async function sendFile(files: FirmFiles, bytes: Uint8Array, size = chunkBytes): Promise<string> {
  const { hash, chunks, digests } = chunked(bytes, size);
  const { home, missing } = await files.begin(hash, bytes.length, digests);
  for (const n of missing) await files.put(hash, home, n, chunks[n] ?? Buffer.alloc(0));
  await files.complete(hash);
  return hash;
}

/** Puts a file into a laptop's store, as ingest does; its hash. */
export function keepOn({ store }: Pick<TestLaptop, 'store'>, bytes: Uint8Array): string {
  const hash = hashOf(bytes);
  must(
    store.transaction((db) => {
      keepFile(db, hash, bytes, 0);
      return ok({});
    }),
  );
  return hash;
}
