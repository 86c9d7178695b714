import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type Database from 'better-sqlite3';

/** Pages are AEGIS-256: each is encrypted and authenticated in one pass by the processor's AES, three times as fast to read as AES-CBC with an HMAC. */
const cipher = 'aegis';
/** Of stores that Steno made before; a copy of the firm that takes their place is of the other. */
const cipherBefore = 'sqlcipher';
/** SQLite keeps this byte of the first page in clear: how much of each page the cipher needs for itself. */
const reservedAt = 20;
const reservedBefore = 80;

/** Says with what the database that was just opened at `path` is encrypted. Nothing is read yet: another key is only noticed then. */
export function unlock(raw: Database.Database, path: string, keyHex: string): void {
  raw.pragma(`cipher = '${reservedIn(path) === reservedBefore ? cipherBefore : cipher}'`);
  raw.pragma(`key = "x'${keyHex}'"`); // the key itself, from which none is derived
}

function reservedIn(path: string): number | null {
  if (!existsSync(path)) return null;
  const file = openSync(path, 'r');
  try {
    const byte = Buffer.alloc(1);
    return readSync(file, byte, 0, 1, reservedAt) === 1 ? (byte[0] ?? null) : null;
  } finally {
    closeSync(file);
  }
}
