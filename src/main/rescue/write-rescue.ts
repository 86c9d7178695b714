import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { contentsOf } from './contents.ts';
import type { About, Counts } from './lines.ts';
import { makeRecoveryKey, NotOpened, openSealed, seal } from './seal.ts';

interface RescueInput {
  store: Store;
  reason: About['reason'];
  now: number;
  /** The firm's recovery key. */
  publicKey: string;
  path: string;
  /** Only for tests: a disk that gives back something else than was written. */
  readBack?(path: string): AsyncIterable<Uint8Array>;
}

/**
 * Writes what the firm has not confirmed to `path`, sealed to the firm's recovery key, and opens it again from the disk: what is there is
 * what was in the store. Only then may anything be erased. The file is under its name when it is whole; one that was there is replaced.
 * Errors: full, provider_failed (the folder), corrupt (the disk gave back something else).
 */
export async function writeRescue({
  store,
  reason,
  now,
  publicKey,
  path,
  readBack = createReadStream,
}: RescueInput): Promise<Outcome<Counts>> {
  // the file opens with this one as well, for as long as this function runs: a look at what was written needs no secret of the firm
  const own = await makeRecoveryKey();
  const written = createHash('sha256');
  const counts: Counts = { changes: 0, files: 0, unreadable: 0 };
  const part = `${path}.part`;

  function* bytes(): Generator<Uint8Array> {
    for (const line of contentsOf(store, reason, now)) {
      if (line.kind === 'end') Object.assign(counts, { changes: line.changes, files: line.files, unreadable: line.unreadable });
      const text = Buffer.from(`${JSON.stringify(line)}\n`);
      written.update(text);
      yield text;
    }
  }

  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeDurably(part, seal(bytes(), [publicKey, own.publicKey]));
    await rename(part, path);
    await syncFolder(dirname(path));
    const read = createHash('sha256');
    for await (const chunk of openSealed(readBack(path), own.secret)) read.update(chunk);
    if (!read.digest().equals(written.digest())) return changedOnDisk;
    return ok(counts);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    if (error instanceof NotOpened) return changedOnDisk;
    return err(diskError(error));
  }
}

const changedOnDisk = err({
  code: 'corrupt' as const,
  what: 'the file with work the firm does not have',
  reason: 'What was written to the disk did not come back the same. Nothing was erased; check the disk.',
});

function diskError(error: unknown) {
  const { code, syscall } = error as { code?: string; syscall?: string };
  if (code === undefined || syscall === undefined) throw error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return {
      code: 'full' as const,
      what: 'the file with work the firm does not have',
      reason: 'Free some disk space. Nothing was erased.',
    };
  const reason = `The folder for rescued work cannot be written (${code}). Nothing was erased.`;
  return { code: 'provider_failed' as const, what: 'writing the file with work the firm does not have', reason };
}

/** On the disk when it returns, whatever happens to the power. */
export async function writeDurably(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await writeAll(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) await file.writeFile(chunk);
}

/** A name is on the disk once its folder is; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
