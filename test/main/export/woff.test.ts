import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { fontBytes } from '../../../src/main/export/pdf-fonts.ts';
import { sfntOf } from '../../../src/main/export/woff.ts';

const folder = dirname(createRequire(import.meta.url).resolve('@fontsource/source-serif-4/files/source-serif-4-latin-400-normal.woff'));
const woff = (name: string): Buffer => readFileSync(join(folder, `source-serif-4-${name}.woff`));

/** The sum of a table's words, as the format counts it; the head's own adjustment left out. */
function sumOf(table: Buffer, tag: string): number {
  const words = Buffer.concat([table], Math.ceil(table.length / 4) * 4);
  let sum = 0;
  for (let at = 0; at < words.length; at += 4) if (tag !== 'head' || at !== 8) sum = (sum + words.readUInt32BE(at)) >>> 0;
  return sum;
}

test.each(['latin-400-normal', 'latin-700-normal', 'latin-400-italic', 'latin-700-italic', 'cyrillic-400-normal'])(
  '%s is unpacked whole: each table has the sum its maker wrote down',
  (name) => {
    const font = sfntOf(woff(name));
    const count = font.readUInt16BE(4);
    expect(count).toBe(woff(name).readUInt16BE(12));
    for (let nth = 0; nth < count; nth += 1) {
      const record = font.subarray(12 + nth * 16, 28 + nth * 16);
      const [tag, offset, length] = [record.toString('latin1', 0, 4), record.readUInt32BE(8), record.readUInt32BE(12)];
      expect(offset % 4, tag).toBe(0);
      expect(sumOf(font.subarray(offset, offset + length), tag), tag).toBe(record.readUInt32BE(4));
    }
  },
);

test('what is no WOFF font, or a table that says it is shorter than it is, is refused', () => {
  expect(() => sfntOf(Buffer.from('%PDF-1.7'))).toThrow('not a WOFF font');
  const lying = Buffer.from(woff('latin-400-normal'));
  lying.writeUInt32BE(lying.readUInt32BE(44 + 8) + 1, 44 + 12);
  expect(() => sfntOf(lying)).toThrow();
});

test('a font is unpacked once', () => {
  expect(fontBytes('latin bold')).toBe(fontBytes('latin bold'));
});
