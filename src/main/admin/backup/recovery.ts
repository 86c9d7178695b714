import { chown, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import type { RunAs } from '../postgres-binaries.ts';
import type { BackupRecord } from './backup-folder.ts';

export interface RecoveryTarget {
  /** The folder that archive_command filled. */
  wal: string;
  /** A time with its zone, or an LSN; nothing: as far as the archive goes. */
  until?: string;
}

const lsn = /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i;
const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/;

/** Errors: invalid_input, naming the option. */
export function parseTarget(wal: string | undefined, until: string | undefined): Outcome<RecoveryTarget | null> {
  if (wal === undefined)
    return until === undefined
      ? ok(null)
      : err({ code: 'invalid_input', what: '--until', reason: 'It takes --wal, the folder of archived WAL, too.' });
  if (until !== undefined && !lsn.test(until) && !time.test(until))
    return err({
      code: 'invalid_input',
      what: '--until',
      reason: 'Write a time with its zone, 2026-03-01T14:05:00Z, or an LSN, 0/3000148.',
    });
  return ok({ wal, ...(until !== undefined && { until }) });
}

/**
 * Postgres given a time before the end of its backup would open at that end and say nothing. Errors: invalid_input.
 */
export function checkTarget(recovery: RecoveryTarget | null, { kind, wal }: BackupRecord): Outcome<null> {
  const refuse = (what: string, reason: string): Outcome<never> =>
    err({ code: 'invalid_input', what, reason: `${reason} Nothing was changed.` });
  if (!recovery) return ok(null);
  if (kind === 'dump' || !wal) return refuse('--wal', 'A dump has no place in the WAL; use a base backup.');
  const { until } = recovery;
  if (until === undefined) return ok(null);
  const isBefore = lsn.test(until) ? positionOf(until) < positionOf(wal.endLsn) : Date.parse(until) < Date.parse(wal.endedAt);
  if (isBefore) return refuse('--until', `It lies before the end of this backup (${wal.endedAt}, ${wal.endLsn}). Use an older backup.`);
  return ok(null);
}

function positionOf(text: string): bigint {
  const [high = '0', low = '0'] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

/** Lines for postgresql.auto.conf; with recovery.signal beside it Postgres replays up to the target and then opens for writing. */
export function recoverySettings({ wal, until }: RecoveryTarget): string {
  const copy =
    process.platform === 'win32' ? `copy "${wal.replaceAll('/', '\\')}\\%f" "%p"` : `cp '${wal.replaceAll("'", "'\\''")}/%f' "%p"`;
  const quoted = copy
    .replaceAll('%f', '\0f')
    .replaceAll('%p', '\0p')
    .replaceAll('%', '%%')
    .replaceAll('\0', '%')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''");
  // the settings file is read before names of zones are known, Z among them
  const at = until?.replace(/[Tt]/, ' ').replace(/[Zz]$/, '+00');
  const target = at === undefined ? '' : `recovery_target_${lsn.test(at) ? 'lsn' : 'time'} = '${at}'\n`;
  return `restore_command = '${quoted}'\n${target}recovery_target_action = 'promote'\n`;
}

/** The segments from the backup's start on, where the account that runs the server can read them: archives are often open to their owner only. */
export async function copyWal(wal: string, place: string, backup: NonNullable<BackupRecord['wal']>, runAs: RunAs): Promise<void> {
  await mkdir(place, { mode: 0o700 });
  await chown(place, runAs.uid, runAs.gid);
  const first = segmentOf(backup.startLsn, backup.segmentBytes);
  for (const name of await readdir(wal)) {
    if (!/^([0-9A-F]{24}|[0-9A-F]{8}\.history)$/.test(name) || (name.length === 24 && name.slice(8) < first)) continue;
    await copyFile(join(wal, name), join(place, name));
    await chown(join(place, name), runAs.uid, runAs.gid);
  }
}

/** The last sixteen digits of the name of the segment that holds a position. */
function segmentOf(position: string, segmentBytes: number): string {
  const at = positionOf(position);
  const hex = (n: bigint): string => n.toString(16).toUpperCase().padStart(8, '0');
  return hex(at >> 32n) + hex((at & 0xffffffffn) / BigInt(segmentBytes));
}

/** What Postgres said when recovery failed, in words for IT; null for what we do not know. */
export function explainRecovery(said: string): string | null {
  if (/recovery ended before configured recovery target was reached/.test(said))
    return 'The archived WAL ends before --until. Look whether later segments are elsewhere, or choose an earlier time.';
  if (/could not locate (required|a valid) checkpoint|invalid checkpoint record/.test(said))
    return 'The WAL that the backup begins with is missing or damaged.';
  return null;
}
