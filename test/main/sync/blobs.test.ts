import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { ok } from '../../../src/shared/result.ts';
import { chunkBytes, fetchBlob, hasBlob, keepBlob, readBlob, uploadBlobs } from '../../../src/main/sync/blobs.ts';
import { RemoteError, type Remote } from '../../../src/main/sync/remote.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { makeLaptop, must, type TestLaptop } from '../../support/laptop.ts';

const server = createFakeServer();
const firm = server.addFirm();
const laptops: TestLaptop[] = [];
afterEach(() => laptops.splice(0).forEach(({ store }) => store.close()));

function laptop(): TestLaptop {
  const made = makeLaptop();
  laptops.push(made);
  return made;
}
function keep({ store }: TestLaptop, bytes: Buffer): string {
  const hash = createHash('sha256').update(bytes).digest('hex');
  must(
    store.transaction((db) => {
      keepBlob(db, hash, bytes, 0);
      return ok({});
    }),
  );
  return hash;
}

test('a file of several chunks, and an empty one, arrive whole over a line that breaks at every second chunk', async () => {
  const [a, b] = [laptop(), laptop()];
  const bytes = randomBytes(chunkBytes * 3 + 17);
  const hashes = [keep(a, bytes), keep(a, Buffer.alloc(0))];
  const remote = server.signIn(firm, 'Paralegal');
  let sent = 0;
  const breaking: Remote = {
    ...remote,
    async putBlobChunk(...chunk) {
      sent += 1;
      await remote.putBlobChunk(...chunk);
      if (sent % 2 === 0) throw new RemoteError({ code: 'offline', reason: 'x' });
    },
  };
  for (let round = 0; round < 5; round += 1) await uploadBlobs(a.store, breaking).catch(() => undefined);
  expect(sent).toBe(5); // what had arrived was not sent again
  for (const [n, expected] of [bytes, Buffer.alloc(0)].entries()) {
    const got = must(await fetchBlob(b.store, remote, hashes[n] ?? '', 0));
    expect(Buffer.from(got).equals(expected)).toBe(true);
    expect(Buffer.from(readBlob(b.store, hashes[n] ?? '') ?? 'x').equals(expected)).toBe(true);
  }
});

test('bytes that are not what their hash says are never kept', async () => {
  const b = laptop();
  const hash = keep(laptop(), randomBytes(10));
  const liar: Remote = {
    ...server.signIn(firm, 'Paralegal'),
    blobState: () => Promise.resolve({ sizeBytes: 3, complete: true, chunks: [0] }),
    getBlobChunk: () => Promise.resolve(Buffer.from('bad')),
  };
  expect(await fetchBlob(b.store, liar, hash, 0)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  expect(hasBlob(b.store, hash)).toBe(false);
});
