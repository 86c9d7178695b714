import { inflateSync } from 'node:zlib';

const [headLength, entryLength] = [44, 20];
const [sfntHeadLength, recordLength] = [12, 16];

/**
 * A font as programs read it (sfnt) out of the WOFF 1.0 file in which it is shipped (w3.org/TR/WOFF): the same tables, unpacked. pdfkit reads WOFF too, but unpacks each table
 * in JavaScript again for each letter, which took four fifths of the time of a PDF. Of our own typeface's files only; throws on anything else.
 */
export function sfntOf(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF font');
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, nth) => {
    const entry = woff.subarray(headLength + nth * entryLength, headLength + (nth + 1) * entryLength);
    const [offset, packedLength, length] = [entry.readUInt32BE(4), entry.readUInt32BE(8), entry.readUInt32BE(12)];
    const packed = woff.subarray(offset, offset + packedLength);
    return {
      tag: entry.subarray(0, 4),
      checksum: entry.subarray(16, 20),
      bytes: packedLength < length ? inflateSync(packed, { maxOutputLength: length }) : packed,
    };
  });
  const head = Buffer.alloc(sfntHeadLength);
  const power = Math.floor(Math.log2(count));
  woff.copy(head, 0, 4, 8); // which kind of outlines
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(2 ** power * 16, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(count * 16 - 2 ** power * 16, 10);
  let at = sfntHeadLength + count * recordLength;
  const records = tables.map(({ tag, checksum, bytes }) => {
    const record = Buffer.concat([tag, checksum, Buffer.alloc(8)]);
    record.writeUInt32BE(at, 8);
    record.writeUInt32BE(bytes.length, 12);
    at += padded(bytes.length);
    return record;
  });
  return Buffer.concat([head, ...records, ...tables.map(({ bytes }) => Buffer.concat([bytes], padded(bytes.length)))]);
}

/** Tables begin at multiples of four. */
const padded = (length: number): number => (length + 3) & ~3;
