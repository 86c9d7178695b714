import { statfs } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { AppError } from '../../../shared/errors.ts';
import { explain } from '../../../shared/errors.ts';
import type { FirmConnection } from '../../../shared/setup.ts';
import { localMigrations } from '../../store/migrate.ts';
import type { Store } from '../../store/store.ts';
import { waitingFiles } from '../activity.ts';
import { checkSchema } from '../handshake.ts';
import { parkedRows } from '../parked.ts';
import { toRemoteError } from '../pg-errors.ts';
import { newClient } from '../pg-line.ts';
import { createPostgresRemote } from '../postgres.ts';
import { RemoteError, serverSchemaVersion, speaks } from '../remote.ts';
import { waitingCount } from '../outbox.ts';

/** How far an account's store is. */
export const ReadStore = z.object({
  version: z.number().int(),
  newest: z.number().int(),
  cursor: z.number().int(),
  feedHead: z.number().int(),
  lastSyncedAt: z.number().int().nullable(),
  waiting: z.number().int(),
  oldestWaitingAt: z.number().int().nullable(),
  deadLetters: z.number().int(),
  conflicts: z.number().int(),
  proposals: z.number().int(),
  filesWaiting: z.number().int(),
  parkedRows: z.number().int(),
});
export type ReadStore = z.infer<typeof ReadStore>;
/** The same after a look at every page. `integrity`: "ok", or SQLite's first complaints. */
export const StoreMeasures = z.object({ ...ReadStore.shape, integrity: z.string() });
export type StoreMeasures = z.infer<typeof StoreMeasures>;
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
  /** An error where it cannot be looked at: in use by a Steno that does not answer, damaged, of a newer app. Null: there is none, or no key to it. */
  store: StoreMeasures | AppError | null;
  server: ServerMeasures | AppError | null;
  freeBytes: number;
  at: number;
}

interface Where {
  hasKey: boolean;
  /** Opens it, or asks who has it open. */
  lookAtStore(): Promise<StoreMeasures | AppError | null>;
  connection: FirmConnection | null;
  token: string | null;
  folder: string;
  now(): number;
}

/** Looks at everything that syncing needs, and changes nothing of it. */
export async function measure({ hasKey, lookAtStore, connection, token, folder, now }: Where): Promise<Measures> {
  const { bavail, bsize } = await statfs(folder);
  return {
    hasKey,
    store: await lookAtStore(),
    server: connection && (await measureServer(connection, token, now)),
    freeBytes: bavail * bsize,
    at: now(),
  };
}

/** Looks at every page of a store, in pieces: it may be in use meanwhile. Rejects once `signal` fires. */
export async function measureStore(store: Store, signal = new AbortController().signal): Promise<StoreMeasures | AppError> {
  try {
    const integrity = await checkPages(store, signal);
    return { ...readStore(store), integrity };
  } catch (error) {
    // a page that cannot be read says so wherever it is met
    const code = (error as { code?: string }).code ?? '';
    if (!/^SQLITE_(CORRUPT|NOTADB|IOERR)/.test(code)) throw error;
    return { code: 'corrupt', what: "this laptop's copy", reason: `A part of it cannot be read (${code}).` };
  }
}

const mostComplaints = 5;
/** A copy up to this size is looked at in one go. */
const smallBytes = 64_000_000;
/** A window's question waits no longer than this for the contents of files, which are nearly all of a large copy. */
const pieceMs = 20;

async function checkPages({ raw }: Store, signal: AbortSignal): Promise<string> {
  const check = (table?: string): string[] => {
    const found = raw.pragma(`integrity_check${table === undefined ? '' : `('${table}')`}`) as { integrity_check: string }[];
    const lines = found.flatMap((row) => row.integrity_check.split('\n'));
    return lines.filter((words) => words !== 'ok' && !words.startsWith('***'));
  };
  const [pages, pageBytes] = ['page_count', 'page_size'].map((name) => Number(raw.pragma(name, { simple: true })));
  const complaints = (pages ?? 0) * (pageBytes ?? 0) <= smallBytes ? check() : await checkInPieces();
  return complaints.length === 0 ? 'ok' : complaints.slice(0, mostComplaints).join('; ');

  async function breathe(): Promise<void> {
    await setImmediate();
    signal.throwIfAborted();
  }

  /** Table by table with its indexes, the contents of files row by row; pages that hold nothing are left out. */
  async function checkInPieces(): Promise<string[]> {
    const found: string[] = [];
    const tables = raw.prepare(`select name from sqlite_schema where type = 'table' and name <> 'blob_chunk'`).pluck().all();
    for (const table of tables) {
      found.push(...check(String(table)));
      await breathe();
    }
    raw.prepare('select count(*) from blob_chunk indexed by sqlite_autoindex_blob_chunk_1').get();
    let last = 0;
    for (let began = performance.now(); ;) {
      // prepared anew each time: the store may be another file by now
      const chunk = raw.prepare('select rowid as at, bytes from blob_chunk where rowid > ? order by rowid limit 1').get(last);
      if (chunk === undefined) return found;
      last = (chunk as { at: number }).at;
      if (performance.now() - began < pieceMs) continue;
      await breathe();
      began = performance.now();
    }
  }
}

/** How far a store is, without looking at every page of it. */
export function readStore(store: Store): ReadStore {
  const { raw } = store;
  const one = (sql: string): number => Number(raw.prepare(sql).pluck().get() ?? 0);
  const state = raw.prepare('select cursor, feed_head as feedHead, last_synced_at as lastSyncedAt from sync_state').get() as
    { cursor: number; feedHead: number; lastSyncedAt: number | null } | undefined;
  return {
    version: Number(raw.pragma('user_version', { simple: true })),
    newest: localMigrations().at(-1)?.version ?? 0,
    ...(state ?? { cursor: 0, feedHead: 0, lastSyncedAt: null }),
    waiting: one(`select ${waitingCount}`),
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
