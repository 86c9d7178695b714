import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCopyReader, type FieldKind } from '../../../../src/main/sync/snapshot/copy-binary.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
const kinds = ['plain', 'text', 'text', 'integer', 'json', 'bytes'] as const satisfies FieldKind[];
type Row = [string, string | null, string, number | null, string, Buffer];

const begin = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const end = Buffer.from([0xff, 0xff]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
function encode(row: Row): Buffer {
  const fields = row.map((value) => {
    if (value === null) return int32(-1);
    const bytes = typeof value === 'number' ? int32(value) : Buffer.from(value);
    return Buffer.concat([int32(bytes.length), bytes]);
  });
  return Buffer.concat([Buffer.from([0, row.length]), ...fields]);
}

/** Few different words, alike at their ends or beginnings: most rows repeat some of what the row before them says. */
const word = fc.constantFrom('a', 'b', 'aab', 'bab', 'baa', '', 'ä', 'Zoë', `${'x'.repeat(39)}a`, `${'x'.repeat(39)}b`, 'y'.repeat(60));
const id = fc.constantFrom(
  '0190a000-0000-7000-8001-000000000001',
  '0190a000-0000-7000-8001-000000000002',
  '0290a000-0000-7000-8001-000000000001',
);
const row: fc.Arbitrary<Row> = fc.tuple(
  id,
  fc.option(word),
  word,
  fc.option(fc.integer({ min: -1000, max: 1000 })),
  word.map((text) => JSON.stringify({ text })),
  word.map((text) => Buffer.from(text)),
);

test('rows that repeat each other come as they were sent, wherever their bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.array(fc.nat(), { maxLength: 12 }), (rows, cuts) => {
      const bytes = Buffer.concat([begin, ...rows.map(encode), end]);
      const places = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b);
      const came: unknown[] = [];
      const reader = createCopyReader(kinds, (values) =>
        came.push(values.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value))),
      );
      for (const [n, from] of places.slice(0, -1).entries()) reader.read(Buffer.from(bytes.subarray(from, places[n + 1])));
      expect(came).toEqual(rows);
      expect(reader.isDone()).toBe(true);
    }),
    { seed, numRuns: 300 },
  );
});

test('bytes of another format are refused, and rows of another width', () => {
  const reader = () => createCopyReader(kinds, () => undefined);
  expect(() => reader().read(Buffer.alloc(64))).toThrow('not the binary format');
  expect(() => reader().read(Buffer.concat([begin, Buffer.from([0, 2])]))).toThrow('a row of 2 fields, wanted 6');
});
