import pg from 'pg';
import type { AppError } from '../../shared/errors.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Mutation } from './outbox.ts';
import { createReplicaReads } from './replica.ts';
import { FeedPage, PushReply, RemoteAccount, RemoteError, serverSchemaVersion, type Remote, type RemoteDoor } from './remote.ts';

interface Patience {
  connectMs: number;
  callMs: number;
}
const patience: Patience = { connectMs: 5_000, callMs: 60_000 };
/** The primary stands ready to answer instead. */
const replicaPatience: Patience = { connectMs: 1_000, callMs: 3_000 };

const renewEveryMs = 86_400_000;

/** The firm's Postgres, as a place to sign in. Errors: RemoteError. */
export function createPostgresDoor(connection: FirmConnection): RemoteDoor {
  const line = createLine(connection);
  return {
    async signIn({ firmSlug, email, password, deviceId, deviceName }) {
      const reply = await line.one<{ account: unknown }>('select app.sign_in($1, $2, $3, $4, $5) as account', [
        firmSlug,
        email,
        password,
        deviceId,
        deviceName,
      ]);
      if (reply.account === null) return null;
      const account = RemoteAccount.parse(reply.account);
      return { token: String((reply.account as { token: unknown }).token), account };
    },
    close: () => line.close(),
  };
}

/** How far it has come is asked first: rows that are read after that are no older. */
const pullFromReplica = `select pg_is_in_recovery() as following,
  case when (app.pull($1, ${String(Number.MAX_SAFE_INTEGER)}, 1) ->> 'head')::bigint >= $4 then app.pull($1, $2, $3) end as page`;

/** The firm's Postgres for one session token. Each call is one statement, so a transaction pooler in between is fine. */
export function createPostgresRemote(connection: FirmConnection, token: string): Remote {
  const line = createLine(connection);
  const replicaLine = connection.replica && createLine({ ...connection, ...connection.replica }, replicaPatience);
  const replica =
    replicaLine &&
    createReplicaReads(async (after, most, atLeast) => {
      const reply = await replicaLine.one<{ page: unknown; following: boolean }>(pullFromReplica, [token, after, most, atLeast]);
      return { page: FeedPage.nullable().parse(reply.page), isFollowing: reply.following };
    });
  /** A laptop in use stays signed in: its session is carried on once a day (as far as the firm's policy lets it). */
  let renewedAt = Number.NEGATIVE_INFINITY;
  async function renewDaily(): Promise<void> {
    if (performance.now() - renewedAt < renewEveryMs) return;
    await line.one('select app.renew($1) as until', [token]);
    renewedAt = performance.now();
  }
  /** Set once a pooler was found in between: asking again each round would cost a connection and find the same. */
  let noNotices: RemoteError | null = null;
  return {
    async whoami() {
      return RemoteAccount.parse((await line.one<{ account: unknown }>('select app.whoami($1) as account', [token])).account);
    },
    async push(batch: Mutation[]) {
      replica?.knows(null); // also where the reply is lost
      const { reply } = await line.one<{ reply: unknown }>('select app.push($1, $2::jsonb) as reply', [token, JSON.stringify(batch)]);
      const { verdicts, position } = PushReply.parse(reply);
      replica?.knows(position);
      return verdicts;
    },
    async pull(after, most) {
      const fromReplica = await replica?.pull(after, most);
      if (fromReplica) return fromReplica;
      await renewDaily();
      const page = FeedPage.parse((await line.one<{ page: unknown }>('select app.pull($1, $2, $3) as page', [token, after, most])).page);
      replica?.knows(page.head ?? 0);
      return page;
    },
    async listen(onPush, signal) {
      if (noNotices) throw noNotices;
      await listen(connection, token, onPush, signal).catch((error: unknown) => {
        if (error instanceof RemoteError && error.error.code === 'unsupported') noNotices = error;
        throw error;
      });
    },
    async blobState(hash) {
      const reply = await line.one<{ state: { sizeBytes: number; complete: boolean; chunks: number[] } | null }>(
        'select app.blob_state($1, $2) as state',
        [token, hash],
      );
      return reply.state;
    },
    async putBlobChunk(hash, sizeBytes, chunk, bytes) {
      await line.one('select app.put_blob_chunk($1, $2, $3, $4, $5)', [token, hash, sizeBytes, chunk, Buffer.from(bytes)]);
    },
    async completeBlob(hash) {
      return (await line.one<{ done: boolean }>('select app.complete_blob($1, $2) as done', [token, hash])).done;
    },
    async getBlobChunk(hash, chunk) {
      return (await line.one<{ bytes: Buffer | null }>('select app.get_blob_chunk($1, $2, $3) as bytes', [token, hash, chunk])).bytes;
    },
    async signOut() {
      await line.one('select app.sign_out($1)', [token]);
    },
    async close() {
      await replicaLine?.close();
      await line.close();
    },
  };
}

