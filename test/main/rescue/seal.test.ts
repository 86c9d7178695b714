import { expect, test } from 'vitest';
import {
  fingerprintOf,
  isRecoveryKey,
  lockSecret,
  makeRecoveryKey,
  openSealed,
  seal,
  sealText,
  unlockSecret,
} from '../../../src/main/rescue/seal.ts';
import { must } from '../../support/laptop.ts';

const [ours, other] = [await makeRecoveryKey(), await makeRecoveryKey()];
/** Three chunks of age and a bit, no two of them alike. */
const content = Buffer.from(Array.from({ length: 3 * 65_536 + 100 }, (_, n) => (n * 7 + (n >> 16)) % 251));
const chunkBytes = 65_536 + 16;

async function joined(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
async function* inPieces(bytes: Buffer, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
const open = async (sealed: Buffer, secret = ours.secret): Promise<Buffer | string> =>
  joined(openSealed(inPieces(sealed), secret)).catch((error: unknown) => (error as { why: string }).why);

const sealed = await joined(seal(inPieces(content), [ours.publicKey]));
const headerBytes = sealed.length - content.length - 4 * 16 - 16;

test('what was sealed opens with its key, whatever the pieces it comes in; a stream of nothing too', async () => {
  expect(await open(sealed)).toEqual(content);
  expect(await open(await joined(seal(inPieces(content, 7), [ours.publicKey])))).toEqual(content);
  expect(await open(await joined(seal([], [ours.publicKey])))).toEqual(Buffer.alloc(0));
  expect(sealed.includes(content.subarray(0, 16))).toBe(false);
});

test('it is an age file, version 1, for one X25519 recipient', () => {
  expect(sealed.subarray(0, headerBytes).toString()).toMatch(/^age-encryption\.org\/v1\n-> X25519 \S{43}\n\S{43}\n--- \S{43}\n$/);
});

test('another key does not open it, and is told apart from a damaged file', async () => {
  expect(await open(sealed, other.secret)).toBe('other_key');
  const both = await joined(seal(inPieces(content), [other.publicKey, ours.publicKey]));
  expect([await open(both), await open(both, other.secret)]).toEqual([content, content]);
});

test.each([
  ['cut off in a chunk', (all: Buffer) => all.subarray(0, -50)],
  ['cut off between chunks', (all: Buffer) => all.subarray(0, headerBytes + 16 + 2 * chunkBytes)],
  ['without its last chunk', (all: Buffer) => all.subarray(0, headerBytes + 16 + 3 * chunkBytes)],
  ['without its content', (all: Buffer) => all.subarray(0, headerBytes)],
  ['with more behind it', (all: Buffer) => Buffer.concat([all, Buffer.from('x')])],
  ['of nothing', () => Buffer.alloc(0)],
])('a file %s is refused', async (_what, change) => {
  expect(await open(change(sealed))).toBe('damaged');
});

test('chunks in another order, twice, or from another file are refused', async () => {
  const start = headerBytes + 16;
  const chunk = (n: number, of = sealed): Buffer => of.subarray(start + n * chunkBytes, start + (n + 1) * chunkBytes);
  const second = await joined(seal(inPieces(content), [ours.publicKey]));
  const build = (...chunks: Buffer[]): Buffer => Buffer.concat([sealed.subarray(0, start), ...chunks]);
  expect(await open(build(chunk(0), chunk(1), chunk(2), chunk(3)))).toEqual(content);
  expect(await open(build(chunk(1), chunk(0), chunk(2), chunk(3)))).toBe('damaged');
  expect(await open(build(chunk(0), chunk(0), chunk(2), chunk(3)))).toBe('damaged');
  expect(await open(build(chunk(0), chunk(2), chunk(3)))).toBe('damaged');
  expect(await open(build(chunk(0), chunk(1, second), chunk(2), chunk(3)))).toBe('damaged');
});

test('one flipped bit anywhere is found: in each line of the header, in each chunk, in its tag', async () => {
  const places = new Set<number>();
  for (let n = 0; n < headerBytes; n += 3) places.add(n);
  for (let n = 0; n < 4; n += 1) places.add(headerBytes + 16 + n * chunkBytes + 5);
  places
    .add(headerBytes + 3)
    .add(sealed.length - 1)
    .add(headerBytes + 16 + chunkBytes - 1);
  for (const at of places) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(typeof (await open(changed)), `bit at ${String(at)}`).toBe('string');
  }
});

test('the secret is kept under a passphrase; another one, a changed file and no file at all are refused in words', async () => {
  const file = Buffer.from(await lockSecret(ours.secret, 'correct horse battery', 10));
  expect(file.includes('AGE-SECRET-KEY')).toBe(false);
  expect(must(await unlockSecret(file, 'correct horse battery'))).toEqual(ours);
  const refused = { ok: false, error: { code: 'invalid_input', reason: expect.stringContaining('does not open with this passphrase') } };
  expect(await unlockSecret(file, 'wrong horse battery')).toMatchObject(refused);
  expect(await unlockSecret(file.subarray(0, -1), 'correct horse battery')).toMatchObject(refused);
  expect(await unlockSecret(Buffer.from('hello'), 'correct horse battery')).toMatchObject(refused);
  expect(await unlockSecret(Buffer.from(await sealText(ours.secret, [other.publicKey])), 'x')).toMatchObject(refused);
});

test('a public key is known by its form, and by eight digits that no other has by chance', () => {
  expect([isRecoveryKey(ours.publicKey), isRecoveryKey(ours.secret), isRecoveryKey('age1pq1x'), isRecoveryKey('')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(fingerprintOf(ours.publicKey)).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/);
  expect(fingerprintOf(ours.publicKey)).not.toBe(fingerprintOf(other.publicKey));
});
