import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { chunkBytes, findKept, hasFile, readFile, unconfirmedFiles } from '../../../../src/main/sync/files/kept-files.ts';
import type { FirmFiles } from '../../../../src/main/sync/files/firm-files.ts';
import { RemoteError } from '../../../../src/main/sync/remote.ts';
import { wholeOf } from '../../../support/fake-files.ts';
import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { faultyFiles, fileFaults, type FileFault } from '../../../support/faulty-files.ts';
import { hashOf, keepOn } from '../../../support/files.ts';
import { carryOnce, openFiles } from '../../../support/files-seat.ts';
import { makeLaptop, must, type TestLaptop } from '../../../support/laptop.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`files seed ${String(seed)} (repeat with STENO_SEED)`);

const server = createFakeServer();
const laptops: TestLaptop[] = [];
afterEach(() => laptops.splice(0).forEach(({ store }) => store.close()));
function laptop(): TestLaptop {
  const made = makeLaptop();
  laptops.push(made);
  return made;
}
const atFirm = (firm: FakeFirm, hash: string): Buffer => wholeOf(firm.files.get(hash) ?? missing(hash));
function missing(hash: string): never {
  throw new Error(`the firm has no ${hash}`);
}
/** Fails calls of one kind, for as long as it says so. */
function failing(files: FirmFiles, when: (call: string, hash: string) => RemoteError | null): FirmFiles {
  const or =
    <A extends [string, ...unknown[]], R>(call: string, work: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      const error = when(call, args[0]);
      return error ? Promise.reject(error) : work(...args);
    };
  return {
    ...files,
    begin: or('begin', files.begin),
    put: or('put', files.put),
    complete: or('complete', files.complete),
    find: or('find', files.find),
    get: or('get', files.get),
  };
}
const offline = (): RemoteError => new RemoteError({ code: 'offline', reason: 'x' });

const sizes = fc.constantFrom(0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 3 * chunkBytes + 17, 5 * chunkBytes);
const schedules = fc.array(fc.constantFrom<FileFault>(...fileFaults), { maxLength: 40 });

test('[S17][S18][S19] whatever happens on the line, afterwards every file is at the firm bit for bit and once, and other laptops have it bit for bit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(sizes, { maxLength: 4 }), schedules, schedules, fc.boolean(), async (lengths, up, down, crashes) => {
      const firm = server.addFirm();
      const [a, b] = [laptop(), laptop()];
      const contents = lengths.map((length) => randomBytes(length));
      const hashes = contents.map((bytes) => keepOn(a, bytes));
      const line = faultyFiles(server.signIn(firm, 'Paralegal').files, up);
      // a pass ends at the first lost line; the next begins after the next round of rows
      for (let pass = 0; unconfirmedFiles(a.store).length > 0; pass += 1) {
        if (pass > 400) throw new Error('the line is whole and files still wait');
        await carryOnce(openFiles(a, line.files));
        if (crashes && pass % 3 === 1) a.reopen();
      }
      for (const [n, hash] of hashes.entries()) {
        expect(atFirm(firm, hash).equals(contents[n] ?? Buffer.alloc(0))).toBe(true);
        expect([...(firm.files.get(hash)?.taken.values() ?? [])].every((times) => times === 1)).toBe(true);
      }
      const back = faultyFiles(server.signIn(firm, 'Viewer').files, down);
      for (const [n, hash] of hashes.entries()) {
        for (let tries = 0; !hasFile(b.store, hash); tries += 1) {
          if (tries > 100) throw new Error('the line is whole and the file does not come');
          await openFiles(b, back.files).files.fetch(hash);
          if (crashes && tries % 3 === 1) b.reopen();
        }
        expect(Buffer.from(readFile(b.store, hash) ?? 'x').equals(contents[n] ?? Buffer.alloc(0))).toBe(true);
      }
    }),
    { seed, numRuns: 25 },
  );
}, 120_000);

