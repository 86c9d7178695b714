import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ok } from '../../src/shared/result.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { chunkBytes, hasFile, readFile, unconfirmedFiles } from '../../src/main/sync/files/kept-files.ts';
import { aLoop } from '../support/a-loop.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { faultyFiles, fileFaults, type FileFault } from '../support/faulty-files.ts';
import { hashOf, keepOn } from '../support/files.ts';
import { carryOnce, openFiles } from '../support/files-seat.ts';
import { makeLaptop, must, type TestLaptop } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { keepFilesIn, startS3Server } from '../support/s3-server.ts';

// many megabytes, on machines that do other things as well
vi.setConfig({ testTimeout: 90_000 });

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`files-faults seed ${String(seed)} (repeat with STENO_SEED)`);

const world = await createPgWorld();
const { admin, firms } = world;
const laptops: TestLaptop[] = [];
afterEach(() => laptops.splice(0).forEach(({ store }) => store.close()));
beforeAll(async () => {
  await keepFilesIn(admin, await startS3Server(), firms.two.firmId);
});
const laptop = (): TestLaptop => {
  const made = makeLaptop();
  laptops.push(made);
  return made;
};

const sizes = fc.constantFrom(0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 4 * chunkBytes + 17);
const schedules = fc.array(fc.constantFrom<FileFault>(...fileFaults), { maxLength: 25 });

describe.each([
  ['Postgres', 'one'],
  ['a store outside', 'two'],
] as const)('files in %s', (_, firm) => {
  test('[S12][S13][S14] whatever happens on the line, afterwards each is at the firm bit for bit and once', async () => {
    const { files } = await world.connect(firm, 'Paralegal');
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(sizes, { minLength: 1, maxLength: 3 }), schedules, schedules, async (lengths, up, down) => {
        const [a, b] = [laptop(), laptop()];
        const contents = lengths.map((length) => randomBytes(length));
        const hashes = contents.map((bytes) => keepOn(a, bytes));
        const line = faultyFiles(files, up);
        for (let pass = 0; unconfirmedFiles(a.store).length > 0; pass += 1) {
          if (pass > 200) throw new Error('the line is whole and files still wait');
          await carryOnce(openFiles(a, line.files));
        }
        const back = faultyFiles(files, down);
        for (const [n, hash] of hashes.entries()) {
          for (let tries = 0; !hasFile(b.store, hash); tries += 1) {
            if (tries > 100) throw new Error('the line is whole and the file does not come');
            await openFiles(b, back.files).files.fetch(hash);
          }
          expect(hashOf(readFile(b.store, hash) ?? Buffer.from('x'))).toBe(hashOf(contents[n] ?? Buffer.alloc(0)));
        }
        const { rows } = await admin.query<{ hash: string; files: number }>(
          'select content_hash as hash, count(*)::integer as files from steno.blob where content_hash = any ($1) and firm_id = $2 and completed_at is not null group by 1',
          [hashes, firms[firm].firmId],
        );
        expect(rows.map(({ files: times }) => times)).toEqual([...new Set(hashes)].map(() => 1));
        laptops.splice(0).forEach(({ store }) => store.close());
      }),
      { seed, numRuns: 8 },
    );
  });
});

test('[S14][S16] a line that is cut in the middle of a chunk, or where its answer should come, costs that chunk and no more', async () => {
  const proxy = await startFaultProxy(world.database);
  const { files } = await world.connect('one', 'Paralegal', undefined, proxy.port);
  const a = laptop();
  const bytes = randomBytes(chunkBytes * 5);
  const hash = keepOn(a, bytes);
  const line = faultyFiles(files, []);
  const seat = openFiles(a, line.files);
  proxy.weather({ cutAfter: { way: 'toServer', bytes: 1_300_000 } });
  await carryOnce(seat);
  expect(seat.files.storage().transfers).toMatchObject([{ direction: 'up', problem: { code: 'offline' } }]);
  proxy.weather({ cutsAnswerTo: 'app.complete_file' });
  await carryOnce(seat);
  expect(unconfirmedFiles(a.store)).toHaveLength(1);
  proxy.weather({});
  await carryOnce(seat);
  expect(unconfirmedFiles(a.store)).toEqual([]);
  // at most the three that were on the line went twice
  expect(line.calls.filter((call) => call.startsWith('put')).length).toBeLessThanOrEqual(5 + 3);

  const b = laptop();
  proxy.weather({ cutAfter: { way: 'toClient', bytes: 1_500_000 } });
  const reading = openFiles(b, files);
  expect(await reading.files.fetch(hash)).toMatchObject({ ok: false, error: { code: 'offline' } });
  proxy.weather({});
  expect((await reading.files.fetch(hash)).ok).toBe(true);
  expect(hashOf(readFile(b.store, hash) ?? Buffer.from('x'))).toBe(hash);
});

test('[S21] rows do not wait for files: a push is through while chunks are held up on their lines', async () => {
  const proxy = await startFaultProxy(world.database);
  const token = await world.tokenFor('one', 'Paralegal');
  const held = createPostgresRemote({ ...world.connection, port: proxy.port }, token);
  const { files } = held;
  const remote = await world.connect('one', 'Paralegal');
  const a = laptop();
  keepOn(a, randomBytes(chunkBytes * 3));
  await files.states([]); // a line is there
  proxy.weather({ isStalled: true });
  const seat = openFiles(a, files);
  const loop = aLoop(a, { ...remote, files }, { now: () => 0, transferFiles: () => seat.files.wake() });
  expect(await loop.now()).toMatchObject({ phase: 'synced' });
  must(a.write((change) => ok(change.insert('matter', { matterId: freshId(), title: 'Typed while a file hangs', status: 'Open' }))));
  expect(await loop.now()).toMatchObject({ phase: 'synced', waiting: 0 });
  expect(unconfirmedFiles(a.store)).toHaveLength(1);
  proxy.weather({});
  await seat.files.idle();
  expect(unconfirmedFiles(a.store)).toEqual([]);
  await loop.stop();
  await held.close();
});