interface Line {
  /** Runs one statement that returns one row, connecting first where needed. */
  one<R>(sql: string, values: unknown[]): Promise<R>;
  close(): Promise<void>;
}

/** One connection, made when first needed, dropped on any failure of the line, calls one after another. */
function createLine(connection: FirmConnection, limits = patience): Line {
  let client: pg.Client | null = null;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  function refuseIfClosed(): void {
    if (closed) throw new RemoteError({ code: 'cancelled', what: 'syncing' });
  }

  async function connected(): Promise<pg.Client> {
    refuseIfClosed();
    if (client) return client;
    const fresh = newClient(connection, limits);
    // an error between calls (server stopped) must not crash the process; the next call reconnects
    fresh.on('error', () => drop(fresh));
    fresh.on('end', () => drop(fresh));
    try {
      await fresh.connect();
      await checkSchema(fresh);
      refuseIfClosed(); // it may have been closed meanwhile
    } catch (error) {
      drop(fresh); // or each retry against a refused database would leave a connection behind
      throw error;
    }
    client = fresh;
    return fresh;
  }
  function drop(which: pg.Client): void {
    if (client === which) client = null;
    which.end().catch(() => undefined);
  }

  return {
    one<R>(sql: string, values: unknown[]): Promise<R> {
      const call = queue.then(async () => {
        let used: pg.Client | null = null;
        try {
          used = await connected();
          const result = await again(used, sql, values);
          return result.rows[0] as R;
        } catch (error) {
          const known = toRemoteError(error);
          if (known.error.code !== 'unauthenticated' && used) drop(used);
          throw known;
        }
      });
      queue = call.catch(() => undefined);
      return call;
    },
    async close() {
      closed = true;
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
}

const mostAttempts = 5;

/** Two laptops that change the same rows in another order can deadlock; Postgres undid one whole statement, which may simply be asked again. */
async function again(client: pg.Client, sql: string, values: unknown[]): Promise<pg.QueryResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.query(sql, values);
    } catch (error) {
      const { code } = error as { code?: string };
      if ((code !== '40P01' && code !== '40001') || attempt === mostAttempts) throw error;
    }
  }
}

function newClient(connection: FirmConnection, limits = patience): pg.Client {
  return new pg.Client({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    password: connection.password,
    ssl: connection.tls === 'verify' ? { rejectUnauthorized: true, ...(connection.tlsRoot ? { ca: connection.tlsRoot } : {}) } : false,
    connectionTimeoutMillis: limits.connectMs,
    query_timeout: limits.callMs,
    keepAlive: true,
    application_name: 'steno',
  });
}

async function checkSchema(client: pg.Client): Promise<void> {
  let version: number | null;
  try {
    const reply = await client.query<{ version: number | null }>('select max(version) as version from public.steno_migration');
    version = reply.rows[0]?.version ?? null;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== '42P01' && code !== '42501' && code !== '3F000') throw error;
    version = null;
  }
  if (version === serverSchemaVersion) return;
  const reason =
    version === null
      ? "It holds no Steno tables. Ask your IT to run 'steno admin migrate' on it. Your work stays on this laptop."
      : version < serverSchemaVersion
        ? `It is older than this app (version ${String(version)}, needed ${String(serverSchemaVersion)}). Ask your IT to run 'steno admin migrate'. Your work stays on this laptop.`
        : `It is newer than this app (version ${String(version)}, this app knows ${String(serverSchemaVersion)}). Update Steno on this laptop. Your work stays here until then.`;
  throw new RemoteError({ code: 'unsupported', what: "the firm's database", reason });
}

