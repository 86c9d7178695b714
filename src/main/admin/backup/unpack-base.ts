import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkFiles, type BackupRecord, type RowRecord } from './backup-folder.ts';
import { unpackTar } from './tar.ts';

const archive = 'base.tar';

/** Postgres' own list of what it sent; WAL is not in it and is checked by recovery. */
const Manifest = z.object({
  Files: z.array(z.object({ Path: z.string().optional(), 'Encoded-Path': z.string().optional(), Size: z.number(), Checksum: z.string() })),
});

/** Unpacks a base backup into an empty folder and says what of it is not as it was written; empty when all is. */
export async function unpackBase(
  from: string,
  record: BackupRecord,
  relations: RowRecord['relations'],
  place: string,
  onProgress: (text: string) => void,
): Promise<string[]> {
  const expected = record.files.find(({ name }) => name === archive);
  const problems = await checkFiles(from, { ...record, files: record.files.filter(({ name }) => name !== archive) });
  if (!expected) return [...problems, `${archive} is not among its files`];
  let unpacked;
  try {
    let shown = 0;
    unpacked = unpackTar(join(from, archive), place, (doneBytes) => {
      const percent = Math.floor((100 * doneBytes) / Math.max(expected.sizeBytes, 1));
      if (percent < shown + 5) return;
      shown = percent;
      onProgress(`unpacking ${String(percent)}%`);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw error;
    return [...problems, code === 'ENOENT' ? `${archive} is missing` : `${archive} cannot be unpacked: ${message}`];
  }
  if (unpacked.sha256 === expected.sha256 && problems.length === 0) return [];
  const listed = await readManifest(join(from, 'backup_manifest'));
  if (!listed) return [...problems, `${archive} has other content than when it was written`];
  const found = new Map(unpacked.files.map((file) => [file.path, file]));
  const inside = [...listed].filter(([path, sha256]) => found.get(path)?.sha256 !== sha256).map(([path]) => nameOf(path, relations));
  if (unpacked.sha256 !== expected.sha256) problems.push(`${archive} has other content than when it was written`);
  return [...problems, ...inside.map((name) => `inside it: ${name}`)];
}

async function readManifest(path: string): Promise<Map<string, string> | null> {
  try {
    const { Files } = Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
    return new Map(Files.map((file) => [file.Path ?? Buffer.from(file['Encoded-Path'] ?? '', 'hex').toString(), file.Checksum]));
  } catch {
    return null; // itself among the damaged files, and named there
  }
}

/** "base/5/16402.1" is the second gigabyte of what base/5/16402 is, "_vm" and "_fsm" lie beside it. */
function nameOf(path: string, relations: RowRecord['relations']): string {
  const relation = relations[path.replace(/(_vm|_fsm|_init)?(\.\d+)?$/, '')];
  return relation === undefined ? path : `${path}, which is ${relation}`;
}
