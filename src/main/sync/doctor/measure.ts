import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { AppError } from '../../../shared/errors.ts';
import { explain } from '../../../shared/errors.ts';
import type { Outcome } from '../../../shared/result.ts';
import type { FirmConnection } from '../../../shared/setup.ts';
import { localMigrations } from '../../store/migrate.ts';
import { openStore, type Store } from '../../store/store.ts';
import { waitingFiles } from '../activity.ts';
import { checkSchema } from '../handshake.ts';
import { parkedRows } from '../parked.ts';
import { toRemoteError } from '../pg-errors.ts';
import { newClient } from '../pg-line.ts';
import { createPostgresRemote } from '../postgres.ts';
import { RemoteError, serverSchemaVersion, speaks } from '../remote.ts';

/** What was found in an account's store. */
export interface StoreMeasures {
  /** What SQLite's own check says: "ok", or its first complaints. */
  integrity: string;
  version: number;
  newest: number;
  cursor: number;
  feedHead: number;
  lastSyncedAt: number | null;
  waiting: number;
  oldestWaitingAt: number | null;
  deadLetters: number;
  conflicts: number;
  proposals: number;
  filesWaiting: number;
  parkedRows: number;
}
/** What was found at the firm's server. */
export interface ServerMeasures {
  version: number;
  newest: number;
  /** The server's clock minus this laptop's, and how far that may be wrong. */
  aheadMs: number;
  roundTripMs: number;
  isDirect: boolean;
  isEncrypted: boolean;
  /** When its certificate ends; null without TLS. */
  certificateEndsAt: number | null;
  /** Null: nobody is signed in. An error: the session is over, or worse. */
  session: { email: string; role: string; head: number } | AppError | null;
}
export interface Measures {
  hasKey: boolean;
  /** An error where it cannot be opened: in use by a running Steno, damaged, of a newer app. Null: never signed in here. */
  store: StoreMeasures | AppError | null;
  server: ServerMeasures | AppError | null;
  freeBytes: number;
  at: number;
}

interface Where {
  storePath: string;
  key: string | null;
  connection: FirmConnection | null;
  token: string | null;
  folder: string;
  now(): number;
}

/** Looks at everything that syncing needs, and changes nothing of it. */
export async function measure({ storePath, key, connection, token, folder, now }: Where): Promise<Measures> {
  const { bavail, bsize } = await statfs(folder);
  return {
    hasKey: key !== null,
    store: key === null || !existsSync(storePath) ? null : measureStore(openStore(storePath, key)),
    server: connection && (await measureServer(connection, token, now)),
    freeBytes: bavail * bsize,
    at: now(),
  };
}

function measureStore(opened: Outcome<Store>): StoreMeasures | AppError {
  if (!opened.ok) return opened.error;
  const store = opened.value;
  try {
    const complaints = store.raw.pragma('integrity_check(5)') as { integrity_check: string }[];
    return { ...readStore(store), integrity: complaints.map((row) => row.integrity_check).join('; ') };
  } catch (error) {
    // a page that cannot be read says so wherever it is met
    const code = (error as { code?: string }).code ?? '';
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) throw error;
    return { code: 'corrupt', what: "this laptop's copy", reason: `A part of it cannot be read (${code}).` };
  } finally {
    store.close();
  }
}

/** How far a store is, without looking at every page of it. */
export function readStore(store: Store): Omit<StoreMeasures, 'integrity'> {
  const { raw } = store;
  const one = (sql: string): number => Number(raw.prepare(sql).pluck().get() ?? 0);
  const state = raw.prepare('select cursor, feed_head as feedHead, last_synced_at as lastSyncedAt from sync_state').get() as
    { cursor: number; feedHead: number; lastSyncedAt: number | null } | undefined;
  return {
    version: Number(raw.pragma('user_version', { simple: true })),
    newest: localMigrations().at(-1)?.version ?? 0,
    ...(state ?? { cursor: 0, feedHead: 0, lastSyncedAt: null }),
    waiting: one(`select count(*) from outbox where state = 'waiting'`),
    oldestWaitingAt: (raw.prepare(`select min(created_at) from outbox where state = 'waiting'`).pluck().get() as number | null) ?? null,
    deadLetters: one(`select count(*) from outbox where state = 'dead'`),
    conflicts: one(`select count(*) from conflict where state = 'open'`),
    proposals: one(`select count(*) from proposal where state = 'open'`),
    filesWaiting: waitingFiles(store),
    parkedRows: parkedRows(store),
  };
}

async function measureServer(connection: FirmConnection, token: string | null, now: () => number): Promise<ServerMeasures | AppError> {
  const client = newClient(connection);
  client.on('error', () => undefined); // a line that is lost between two questions is met by the next
  try {
    await client.connect();
    const version = await checkSchema(client, speaks);
    const sentAt = performance.now();
    const reply = await client.query<{ at: Date; pid: number; encrypted: boolean }>(
      `select clock_timestamp() as at, pg_backend_pid() as pid, coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted`,
    );
    const roundTripMs = performance.now() - sentAt;
    const row = reply.rows[0];
    const greetedBy: unknown = Reflect.get(client, 'processID');
    return {
      version,
      newest: serverSchemaVersion,
      aheadMs: Math.round((row?.at.getTime() ?? now()) - (now() - roundTripMs / 2)),
      roundTripMs: Math.round(roundTripMs),
      isDirect: row !== undefined && greetedBy === row.pid,
      isEncrypted: connection.tls === 'verify',
      certificateEndsAt: certificateEnd(client),
      session: token === null ? null : await askSession(connection, token),
    };
  } catch (error) {
    return toRemoteError(error).error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function askSession(connection: FirmConnection, token: string): Promise<ServerMeasures['session']> {
  const remote = createPostgresRemote(connection, token);
  try {
    const { email, role } = await remote.whoami();
    return { email, role, head: await remote.feedHead() };
  } catch (error) {
    if (error instanceof RemoteError) return error.error;
    throw error;
  } finally {
    await remote.close();
  }
}

function certificateEnd(client: ReturnType<typeof newClient>): number | null {
  const stream: unknown = Reflect.get(Object(Reflect.get(client, 'connection')), 'stream');
  const ask: unknown = Reflect.get(Object(stream), 'getPeerCertificate');
  if (typeof ask !== 'function') return null;
  const { valid_to: end } = ask.call(stream) as { valid_to?: string };
  return end === undefined ? null : Date.parse(end);
}

/** An error as one sentence of what happened and one of what to do. */
export function errorWords(error: AppError): { says: string; todo: string } {
  const { title, advice } = explain(error);
  return { says: title, todo: advice };
}