test('[S18] control: a firm that does not compare chunks with their announcement keeps a damaged file', async () => {
  const careless = createFakeServer({ files: { checksChunks: false } });
  const firm = careless.addFirm();
  const a = laptop();
  const bytes = randomBytes(chunkBytes * 2);
  const hash = keepOn(a, bytes);
  const line = faultyFiles(careless.signIn(firm, 'Paralegal').files, ['none', 'damaged']);
  await carryOnce(openFiles(a, line.files));
  expect(atFirm(firm, hash).equals(bytes)).toBe(false);
});

test('[S19] what had arrived is not sent again after a crash, in neither direction', async () => {
  const firm = server.addFirm();
  const [a, b] = [laptop(), laptop()];
  const bytes = randomBytes(chunkBytes * 6 + 17);
  const hash = keepOn(a, bytes);
  const counted = { put: 0, get: 0 };
  const counting = (call: string): RemoteError | null => {
    if (call !== 'put' && call !== 'get') return null;
    counted[call] += 1;
    return counted[call] % 3 === 0 ? offline() : null;
  };
  const remote = server.signIn(firm, 'Paralegal').files;
  for (let pass = 0; pass < 20 && unconfirmedFiles(a.store).length > 0; pass += 1) {
    await carryOnce(openFiles(a, failing(remote, counting)));
    a.reopen();
  }
  expect(atFirm(firm, hash).equals(bytes)).toBe(true);
  const lostPuts = Math.floor(counted.put / 3);
  expect(counted.put - lostPuts).toBe(7);
  for (let tries = 0; tries < 20 && !hasFile(b.store, hash); tries += 1) {
    await openFiles(b, failing(remote, counting)).files.fetch(hash);
    b.reopen();
  }
  expect(Buffer.from(readFile(b.store, hash) ?? 'x').equals(bytes)).toBe(true);
  expect(counted.get - Math.floor(counted.get / 3)).toBe(7);
});

test('[S19] at most three chunks of a file are in memory at once, in either direction', async () => {
  const firm = server.addFirm();
  const [a, b] = [laptop(), laptop()];
  const hash = keepOn(a, randomBytes(chunkBytes * 12));
  const remote = server.signIn(firm, 'Paralegal').files;
  let [now, most] = [0, 0];
  const counted =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      return work(...args).finally(() => (now -= 1));
    };
  const counting: FirmFiles = { ...remote, put: counted(remote.put), get: counted(remote.get) };
  await carryOnce(openFiles(a, counting));
  expect([most, firm.files.get(hash)?.isComplete]).toEqual([3, true]);
  most = 0;
  must(await openFiles(b, counting).files.fetch(hash));
  expect(most).toBe(3);
});

test('[S20] what the firm has already is not sent: neither a colleague’s file nor one’s own', async () => {
  const firm = server.addFirm();
  const bytes = randomBytes(chunkBytes + 1);
  const [a, b] = [laptop(), laptop()];
  const hash = keepOn(a, bytes);
  await carryOnce(openFiles(a, server.signIn(firm, 'Paralegal').files));
  keepOn(b, bytes);
  const line = faultyFiles(server.signIn(firm, 'Paralegal').files, []);
  await carryOnce(openFiles(b, line.files));
  expect(line.calls).toEqual(['begin']);
  expect(findKept(b.store, hash)).toMatchObject({ uploaded: true, isProved: true });
});

test('[S21] a file that the firm refuses holds up no other; it is tried again, says why, and never goes', async () => {
  const firm = server.addFirm();
  const a = laptop();
  const refused = keepOn(a, randomBytes(10));
  const others = [keepOn(a, randomBytes(20)), keepOn(a, randomBytes(chunkBytes * 40))];
  let isBroken = true;
  const poisoned = failing(server.signIn(firm, 'Paralegal').files, (call, hash) =>
    isBroken && call === 'put' && hash === refused ? new RemoteError({ code: 'forbidden', what: 'x', reason: 'no' }) : null,
  );
  const seat = openFiles(a, poisoned);
  await carryOnce(seat);
  for (const hash of others) expect(firm.files.get(hash)?.isComplete).toBe(true);
  expect(unconfirmedFiles(a.store)).toEqual([{ contentHash: refused, sizeBytes: 10 }]);
  expect(seat.files.storage()).toMatchObject({
    unconfirmedCount: 1,
    transfers: [{ direction: 'up', problem: { code: 'forbidden', reason: 'no' } }],
  });
  isBroken = false;
  for (let pass = 0; pass < 40 && unconfirmedFiles(a.store).length > 0; pass += 1) await carryOnce(seat);
  expect(unconfirmedFiles(a.store)).toEqual([]);
  expect(seat.files.storage()).toMatchObject({ unconfirmedCount: 0, transfers: [] });
});

