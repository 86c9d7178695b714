import { z } from 'zod';
import { BegunFile, Completed, FileHome, FileStates, type FirmFiles } from './firm-files.ts';
import { SignedRequest, unreachable, type FileStore, type StoreReply } from './file-store.ts';

type One = <R>(sql: string, values: unknown[]) => Promise<R>;

const Found = z
  .object({ sizeBytes: z.number().int(), home: FileHome, chunks: z.number().int(), digests: z.base64().nullable() })
  .nullable();
const Urls = z.array(SignedRequest.extend({ chunk: z.number().int() }).nullable()).nullable();

/** Requests asked for in one call; they are used within seconds. */
const mostUrls = 32;
/** The firm's server signs for five minutes. */
const urlsLastMs = 240_000;
/** Chunks that the store has taken are told to the server by so many; a crash before that sends them again. */
const noteEvery = 16;

/** The firm's files by its Postgres, which also says and signs what goes to a store outside. */
export function createPostgresFiles(one: One, token: string, store: FileStore): FirmFiles {
  const signed = new Map<string, { request: SignedRequest; until: number }>();
  const stored = new Map<string, number[]>();

  let asking: Promise<unknown> = Promise.resolve();

  /** Null where the file is not outside for this. One question at a time: its answer serves the chunks after it as well. */
  function requestFor(hash: string, chunk: number, op: 'get' | 'put'): Promise<SignedRequest | null> {
    const key = (n: number): string => `${op} ${hash} ${String(n)}`;
    const take = (): SignedRequest | null => {
      const known = signed.get(key(chunk));
      signed.delete(key(chunk));
      return known && known.until > performance.now() ? known.request : null;
    };
    const answer = asking.then(async () => {
      const known = take();
      if (known) return known;
      for (const [old, { until }] of signed) if (until <= performance.now()) signed.delete(old);
      const chunks = Array.from({ length: mostUrls }, (_, n) => chunk + n);
      const { urls } = await one<{ urls: unknown }>('select app.file_urls($1, $2, $3, $4) as urls', [token, hash, chunks, op]);
      const until = performance.now() + urlsLastMs;
      for (const { chunk: n, ...request } of parseUrls(urls)) signed.set(key(n), { request, until });
      return take();
    });
    asking = answer.catch(() => undefined);
    return answer;
  }

  /** Asks for a fresh signature once where the store refuses the one there is: the laptop may have slept on it. */
  async function send(hash: string, chunk: number, op: 'get' | 'put', body?: Uint8Array): Promise<StoreReply | null> {
    for (let tries = 1; ; tries += 1) {
      const request = await requestFor(hash, chunk, op);
      const reply = request && (await store.send(request, body));
      if (reply?.status !== 403 || tries === 2) return reply;
      signed.clear();
    }
  }

  async function noteStored(hash: string): Promise<void> {
    const chunks = stored.get(hash);
    if (!chunks) return;
    stored.delete(hash);
    await one('select app.note_file_chunks($1, $2, $3)', [token, hash, chunks]);
  }

  async function putOutside(hash: string, chunk: number, bytes: Uint8Array): Promise<boolean> {
    const reply = await send(hash, chunk, 'put', bytes);
    if (!reply) return true; // a colleague's laptop completed it meanwhile, or it was thrown away: completing it tells
    const { status, code } = reply;
    // a store that checks the body against the signed hash answers 400
    if (status === 400 && /sha256|digest|mismatch/i.test(code)) return false;
    if (status !== 200) throw refusedBy(status, code);
    const chunks = [...(stored.get(hash) ?? []), chunk];
    stored.set(hash, chunks);
    if (chunks.length >= noteEvery) await noteStored(hash);
    return true;
  }

  async function getOutside(hash: string, chunk: number): Promise<Uint8Array | null> {
    const reply = await send(hash, chunk, 'get');
    if (!reply || reply.status === 404) return null;
    const { status, code, body } = reply;
    if (status !== 200) throw refusedBy(status, code);
    return body;
  }

  return {
    async states(hashes) {
      const { states } = await one<{ states: unknown }>('select app.file_states($1, $2) as states', [token, hashes]);
      return new Map(Object.entries(FileStates.parse(states)).map(([hash, isVerified]) => [hash, { isVerified }]));
    },
    async begin(hash, sizeBytes, digests) {
      stored.delete(hash);
      return BegunFile.parse(
        (await one<{ begun: unknown }>('select app.begin_file($1, $2, $3, $4) as begun', [token, hash, sizeBytes, digests])).begun,
      );
    },
    async put(hash, home, chunk, bytes) {
      if (home === 's3') return putOutside(hash, chunk, bytes);
      const reply = await one<{ taken: boolean }>('select app.put_file_chunk($1, $2, $3, $4) as taken', [token, hash, chunk, bytes]);
      return reply.taken;
    },
    async complete(hash) {
      await noteStored(hash);
      return Completed.parse((await one<{ completed: unknown }>('select app.complete_file($1, $2) as completed', [token, hash])).completed);
    },
    async find(hash) {
      const found = Found.parse((await one<{ found: unknown }>('select app.find_file($1, $2) as found', [token, hash])).found);
      return found && { ...found, digests: found.digests === null ? null : Buffer.from(found.digests, 'base64') };
    },
    async get(hash, home, chunk) {
      if (home === 's3') return getOutside(hash, chunk);
      return (await one<{ bytes: Buffer | null }>('select app.get_blob_chunk($1, $2, $3) as bytes', [token, hash, chunk])).bytes;
    },
  };
}

function refusedBy(status: number, code: string): Error {
  return unreachable(`it refuses the firm’s key or bucket, ${code || String(status)}; tell your IT`);
}

function parseUrls(urls: unknown): (SignedRequest & { chunk: number })[] {
  const parsed = Urls.parse(urls) ?? [];
  const known = parsed.filter((each) => each !== null);
  if (known.length < parsed.length) throw unreachable('its key is missing on the firm’s server; tell your IT');
  return known;
}
