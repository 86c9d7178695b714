import { Socket } from 'node:net';
import pg from 'pg';
import type { FirmConnection } from '../../shared/setup.ts';
import { checkSchema } from './handshake.ts';
import type { Line } from './lines.ts';
import { toRemoteError } from './pg-errors.ts';
import { RemoteError, speaks } from './remote.ts';

/** How long a line may let us wait. */
export interface Patience {
  /** Until the server's machine takes the connection: where nothing is, that is soon said. */
  connectMs: number;
  /** Until the server has let us in, which takes seven round trips with TLS: a line of two seconds each is slow, not dead. */
  greetMs: number;
  callMs: number;
  /** On a line that is to be busy: how long nothing may come or go. */
  silenceMs?: number;
}
export const patience: Patience = { connectMs: 5_000, greetMs: 30_000, callMs: 60_000 };
/** After so long without a word the system asks whether the other side is still there: a line that only listens hears of its end no other way. */
const keepAliveMs = 30_000;

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
