import { inflateRawSync } from 'node:zlib';
import { limits } from './reading.ts';

export interface ZipEntry {
  /** As the archive says it; may hold anything. */
  name: string;
  isFolder: boolean;
  isEncrypted: boolean;
  packedBytes: number;
  /** What it says it unpacks to; more than that is never made of it. */
  bytes: number;
  method: number;
  offset: number;
}

const [endMark, entryMark, localMark] = [0x06054b50, 0x02014b50, 0x04034b50];
const mostEntries = 65_534;

/** The directory of a zip; null where there is no whole one. Nothing is unpacked. */
export function readZipDirectory(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= Math.max(0, bytes.length - 65_557) && view.getUint32(end, true) !== endMark) end--;
  if (end < 0 || view.getUint32(end, true) !== endMark) return null;
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) return null;
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entryMark) return null;
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
    const name = nameOf(nameBytes, (flags & 0x800) !== 0);
    entries.push({
      name,
      isFolder: /[/\\]$/.test(name),
      isEncrypted: (flags & 1) !== 0,
      method: view.getUint16(at + 10, true),
      packedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Whether an Office file would unpack to more than a document needs. */
export function isTooMuch(entries: readonly ZipEntry[]): boolean {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    entries.length > limits.zipEntries ||
    total > limits.unzippedBytes ||
    entries.some(({ name, bytes }) => /\.(xml|rels)$/i.test(name) && bytes > limits.xmlBytes)
  );
}

/** What an entry unpacks to; null where it is damaged, packed in another way, or would be more than it says or than `mostBytes`. */
export function unzip(bytes: Uint8Array, entry: ZipEntry, mostBytes: number): Uint8Array | null {
  const { offset, packedBytes, method } = entry;
  if (entry.isEncrypted || entry.bytes > mostBytes || offset + 30 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(offset, true) !== localMark) return null;
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) return null;
  if (method === 0) return packedBytes === entry.bytes ? packed : null;
  if (method !== 8) return null;
  try {
    const unpacked = inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) });
    return unpacked.length === entry.bytes ? unpacked : null;
  } catch {
    return null;
  }
}

function nameOf(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(isUtf8 ? 'utf-8' : 'windows-1252').decode(bytes);
  }
}
