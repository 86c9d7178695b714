import { createHash } from 'node:crypto';
import type pg from 'pg';
import { RemoteError } from '../../sync/remote.ts';
import { sha256 } from '../../sync/files/kept-files.ts';
import { unreachable } from '../../sync/files/file-store.ts';
import type { StoreLine } from './store-line.ts';

export interface WholeFile {
  firmId: string;
  hash: string;
  sizeBytes: number;
  home: 'postgres' | 's3';
}

/** One chunk of a file at the firm, and what it should be. */
export interface FirmChunk {
  number: number;
  bytes: Buffer | null;
  /** The announced hash; null for a chunk that came before there were any. */
  digest: Buffer | null;
}

/** A few chunks at once fill the line; more would only fill memory. */
const together = 4;

export const keyOf = ({ firmId, hash }: Pick<WholeFile, 'firmId' | 'hash'>, chunk: number): string => `${firmId}/${hash}/${String(chunk)}`;

/** The chunks of a file in order, a few in memory at a time, from wherever it lies; bytes null where they are missing. May reject with RemoteError. */
export async function* chunksOfFile(admin: pg.Client, line: StoreLine | null, file: WholeFile): AsyncGenerator<FirmChunk[]> {
  for (let from = 0; ; from += together) {
    const { rows } = await admin.query<FirmChunk>(
      `select chunk_number as number, bytes, digest from steno.blob_chunk
       where firm_id = $1 and content_hash = $2 and chunk_number >= $3 and chunk_number < $4 order by chunk_number`,
      [file.firmId, file.hash, from, from + together],
    );
    if (rows.length === 0) return;
    if (file.home === 'postgres') yield rows;
    else yield await Promise.all(rows.map(async (row) => ({ ...row, bytes: await outside(line, keyOf(file, row.number)) })));
    if (rows.length < together) return;
  }
}

async function outside(line: StoreLine | null, key: string): Promise<Buffer | null> {
  if (!line) throw unreachable('the firm has none');
  const { status, code, body } = await line.get(key);
  if (status === 404) return null;
  if (status !== 200) throw unreachable(`it answers ${String(status)} ${code}`);
  return body;
}

/** Reads a file through: whether it is what its hash says, each chunk handed on as it is found good. */
export async function readThrough(
  admin: pg.Client,
  line: StoreLine | null,
  file: WholeFile,
  onChunks: (chunks: { number: number; bytes: Buffer; digest: Buffer }[]) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const whole = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunks of chunksOfFile(admin, line, file)) {
    const good: { number: number; bytes: Buffer; digest: Buffer }[] = [];
    for (const { number, bytes, digest } of chunks) {
      const actual = bytes && sha256(bytes);
      if (!actual || (digest && !digest.equals(actual))) return false;
      whole.update(bytes);
      sizeBytes += bytes.length;
      good.push({ number, bytes, digest: actual });
    }
    await onChunks(good);
  }
  return sizeBytes === file.sizeBytes && whole.digest('hex') === file.hash;
}

export async function inTransaction(admin: pg.Client, work: () => Promise<void>): Promise<void> {
  await admin.query('begin');
  try {
    await work();
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}

export const isRemote = (error: unknown): error is RemoteError => error instanceof RemoteError;
