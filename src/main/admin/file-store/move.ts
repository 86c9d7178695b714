import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { unreachable } from '../../sync/files/file-store.ts';
import { inTransaction, isRemote, keyOf, readThrough, type WholeFile } from './chunk-line.ts';
import { openStoreLine, type StoreLine } from './store-line.ts';

export interface MoveReport {
  moved: number;
  movedBytes: number;
  /** Files that are not what their hash says; they stay where they are. `admin file-store verify` decides about them. */
  broken: string[];
  left: number;
}

interface Moving {
  admin: pg.Client;
  firmId: string;
  to: 'postgres' | 's3';
  dryRun: boolean;
  onProgress(text: string): void;
}

/**
 * Moves the firm's files between Postgres and its store, while people work: each is read through, written, read back and only then switched
 * over, in one transaction. What a run that was cut off has moved stays moved; the next goes on. Errors: not_found (no store), provider_failed.
 */
export async function moveFiles({ admin, firmId, to, dryRun, onProgress }: Moving): Promise<Outcome<MoveReport>> {
  const opened = await openStoreLine(admin, firmId);
  if (!opened.ok) return opened;
  const line = opened.value;
  try {
    const { rows } = await admin.query<WholeFile>(
      `select firm_id as "firmId", content_hash as hash, size_bytes::float8 as "sizeBytes", home from steno.blob
       where firm_id = $1 and completed_at is not null and home <> $2 order by size_bytes, content_hash`,
      [firmId, to],
    );
    const total = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const report: MoveReport = { moved: 0, movedBytes: 0, broken: [], left: rows.length };
    if (dryRun) return ok({ ...report, movedBytes: total });
    // what comes from now on goes there by itself
    await admin.query('update auth.file_store set is_home = $2 where firm_id = $1 and is_home <> $2', [firmId, to === 's3']);
    for (const file of rows) {
      const isMoved = to === 's3' ? await moveOut(admin, line, file) : await moveIn(admin, line, file);
      report.left -= 1;
      if (isMoved) {
        report.moved += 1;
        report.movedBytes += file.sizeBytes;
      } else report.broken.push(file.hash);
      onProgress(
        `${String(rows.length - report.left)} of ${String(rows.length)} files, ${megabytes(report.movedBytes)} of ${megabytes(total)} MB`,
      );
    }
    return ok(report);
  } catch (error) {
    if (isRemote(error)) return err(error.error);
    throw error;
  } finally {
    line.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

/** From Postgres to the store. What an earlier run has put there is not sent again. */
async function moveOut(admin: pg.Client, line: StoreLine, file: WholeFile): Promise<boolean> {
  const isWhole = await readThrough(admin, null, file, async (chunks) => {
    await Promise.all(
      chunks.map(async ({ number, bytes }) => {
        const key = keyOf(file, number);
        const holds = async (): Promise<boolean> => {
          const { status, body } = await line.get(key);
          return status === 200 && body.equals(bytes);
        };
        if (await holds()) return;
        const { status, code } = await line.put(key, bytes);
        // read back: afterwards it is the only copy
        if (status !== 200 || !(await holds())) throw unreachable(`it did not keep what was sent, ${code || String(status)}`);
      }),
    );
    await noteDigests(admin, file, chunks);
  });
  if (!isWhole) return false;
  await inTransaction(admin, async () => {
    await admin.query('delete from steno.file_removal where firm_id = $1 and content_hash = $2', [file.firmId, file.hash]);
    await admin.query('update steno.blob_chunk set bytes = null where firm_id = $1 and content_hash = $2', [file.firmId, file.hash]);
    await settle(admin, file, 's3');
  });
  return true;
}

/** From the store to Postgres; the objects are deleted by the next sweep. */
async function moveIn(admin: pg.Client, line: StoreLine, file: WholeFile): Promise<boolean> {
  const isWhole = await readThrough(admin, line, file, async (chunks) => {
    for (const { number, bytes } of chunks)
      await admin.query('update steno.blob_chunk set bytes = $4 where firm_id = $1 and content_hash = $2 and chunk_number = $3', [
        file.firmId,
        file.hash,
        number,
        bytes,
      ]);
    await noteDigests(admin, file, chunks);
  });
  if (!isWhole) return false;
  await inTransaction(admin, async () => {
    await admin.query(
      `insert into steno.file_removal (firm_id, content_hash, chunk_count) select $1, $2, count(*) from steno.blob_chunk where firm_id = $1 and content_hash = $2
       on conflict do nothing`,
      [file.firmId, file.hash],
    );
    await settle(admin, file, 'postgres');
  });
  return true;
}

async function settle(admin: pg.Client, file: WholeFile, home: WholeFile['home']): Promise<void> {
  await admin.query(
    'update steno.blob set home = $3, is_unverified = false, disputed_at = null where firm_id = $1 and content_hash = $2 and completed_at is not null',
    [file.firmId, file.hash, home],
  );
}

/** Files that came before chunks were announced have their hashes from now on. */
export async function noteDigests(
  admin: pg.Client,
  { firmId, hash }: WholeFile,
  chunks: { number: number; digest: Buffer }[],
): Promise<void> {
  for (const { number, digest } of chunks)
    await admin.query(
      'update steno.blob_chunk set digest = $4 where firm_id = $1 and content_hash = $2 and chunk_number = $3 and digest is null',
      [firmId, hash, number, digest],
    );
}
