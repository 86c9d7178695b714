import { mkdir, readdir, rm, writeFile, appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { checkFiles, readBackup, readRows, type BackupRecord } from './backup-folder.ts';
import { compareRows, type TableVerdict } from './compare-rows.ts';
import { loadDump } from './dump.ts';
import { findClientProgram } from './programs.ts';
import { checkTarget, recoverySettings, type RecoveryTarget } from './recovery.ts';
import { beginSnapshot, hashRows } from './row-hashes.ts';
import { unpackBase } from './unpack-base.ts';

/** A dump carries no roles: those that own or use its tables, without passwords, where they are missing. */
export async function makeRoles(client: pg.Client, { roles }: BackupRecord): Promise<void> {
  for (const { name, canLogin, inherits } of roles) {
    const known = await client.query('select from pg_roles where rolname = $1', [name]);
    if (known.rowCount === 0)
      await client.query(
        `create role ${client.escapeIdentifier(name)} ${canLogin ? 'login' : 'nologin'} ${inherits ? 'inherit' : 'noinherit'}`,
      );
  }
}

export interface RestoreOptions {
  from: string;
  onProgress(text: string): void;
}

/**
 * A data directory that Postgres of the backup's version can be started on. With `recovery` its first start replays archived WAL.
 * Errors: invalid_input (the folder is not empty, or the backup is a dump), corrupt (nothing is left there then).
 */
export async function restoreToFolder(
  to: string,
  { from, recovery, onProgress }: RestoreOptions & { recovery: RecoveryTarget | null },
): Promise<Outcome<{ folder: string; major: number; lacksConfiguration: boolean }>> {
  const record = await readBackup(from);
  if (!record.ok) return record;
  if (record.value.kind !== 'base')
    return err({ code: 'invalid_input', what: '--to', reason: 'This backup is a dump: restore it into an empty database with --url.' });
  const target = checkTarget(recovery, record.value);
  if (!target.ok) return target;
  const folder = resolve(to);
  const held = await readdir(folder).catch(() => []);
  if (held.length > 0)
    return err({ code: 'invalid_input', what: `--to ${folder}`, reason: 'It is not empty. Name a new folder; nothing was changed.' });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const rows = await readRows(from);
  const problems = await unpackBase(from, record.value, rows?.relations ?? {}, folder, onProgress);
  if (problems.length > 0) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
    return err({
      code: 'corrupt',
      what: `the backup in ${from}`,
      reason: `${problems.join('; ')}. Nothing was left in ${folder}; use another backup.`,
    });
  }
  if (recovery) {
    await appendFile(join(folder, 'postgresql.auto.conf'), recoverySettings({ ...recovery, wal: resolve(recovery.wal) }));
    await writeFile(join(folder, 'recovery.signal'), '', { mode: 0o600 });
  }
  const lacksConfiguration = !(await readdir(folder)).includes('postgresql.conf');
  return ok({ folder, major: record.value.server.major, lacksConfiguration });
}

/**
 * Loads a dump into an empty database and compares its rows. Errors: conflict (the database is not empty), invalid_input (not a dump),
 * corrupt, unsupported (no pg_restore), provider_failed; the load is one transaction, so a failed one leaves the database empty.
 */
export async function restoreToDatabase(
  admin: pg.Client,
  { from, url, pgBin, onProgress }: RestoreOptions & { url: string; pgBin?: string },
): Promise<Outcome<{ tables: TableVerdict[] }>> {
  const record = await readBackup(from);
  if (!record.ok) return record;
  const dump = record.value.files.find(({ name }) => name.endsWith('.dump'));
  if (record.value.kind !== 'dump' || !dump)
    return err({ code: 'invalid_input', what: '--url', reason: 'This backup is a copy of files: restore it into a new folder with --to.' });
  const taken = await admin.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     union all select from pg_namespace where nspname in ('steno', 'auth', 'app')`,
  );
  if ((taken.rowCount ?? 0) > 0)
    return err({
      code: 'conflict',
      what: 'the database in --url',
      reason: 'It is not empty. Create a new one and name it; nothing was changed.',
    });
  const [problems, rows] = [await checkFiles(from, record.value, (name) => onProgress(`checking ${name}`)), await readRows(from)];
  if (problems.length > 0 || !rows)
    return err({
      code: 'corrupt',
      what: `the backup in ${from}`,
      reason: `${problems.join('; ')}. Nothing was changed; use another backup.`,
    });
  const program = await findClientProgram('pg_restore', record.value.server.major, pgBin);
  if (!program.ok) return program;
  await makeRoles(admin, record.value);
  try {
    await loadDump(program.value.path, url, join(from, dump.name), (table) => onProgress(`loading ${table}`));
  } catch (error) {
    const reason = `pg_restore said: ${error instanceof Error ? error.message : String(error)}. The database is empty as before.`;
    return err({ code: 'provider_failed', what: 'loading the dump', reason });
  }
  await beginSnapshot(admin);
  const seen = await hashRows(admin, (table) => onProgress(`comparing ${table}`)).finally(() => admin.query('rollback'));
  return ok({ tables: compareRows(rows, seen, false) });
}
