import { inflateRawSync } from 'node:zlib';

/** Reads a DOCX by its central directory: part name -> text and the entry's MS-DOS date. */
export function docxParts(zip: Uint8Array): Map<string, { text: string; date: number }> {
  const bytes = Buffer.from(zip);
  const found = new Map<string, { text: string; date: number }>();
  let at = bytes.readUInt32LE(bytes.length - 22 + 16);
  for (let left = bytes.readUInt16LE(bytes.length - 22 + 10); left > 0; left -= 1) {
    const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    const plain = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    found.set(name, { text: plain.toString('utf8'), date: bytes.readUInt16LE(at + 14) });
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return found;
}