/** LISTEN needs a line of its own; the channel's name is random and comes with the session. */
async function listen(connection: FirmConnection, token: string, onPush: () => void, signal: AbortSignal): Promise<void> {
  const client = newClient(connection);
  const lost = new Promise<never>((_, reject) => {
    client.on('error', (error) => reject(toRemoteError(error)));
    client.on('end', () => reject(new RemoteError(offline)));
  });
  lost.catch(() => undefined);
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  try {
    await client.connect();
    const reply = await client.query<{ account: unknown; pid: number }>('select app.whoami($1) as account, pg_backend_pid() as pid', [
      token,
    ]);
    if (!isDirect(client, reply.rows[0]?.pid)) throw new RemoteError(pooled);
    const { feedChannel } = RemoteAccount.parse(reply.rows[0]?.account);
    client.on('notification', onPush);
    await client.query(`listen ${feedChannel}`); // checked by RemoteAccount to be steno_ and hex
    onPush(); // what was pushed between the last pull and now
    await Promise.race([lost, aborted]);
  } catch (error) {
    throw toRemoteError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Whether this line ends at the server process that answers on it. A pooler greets with a number of its own. In transaction mode it would
 * take the LISTEN and give it to a connection that everybody shares, where nobody hears it.
 */
function isDirect(client: pg.Client, pid: number | undefined): boolean {
  const greetedBy: unknown = Reflect.get(client, 'processID'); // public in pg, missing in its types
  return pid !== undefined && greetedBy === pid;
}

const pooled: AppError = {
  code: 'unsupported',
  what: 'notices through a connection pooler',
  reason: 'Changes of others are asked for every few seconds instead.',
};

const offline: AppError = {
  code: 'offline',
  reason: 'Everything you do is kept on this laptop and goes to the firm when the network is back.',
};

/** What a failure of Postgres or its line means to the person. Unknown SQL errors are bugs and stay as they are. */
export function toRemoteError(error: unknown): RemoteError {
  if (error instanceof RemoteError) return error;
  const code = (error as { code?: string } | null)?.code ?? '';
  const message = error instanceof Error ? error.message : '';
  if (code === 'SN401')
    return new RemoteError({
      code: 'unauthenticated',
      reason: 'Your session at the firm has ended. Sign in again; your work here is kept.',
    });
  if (code === 'SN410')
    return new RemoteError({
      code: 'unauthenticated',
      reason: 'Your firm revoked this laptop. It may not open the firm’s data any more; ask your IT.',
    });
  if (code === 'SN429')
    return new RemoteError({ code: 'rate_limited', retryAfterMs: Number((error as { detail?: string }).detail) * 1000 });
  if (code === 'SN403') return new RemoteError({ code: 'forbidden', what: "the firm's files", reason: 'Your role may read them only.' });
  // PgBouncer says all of its own failures under one code
  const fromPooler = code === '08P01' ? message : '';
  if (code === '28P01' || code === '28000' || fromPooler.includes('authentication failed')) {
    return new RemoteError({
      code: 'forbidden',
      what: "the firm's server",
      reason: 'It refuses the connection settings of this laptop. Ask your IT for a new settings file.',
    });
  }
  if (code === '3D000' || /database .* does not exist|no such database/.test(fromPooler))
    return new RemoteError({ code: 'not_found', what: `the firm's database` });
  if (code === '53100')
    return new RemoteError({
      code: 'full',
      what: "the firm's data on its server",
      reason: 'Your work is kept on this laptop. Tell your IT that the server is full.',
    });
  if (/certificate|self-signed|CERT_|altname/i.test(`${code} ${message}`)) {
    return new RemoteError({
      code: 'provider_failed',
      what: "checking the firm's server certificate",
      reason: 'The server could not prove that it is your firm’s, so nothing was sent. Ask your IT; do not go on over this network.',
    });
  }
  const isLine =
    /^(E[A-Z]+|08...|57P0.|53300)$/.test(code) || /timeout|terminated|Connection|not queryable|does not support SSL/i.test(message);
  if (isLine) return new RemoteError(offline);
  throw error;
}
