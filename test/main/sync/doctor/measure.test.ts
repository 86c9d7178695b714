import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureStore } from '../../../../src/main/sync/doctor/measure.ts';
import { flipBit, pagesOf } from '../../../support/damage.ts';
import { makeLaptop, type TestLaptop } from '../../../support/laptop.ts';

/** A copy with so many megabytes of files. */
function laptopWith(megabytes: number): TestLaptop {
  const laptop = makeLaptop();
  const { raw } = laptop.store;
  raw.exec(`insert into blob (content_hash, size_bytes, created_at) values ('h', 1, 0)`);
  const add = raw.prepare(`insert into blob_chunk (content_hash, chunk_number, bytes) values ('h', ?, ?)`);
  for (let n = 0; n < megabytes * 2; n += 1) add.run(n, Buffer.alloc(500_000, n));
  return laptop;
}
function damage(laptop: TestLaptop, name: string, kind: 'leaf' | 'overflow'): void {
  const page = pagesOf(laptop.store).findLast((each) => each.name === name && each.kind === kind)?.page ?? 0;
  laptop.store.close();
  flipBit(laptop.path, page);
  laptop.reopen();
}
/** Either way of saying no is a finding. */
async function isWhole({ store }: TestLaptop): Promise<boolean> {
  const found = await measureStore(store);
  if (!('code' in found)) expect(found.integrity.split('; ').length).toBeLessThanOrEqual(5);
  return !('code' in found) && found.integrity === 'ok';
}
const laptops: [string, number][] = [
  ['a small copy', 1],
  ['a large copy', 70],
];

test.each(laptops)('%s that is whole is found whole; one bit of a file or of an index is found', async (_name, megabytes) => {
  const laptop = laptopWith(megabytes);
  expect(await isWhole(laptop)).toBe(true);
  damage(laptop, 'blob_chunk', 'overflow');
  expect(await isWhole(laptop)).toBe(false);
  const other = laptopWith(megabytes);
  damage(other, 'sqlite_autoindex_blob_chunk_1', 'leaf');
  expect(await isWhole(other)).toBe(false);
  laptop.store.close();
  other.store.close();
});

test('a large copy that is in use: others have their turn meanwhile, and it ends where nobody wants to know any more', async () => {
  const laptop = laptopWith(70);
  let turns = 0;
  const measured = measureStore(laptop.store);
  for (let found; found === undefined; turns += 1) {
    laptop.store.raw.exec(`delete from blob_chunk where chunk_number = ${String(turns)}`);
    found = await Promise.race([measured, setImmediate()]);
  }
  expect(await measured).toMatchObject({ integrity: 'ok' });
  expect(turns).toBeGreaterThan(5);
  const stopped = new AbortController();
  const ended = measureStore(laptop.store, stopped.signal);
  stopped.abort();
  await expect(ended).rejects.toThrow('aborted');
  laptop.store.close();
});
