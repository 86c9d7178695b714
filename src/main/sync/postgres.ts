import { Socket } from 'node:net';
import pg from 'pg';
import { z } from 'zod';
import type { AppError } from '../../shared/errors.ts';
import type { FirmConnection } from '../../shared/setup.ts';
import { createFileStore } from './files/file-store.ts';
import { createPostgresFiles } from './files/postgres-files.ts';
import { createLines, type Line } from './lines.ts';
import type { Mutation } from './outbox.ts';
import { checkSchema } from './handshake.ts';
import { createLiveLine } from './live-line.ts';
import { createReplicaReads } from './replica.ts';
import { createPostgresSource } from './snapshot/postgres-source.ts';
import {
  AnchorReply,
  FeedPage,
  PresenceReply,
  HandBackReply,
  LaptopPolicy,
  RemoteAccount,
  RemoteError,
  speaks,
  type Speaks,
  type Greeting,
  type Remote,
  type RemoteDoor,
} from './remote.ts';
import { fromReply, toLines } from './push-lines.ts';

interface Patience {
  /** Until the server's machine takes the connection: where nothing is, that is soon said. */
  connectMs: number;
  /** Until the server has let us in, which takes seven round trips with TLS: a line of two seconds each is slow, not dead. */
  greetMs: number;
  callMs: number;
  /** On a line that is to be busy: how long nothing may come or go. */
  silenceMs?: number;
}
const patience: Patience = { connectMs: 5_000, greetMs: 30_000, callMs: 60_000 };
/** The primary stands ready to answer instead. */
const replicaPatience: Patience = { connectMs: 1_000, greetMs: 1_000, callMs: 3_000 };
/** After so long without a word the system asks whether the other side is still there: a line that only listens hears of its end no other way. */
const keepAliveMs = 30_000;

const renewEveryMs = 86_400_000;
/** A question that is not worth waiting for. */
const asideMs = 10_000;

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
      const { token, policy } = SignedIn.parse(reply.account);
      return { token, policy, account: RemoteAccount.parse(reply.account) };
    },
    close: () => line.close(),
  };
}

const SignedIn = z.object({ token: z.string(), policy: LaptopPolicy });

/** How far it has come is asked first: rows that are read after that are no older. */
const pullFromReplica = `select pg_is_in_recovery() as following,
  case when (app.pull($1, ${String(Number.MAX_SAFE_INTEGER)}, 1) ->> 'head')::bigint >= $4 then app.pull($1, $2, $3) end as page`;

