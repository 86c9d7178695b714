import { chmod, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import type { PostgresFiles } from '../postgres-binaries.ts';
import { giveTo, runProgram } from '../postgres-data.ts';
import { checkFiles, hashFile, readBackup, readRows, recordName, type BackupRecord, type RowRecord } from './backup-folder.ts';
import { compareRows, type TableVerdict } from './compare-rows.ts';
import { loadDump } from './dump.ts';
import { findClientProgram, findServerProgram } from './programs.ts';
import { checkTarget, copyWal, explainRecovery, recoverySettings, type RecoveryTarget } from './recovery.ts';
import { makeRoles } from './restore.ts';
import { beginSnapshot, hashRows, type SeenRows } from './row-hashes.ts';
import { makePlace, ownConfiguration, serveThrowaway, withThrowaway, type ThrowawayServer } from './throwaway.ts';
import { unpackBase } from './unpack-base.ts';

export interface DrillOptions {
  from: string;
  pgBin?: string;
  /** Where the throwaway server lives; it takes as much room as the database. */
  scratch?: string;
  recovery: RecoveryTarget | null;
  onProgress(text: string): void;
}

export interface DrillReport {
  verdict: 'sound' | 'damaged';
  backup: Pick<BackupRecord, 'kind' | 'startedAt' | 'finishedAt' | 'server' | 'database' | 'schemaVersion'>;
  fingerprint: string;
  /** What is wrong with files, or how the copy failed to open; with any of these no row was compared. */
  problems: string[];
  tables: TableVerdict[];
  /** restoreMs is the time until the copy answered queries: what a real recovery would take on this machine, without the look at its rows. */
  restoreMs: number;
  totalMs: number;
}

/**
 * Brings a backup up in a throwaway server on this machine and compares every row with what was recorded; removes it again. Damage is a
 * report, not an error. Errors: not_found, corrupt (no record to compare with), unsupported (no such Postgres here), full.
 */
export async function drillBackup(options: DrillOptions): Promise<Outcome<DrillReport>> {
  const startedMs = Date.now();
  const record = await readBackup(options.from);
  if (!record.ok) return record;
  const { kind, startedAt, finishedAt, server, database, schemaVersion } = record.value;
  const target = checkTarget(options.recovery, record.value);
  if (!target.ok) return target;
  const rows = await readRows(options.from);
  const { sha256: fingerprint } = await hashFile(join(options.from, recordName));
  const report = { backup: { kind, startedAt, finishedAt, server, database, schemaVersion }, fingerprint, tables: [], restoreMs: 0 };
  const damaged = (problems: string[]): Outcome<DrillReport> =>
    ok({ ...report, verdict: 'damaged', problems, totalMs: Date.now() - startedMs });
  if (!rows) return damaged(await checkFiles(options.from, record.value));

  const files = await findServerProgram(server.major, options.pgBin);
  if (!files.ok) return files;
  const place = await makePlace(files.value, options.scratch);
  try {
    const bring = kind === 'base' ? bringUpBase : bringUpDump;
    const up = await bring(options, record.value, rows, files.value, place);
    if (!up.ok) return up;
    if ('problems' in up.value) return damaged(up.value.problems);
    const restoreMs = Date.now() - startedMs;
    const throwaway = up.value.server;
    try {
      const seen = await lookAtRows(throwaway, database, kind === 'base' ? rows.snapshot : undefined, options.onProgress);
      if ('problem' in seen) return damaged([seen.problem]);
      const tables = compareRows(rows, seen, options.recovery !== null);
      const verdict = tables.some((table) => table.verdict === 'differs') ? 'damaged' : 'sound';
      return ok({ ...report, verdict, problems: [], tables, restoreMs, totalMs: Date.now() - startedMs });
    } finally {
      await throwaway.stop();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return err({
      code: 'full',
      what: 'the throwaway copy',
      reason: 'It takes as much room as the database. Name a folder with --scratch. Nothing was changed.',
    });
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}

type BroughtUp = Outcome<{ server: ThrowawayServer } | { problems: string[] }>;

async function bringUpBase(
  options: DrillOptions,
  record: BackupRecord,
  rows: RowRecord,
  files: PostgresFiles,
  place: string,
): Promise<BroughtUp> {
  const { from, recovery, onProgress } = options;
  const data = join(place, 'data');
  await mkdir(data, { mode: 0o700 });
  const problems = await unpackBase(from, record, rows.relations, data, onProgress);
  if (problems.length > 0) return ok({ problems });
  let wal = recovery && resolve(recovery.wal);
  if (wal !== null && files.runAs && record.wal) {
    await copyWal(wal, join(place, 'wal'), record.wal, files.runAs);
    wal = join(place, 'wal');
  }
  if (files.runAs) await giveTo(place, files.runAs);
  await ownConfiguration(files, data, recovery && wal !== null ? recoverySettings({ ...recovery, wal }) : '');
  onProgress('recovering');
  try {
    return ok({ server: await serveThrowaway(files, data, record.database) });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const known = explainRecovery(said);
    if (known !== null && recovery)
      return err({ code: 'invalid_input', what: '--wal or --until', reason: `${known} The backup was not changed.` });
    return ok({ problems: [`the copy does not open: ${known ?? said.trim().split('\n').slice(-3).join(' ')}`] });
  }
}

async function bringUpDump(
  options: DrillOptions,
  record: BackupRecord,
  _rows: RowRecord,
  files: PostgresFiles,
  place: string,
): Promise<BroughtUp> {
  const problems = await checkFiles(options.from, record, (name) => options.onProgress(`checking ${name}`));
  const dump = record.files.find(({ name }) => name.endsWith('.dump'));
  if (problems.length > 0 || !dump) return ok({ problems: dump ? problems : [...problems, 'it names no dump'] });
  const program = await findClientProgram('pg_restore', record.server.major, options.pgBin);
  if (!program.ok) return program;
  const data = join(place, 'data');
  await mkdir(data, { mode: 0o700 });
  if (files.runAs) await giveTo(place, files.runAs);
  await runProgram(files, files.initdb, [
    `--pgdata=${data}`,
    '--username=postgres',
    '--auth=reject',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
  ]);
  await ownConfiguration(files, data);
  await chmod(data, 0o700);
  const server = await serveThrowaway(files, data, 'postgres');
  try {
    await withThrowaway(server, 'postgres', async (client) => {
      await makeRoles(client, record);
      if (record.database !== 'postgres')
        await client.query(`create database ${client.escapeIdentifier(record.database)} template template0`);
    });
    await loadDump(program.value.path, server.url(record.database), join(options.from, dump.name), (table) =>
      options.onProgress(`loading ${table}`),
    );
    return ok({ server });
  } catch (error) {
    await server.stop();
    return ok({ problems: [`the dump does not load: ${error instanceof Error ? error.message : String(error)}`] });
  }
}

async function lookAtRows(
  server: ThrowawayServer,
  database: string,
  snapshot: string | undefined,
  onProgress: (text: string) => void,
): Promise<SeenRows | { problem: string }> {
  let at = '';
  const onTable = (name: string): void => {
    at = name;
    onProgress(`comparing ${name}`);
  };
  try {
    return await withThrowaway(server, database, async (client) => {
      await beginSnapshot(client);
      return await hashRows(client, onTable, snapshot);
    });
  } catch (error) {
    // a page whose checksum is wrong, a row that cannot be read: the table is damaged, and this is where it shows
    return { problem: `${at} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