test('[S18] bytes that are not what their hash says are never shown: dropped, fetched once more, then said', async () => {
  const firm = server.addFirm();
  const b = laptop();
  const hash = hashOf(randomBytes(10));
  let asked = 0;
  const liar: FirmFiles = {
    ...server.signIn(firm, 'Paralegal').files,
    find: () => Promise.resolve({ sizeBytes: 3, chunks: 1, home: 'postgres', digests: null }),
    get: () => {
      asked += 1;
      return Promise.resolve(Buffer.from('bad'));
    },
  };
  const seat = openFiles(b, liar);
  expect(await seat.files.fetch(hash)).toMatchObject({
    ok: false,
    error: { code: 'corrupt', reason: expect.stringContaining('steno admin file-store verify') },
  });
  expect(asked).toBe(2);
  expect(hasFile(b.store, hash)).toBe(false);
  expect(readFile(b.store, hash)).toBeNull();
  expect(seat.files.view(hash, 3)).toMatchObject({ state: 'away', problem: { code: 'corrupt' } });
});

test('[S18] a chunk that rots in the store of this laptop is fetched again alone', async () => {
  const firm = server.addFirm();
  const [a, b] = [laptop(), laptop()];
  const bytes = randomBytes(chunkBytes * 4);
  const hash = keepOn(a, bytes);
  const remote = server.signIn(firm, 'Paralegal').files;
  await carryOnce(openFiles(a, remote));
  let got = 0;
  const counting: FirmFiles = {
    ...remote,
    async get(...chunk) {
      got += 1;
      const part = await remote.get(...chunk);
      // the last to come finds the first one changed on the disk
      if (got === 4) b.store.raw.prepare(`update blob_chunk set bytes = zeroblob(length(bytes)) where chunk_number = 0`).run();
      return part;
    },
  };
  must(await openFiles(b, counting).files.fetch(hash));
  expect(got).toBe(5);
  expect(Buffer.from(readFile(b.store, hash) ?? 'x').equals(bytes)).toBe(true);
});

test('[S21] offline is said, and what a person asked for comes by itself when the line is back; what she stopped does not', async () => {
  const firm = server.addFirm();
  const [a, b] = [laptop(), laptop()];
  const [wanted, stopped] = [randomBytes(chunkBytes * 3), randomBytes(chunkBytes * 4)];
  const hashes = [keepOn(a, wanted), keepOn(a, stopped)] as const;
  const remote = server.signIn(firm, 'Paralegal').files;
  await carryOnce(openFiles(a, remote));
  let isOffline = true;
  const seat = openFiles(
    b,
    failing(remote, () => (isOffline ? offline() : null)),
  );
  expect(seat.files.want(hashes[0], wanted.length)).toMatchObject({ state: 'fetching' });
  await seat.files.idle();
  expect(seat.files.want(hashes[0], wanted.length)).toMatchObject({ state: 'away', problem: { code: 'offline' } });
  isOffline = false;
  await carryOnce(seat);
  expect(seat.files.want(hashes[0], wanted.length)).toMatchObject({ state: 'here' });
  expect(seat.changes).toContain(hashes[0]);

  seat.files.want(hashes[1], stopped.length);
  must(await seat.files.cancel(hashes[1]));
  expect(seat.files.want(hashes[1], stopped.length)).toMatchObject({ state: 'away', problem: null });
  await carryOnce(seat);
  expect(hasFile(b.store, hashes[1])).toBe(false);
  expect(seat.files.fetchAgain(hashes[1], stopped.length)).toMatchObject({ state: 'fetching' });
  await seat.files.idle();
  expect(hasFile(b.store, hashes[1])).toBe(true);
});
