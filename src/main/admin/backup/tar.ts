import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** What was in an archive, and the hash of the archive itself. */
export interface Unpacked {
  files: { path: string; sizeBytes: number; sha256: string }[];
  sizeBytes: number;
  sha256: string;
}

const block = 512;
const chunkBytes = 1 << 20;

/**
 * Unpacks what Postgres' BASE_BACKUP writes (plain ustar: folders and files; links only where there are tablespaces, which are refused before)
 * into an empty folder, hashing each file on the way. Synchronous, like its writer; not synced, because Postgres syncs the whole folder before
 * it recovers. Throws on an archive that ends too early or names a place outside.
 */
export function unpackTar(archive: string, folder: string, onBytes: (doneBytes: number) => void): Unpacked {
  const input = openSync(archive, 'r');
  const buffer = Buffer.alloc(chunkBytes);
  const whole = createHash('sha256');
  const files: Unpacked['files'] = [];
  let doneBytes = 0;

  function read(bytes: number): Buffer {
    let got = 0;
    while (got < bytes) {
      const n = readSync(input, buffer, got, bytes - got, null);
      if (n === 0) throw new Error('the archive ends in the middle');
      got += n;
    }
    doneBytes += got;
    whole.update(buffer.subarray(0, got));
    return buffer.subarray(0, got);
  }

  function unpackFile(path: string, sizeBytes: number): void {
    const hash = createHash('sha256');
    const output = openSync(inside(folder, path), 'wx', 0o600);
    try {
      for (let left = sizeBytes; left > 0;) {
        const part = read(Math.min(left, chunkBytes));
        hash.update(part);
        writeAll(output, part);
        left -= part.length;
        onBytes(doneBytes);
      }
    } finally {
      closeSync(output);
    }
    if (sizeBytes % block !== 0) read(block - (sizeBytes % block));
    files.push({ path, sizeBytes, sha256: hash.digest('hex') });
  }

  try {
    for (;;) {
      const header = Buffer.from(read(block));
      if (header.every((byte) => byte === 0)) break;
      const path = [text(header, 345, 155), text(header, 0, 100)].filter((part) => part !== '').join('/');
      const type = String.fromCharCode(header[156] ?? 0);
      if (type === '5') mkdirSync(inside(folder, path), { recursive: true, mode: 0o700 });
      else if (type === '0' || type === '\0') unpackFile(path, size(header));
      else throw new Error(`the archive holds ${path} of a kind that Postgres does not write`);
    }
    for (let n = readSync(input, buffer); n > 0; n = readSync(input, buffer)) {
      doneBytes += n;
      whole.update(buffer.subarray(0, n));
    }
    return { files, sizeBytes: doneBytes, sha256: whole.digest('hex') };
  } finally {
    closeSync(input);
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString();
}

/** Octal digits, or, for what does not fit into them, a number after a set first bit. */
function size(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) === 0) return Number.parseInt(text(header, 124, 12).trim() || '0', 8);
  return Number(header.readBigUInt64BE(128));
}

function inside(folder: string, path: string): string {
  const place = normalize(join(folder, path));
  if (!place.startsWith(folder + sep)) throw new Error(`the archive names ${path}, outside its folder`);
  mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  return place;
}

/** write() may take less than it was given, on a full disk for one. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
