import { chmodSync } from 'node:fs';
import Database from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { localMigrations, migrateStore } from './migrate.ts';
import * as schema from './schema.ts';

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
  close(): void;
}

/**
 * Opens (or makes) the store at `path` with a 32-byte key in hex. synchronous=FULL: a change that was acknowledged survives
 * the plug being pulled (R2). The file is locked for this process: a second Steno on it is told so.
 * Errors: corrupt (damaged, or another key), conflict (open elsewhere), unsupported (newer app), full.
 */
export function openStore(path: string, keyHex: string): Outcome<Store> {
  if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Error('a store key is 64 hex digits');
  let raw: Database.Database | undefined;
  try {
    raw = new Database(path, { timeout: 200 });
    raw.pragma("cipher = 'sqlcipher'");
    raw.pragma(`key = "x'${keyHex}'"`);
    raw.pragma('locking_mode = exclusive'); // before the first look inside, or a shared index is made beside the file, for which a full disk has no room
    // of a new file only: so that what is given back leaves the disk, too
    if (raw.pragma('page_count', { simple: true }) === 0) raw.pragma('auto_vacuum = incremental');
    raw.pragma('journal_mode = wal');
    raw.pragma('synchronous = full');
    raw.pragma('foreign_keys = on');
    raw.pragma('cache_size = -32000'); // kB: pages that fell out have to be decrypted again
    if (process.platform !== 'win32') chmodSync(path, 0o600);
    const migrated = migrateStore(raw, localMigrations());
    if (!migrated.ok) {
      raw.close();
      return migrated;
    }
  } catch (error) {
    raw?.close();
    const known = storeError(error);
    if (known) return err(known);
    throw error;
  }
  return ok(storeOn(raw));
}

/** The store in a database that is open, unlocked and migrated. */
export function storeOn(connection: Database.Database): Store {
  const db = drizzle(connection, { schema });
  return {
    db,
    raw: connection,
    transaction<T>(work: (db: Db) => Outcome<T>): Outcome<T> {
      try {
        connection.exec('begin immediate');
        const outcome = work(db);
        connection.exec(outcome.ok ? 'commit' : 'rollback');
        return outcome;
      } catch (error) {
        if (connection.inTransaction) connection.exec('rollback');
        const known = storeError(error);
        if (known) return err(known);
        throw error;
      }
    },
    close: () => connection.close(),
  };
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
function storeError(error: unknown): AppError | null {
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
    return {
      code: 'provider_failed',
      what: "reading or writing this laptop's disk",
      reason: `What was saved before is safe. Check the disk and its permissions (${code}).`,
    };
  }
  return null;
}
