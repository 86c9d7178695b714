import type { Columns } from '../entities.ts';

/** How a field of Postgres's binary format is read; `plain` is text that has ASCII only, which is cheaper to read. */
export type FieldKind = 'integer' | 'flag' | 'time' | 'text' | 'plain' | 'json' | 'bytes';
type Value = Columns[string];

const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of what else may stand in the header. */
const headerBytes = signature.length + 8;
/** Postgres counts from here, in microseconds. */
const epochMs = Date.UTC(2000, 0, 1);

/**
 * Reads the rows of a `copy ... (format binary)` from its bytes as they come, cut anywhere. The array is the same for each row; bytes in it are parts of what
 * was read. Throws where the bytes are not that format.
 */
export function createCopyReader(
  kinds: readonly FieldKind[],
  onRow: (values: readonly Value[]) => void,
): { read(chunk: Buffer): void; isDone(): boolean } {
  let rest: Buffer = Buffer.alloc(0);
  let isBegun = false;
  let isDone = false;
  const values = Array<Value>(kinds.length).fill(null);
  /** Where in the bytes being read the last row's text of each field stands, and how long it is; -1 where it is not there to be compared with. */
  const lastAt = new Int32Array(kinds.length);
  const lastLength = new Int32Array(kinds.length);

  /** The place behind the row that begins at `at`; -1 where it is not all here. */
  function readRow(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return -1;
    const count = bytes.readInt16BE(at);
    if (count === -1) {
      isDone = true;
      return at + 2;
    }
    if (count !== kinds.length) throw new Error(`a row of ${String(count)} fields, wanted ${String(kinds.length)}`);
    let place = at + 2;
    for (let n = 0; n < kinds.length; n += 1) {
      if (bytes.length - place < 4) return -1;
      const length = bytes.readInt32BE(place);
      place += 4;
      if (length < 0) {
        values[n] = null;
        lastLength[n] = -1;
        continue;
      }
      if (bytes.length - place < length) return -1;
      if (length !== lastLength[n] || !isSame(bytes, lastAt[n] ?? 0, place, length)) {
        const kind = kinds[n] ?? 'text';
        values[n] = valueOf(kind, bytes, place, length);
        lastLength[n] = length <= mostCompared && (kind === 'plain' || kind === 'text') ? length : -1;
      }
      lastAt[n] = place;
      place += length;
    }
    onRow(values);
    return place;
  }

  return {
    read(chunk) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      lastLength.fill(-1);
      let at = 0;
      if (!isBegun) {
        if (bytes.length < headerBytes) {
          rest = bytes;
          return;
        }
        if (!bytes.subarray(0, signature.length).equals(signature)) throw new Error('not the binary format of copy');
        at = headerBytes + bytes.readInt32BE(headerBytes - 4);
        isBegun = true;
      }
      while (!isDone) {
        const next = readRow(bytes, at);
        if (next < 0) break;
        at = next;
      }
      rest = Buffer.from(bytes.subarray(at)); // a copy: the chunk is not kept for the few bytes at its end
    },
    isDone: () => isDone,
  };
}

/** Rows that follow each other belong to one matter, one document, one person: to see that costs a third of making the text again. */
const mostCompared = 40;
function isSame(bytes: Buffer, one: number, other: number, length: number): boolean {
  for (let n = length - 1; n >= 0; n -= 1) if (bytes[one + n] !== bytes[other + n]) return false; // ids that differ do so at their end
  return true;
}

function valueOf(kind: FieldKind, bytes: Buffer, at: number, length: number): Value {
  switch (kind) {
    case 'integer':
      return length === 8 ? readInt64(bytes, at) : length === 4 ? bytes.readInt32BE(at) : bytes.readInt16BE(at);
    case 'flag':
      return bytes[at] ?? 0;
    case 'time':
      return epochMs + Math.floor(readInt64(bytes, at) / 1000);
    case 'text':
      return bytes.toString('utf8', at, at + length);
    case 'plain':
      return bytes.toString('latin1', at, at + length);
    case 'json':
      return JSON.stringify(JSON.parse(bytes.toString('utf8', at, at + length)));
    case 'bytes':
      return bytes.subarray(at, at + length);
  }
}

/** Exact up to 2^53, which money in cents and microseconds until the year 2255 are. */
function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}
