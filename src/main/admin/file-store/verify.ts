import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { inTransaction, isRemote, keyOf, readThrough, type WholeFile } from './chunk-line.ts';
import { noteDigests } from './move.ts';
import { openStoreLine } from './store-line.ts';

export interface VerifyReport {
  verified: number;
  /** Thrown away, because they were not what their hash says. A laptop that has one sends it again at its next start. */
  thrownAway: string[];
  /** As those, but of a matter on legal hold: left as they are. */
  held: string[];
}

interface Verifying {
  admin: pg.Client;
  firmId: string;
  /** Every file, not only those that the server could not hash itself. */
  all: boolean;
  dryRun: boolean;
  onProgress(text: string): void;
}

/** Reads the firm's files through and hashes each as a whole, in bounded memory. Errors: those of the store. */
export async function verifyFiles({ admin, firmId, all, dryRun, onProgress }: Verifying): Promise<Outcome<VerifyReport>> {
  const { rows } = await admin.query<WholeFile>(
    `select firm_id as "firmId", content_hash as hash, size_bytes::float8 as "sizeBytes", home from steno.blob
     where firm_id = $1 and completed_at is not null and ($2 or is_unverified or disputed_at is not null) order by size_bytes, content_hash`,
    [firmId, all],
  );
  const opened = rows.some(({ home }) => home === 's3') ? await openStoreLine(admin, firmId) : ok(null);
  if (!opened.ok) return opened;
  const line = opened.value;
  const report: VerifyReport = { verified: 0, thrownAway: [], held: [] };
  try {
    for (const [n, file] of rows.entries()) {
      const isWhole = await readThrough(admin, line, file, (chunks) => (dryRun ? Promise.resolve() : noteDigests(admin, file, chunks)));
      if (isWhole) {
        report.verified += 1;
        if (!dryRun)
          await admin.query(
            'update steno.blob set is_unverified = false, disputed_at = null where firm_id = $1 and content_hash = $2 and (is_unverified or disputed_at is not null)',
            [firmId, file.hash],
          );
      } else report[dryRun || (await throwAway(admin, file)) ? 'thrownAway' : 'held'].push(file.hash);
      onProgress(`${String(n + 1)} of ${String(rows.length)} files`);
    }
    return ok(report);
  } catch (error) {
    if (isRemote(error)) return err(error.error);
    throw error;
  } finally {
    line?.close();
  }
}

/** False where a legal hold forbids it. */
async function throwAway(admin: pg.Client, { firmId, hash }: WholeFile): Promise<boolean> {
  try {
    await inTransaction(admin, async () => {
      await admin.query('delete from steno.blob where firm_id = $1 and content_hash = $2', [firmId, hash]);
      await admin.query(`select steno.audit_note($1, 'blob', $2, 'broken_file_removed', null)`, [firmId, hash]);
    });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'SN001') return false;
    throw error;
  }
}

/** Of one firm, or of all: what retention deleted here is deleted in their stores as well. */
export async function sweepStores(admin: pg.Client, slug: string | undefined): Promise<Outcome<number>> {
  const { rows } = await admin.query<{ firmId: string }>(
    'select distinct r.firm_id as "firmId" from steno.file_removal r join steno.firm f using (firm_id) where $1::text is null or f.firm_slug = $1::public.citext',
    [slug ?? null],
  );
  let files = 0;
  for (const { firmId } of rows) {
    const swept = await sweepStore(admin, firmId, false);
    if (!swept.ok) return swept;
    files += swept.value.files;
  }
  return ok(files);
}

/**
 * Deletes in the store what is gone here. A laptop that sends such a file again at that moment waits, so that nothing of it is deleted.
 * Errors: those of the store; what is left waits for the next sweep.
 */
export async function sweepStore(admin: pg.Client, firmId: string, dryRun: boolean): Promise<Outcome<{ files: number; objects: number }>> {
  const { rows } = await admin.query<{ hash: string; chunks: number }>(
    'select content_hash as hash, chunk_count as chunks from steno.file_removal where firm_id = $1 order by asked_at, content_hash',
    [firmId],
  );
  const due = { files: rows.length, objects: rows.reduce((sum, { chunks }) => sum + chunks, 0) };
  if (dryRun || rows.length === 0) return ok(due);
  const opened = await openStoreLine(admin, firmId);
  if (!opened.ok) return opened;
  const line = opened.value;
  const done = { files: 0, objects: 0 };
  try {
    for (const { hash } of rows) {
      await inTransaction(admin, async () => {
        const locked = await admin.query<{ chunks: number; isBack: boolean }>(
          `select r.chunk_count as chunks, exists (select from steno.blob b where b.firm_id = r.firm_id and b.content_hash = r.content_hash and b.home = 's3') as "isBack"
           from steno.file_removal r where r.firm_id = $1 and r.content_hash = $2 for update`,
          [firmId, hash],
        );
        const [removal] = locked.rows;
        if (!removal || removal.isBack) return;
        for (let n = 0; n < removal.chunks; n += 1) {
          const { status, code } = await line.remove(keyOf({ firmId, hash }, n));
          if (status >= 300 && status !== 404) throw new Error(`the store refuses to delete: ${String(status)} ${code}`);
        }
        await admin.query('delete from steno.file_removal where firm_id = $1 and content_hash = $2', [firmId, hash]);
        done.files += 1;
        done.objects += removal.chunks;
      });
    }
    return ok(done);
  } catch (error) {
    if (isRemote(error)) return err(error.error);
    throw error;
  } finally {
    line.close();
  }
}
