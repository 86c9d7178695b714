import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { createFileStore, SignedRequest, type FileStore, type StoreReply } from '../../sync/files/file-store.ts';
import { sha256 } from '../../sync/files/kept-files.ts';
import { RemoteError } from '../../sync/remote.ts';

/** A firm's store as its administrator names it. */
export interface StoreSettings {
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  isPathStyle: boolean;
}

/** A store outside, reached with signatures that the database makes: Steno has no second implementation of them. */
export interface StoreLine {
  put(key: string, bytes: Uint8Array): Promise<StoreReply>;
  get(key: string): Promise<StoreReply>;
  remove(key: string): Promise<StoreReply>;
  /** Announces one body and sends another. */
  putOther(key: string, announced: Uint8Array, sent: Uint8Array): Promise<StoreReply>;
  close(): void;
}

/** Each method may reject with RemoteError. */
export function createStoreLine(
  admin: pg.Client,
  settings: StoreSettings,
  secret: string,
  store: FileStore = createFileStore(null),
): StoreLine {
  // the administrator's line takes one question at a time; the requests themselves go side by side
  let signing: Promise<unknown> = Promise.resolve();
  function ask(method: SignedRequest['method'], key: string, announced: Uint8Array, body?: Uint8Array): Promise<StoreReply> {
    const signed = signing.then(() => sign(method, key, announced));
    signing = signed.catch(() => undefined);
    return signed.then((request) => store.send(request, body));
  }
  async function sign(method: SignedRequest['method'], key: string, announced: Uint8Array): Promise<SignedRequest> {
    const { rows } = await admin.query<{ request: unknown }>(
      `select auth.sign_s3(row(null, $1::text, $2::text, $3::text, $4::text, $5::boolean, true, now())::auth.file_store, $6, $7, $8, '{}', '{}', $9, now(), null) as request`,
      [
        settings.endpoint,
        settings.bucket,
        settings.region,
        settings.accessKey,
        settings.isPathStyle,
        secret,
        method,
        key,
        sha256(announced).toString('hex'),
      ],
    );
    return SignedRequest.parse(rows[0]?.request);
  }
  const nothing = Buffer.alloc(0);
  return {
    put: (key, bytes) => ask('PUT', key, bytes, bytes),
    get: (key) => ask('GET', key, nothing),
    remove: (key) => ask('DELETE', key, nothing),
    putOther: (key, announced, sent) => ask('PUT', key, announced, sent),
    close: () => store.close(),
  };
}

/** The firm's store, or an error that says what to set. */
export async function openStoreLine(admin: pg.Client, firmId: string): Promise<Outcome<StoreLine>> {
  const { rows } = await admin.query<StoreSettings & { secret: string | null }>(
    `select s.endpoint, s.bucket, s.region, s.access_key as "accessKey", s.is_path_style as "isPathStyle", k.secret_key as secret
     from auth.file_store s left join auth.file_secret k using (firm_id) where s.firm_id = $1`,
    [firmId],
  );
  const [found] = rows;
  if (!found) return err({ code: 'not_found', what: 'a file store of this firm; `admin file-store set` names one, so it' });
  if (found.secret === null)
    return err({
      code: 'invalid_input',
      what: 'the file store of this firm',
      reason: 'Its secret key is not here: dumps leave it out. Give it again with `admin file-store set`.',
    });
  return ok(createStoreLine(admin, found, found.secret));
}

/** Writes, reads, mis-writes and deletes an object of its own. Errors, in words for IT: provider_failed, forbidden, unsupported. */
export async function tryStore(line: StoreLine): Promise<Outcome<{ checksBytes: boolean }>> {
  const key = `steno-test/${randomBytes(8).toString('hex')}`;
  const bytes = randomBytes(1000);
  const refused = (what: string, { status, code }: StoreReply) =>
    err({
      code: 'forbidden' as const,
      what: `the bucket (${what})`,
      reason: `The store answers ${String(status)} ${code}. Check bucket, region and key. Nothing was changed.`,
    });
  try {
    const put = await line.put(key, bytes);
    if (put.status !== 200) return refused('writing', put);
    const got = await line.get(key);
    if (got.status !== 200) return refused('reading', got);
    const other = await line.putOther(`${key}-other`, bytes, randomBytes(1000));
    const removed = await line.remove(key);
    if (removed.status !== 204 && removed.status !== 200) return refused('deleting', removed);
    await line.remove(`${key}-other`);
    if (!got.body.equals(bytes) || other.status === 200)
      return err({
        code: 'unsupported',
        what: 'this store',
        reason: 'It keeps other bytes than those that were announced to it, so a damaged file would not be noticed. Nothing was changed.',
      });
    return ok({ checksBytes: true });
  } catch (error) {
    if (error instanceof RemoteError) return err(error.error);
    throw error;
  }
}