/** The firm's Postgres for one session token. Each call is one statement, so a transaction pooler in between is fine. */
export function createPostgresRemote(connection: FirmConnection, token: string, spoken: Speaks = speaks, limits = patience): Remote {
  const line = createLine(connection, spoken, limits);
  const live = createLiveLine(() => newClient(connection, limits), token);
  /** On the line that listens, where it is there: neither then waits for the other. */
  async function aside<R>(sql: string, values: unknown[]): Promise<R> {
    const asked = live.one<R>(sql, values);
    if (!asked) return line.one<R>(sql, values, Math.min(asideMs, limits.callMs));
    return asked.catch((error: unknown) => {
      throw toRemoteError(error);
    });
  }
  const here = async (sql: string, ...values: unknown[]): Promise<PresenceReply | null> =>
    PresenceReply.nullable().parse((await aside<{ here: unknown }>(`select ${sql} as here`, [token, ...values])).here);
  const fileLines = createLines(() => createLine(connection, spoken, limits));
  const replicaLine = connection.replica && createLine({ ...connection, ...connection.replica }, spoken, replicaPatience);
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
  let greeting: Greeting | null = null;
  /** Set once a pooler was found in between: asking again each round would cost a connection and find the same. */
  let noNotices: RemoteError | null = null;
  return {
    async whoami() {
      return RemoteAccount.parse((await line.one<{ account: unknown }>('select app.whoami($1) as account', [token])).account);
    },
    async push(batch: Mutation[]) {
      replica?.knows(null); // also where the reply is lost
      const { reply } = await line.one<{ reply: unknown }>('select app.push_lines($1, $2) as reply', [token, toLines(batch)]);
      const { verdicts, position } = fromReply(reply, batch);
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
    async feedHead() {
      await renewDaily();
      const { head } = await line.one<{ head: unknown }>('select app.feed_head($1) as head', [token], Math.min(asideMs, limits.callMs));
      return z.coerce.number().int().parse(head); // a bigint comes as text
    },
    presence: {
      set: (letterId, state, place) => here('app.presence_set($1, $2, $3, $4)', letterId, state, place),
      of: (letterId) => here('app.presence_of($1, $2)', letterId),
      clear: async (letterId) => void (await aside('select app.presence_clear($1, $2)', [token, letterId])),
      hear: (channels, onNotice) => live.hear(channels, onNotice),
      hasNotices: () => live.isUp(),
    },
    reconnect() {
      line.drop();
      live.drop();
    },
    snapshot: () => createPostgresSource(connection, token, spoken),
    async greet() {
      const { connection, version } = await line.connected();
      if (greeting?.connection === connection) return greeting;
      const fields =
        version < spoken.newest ? Understood.parse((await line.one<{ u: unknown }>('select app.understands($1) as u', [token])).u) : null;
      greeting = {
        connection,
        understands: ({ entity, patch }) => !fields || Object.keys(patch).every((name) => fields[entity]?.includes(name)),
      };
      return greeting;
    },
    async anchor(remembered, mutationIds, own) {
      const { reply } = await line.one<{ reply: unknown }>('select app.anchor($1, $2, $3, $4, $5) as reply', [
        token,
        remembered?.batchNumber ?? null,
        remembered?.batchHash ?? null,
        mutationIds,
        JSON.stringify(own),
      ]);
      return AnchorReply.parse(reply);
    },
    async handBack(batch) {
      replica?.knows(null);
      const { reply } = await line.one<{ reply: unknown }>('select app.hand_back($1, $2::jsonb) as reply', [token, JSON.stringify(batch)]);
      return HandBackReply.parse(reply).verdicts;
    },
    async listen(onPush, signal) {
      if (noNotices) throw noNotices;
      await live.listen(onPush, signal).catch((error: unknown) => {
        const known = toRemoteError(error);
        if (known.error.code === 'unsupported') noNotices = known;
        throw known;
      });
    },
    async joinLetterUpdates(letterId, updateIds, joinedId, payload) {
      const values = [token, letterId, updateIds, joinedId, Buffer.from(payload)];
      return (await line.one<{ done: boolean }>('select app.join_letter_updates($1, $2, $3, $4, $5) as done', values)).done;
    },
    files: createPostgresFiles(fileLines.one, token, createFileStore(connection.tlsRoot)),
    async signOut() {
      await line.one('select app.sign_out($1)', [token]);
    },
    async close() {
      await fileLines.close();
      await replicaLine?.close();
      await line.close();
    },
  };
}

const Understood = z.record(z.string(), z.array(z.string()));

interface RowLine extends Line {
  /** Connects where needed. The number of this connection, and the database's schema version. */
  connected(): Promise<{ connection: number; version: number }>;
  /** Runs one statement that returns one row, connecting first where needed. */
  one<R>(sql: string, values: unknown[], withinMs?: number): Promise<R>;
  /** Gives up the connection that stands; the next call makes another. */
  drop(): void;
}

/** One connection, made when first needed, dropped on any failure of the line, calls one after another. */
export function createLine(to: FirmConnection, spoken = speaks, limits = patience): RowLine {
  let client: pg.Client | null = null;
  let connection = 0;
  let version = 0;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  function refuseIfClosed(): void {
    if (closed) throw new RemoteError({ code: 'cancelled', what: 'syncing' });
  }

  async function connected(): Promise<pg.Client> {
    refuseIfClosed();
    if (client) return client;
    const fresh = newClient(to, limits);
    // an error between calls (server stopped) must not crash the process; the next call reconnects
    fresh.on('error', () => drop(fresh));
    fresh.on('end', () => drop(fresh));
    try {
      await fresh.connect();
      version = await checkSchema(fresh, spoken);
      refuseIfClosed(); // it may have been closed meanwhile
    } catch (error) {
      drop(fresh); // or each retry against a refused database would leave a connection behind
      throw error;
    }
    client = fresh;
    connection += 1;
    return fresh;
  }
  function drop(which: pg.Client): void {
    if (client === which) client = null;
    which.end().catch(() => undefined);
  }

  /** Calls go one after another; one that fails for another reason than the session leaves no line behind. */
  function next<T>(work: (on: pg.Client) => Promise<T>): Promise<T> {
    const call = queue.then(async () => {
      let used: pg.Client | null = null;
      try {
        used = await connected();
        return await work(used);
      } catch (error) {
        const known = toRemoteError(error);
        if (known.error.code !== 'unauthenticated' && used) drop(used);
        throw known;
      }
    });
    queue = call.catch(() => undefined);
    return call;
  }

  return {
    connected: () => next(() => Promise.resolve({ connection, version })),
    one: <R>(sql: string, values: unknown[], withinMs = limits.callMs) =>
      next(async (on) => (await again(on, { text: sql, values, query_timeout: withinMs })).rows[0] as R),
    drop() {
      if (client) drop(client);
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
async function again(client: pg.Client, query: pg.QueryConfig & { query_timeout: number }): Promise<pg.QueryResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.query(query);
    } catch (error) {
      const { code } = error as { code?: string };
      if ((code !== '40P01' && code !== '40001') || attempt === mostAttempts) throw error;
    }
  }
}

export function newClient(connection: FirmConnection, limits = patience): pg.Client {
  return new pg.Client({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    password: connection.password,
    ssl: connection.tls === 'verify' ? { rejectUnauthorized: true, ...(connection.tlsRoot ? { ca: connection.tlsRoot } : {}) } : false,
    stream: () => socketWithin(limits),
    connectionTimeoutMillis: limits.greetMs,
    query_timeout: limits.callMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    application_name: 'steno',
  });
}

/** A socket that gives up where nobody takes the connection in time, or nothing is heard for too long. */
function socketWithin({ connectMs, silenceMs }: Patience): Socket {
  const socket = new Socket();
  if (silenceMs !== undefined) socket.setTimeout(silenceMs, () => socket.destroy(new Error('timeout expired')));
  const timer = setTimeout(() => socket.destroy(new Error('timeout expired')), connectMs);
  const taken = (): void => clearTimeout(timer);
  return socket.once('connect', taken).once('close', taken);
}

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
      code: 'revoked',
      reason: 'It may not open the firm’s data any more. Steno saves what the firm does not have yet, then erases its copy.',
    });
  if (code === 'SN429')
    return new RemoteError({ code: 'rate_limited', retryAfterMs: Number((error as { detail?: string }).detail) * 1000 });
  if (code === 'SN001')
    return new RemoteError({ code: 'forbidden', what: 'this change', reason: 'A rule of the firm’s database is against it.' });
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
