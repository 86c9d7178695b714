import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { AppError } from '../../shared/errors.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { readyForIndex } from './index-tables.ts';
import { localMigrations, migrateStore } from './migrate.ts';
import * as schema from './schema.ts';
import { unlock } from './unlock.ts';

/** Reads and writes inside the store's one connection; typed by store/schema.ts. */
export type Db = BetterSQLite3Database<typeof schema>;

/** The encrypted SQLite file of one account on this laptop. */
export interface Store {
  db: Db;
  /** For statements built from the entity table and for pragmas; everything else goes through `db`. */
  raw: Database.Database;
  /**
   * One transaction. A returned error rolls back; a thrown bug rolls back and flies on. When the disk is full or fails,
   * the outcome says so and what was committed before is safe.
   */
  transaction<T>(work: (db: Db) => Outcome<T>): Outcome<T>;
  /** What `work` commits does not wait for the disk: a crash of Steno undoes nothing of it, a power cut may. For what is found out again anyhow; not inside a transaction. */
  jot<T>(work: () => T): T;
  /** What was jotted down is on the disk once it returns: for whoever tells others of it, who must never know more than a power cut leaves here. Errors: the disk's. */
  flush(): Outcome<Nothing>;
  /** A statement compiled once, for who needs it often. To be asked for anew each time: it does not outlive `become`, and is nobody's to set pluck or raw on. */
  compiled(sql: string): Database.Statement;
  /** Where it lies and what opens it, for whoever makes another store beside it. */
  readonly file: { path: string; keyHex: string };
  /**
   * Puts another store's file, closed and whole, in the place of this one's. Whoever holds this store (`db`, `raw`) goes on with what is in the
   * other; statements prepared before are over. A crash leaves the one or the other. Errors: those of openStore, and then this store is as it was.
   */
  become(path: string): Outcome<Nothing>;
  close(): void;
}

/**
 * Opens (or makes) the store at `path` with a 32-byte key in hex. synchronous=FULL: a change that was acknowledged survives
 * the plug being pulled (R2). The file is locked for this process: a second Steno on it is told so.
 * A draft is a store that is filled in bulk and then becomes one: it has no log beside it, and whoever fills it says when the disk has to have it.
 * Errors: corrupt (damaged, or another key), conflict (open elsewhere), unsupported (newer app), full.
 */
export function openStore(path: string, keyHex: string, kind: 'store' | 'draft' = 'store'): Outcome<Store> {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Error('a store key is 64 hex digits');
  const opened = connect(path, keyHex, kind);
  if (!opened.ok) return opened;
  return ok(storeOn(opened.value, { path, keyHex, reopen: () => connect(path, keyHex, kind) }));
}

/** Where a store lies; one in memory lies nowhere and cannot become another. */
interface Place {
  path: string;
  keyHex: string;
  reopen(): Outcome<Database.Database>;
}

/** The store in a database that is open, unlocked and migrated. */
export function storeOn(opened: Database.Database, place?: Place): Store {
  readyForIndex(opened);
  let connection = opened;
  let compiled = new Map<string, Database.Statement>();
  let prepared = new Map<string, Database.Statement>();
  /** Something was jotted down since the disk was last waited for. */
  let isJotted = false;
  /** Within `jot`, where a commit waits for no disk. */
  let isJotting = false;
  const compile = (sql: string): Database.Statement => {
    const known = compiled.get(sql) ?? connection.prepare(sql);
    compiled.set(sql, known);
    return known;
  };
  const changedRows = (): number => (compile('select total_changes() as n').get() as { n: number }).n;
  const raw = place ? standIn(() => connection) : opened;
  // drizzle compiles its statement anew at each call, which takes longer than most of them run
  const db = drizzle(
    preparing(raw, (sql) => latest(prepared, sql, () => connection.prepare(sql))),
    { schema },
  );
  return {
    db,
    raw,
    file: { path: place?.path ?? opened.name, keyHex: place?.keyHex ?? '' },
    compiled: compile,
    transaction<T>(work: (db: Db) => Outcome<T>): Outcome<T> {
      try {
        connection.exec('begin immediate');
        const before = changedRows();
        const outcome = work(db);
        const isChange = changedRows() > before;
        connection.exec(outcome.ok ? 'commit' : 'rollback');
        // the disk was waited for, with all that stands before it in the log; a transaction that writes to an attached store alone has to be preceded by `flush`
        if (outcome.ok && isChange && !isJotting) isJotted = false;
        return outcome;
      } catch (error) {
        if (connection.inTransaction) connection.exec('rollback');
        const known = storeError(error);
        if (known) return err(known);
        throw error;
      }
    },
    jot(work) {
      const before = Number(connection.pragma('synchronous', { simple: true }));
      connection.pragma('synchronous = normal');
      const within = isJotting;
      isJotted = isJotting = true;
      try {
        return work();
      } finally {
        isJotting = within;
        connection.pragma(`synchronous = ${String(before)}`);
      }
    },
    flush() {
      const log = `${connection.name}-wal`;
      if (!isJotted || !existsSync(log)) return ok({});
      try {
        syncFile(log);
        isJotted = false;
        return ok({});
      } catch (error) {
        return err(diskError(String((error as { code?: string }).code)));
      }
    },
    become(other) {
      if (!place) throw new Error('a store in memory is no file');
      let reopened: Outcome<Database.Database>;
      let replaced: Outcome<Nothing>;
      try {
        replaced = replaceFile(connection, other, place.path);
      } finally {
        connection.close();
        compiled = new Map();
        prepared = new Map();
        reopened = place.reopen();
        if (reopened.ok) connection = reopened.value;
      }
      if (!replaced.ok) return replaced;
      return reopened.ok ? ok({}) : reopened;
    },
    close: () => connection.close(),
  };
}

