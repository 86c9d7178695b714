import { copyFileSync, cpSync, openSync, readFileSync, readSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { hashFile, readBackup, recordName, writeDurable } from '../../src/main/admin/backup/backup-folder.ts';
import { must } from './laptop.ts';

/** A copy of a backup, to be damaged. */
export function copyOf(folder: string, name: string): string {
  const copy = `${folder}-${name}`;
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** Inverts one byte at the first place where those bytes stand in the file. */
export function flipAt(path: string, needle: string): void {
  const at = readFileSync(path).indexOf(needle);
  if (at < 0) throw new Error(`${needle} is not in ${path}`);
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
  closeSync(file);
}

export function replaceFile(folder: string, name: string, from: string): void {
  copyFileSync(join(from, name), join(folder, name));
}

export function truncate(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
}

/** Makes the record agree with a file that was changed, as damage from before the backup or a careful forger would leave it. */
export async function recordAgain(folder: string, name: string): Promise<void> {
  const record = must(await readBackup(folder));
  const hash = await hashFile(join(folder, name));
  const files = record.files.map((file) => (file.name === name ? { name, ...hash } : file));
  await writeDurable(join(folder, recordName), JSON.stringify({ ...record, files }));
}
