import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { explainDatabaseError } from '../database-error.ts';
import { hashFile, recordName, rowsName, syncFolder, writeDurable, type BackupRecord, type RowRecord } from './backup-folder.ts';
import { receiveBase } from './base-backup.ts';
import { writeDump } from './dump.ts';
import { findClientProgram } from './programs.ts';
import { beginSnapshot, changedBuckets, hashRows, summarize, type RowHashes } from './row-hashes.ts';
import { readSource, type SourceServer } from './server-facts.ts';

export interface BackupOptions {
  url: string;
  /** The folder of backups; each gets one of its own in it. */
  out: string;
  kind: 'base' | 'dump';
  pgBin?: string;
  onProgress(text: string): void;
}

export interface TakenBackup {
  folder: string;
  kind: BackupRecord['kind'];
  sizeBytes: number;
  rows: number;
  ms: number;
  /** Of steno-backup.json: noted elsewhere, it shows later that the backup is this one. */
  fingerprint: string;
}

const dumpName = 'database.dump';

/**
 * A backup in a folder of its own, readable by this user only, under a temporary name until all of it is on the disk. Errors: unsupported,
 * forbidden, offline, full, provider_failed (what pg_dump or the server said); nothing is left behind then.
 */
export async function takeBackup(admin: pg.Client, options: BackupOptions): Promise<Outcome<TakenBackup>> {
  const beganMs = Date.now();
  const source = await readSource(admin, options.kind);
  if (!source.ok) return source;
  const startedAt = await serverTime(admin);
  const folder = join(options.out, `${startedAt.replace(/[:.]/g, '-')}-${options.kind}`);
  const partial = `${folder}.partial`;
  try {
    await mkdir(options.out, { recursive: true, mode: 0o700 });
    await mkdir(partial, { mode: 0o700 });
    const made =
      options.kind === 'base'
        ? await takeBase(admin, source.value, partial, options)
        : await takeDump(admin, source.value, partial, options);
    if (!made.ok) return made;
    await writeDurable(join(partial, rowsName), JSON.stringify(made.value.rows));
    const files = [...made.value.files, { name: rowsName, ...(await hashFile(join(partial, rowsName))) }];
    const tables = Object.entries(made.value.rows.hashes).map(([name, buckets]) => ({ name, ...summarize(buckets) }));
    const { server, database, schemaVersion, roles } = source.value;
    const about = {
      format: 1 as const,
      kind: options.kind,
      startedAt,
      finishedAt: await serverTime(admin),
      server,
      database,
      schemaVersion,
      roles,
    };
    const record: BackupRecord = { ...about, wal: made.value.wal, files, tables };
    await writeDurable(join(partial, recordName), JSON.stringify(record, null, 2));
    await syncFolder(partial);
    await rename(partial, folder);
    await syncFolder(options.out);
    const { sha256 } = await hashFile(join(folder, recordName));
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return ok({ folder, kind: options.kind, sizeBytes, rows, ms: Date.now() - beganMs, fingerprint: sha256 });
  } catch (error) {
    return explainFailure(error, options.out);
  } finally {
    // renamed by then, if all went well; and where nothing could be written there is nothing to remove
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
}

type Made = Outcome<{ files: BackupRecord['files']; rows: RowRecord; wal: BackupRecord['wal'] }>;

/** Rows and dump of one snapshot: they must agree to the last row. */
async function takeDump(admin: pg.Client, source: SourceServer, folder: string, { url, pgBin, onProgress }: BackupOptions): Promise<Made> {
  const program = await findClientProgram('pg_dump', source.server.major, pgBin);
  if (!program.ok) return program;
  await beginSnapshot(admin);
  try {
    const { rows } = await admin.query<{ id: string }>('select pg_export_snapshot() as id');
    await writeDump(program.value.path, url, rows[0]?.id ?? '', join(folder, dumpName), (table) => onProgress(`dumping ${table}`));
    const { hashes, snapshot } = await look(admin, (table) => onProgress(`hashing ${table}`));
    const files = [{ name: dumpName, ...(await hashFile(join(folder, dumpName))) }];
    return ok({ files, rows: { hashes, snapshot, unsettled: {}, relations: {} }, wal: null });
  } finally {
    await admin.query('rollback').catch(() => undefined);
  }
}

/**
 * A copy of the files while people work holds the rows of the moment at which it ends. Two looks at the rows, before it and after it, tell
 * which of them nobody touched meanwhile: those are known exactly.
 */
async function takeBase(admin: pg.Client, source: SourceServer, folder: string, { url, onProgress }: BackupOptions): Promise<Made> {
  const before = await lookAtRows(admin, (table) => onProgress(`hashing ${table}`));
  let shown = 0;
  const { files, range } = await receiveBase(url, folder, (doneBytes, totalBytes) => {
    const percent = totalBytes === 0 ? 0 : Math.min(Math.floor((100 * doneBytes) / totalBytes), 100);
    if (percent < shown + 5) return;
    shown = percent;
    onProgress(`copying ${String(percent)}%, ${String(Math.round(doneBytes / 1e6))} MB`);
  });
  const endedAt = await serverTime(admin);
  const after = await lookAtRows(admin, (table) => onProgress(`hashing ${table} again`));
  const rows = { ...before, unsettled: changedBuckets(before.hashes, after.hashes), relations: source.relations };
  return ok({ files, rows, wal: { ...range, endedAt, segmentBytes: source.segmentBytes } });
}

interface Look {
  hashes: RowHashes;
  snapshot: string;
}

async function look(admin: pg.Client, onTable: (name: string) => void): Promise<Look> {
  const { rows } = await admin.query<{ snapshot: string }>('select pg_current_snapshot()::text as snapshot');
  return { snapshot: rows[0]?.snapshot ?? '', hashes: (await hashRows(admin, onTable)).all };
}

async function lookAtRows(admin: pg.Client, onTable: (name: string) => void): Promise<Look> {
  await beginSnapshot(admin);
  try {
    return await look(admin, onTable);
  } finally {
    await admin.query('rollback').catch(() => undefined);
  }
}

async function serverTime(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ at: Date }>('select clock_timestamp() as at');
  return (rows[0]?.at ?? new Date(0)).toISOString();
}

function explainFailure(error: unknown, out: string): Outcome<never> {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const safe = 'No backup was made, and the server is as it was.';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return err({
      code: 'full',
      what: `the backup in ${out}`,
      reason: `The disk filled up. ${safe} Free some space or choose another --out.`,
    });
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST')
    return err({ code: 'invalid_input', what: `--out ${out}`, reason: `The system refuses to write there (${code}). ${safe}` });
  const explained = explainDatabaseError(error, 'the backup', safe);
  if (explained) return err(explained);
  return err({ code: 'provider_failed', what: 'the backup', reason: `It was told: ${message}. ${safe}` });
}
