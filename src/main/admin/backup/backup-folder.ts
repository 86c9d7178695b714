import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Outcome } from '../../../shared/result.ts';

const fileName = z.string().regex(/^[A-Za-z0-9_.-]+$/);

/** steno-backup.json: what a backup is, and what its files and rows must be when it is looked at again. */
export const BackupRecord = z.object({
  format: z.literal(1),
  kind: z.enum(['base', 'dump']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  server: z.object({ version: z.string(), major: z.number().int() }),
  database: z.string(),
  /** 0: no Steno in it. */
  schemaVersion: z.number().int(),
  /** Roles that own or may use what is in it; a dump does not carry them. */
  roles: z.array(z.object({ name: z.string(), canLogin: z.boolean(), inherits: z.boolean() })),
  /** base: where its WAL begins and ends. */
  wal: z
    .object({
      startLsn: z.string(),
      endLsn: z.string(),
      endedAt: z.iso.datetime(),
      timeline: z.number().int(),
      segmentBytes: z.number().int(),
    })
    .nullable(),
  files: z.array(z.object({ name: fileName, sizeBytes: z.number().int(), sha256: z.string() })),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), hash: z.string() })),
});
export type BackupRecord = z.infer<typeof BackupRecord>;

const Bucket = z.tuple([z.number().int(), z.string().regex(/^-?\d+$/), z.string().regex(/^-?\d+$/)]);

/** row-hashes.json, apart because it is long. */
export const RowRecord = z.object({
  /** In which the rows were looked at, before the copy of a base backup began. */
  snapshot: z.string(),
  hashes: z.record(z.string(), z.record(z.string(), Bucket)),
  /** Buckets that others changed while a base backup ran. */
  unsettled: z.record(z.string(), z.array(z.string())),
  /** base: which table or index lies in which data file, to name what is damaged. */
  relations: z.record(z.string(), z.string()),
});
export type RowRecord = z.infer<typeof RowRecord>;

export const recordName = 'steno-backup.json';
export const rowsName = 'row-hashes.json';

/** Written whole to the disk before anything says that it is there; for this user's eyes, as all of a backup. */
export async function writeDurable(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be synced there
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function hashFile(path: string): Promise<{ sizeBytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = part as Buffer;
    hash.update(bytes);
    sizeBytes += bytes.length;
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** Errors: not_found (no backup there), corrupt (its record cannot be read). */
export async function readBackup(folder: string): Promise<Outcome<BackupRecord>> {
  const text = await readFile(join(folder, recordName), 'utf8').catch(() => null);
  if (text === null) return err({ code: 'not_found', what: `a finished backup in ${folder} (no ${recordName})` });
  const parsed = BackupRecord.safeParse(parseJson(text));
  if (parsed.success) return ok(parsed.data);
  const reason = 'It was cut short or changed, so nothing can be compared with it. Use an older backup; nothing was changed.';
  return err({ code: 'corrupt', what: `${recordName} in ${folder}`, reason });
}

export async function readRows(folder: string): Promise<RowRecord | null> {
  const parsed = RowRecord.safeParse(parseJson(await readFile(join(folder, rowsName), 'utf8').catch(() => '')));
  return parsed.success ? parsed.data : null;
}

/** What is wrong with the backup's files, by name; empty when each is as it was written. */
export async function checkFiles(
  folder: string,
  record: BackupRecord,
  onFile: (name: string) => void = () => undefined,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, sizeBytes, sha256 } of record.files) {
    onFile(name);
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (!found) problems.push(`${name} is missing`);
    else if (found.size !== sizeBytes) problems.push(`${name} has ${String(found.size)} bytes instead of ${String(sizeBytes)}`);
    else if ((await hashFile(path)).sha256 !== sha256) problems.push(`${name} has other content than when it was written`);
  }
  return problems;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
