import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { FileHome } from '../../src/main/sync/files/firm-files.ts';
import { chunked, sendFile } from './files.ts';
import type { RemoteWorld } from './remote-contract.ts';

/** What the firm's files keep, wherever their bytes lie; run over the fake, over Postgres and over an S3-compatible store. */
export function filesContract(world: RemoteWorld, home: FileHome): void {
  const size = 1000;
  const announce = () => {
    const bytes = randomBytes(2500);
    return { bytes, ...chunked(bytes, size) };
  };
  const pair = async () => [(await world.connect('one', 'Attorney')).files, (await world.connect('one', 'Paralegal')).files] as const;

  test('[S17] a file is announced by its hashes, arrives in any order, is whole only when all of it is here, and is then never changed', async () => {
    const [a, b] = await pair();
    const { bytes, hash, chunks, digests } = announce();
    expect(await a.find(hash)).toBeNull();
    expect(await a.begin(hash, bytes.length, digests)).toEqual({ complete: false, disputed: false, home, missing: [0, 1, 2] });
    for (const n of [2, 0]) expect(await a.put(hash, home, n, chunks[n] ?? bytes)).toBe(true);
    expect(await a.complete(hash)).toBe('incomplete');
    expect(await b.find(hash)).toBeNull();
    expect(await b.get(hash, home, 0)).toBeNull();
    expect(await b.states([hash])).toEqual(new Map());
    expect(await a.put(hash, home, 1, chunks[1] ?? bytes)).toBe(true);
    expect(await a.complete(hash)).toBe('complete');
    expect(await a.complete(hash)).toBe('complete');
    expect(await b.find(hash)).toEqual({ sizeBytes: 2500, chunks: 3, home, digests });
    expect([...(await b.states([hash, '0'.repeat(64)])).keys()]).toEqual([hash]);
    // a colleague who has it too is told so, and sends nothing
    expect(await b.begin(hash, bytes.length, digests)).toEqual({ complete: true, disputed: false, home, missing: [] });
    await b.put(hash, home, 0, Buffer.from('tampered!!')).catch(() => undefined);
    for (const [n, chunk] of chunks.entries()) expect(Buffer.from((await b.get(hash, home, n)) ?? []).equals(chunk)).toBe(true);
    expect(await b.get(hash, home, 3)).toBeNull();
  });

  test('[S18] a chunk whose bytes are not those announced is refused, a chunk that comes twice is taken once', async () => {
    const [a] = await pair();
    const { bytes, hash, chunks, digests } = announce();
    await a.begin(hash, bytes.length, digests);
    const damaged = Buffer.from(chunks[1] ?? []);
    damaged[7] = (damaged[7] ?? 0) ^ 1;
    expect(await a.put(hash, home, 1, damaged)).toBe(false);
    expect(await a.put(hash, home, 1, (chunks[1] ?? bytes).subarray(0, 500))).toBe(false);
    for (const n of [0, 0, 1, 1, 2]) expect(await a.put(hash, home, n, chunks[n] ?? bytes)).toBe(true);
    expect(await a.complete(hash)).toBe('complete');
    expect(await a.put(hash, home, 1, chunks[1] ?? bytes)).toBe(true);
    for (const [n, chunk] of chunks.entries()) expect(Buffer.from((await a.get(hash, home, n)) ?? []).equals(chunk)).toBe(true);
  });

  test('[S19] another laptop goes on with what one has begun', async () => {
    const [a, b] = await pair();
    const { bytes, hash, chunks, digests } = announce();
    await a.begin(hash, bytes.length, digests);
    for (const n of [0, 2]) await a.put(hash, home, n, chunks[n] ?? bytes);
    await a.complete(hash);
    expect((await b.begin(hash, bytes.length, digests)).missing).toEqual([1]);
    await b.put(hash, home, 1, chunks[1] ?? bytes);
    expect(await b.complete(hash)).toBe('complete');
    expect((await a.begin(hash, bytes.length, digests)).complete).toBe(true);
  });

  test('[S18] chunks announced otherwise replace those of an announcement that came to nothing', async () => {
    const [a, b] = await pair();
    const { bytes, hash, chunks, digests } = announce();
    const other = chunked(randomBytes(2500), size);
    await a.begin(hash, bytes.length, Buffer.concat([digests.subarray(0, 32), other.digests.subarray(32)]));
    await a.put(hash, home, 0, chunks[0] ?? bytes);
    await a.put(hash, home, 1, other.chunks[1] ?? bytes);
    await a.complete(hash);
    expect((await b.begin(hash, bytes.length, digests)).missing).toEqual([1, 2]);
    for (const n of [1, 2]) await b.put(hash, home, n, chunks[n] ?? bytes);
    expect(await b.complete(hash)).toBe('complete');
    expect(Buffer.from((await a.get(hash, home, 1)) ?? []).equals(chunks[1] ?? bytes)).toBe(true);
  });

  test('[S17] an empty file and one of exactly a chunk', async () => {
    const [a, b] = await pair();
    for (const bytes of [Buffer.alloc(0), randomBytes(size)]) {
      const hash = await sendFile(a, bytes, size);
      expect(await b.find(hash)).toMatchObject({ sizeBytes: bytes.length, chunks: bytes.length / size });
    }
  });

  test('[S20] a hash that another firm has is as good as one that nobody has', async () => {
    const [a] = await pair();
    const foreign = (await world.connect('two', 'Admin')).files;
    const { bytes, hash, chunks, digests } = announce();
    await sendFile(a, bytes, size);
    const nobodys = announce();
    const answers = async (of: typeof nobodys): Promise<unknown[]> => [
      await foreign.find(of.hash),
      await foreign.get(of.hash, home, 0),
      (await foreign.states([of.hash])).size,
      await foreign.complete(of.hash),
      await foreign.begin(of.hash, 2500, of.digests),
      await foreign.complete(of.hash),
    ];
    expect(await answers({ bytes, hash, chunks, digests })).toEqual(await answers(nobodys));
    // it has to send what it claims to have, and gets its own
    expect((await foreign.begin(hash, 2500, digests)).missing).toEqual([0, 1, 2]);
    await sendFile(foreign, bytes, size);
    expect(await foreign.find(hash)).toMatchObject({ chunks: 3 });
  });

  test('a Viewer reads files and sends none', async () => {
    const [a] = await pair();
    const viewer = (await world.connect('one', 'Viewer')).files;
    const hash = await sendFile(a, randomBytes(10));
    expect(await viewer.find(hash)).toMatchObject({ sizeBytes: 10 });
    expect((await viewer.get(hash, home, 0))?.length).toBe(10);
    const forbidden = { error: { code: 'forbidden' } };
    const { hash: other, digests } = announce();
    await expect(viewer.begin(other, 2500, digests)).rejects.toMatchObject(forbidden);
    await expect(viewer.complete(other)).rejects.toMatchObject(forbidden);
  });
}
