import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { Line, type About, type Change, type Counts, type Letter, type RescuedFile } from './lines.ts';
import { NotOpened, openSealed } from './seal.ts';

/** What was in a rescue file, whole: nothing of one that was cut off or changed is believed. */
export interface Rescued {
  about: About;
  changes: Change[];
  letters: Letter[];
  conflicts: Extract<Line, { kind: 'conflict' }>[];
  /** `isWhole`: its bytes are those its author had. */
  files: (RescuedFile & { isWhole: boolean })[];
  counts: Counts;
}

/** One line is one change, or half a megabyte of a file. */
const longestLine = 64 * 1024 * 1024;

/**
 * Opens a rescue file with the private half of the firm's recovery key. With `filesTo` its files are written there, each under its hash, and the
 * folder is there only when all of the rescue file was read. What is inside was written by whoever had the public key: it is checked, not believed.
 * Errors: not_found, invalid_input (sealed to another key), corrupt (cut off, changed, or no rescue file), conflict (the folder is there).
 */
export async function readRescue(path: string, secret: string, filesTo: string | null = null): Promise<Outcome<Rescued>> {
  const folder = filesTo === null ? null : await mkdtemp(join(dirname(filesTo), `.${basename(filesTo)}-`));
  const chunks = folder === null ? null : createFileWriter(folder);
  try {
    const rescued = await collect(linesOf(path, secret), chunks);
    if (!rescued) return damaged;
    await chunks?.close();
    if (folder !== null && filesTo !== null) await rename(folder, filesTo);
    return ok(rescued);
  } catch (error) {
    if (error instanceof NotOpened) return error.why === 'damaged' ? damaged : otherKey(path);
    if (error instanceof NotOurs) return damaged;
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return err({ code: 'not_found', what: `the file ${path}` });
    throw error;
  } finally {
    await chunks?.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

async function collect(lines: AsyncIterable<Line>, chunks: FileWriter | null): Promise<Rescued | null> {
  let about: About | null = null;
  let counts: Counts | null = null;
  const found: Omit<Rescued, 'about' | 'counts'> = { changes: [], letters: [], conflicts: [], files: [] };
  let hash = createHash('sha256');
  for await (const line of lines) {
    if (counts !== null || (about === null) !== (line.kind === 'about')) return null;
    const last = found.files.at(-1);
    if (line.kind === 'about') about = line;
    else if (line.kind === 'end') counts = { changes: line.changes, files: line.files, unreadable: line.unreadable };
    else if (line.kind === 'change') found.changes.push(line);
    else if (line.kind === 'letter') found.letters.push(line);
    else if (line.kind === 'conflict') found.conflicts.push(line);
    else if (line.kind === 'file') {
      hash = createHash('sha256');
      found.files.push({ ...line, isWhole: hash.copy().digest('hex') === line.sha256 });
      await chunks?.begin(line.sha256);
    } else {
      if (!last || last.sha256 !== line.sha256) return null;
      const bytes = Buffer.from(line.base64, 'base64');
      hash.update(bytes);
      last.isWhole = hash.copy().digest('hex') === line.sha256;
      await chunks?.add(bytes);
    }
  }
  const isWhole = counts?.changes === found.changes.length && counts.files === found.files.length;
  return about && counts && isWhole ? { about, ...found, counts } : null;
}

class NotOurs extends Error {}

async function* linesOf(path: string, secret: string): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of openSealed(createReadStream(path), secret)) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, from)) {
      yield lineOf(Buffer.concat([...rest, chunk.subarray(from, end)]));
      from = end + 1;
      rest = [];
      length = 0;
    }
    length += chunk.length - from;
    if (length > longestLine) throw new NotOurs();
    rest.push(Buffer.from(chunk.subarray(from)));
  }
  if (length > 0) throw new NotOurs();
}

function lineOf(bytes: Buffer): Line {
  const line = Line.safeParse(tryJson(bytes.toString('utf8')));
  if (!line.success) throw new NotOurs();
  return line.data;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface FileWriter {
  begin(sha256: string): Promise<void>;
  add(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Names are hashes that were checked to be such: what a stranger called a file never becomes a path. */
function createFileWriter(folder: string): FileWriter {
  let file: FileHandle | null = null;
  const close = async (): Promise<void> => {
    const last = file;
    file = null;
    await last?.close();
  };
  return {
    async begin(sha256) {
      await close();
      file = await open(join(folder, sha256), 'w', 0o600);
    },
    add: async (bytes) => file?.writeFile(bytes),
    close,
  };
}

const damaged = err({
  code: 'corrupt' as const,
  what: 'the rescue file',
  reason: 'It was cut off or changed after it was written, or it is none. Nothing of it was used; look for another copy.',
});

function otherKey(path: string) {
  const named = /key ([0-9A-F]{4}-[0-9A-F]{4})/.exec(basename(path))?.[1];
  const reason = `It is sealed to another recovery key${named ? `, ${named} by its name` : ''}. 'steno admin escrow list' shows the firm's keys.`;
  return err({ code: 'invalid_input' as const, what: '--key', reason });
}
