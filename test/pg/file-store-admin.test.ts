import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { adminFileStoreCommands } from '../../src/main/cli/admin-file-store-command.ts';
import type { FirmFiles } from '../../src/main/sync/files/firm-files.ts';
import { chunkBytes, hasFile, readFile, unconfirmedFiles } from '../../src/main/sync/files/kept-files.ts';
import { runRetention } from '../../src/main/admin/retention/retention.ts';
import { sweepStores } from '../../src/main/admin/file-store/verify.ts';
import { chunked, keepOn, sendFile } from '../support/files.ts';
import { carryOnce, openFiles } from '../support/files-seat.ts';
import { makeLaptop, must } from '../support/laptop.ts';
import { aMatter, inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { runCommand, type RanCommand } from '../support/run-command.ts';
import { askS3, startS3Server, type S3Server } from '../support/s3-server.ts';

// moves hundreds of objects on machines that do other things as well
vi.setConfig({ testTimeout: 60_000 });

const world = await createPgWorld();
const { admin, firms, database } = world;
const url = `postgres://${database.user}:${database.password}@${database.host}:${String(database.port)}/${database.database}`;
const root = resolve(import.meta.dirname, '../..');
let s3: S3Server;
let files: FirmFiles;
beforeAll(async () => {
  s3 = await startS3Server();
  await askS3(admin, s3, 'PUT', '');
  ({ files } = await world.connect('one', 'Paralegal'));
});

const fileStore = (...words: string[]): Promise<RanCommand> =>
  runCommand(adminFileStoreCommands['admin file-store'], [...words, '--url', url, '--slug', 'one']);
/** In a process of its own, because the secret comes on standard input. */
function set(secret: string, ...words: string[]): { code: number | null; said: string; failed: string } {
  const named = ['--endpoint', s3.endpoint, '--bucket', s3.bucket, '--access-key', s3.accessKey];
  const ran = spawnSync(
    process.execPath,
    [join(root, 'src/main/cli.ts'), 'admin', 'file-store', 'set', '--url', url, '--slug', 'one', ...named, ...words],
    {
      input: `${secret}\n`,
      encoding: 'utf8',
    },
  );
  return { code: ran.status, said: ran.stdout, failed: ran.stderr };
}
const homes = async (): Promise<Record<string, string>> => {
  const { rows } = await admin.query<{ hash: string; home: string }>(
    'select content_hash as hash, home from steno.blob where firm_id = $1',
    [firms.one.firmId],
  );
  return Object.fromEntries(rows.map(({ hash, home }) => [hash, home]));
};
const bytesOf = async (hash: string): Promise<Buffer> => {
  const found = await files.find(hash);
  if (!found) throw new Error('the firm has no such file');
  const parts: Uint8Array[] = [];
  for (let n = 0; n < found.chunks; n += 1) parts.push((await files.get(hash, found.home, n)) ?? Buffer.from('gone'));
  return Buffer.concat(parts);
};

test('[S22] set tries the store first; the secret comes on standard input and is shown by nothing', async () => {
  expect(set(s3.secret, '--dry-run')).toMatchObject({ code: 0, said: expect.stringContaining('Nothing was changed') });
  expect((await fileStore('show')).said).toContain('Store      none');
  expect(set('not the secret')).toMatchObject({ code: 1, failed: expect.stringContaining('SignatureDoesNotMatch') });
  expect(set(s3.secret, '--bucket', 'no-such-bucket')).toMatchObject({ code: 1, failed: expect.stringContaining('NoSuchBucket') });
  expect(set(s3.secret, '--endpoint', 'http://files.firm.example')).toMatchObject({
    code: 2,
    failed: expect.stringContaining('use https'),
  });
  expect(set('')).toMatchObject({ code: 1, failed: expect.stringContaining('standard input') });
  expect((await fileStore('show')).said).toContain('Store      none');
  const done = set(s3.secret, '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.said)).toEqual({
    endpoint: s3.endpoint,
    bucket: s3.bucket,
    region: 'us-east-1',
    accessKey: s3.accessKey,
    isPathStyle: true,
    isHome: true,
  });
  expect(await fileStore('test')).toMatchObject({ code: 0 });
  const shown = await fileStore('show');
  expect(shown.said).toContain(`${s3.bucket} at ${s3.endpoint}`);
  expect(JSON.stringify([shown, done])).not.toContain(s3.secret);
  await fileStore('clear');
});

