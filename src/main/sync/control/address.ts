import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdtemp, open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';

/** Where the Steno that has an account open listens, and the token that whoever asks has to show. */
const ControlRecord = z.strictObject({
  version: z.literal(1),
  address: z.string().min(1).max(200),
  token: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ControlRecord = z.infer<typeof ControlRecord>;

const recordName = 'control.json';
const socketName = 'control.sock';
/** What a Unix socket's path may have on every system, without the zero at its end. */
const mostPathBytes = 103;
const isWindows = process.platform === 'win32';

/** Short folders of this user, the best first. */
function runtimeFolders(): string[] {
  return [process.env['XDG_RUNTIME_DIR'] ?? '', tmpdir(), '/tmp'].filter((folder) => isAbsolute(folder));
}

/**
 * A path to listen at: in the account's folder where it is short enough, else in a new folder for this user alone, under a random name. On Windows a
 * pipe that nobody can guess. Null: there is no such place.
 */
export async function makeAddress(folder: string): Promise<string | null> {
  if (isWindows) return `\\\\.\\pipe\\steno-${randomBytes(16).toString('hex')}`;
  const here = join(folder, socketName);
  if (Buffer.byteLength(here) <= mostPathBytes) return here;
  for (const short of runtimeFolders()) {
    if (Buffer.byteLength(join(short, 'steno-123456', socketName)) > mostPathBytes) continue;
    const made = await mkdtemp(join(short, 'steno-')).catch(() => null);
    if (made !== null) return join(made, socketName);
  }
  return null;
}

/** Written whole or not at all. */
export async function writeRecord(folder: string, record: ControlRecord): Promise<void> {
  const made = join(folder, `${recordName}.${randomBytes(4).toString('hex')}`);
  const handle = await open(made, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(record));
  } finally {
    await handle.close();
  }
  await rename(made, join(folder, recordName));
}

/** Null where there is none, or where it, or the place it names, is not this user's alone: what lies there may be anybody's. */
export async function readRecord(folder: string): Promise<ControlRecord | null> {
  const record = await readOwnRecord(folder);
  if (!record || isWindows) return record;
  return (await isOwn(record.address, 'socket')) && (await isOwn(dirname(record.address), 'folder')) ? record : null;
}

async function readOwnRecord(folder: string): Promise<ControlRecord | null> {
  const path = join(folder, recordName);
  if (!(await isOwn(path, 'file'))) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return ControlRecord.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // cut off, or not ours
  }
}

/** Takes away what a Steno left that listens no more. Only for who holds the account's store: then no other one can be listening. */
export async function removeControl(folder: string): Promise<void> {
  const record = await readOwnRecord(folder);
  await rm(join(folder, recordName), { force: true });
  if (isWindows) return;
  await rm(join(folder, socketName), { force: true });
  if (record && isMadeElsewhere(record.address)) {
    await rm(record.address, { force: true });
    await rmdir(dirname(record.address)).catch(() => undefined); // gone with the last boot, or something else is in it
  }
}

/** Whether it is one of `makeAddress`: whatever else stands in a record, nothing is deleted for it. */
function isMadeElsewhere(address: string): boolean {
  const folder = dirname(address);
  const isShort = runtimeFolders().some((short) => dirname(folder) === join(short));
  return isShort && /^steno-[A-Za-z0-9]{6}$/.test(basename(folder)) && basename(address) === socketName;
}

/** The socket is made under the umask; what others may do with its folder is decided here, too. */
export async function keepToOwner(address: string): Promise<void> {
  if (isWindows) return;
  await chmod(address, 0o600);
  await chmod(dirname(address), 0o700);
}

async function isOwn(path: string, kind: 'file' | 'folder' | 'socket'): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found) return false;
  const is = { file: found.isFile(), folder: found.isDirectory(), socket: found.isSocket() };
  return is[kind] && (isWindows || (found.uid === process.getuid?.() && (found.mode & 0o077) === 0));
}
