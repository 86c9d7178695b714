import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { BackupRecord } from './backup-folder.ts';
import { streamBaseBackup, type BaseRange, type BaseSink } from './base-stream.ts';
import { writeAll } from './tar.ts';

interface FileSink extends BaseSink {
  /** Closes what is open; the files with their hashes. */
  finish(): BackupRecord['files'];
}

/** Writes each archive as it comes, hashed on the way and on the disk before it counts. */
function fileSink(folder: string, onProgress: (doneBytes: number, totalBytes: number) => void): FileSink {
  const files: BackupRecord['files'] = [];
  let current: { name: string; file: number; hash: Hash; sizeBytes: number } | null = null;

  function close(): void {
    if (!current) return;
    const { name, file, hash, sizeBytes } = current;
    current = null;
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    files.push({ name, sizeBytes, sha256: hash.digest('hex') });
  }
  return {
    begin(name) {
      close();
      current = { name, file: openSync(join(folder, name), 'wx', 0o600), hash: createHash('sha256'), sizeBytes: 0 };
    },
    write(bytes) {
      if (!current) throw new Error('the server sent data before it named a file');
      writeAll(current.file, bytes);
      current.hash.update(bytes);
      current.sizeBytes += bytes.length;
    },
    progress: onProgress,
    finish() {
      close();
      return files;
    },
  };
}

/** base.tar and backup_manifest into the folder, over a replication line of its own. Rejects with what the server or the disk said. */
export async function receiveBase(
  url: string,
  folder: string,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<{ files: BackupRecord['files']; range: BaseRange }> {
  // "database", not "true": such a line passes pg_hba.conf by the rules of ordinary ones, so that nothing need be changed there
  const config: pg.ClientConfig & { replication: string } = {
    connectionString: url,
    replication: 'database',
    application_name: 'steno backup',
  };
  const line = new pg.Client(config);
  line.on('error', () => undefined); // the query under way meets it too
  await line.connect();
  const sink = fileSink(folder, onProgress);
  try {
    const range = await streamBaseBackup(line, sink);
    return { files: sink.finish(), range };
  } catch (error) {
    sink.finish();
    throw error;
  } finally {
    await line.end().catch(() => undefined);
  }
}