test('[S22] files move to the store and back while people read and write; a run that is cut off goes on', async () => {
  const contents = [randomBytes(0), randomBytes(10), randomBytes(chunkBytes), randomBytes(chunkBytes * 3 + 17), randomBytes(2500)];
  const hashes: string[] = [];
  for (const bytes of contents) hashes.push(await sendFile(files, bytes, bytes.length === 2500 ? 1000 : chunkBytes));
  expect(set(s3.secret).code).toBe(0);
  expect((await fileStore('move', '--to', 's3', '--dry-run')).said).toContain(`${String(contents.length)} files`);
  expect(Object.values(await homes())).toEqual(contents.map(() => 'postgres'));

  // a laptop reads the largest one meanwhile, and is told in the middle that it moved
  const laptop = makeLaptop();
  const reading: FirmFiles = {
    ...files,
    async get(...chunk) {
      if (chunk[2] === 2 && chunk[1] === 'postgres') expect(await fileStore('move', '--to', 's3')).toMatchObject({ code: 0 });
      return files.get(...chunk);
    },
  };
  expect((await openFiles(laptop, reading).files.fetch(hashes[3] ?? '')).ok).toBe(true);
  expect(Buffer.from(readFile(laptop.store, hashes[3] ?? '') ?? 'x').equals(contents[3] ?? Buffer.alloc(1))).toBe(true);
  laptop.store.close();

  expect(Object.values(await homes())).toEqual(contents.map(() => 's3'));
  const { rows } = await admin.query('select from steno.blob_chunk where bytes is not null and firm_id = $1', [firms.one.firmId]);
  expect(rows).toEqual([]);
  for (const [n, hash] of hashes.entries()) expect((await bytesOf(hash)).equals(contents[n] ?? Buffer.alloc(1))).toBe(true);
  expect((await fileStore('move', '--to', 's3')).outcome).toMatchObject({ ok: true, value: { moved: 0, left: 0 } });
  expect(await fileStore('clear')).toMatchObject({ code: 1, outcome: { error: { code: 'conflict' } } });

  // the store goes away in the middle of the way back
  const [one = '', ...others] = Object.keys(await homes()).sort();
  await admin.query(`update auth.file_store set endpoint = 'http://127.0.0.1:9' where firm_id = $1`, [firms.one.firmId]);
  expect(await fileStore('move', '--to', 'postgres')).toMatchObject({ code: 1, outcome: { error: { code: 'provider_failed' } } });
  await admin.query('update auth.file_store set endpoint = $2 where firm_id = $1', [firms.one.firmId, s3.endpoint]);
  expect((await fileStore('move', '--to', 'postgres')).code).toBe(0);
  for (const [n, hash] of hashes.entries()) expect((await bytesOf(hash)).equals(contents[n] ?? Buffer.alloc(1))).toBe(true);
  expect(new Set(Object.values(await homes()))).toEqual(new Set(['postgres']));
  expect([one, ...others]).toHaveLength(contents.length);

  // new ones go to Postgres again; what lies in the store is deleted by the sweep, and only then the store may be forgotten
  const fresh = await sendFile(files, randomBytes(20));
  expect((await homes())[fresh]).toBe('postgres');
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${hashes[1] ?? ''}/0`)).toMatchObject({ status: 200 });
  expect((await fileStore('clear')).code).toBe(1);
  expect((await fileStore('sweep')).said).toMatch(/^5 files, 9 objects, deleted/);
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${hashes[1] ?? ''}/0`)).toMatchObject({ status: 404 });
  expect((await fileStore('clear')).code).toBe(0);
});

