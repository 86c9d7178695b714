import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { findKept } from '../../src/main/sync/files/kept-files.ts';
import { uploadFile } from '../../src/main/sync/files/upload.ts';
import { chunked, keepOn } from '../support/files.ts';
import { makeLaptop, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

/* Files too large for the firm to hash itself, and somebody who may add documents and knows the name of a colleague's. */
const world = await createPgWorld();
const [ana, mallory] = [(await world.connect('one', 'Attorney')).files, (await world.connect('one', 'Paralegal')).files];
const large = 33_600_000;

const send = ({ store }: TestLaptop, firm: FirmFiles, hash: string) =>
  uploadFile({ store, firm, hash, signal: new AbortController().signal, onProgress: () => undefined });
/** The firm, with what somebody does just before the file is said to be complete. */
const before = (meddle: () => Promise<unknown>): FirmFiles => ({
  ...ana,
  async complete(hash) {
    await meddle();
    return ana.complete(hash);
  },
});

test('[S23] other bytes put under a file’s name while it is sent prove nothing: the laptop keeps its copy, and says so', async () => {
  const laptop = makeLaptop();
  const bytes = randomBytes(large);
  const hash = keepOn(laptop, bytes);
  const { digests } = chunked(bytes);
  const garbage = chunked(randomBytes(512 * 1024));
  const meddle = async (): Promise<void> => {
    await mallory.begin(hash, large, Buffer.concat([garbage.digests, digests.subarray(32)]));
    expect(await mallory.put(hash, 'postgres', 0, garbage.chunks[0] ?? bytes)).toBe(true);
  };
  expect(await send(laptop, before(meddle), hash)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(findKept(laptop.store, hash)).toMatchObject({ isWhole: true, uploaded: false });
  // control: to the firm's own eyes it is complete
  expect(await ana.complete(hash)).toBe('complete');
});

test('[S23] nor does a file cut short', async () => {
  const laptop = makeLaptop();
  const bytes = randomBytes(large + 600_000);
  const hash = keepOn(laptop, bytes);
  const short = Math.floor((bytes.length - 1) / 524_288) * 524_288; // all but the last chunk
  const meddle = async (): Promise<void> => {
    const { chunks, digests } = chunked(bytes.subarray(0, short));
    const { missing } = await mallory.begin(hash, short, digests);
    for (const n of missing) await mallory.put(hash, 'postgres', n, chunks[n] ?? bytes);
  };
  expect(await send(laptop, before(meddle), hash)).toMatchObject({ ok: false, error: { code: 'conflict' } });
  expect(findKept(laptop.store, hash)).toMatchObject({ isWhole: true, uploaded: false });
});

test('control: where nobody meddles it is confirmed', async () => {
  const laptop = makeLaptop();
  const hash = keepOn(laptop, randomBytes(large));
  expect(await send(laptop, ana, hash)).toMatchObject({ ok: true });
  expect(findKept(laptop.store, hash)).toMatchObject({ uploaded: true });
});
