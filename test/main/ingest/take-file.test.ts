import { randomBytes } from 'node:crypto';
import { open, readFile as readFromDisk, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshId } from '../../../src/main/host/ids.ts';
import { hashFile } from '../../../src/main/ingest/hash-file.ts';
import { takeFile } from '../../../src/main/ingest/take-file.ts';
import { ok } from '../../../src/shared/result.ts';
import { chunkBytes, findKept, readFile, unconfirmedFiles } from '../../../src/main/sync/files/kept-files.ts';
import { wholeOf } from '../../support/fake-files.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { hashOf } from '../../support/files.ts';
import { carryOnce, openFiles } from '../../support/files-seat.ts';
import { makeLaptop, must, testFolder, type TestLaptop } from '../../support/laptop.ts';

let laptop: TestLaptop;
let path: string;
beforeEach(() => {
  laptop = makeLaptop();
  path = join(testFolder(), `${freshId()}.bin`);
});
afterEach(() => laptop.store.close());

const rows = (): unknown =>
  laptop.store.raw.prepare('select (select count(*) from blob) as files, (select count(*) from blob_chunk) as chunks').get();

/** Overwrites bytes in the middle and puts the time of change back, so that only the bytes tell. */
async function overwrite(): Promise<void> {
  await using file = await open(path, 'r+');
  const { atime, mtime } = await file.stat();
  await file.write(Buffer.from('changed'), 0, 7, chunkBytes);
  await file.utimes(atime, mtime);
}

describe.each([
  ['in memory', 16 * 1024 * 1024],
  ['chunk by chunk', 1000],
])('a file taken %s', (how, mostInMemory) => {
  test('is in the store bit for bit once its document is, and not before', async () => {
    const bytes = randomBytes(3 * chunkBytes + 17);
    await writeFile(path, bytes);
    const taken = must(await takeFile({ store: laptop.store, path, now: 0, mostInMemory }));
    expect(taken).toMatchObject({ hash: hashOf(bytes), sizeBytes: bytes.length });
    expect(readFile(laptop.store, taken.hash)).toBeNull();
    expect(unconfirmedFiles(laptop.store)).toEqual([]);
    must(
      laptop.store.transaction((db) => {
        taken.keep(db);
        return ok({});
      }),
    );
    expect(Buffer.from(readFile(laptop.store, taken.hash) ?? 'x').equals(bytes)).toBe(true);
    expect(unconfirmedFiles(laptop.store)).toHaveLength(1);
  });

  // every piece is a megabyte: 2 in the first reading, where there is one 2 in the second
  test.each([1, 2, 3, 4])('that changes after piece %i is read again, or what is kept is what its hash says', async (when) => {
    await writeFile(path, randomBytes(4 * chunkBytes));
    await utimes(path, 1_700_000_000, 1_700_000_000); // a time that can be put back exactly
    let piece = 0;
    const taken = await takeFile({
      store: laptop.store,
      path,
      now: 0,
      mostInMemory,
      onPiece: async () => {
        if ((piece += 1) === when) await overwrite();
      },
    });
    if (taken.ok) {
      const { hash, keep } = taken.value;
      must(
        laptop.store.transaction((db) => {
          keep(db);
          return ok({});
        }),
      );
      expect(hashOf(readFile(laptop.store, hash) ?? Buffer.alloc(0))).toBe(hash);
    } else {
      expect(taken.error).toMatchObject({ code: 'conflict', reason: expect.stringContaining('read again') });
      expect(rows()).toEqual({ files: 0, chunks: 0 });
    }
    // quiet now: it is taken as it is
    const again = must(await takeFile({ store: laptop.store, path, now: 0, mostInMemory }));
    expect(again.hash).toBe(hashOf(await readFromDisk(path)));
    if (how === 'chunk by chunk' && when === 2) expect(taken.ok).toBe(false);
  });

  test('that nobody wants leaves nothing, nor does one that a crash interrupted', async () => {
    await writeFile(path, randomBytes(3 * chunkBytes));
    must(await takeFile({ store: laptop.store, path, now: 0, mostInMemory })).leave();
    expect(rows()).toEqual({ files: 0, chunks: 0 });
    must(await takeFile({ store: laptop.store, path, now: 0, mostInMemory }));
    laptop.reopen();
    await openFiles(laptop, createFakeServer().signIn(createFakeServer().addFirm(), 'Paralegal').files).files.stop();
    expect(rows()).toEqual({ files: 0, chunks: 0 });
  });
});

test('control: hashed first and read after, a file that changes between is kept under a wrong name', async () => {
  await writeFile(path, randomBytes(4 * chunkBytes));
  const { hash } = must(await hashFile(path));
  await overwrite();
  expect(hashOf(await readFromDisk(path))).not.toBe(hash);
});

test('a file that changes on the disk while it is sent arrives as it was taken', async () => {
  const server = createFakeServer();
  const firm = server.addFirm();
  const bytes = randomBytes(6 * chunkBytes);
  await writeFile(path, bytes);
  const taken = must(await takeFile({ store: laptop.store, path, now: 0, mostInMemory: 1000 }));
  must(
    laptop.store.transaction((db) => {
      taken.keep(db);
      return ok({});
    }),
  );
  const { files } = server.signIn(firm, 'Paralegal');
  let sent = 0;
  const seat = openFiles(laptop, {
    ...files,
    async put(...chunk) {
      if ((sent += 1) === 3) await writeFile(path, 'something else entirely');
      return files.put(...chunk);
    },
  });
  await carryOnce(seat);
  const file = firm.files.get(taken.hash);
  expect(file?.isComplete).toBe(true);
  expect(file && wholeOf(file).equals(bytes)).toBe(true);
  expect(findKept(laptop.store, taken.hash)).toMatchObject({ uploaded: true });
});