function connect(path: string, keyHex: string, kind: 'store' | 'draft'): Outcome<Database.Database> {
  let raw: Database.Database | undefined;
  try {
    raw = new Database(path, { timeout: 200 });
    unlock(raw, path, keyHex);
    raw.pragma('locking_mode = exclusive'); // before the first look inside, or a shared index is made beside the file, for which a full disk has no room
    // of a new file only: so that what is given back leaves the disk, too
    if (raw.pragma('page_count', { simple: true }) === 0) raw.pragma('auto_vacuum = incremental');
    raw.pragma(`journal_mode = ${kind === 'store' ? 'wal' : 'truncate'}`);
    raw.pragma(`synchronous = ${kind === 'store' ? 'full' : 'off'}`);
    // pages: a page that many changes wrote goes from the log into the file once, and few changes wait for that
    if (kind === 'store') raw.pragma('wal_autocheckpoint = 2000');
    raw.pragma('foreign_keys = on');
    raw.pragma('secure_delete = on'); // what went out of the user's sight is not left in the file's free pages
    raw.pragma('temp_store = memory'); // what is sorted or set aside never reaches the disk in clear
    // kB: pages that fell out have to be decrypted again; a draft is written from its beginning to its end, beside a store that has as many
    raw.pragma(`cache_size = ${kind === 'store' ? '-32000' : '-16000'}`);
    readyForIndex(raw);
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    const migrated = migrateStore(raw, localMigrations());
    if (migrated.ok) return ok(raw);
    raw.close();
    return migrated;
  } catch (error) {
    raw?.close();
    const known = storeError(error);
    if (known) return err(known);
    throw error;
  }
}

/** Always the connection of the moment, for those who took it once. */
function standIn(current: () => Database.Database): Database.Database {
  return new Proxy(current(), {
    get(_, name) {
      const connection = current();
      const value: unknown = Reflect.get(connection, name, connection);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(connection) : value;
    },
  });
}

/** Of drizzle's statements so many are kept: lists of ids make another one for each length. */
const mostPrepared = 300;

/** The statement of these words, the one that was used longest ago giving way. It comes as a new one would: whoever had it last may have asked for rows as lists. */
function latest(kept: Map<string, Database.Statement>, sql: string, prepare: () => Database.Statement): Database.Statement {
  const statement = kept.get(sql) ?? prepare();
  if (statement.reader) statement.raw(false);
  kept.delete(sql);
  kept.set(sql, statement);
  const oldest = kept.size > mostPrepared ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  return statement;
}

/** A connection with another way to its statements. */
function preparing(raw: Database.Database, prepare: (sql: string) => Database.Statement): Database.Database {
  return new Proxy(raw, {
    get(_, name) {
      if (name === 'prepare') return prepare;
      const value: unknown = Reflect.get(raw, name, raw);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(raw) : value;
    },
  });
}

/**
 * Puts `other` in the place of `path`, whose connection is to be closed next. The log is emptied before: beside another store's file its pages would pass for that one's.
 * Where the system allows it the file is replaced while it is still locked, so that nobody opens the old one meanwhile.
 */
function replaceFile(connection: Database.Database, other: string, path: string): Outcome<Nothing> {
  try {
    connection.pragma('wal_checkpoint(truncate)');
    const log = `${path}-wal`;
    if (existsSync(log)) {
      if (statSync(log).size > 0) throw Object.assign(new Error('the log is not empty'), { code: 'SQLITE_IOERR' });
      syncFile(log); // SQLite does not: after a power cut it might be full again, beside the other file
    }
    if (process.platform === 'win32') connection.close();
    renameSync(other, path);
    if (process.platform !== 'win32') syncFolder(dirname(path));
    return ok({});
  } catch (error) {
    const isDisk = (error as { syscall?: string }).syscall !== undefined;
    const known = storeError(error) ?? (isDisk ? diskError(String((error as { code?: string }).code)) : null);
    if (known) return err(known);
    throw error;
  }
}

/** A rename is on the disk once its folder is. */
function syncFolder(folder: string): void {
  syncFile(folder, 'r');
}

function syncFile(path: string, flags = 'r+'): void {
  const handle = openSync(path, flags);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** What errors call the store. */
export const thisCopy = "this laptop's copy";

/** Whether a page of the file is not what was written there. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT.*|IOERR_(SHORT_READ|DATA|CORRUPTFS))$/.test(codeOf(error));
}

/** Damage, or a disk that does not give a page back. */
export function isUnreadable(error: unknown): boolean {
  return isDamage(error) || codeOf(error) === 'SQLITE_IOERR_READ';
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const found = code ?? cause?.code;
  return typeof found === 'string' ? found : '';
}

/** Failures of disk and file that a person can act on; null for anything else, which is a bug. */
export function storeError(error: unknown): AppError | null {
  const code = codeOf(error);
  if (code === 'SQLITE_FULL') {
    return {
      code: 'full',
      what: "Steno's data on this laptop",
      reason: 'What was saved before is safe. Free some disk space and try again.',
    };
  }
  if (isDamage(error)) {
    return {
      code: 'corrupt',
      what: thisCopy,
      reason: "It does not open with this laptop's key. Nothing was deleted; ask your IT, who can restore it from the firm's copy.",
    };
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return {
      code: 'conflict',
      what: thisCopy,
      reason: 'Steno is already open with this account. Use that window, or close it first.',
    };
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_READONLY') {
    return diskError(code);
  }
  return null;
}

function diskError(code: string): AppError {
  return {
    code: 'provider_failed',
    what: "reading or writing this laptop's disk",
    reason: `What was saved before is safe. Check the disk and its permissions (${code}).`,
  };
}
