import { beforeAll, describe, expect, test } from 'vitest';
import { createFileStore, SignedRequest } from '../../src/main/sync/files/file-store.ts';
import { chunked, sendFile } from '../support/files.ts';
import { filesContract } from '../support/files-contract.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { askS3, keepFilesIn, startS3Server, type S3Server } from '../support/s3-server.ts';

const world = await createPgWorld();
const { admin, firms } = world;
let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3Server();
  for (const firm of Object.values(firms)) await keepFilesIn(admin, s3, firm.firmId);
});

describe('an S3-compatible store', () => filesContract(world, 's3'));

/** The examples that Amazon publishes for Signature Version 4 of S3, all of one day, bucket and key. */
const amazon = { endpoint: 'https://s3.amazonaws.com', bucket: 'examplebucket', region: 'us-east-1', access: 'AKIAIOSFODNN7EXAMPLE' };
async function signed(
  method: string,
  key: string,
  query: object,
  headers: object,
  payload: string | null,
  expires: number | null,
): Promise<SignedRequest> {
  const { rows } = await admin.query<{ request: unknown }>(
    `select auth.sign_s3(row(null, $1::text, $2::text, $3::text, $4::text, false, true, now())::auth.file_store, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
       $5, $6, $7, $8, $9, '2013-05-24T00:00:00Z', $10) as request`,
    [amazon.endpoint, amazon.bucket, amazon.region, amazon.access, method, key, query, headers, payload, expires],
  );
  return SignedRequest.parse(rows[0]?.request);
}
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('[S22] signatures are those that Amazon publishes', async () => {
  const signatureOf = async (...request: Parameters<typeof signed>): Promise<string> =>
    /Signature=(\w+)$/.exec((await signed(...request)).headers['authorization'] ?? '')?.[1] ?? '';
  expect(await signatureOf('GET', 'test.txt', {}, { Range: 'bytes=0-9' }, nothing, null)).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
  expect(
    await signatureOf(
      'PUT',
      'test$file.text',
      {},
      { Date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      null,
    ),
  ).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd');
  expect(await signatureOf('GET', '', { lifecycle: '' }, {}, nothing, null)).toBe(
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  );
  expect(await signatureOf('GET', '', { prefix: 'J', 'max-keys': '2' }, {}, nothing, null)).toBe(
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  );
  const { url } = await signed('GET', 'test.txt', {}, {}, null, 86_400);
  expect(url).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

const urlsFor = async (
  token: string,
  hash: string,
  op: 'get' | 'put',
  chunks = [0],
): Promise<(SignedRequest & { chunk: number })[] | null> => {
  const client = await world.client();
  const { rows } = await client.query<{ urls: (SignedRequest & { chunk: number })[] | null }>(
    'select app.file_urls($1, $2, $3, $4) as urls',
    [token, hash, chunks, op],
  );
  return rows[0]?.urls ?? null;
};

test('[S22] a signed address serves one object of the own firm for five minutes, and writes nothing but the announced bytes', async () => {
  const [token, foreignToken] = [await world.tokenFor('one', 'Paralegal'), await world.tokenFor('two', 'Admin')];
  const { files } = await world.connect('one', 'Paralegal');
  const bytes = Buffer.from('what the doctor wrote');
  const hash = await sendFile(files, bytes);
  const [read] = (await urlsFor(token, hash, 'get')) ?? [];
  if (!read) throw new Error('no address');
  expect(read.url).toContain(`/${s3.bucket}/${firms.one.firmId}/${hash}/0?`);
  expect(read.url).toContain('X-Amz-Expires=300');
  const store = createFileStore(null);
  expect((await store.send(read)).body.equals(bytes)).toBe(true);
  // the store checks every part of it
  for (const forged of [
    read.url.replace(firms.one.firmId, firms.two.firmId),
    read.url.replace('Expires=300', 'Expires=604800'),
    read.url.replace('/0?', '/1?'),
    read.url.replace(/Signature=\w/, 'Signature=f0'),
    read.url.replace(/\?.*/, ''),
  ])
    expect((await store.send({ ...read, url: forged })).status).toBeGreaterThanOrEqual(400);
  expect((await store.send({ ...read, method: 'DELETE' })).status).toBeGreaterThanOrEqual(400);
  expect(await urlsFor(foreignToken, hash, 'get')).toBeNull();
  expect(await urlsFor(token, hash, 'put')).toBeNull(); // it is whole
  expect(await urlsFor(token, '0'.repeat(64), 'get')).toBeNull();

  const other = chunked(Buffer.from('another page'));
  await files.begin(other.hash, 12, other.digests);
  const [write] = (await urlsFor(token, other.hash, 'put')) ?? [];
  if (!write) throw new Error('no address');
  expect(await store.send(write, Buffer.from('another pain'))).toMatchObject({ status: 400 });
  expect(await askS3(admin, s3, 'GET', `${firms.one.firmId}/${other.hash}/0`)).toMatchObject({ status: 404 });
  expect(
    await store.send({ ...write, headers: { ...write.headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, Buffer.from('another pain')),
  ).toMatchObject({
    status: 403,
  });
  expect(await store.send(write, Buffer.from('another page'))).toMatchObject({ status: 200 });
  await expect(urlsFor(await world.tokenFor('one', 'Viewer'), other.hash, 'put')).rejects.toMatchObject({ code: 'SN403' });
  store.close();
});

test('[S22] an address that is past its time is refused by the store', async () => {
  expect(await askS3(admin, s3, 'GET', 'x', undefined, `now() - interval '6 minutes'`)).toMatchObject({
    status: 403,
    code: 'RequestTimeTooSkewed',
  });
  const { rows } = await admin.query<{ request: unknown }>(
    `select auth.sign_s3(s, k.secret_key, 'GET', 'x', '{}', '{}', null, now() - interval '301 seconds', 300) as request from auth.file_store s join auth.file_secret k using (firm_id) limit 1`,
  );
  const store = createFileStore(null);
  expect(await store.send(SignedRequest.parse(rows[0]?.request))).toMatchObject({ status: 403, code: 'AccessDenied' });
  store.close();
});

test('[S22] the secret is nobody’s to read: no client, no function, no answer, no audit event', async () => {
  const client = await world.client();
  for (const statement of [
    'select * from auth.file_secret',
    'select * from auth.file_store',
    `select auth.file_request('get', 'x', 0, null)`,
    `select auth.sign_s3(null, 'x', 'GET', '', '{}', '{}', null, now(), 300)`,
  ])
    await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
  const { rows } = await admin.query<{ event: string }>(`select e::text as event from steno.audit_event e where table_name like '%file%'`);
  expect(rows.length).toBeGreaterThan(0);
  for (const { event } of rows) expect(event).not.toContain(s3.secret);
});
