import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll } from 'vitest';
import { createFileStore, SignedRequest, type StoreReply } from '../../src/main/sync/files/file-store.ts';
import { debianPython } from './find-swift.ts';

export interface S3Server {
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secret: string;
  stop(): Promise<void>;
}

/** A real S3-compatible store on loopback: OpenStack Swift, as Debian ships it. Without a bucket. */
export async function startS3Server(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'steno-swift-'));
  const [accessKey, secret] = ['firm:files', 'a secret+with/what=has to be escaped'.replaceAll(' ', '_')];
  const script = join(import.meta.dirname, 'serve-swift.py');
  const swift = spawn(debianPython, [script, folder, accessKey, secret], { stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = once(swift, 'exit');
  let [said, complained] = ['', ''];
  swift.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const port = await new Promise<string>((resolve, reject) => {
    swift.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('\n')) resolve(said.trim());
    });
    swift.on('error', reject);
    swift.on('exit', () =>
      reject(new Error(`Swift ended: ${complained} (Debian: swift-proxy swift-account swift-container swift-object)`)),
    );
  });
  const stop = async (): Promise<void> => {
    swift.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  afterAll(stop);
  return { endpoint: `http://127.0.0.1:${port}`, bucket: 'steno-files', region: 'us-east-1', accessKey, secret, stop };
}

/** Any request, signed by the firm's server as its administrator can. */
export async function askS3(
  admin: pg.Client,
  s3: Pick<S3Server, 'endpoint' | 'bucket' | 'region' | 'accessKey' | 'secret'>,
  method: SignedRequest['method'],
  key: string,
  body: Uint8Array = Buffer.alloc(0),
  at = 'now()',
): Promise<StoreReply> {
  const { rows } = await admin.query<{ request: unknown }>(
    `select auth.sign_s3(row(null, $1::text, $2::text, $3::text, $4::text, true, true, now())::auth.file_store, $5, $6, $7, '{}', '{}', encode(sha256($8), 'hex'), ${at}, null) as request`,
    [s3.endpoint, s3.bucket, s3.region, s3.accessKey, s3.secret, method, key, body],
  );
  const store = createFileStore(null);
  try {
    return await store.send(SignedRequest.parse(rows[0]?.request), body);
  } finally {
    store.close();
  }
}

/** Makes the bucket and has a firm keep its new files there. */
export async function keepFilesIn(admin: pg.Client, s3: S3Server, firmId: string): Promise<void> {
  await askS3(admin, s3, 'PUT', '');
  await admin.query(
    `insert into auth.file_store (firm_id, endpoint, bucket, region, access_key, is_path_style) values ($1, $2, $3, $4, $5, true)`,
    [firmId, s3.endpoint, s3.bucket, s3.region, s3.accessKey],
  );
  await admin.query('insert into auth.file_secret (firm_id, secret_key) values ($1, $2)', [firmId, s3.secret]);
}