test('[S18] verify finds the file whose chunks are announced truly and whose hash is not, and throws it away; a laptop that has it sends it again', async () => {
  const laptop = makeLaptop();
  // too large for the server to hash: only pretended, by a lie that it cannot see
  const bytes = randomBytes(3000);
  const hash = keepOn(laptop, bytes);
  const lie = chunked(randomBytes(33 * 1024 * 1024));
  await files.begin(hash, 33 * 1024 * 1024, lie.digests);
  for (const [n, chunk] of lie.chunks.entries()) await files.put(hash, 'postgres', n, chunk);
  expect(await files.complete(hash)).toBe('complete');
  expect((await files.states([hash])).get(hash)).toEqual({ isVerified: false });

  const seat = openFiles(laptop, files);
  await carryOnce(seat);
  expect(seat.files.storage().transfers).toMatchObject([{ problem: { code: 'conflict' } }]);
  expect(unconfirmedFiles(laptop.store)).toHaveLength(1); // it is nowhere else, so it stays
  const reader = makeLaptop();
  expect(await openFiles(reader, files).files.fetch(hash)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
  expect(hasFile(reader.store, hash)).toBe(false);

  expect((await fileStore('show')).said).toContain('DISPUTED   1');
  expect(await fileStore('verify', '--dry-run')).toMatchObject({ code: 1, said: expect.stringContaining(`BROKEN ${hash}: would be`) });
  expect(await fileStore('verify')).toMatchObject({ code: 1, outcome: { value: { thrownAway: [hash] } } });
  await carryOnce(seat);
  await carryOnce(seat);
  expect((await bytesOf(hash)).equals(bytes)).toBe(true);
  expect((await openFiles(reader, files).files.fetch(hash)).ok).toBe(true);
  expect(await fileStore('verify', '--all')).toMatchObject({ code: 0 });
  for (const { store } of [laptop, reader]) store.close();
});

test('[S22] what retention deletes here is deleted in the store as well; what a matter on legal hold has is left, even broken', async () => {
  expect(set(s3.secret).code).toBe(0);
  const remote = await world.connect('one', 'Attorney');
  const [gone, held] = [await sendFile(files, randomBytes(40)), await sendFile(files, randomBytes(50))];
  const matter = aMatter();
  const document = inserting('document', {
    matter_id: matter.entityId,
    file_name: 'er.pdf',
    relative_path: 'er.pdf',
    file_type: 'application/pdf',
    file_size: 50,
    content_hash: held,
  });
  await remote.push([matter, document]);
  await admin.query(`update steno.blob set created_at = now() - interval '1 year' where firm_id = $1`, [firms.one.firmId]);
  must(await runRetention(admin, { slug: 'one', dryRun: false }));
  expect(must(await sweepStores(admin, 'one'))).toBeGreaterThan(0);
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${gone}/0`)).toMatchObject({ status: 404 });
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${held}/0`)).toMatchObject({ status: 200 });

  // broken under a hold, it is left for people to decide
  const hold = async (isHeld: boolean): Promise<void> => {
    const change = { legal_hold: isHeld, legal_hold_reason: isHeld ? 'a subpoena' : null };
    expect(await remote.push([patching('matter', matter.entityId, 9, change)])).toMatchObject([{ verdict: 'applied' }]);
  };
  const object = `${firms.one.firmId}/${held}/0`;
  const { body } = await askS3(admin, s3, 'GET', object);
  await askS3(admin, s3, 'DELETE', object);
  await hold(true);
  expect(await fileStore('verify', '--all')).toMatchObject({ code: 1, outcome: { value: { held: [held], thrownAway: [] } } });
  await hold(false);
  expect((await askS3(admin, s3, 'PUT', object, body)).status).toBe(200);

  // sent again before a sweep, it is kept
  await admin.query('insert into steno.file_removal (firm_id, content_hash, chunk_count) values ($1, $2, 1)', [firms.one.firmId, held]);
  await sweepStores(admin, 'one');
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${held}/0`)).toMatchObject({ status: 200 });
  await admin.query('delete from steno.file_removal where firm_id = $1', [firms.one.firmId]);

  // a secret that a dump left out: reading says what to tell IT
  await admin.query('delete from auth.file_secret where firm_id = $1', [firms.one.firmId]);
  await expect(bytesOf(held)).rejects.toMatchObject({
    error: { code: 'provider_failed', reason: expect.stringContaining('tell your IT') },
  });
  expect((await fileStore('show')).said).toContain('SECRET     MISSING');
  expect(await fileStore('test')).toMatchObject({ code: 1, outcome: { error: { reason: expect.stringContaining('dumps leave it out') } } });
  expect(set(s3.secret).code).toBe(0);
  expect((await bytesOf(held)).length).toBe(50);
});

test('[S21] a store that is away holds up no row and loses no file; when it is back, files go on by themselves', async () => {
  const remote = await world.connect('one', 'Paralegal');
  await admin.query(`update auth.file_store set endpoint = 'http://127.0.0.1:9' where firm_id = $1`, [firms.one.firmId]);
  const laptop = makeLaptop();
  const hashes = [keepOn(laptop, randomBytes(30)), keepOn(laptop, randomBytes(chunkBytes + 1))];
  const seat = openFiles(laptop, remote.files);
  await carryOnce(seat);
  expect(unconfirmedFiles(laptop.store)).toHaveLength(2);
  expect(seat.files.storage().transfers[0]).toMatchObject({
    problem: { code: 'provider_failed', reason: expect.stringContaining('Everything else syncs') },
  });
  expect((await remote.push([aMatter()]))[0]).toMatchObject({ verdict: 'applied' });
  await admin.query('update auth.file_store set endpoint = $2 where firm_id = $1', [firms.one.firmId, s3.endpoint]);
  // signed for the old address, they are refused no more: a signature is asked for anew
  const again = openFiles(laptop, (await world.connect('one', 'Paralegal')).files);
  await carryOnce(again);
  expect(unconfirmedFiles(laptop.store)).toEqual([]);
  for (const hash of hashes) expect(await files.find(hash)).toMatchObject({ home: 's3' });
  laptop.store.close();
});
