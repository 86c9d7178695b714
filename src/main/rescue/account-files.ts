import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FirmConnection } from '../../shared/setup.ts';
import type { Host } from '../host/host.ts';
import { fingerprintOf } from './seal.ts';

/** Where an account's copy lies on this laptop, and what it is called in the keychain. */
export interface AccountFiles {
  folder: string;
  store: string;
  /** The key of the store, sealed to the firm's recovery key. */
  sealedKey: string;
  /** The firm's recovery key, for when the store cannot tell it any more. */
  recoveryKey: string;
  /** Which server the copy is of, as a hash: a token is shown to that one only. */
  place: string;
  /** How this person turned pages. */
  turns: string;
  /** What is being done with the copy, or was. */
  journal: string;
  storeKeySecret: string;
  sessionSecret: string;
  /** The token of the last session, which is over: by it the firm knows this laptop. */
  lastSessionSecret: string;
  /** This person's keys to models. */
  assistantKeys: string;
}

export function accountFiles({ paths }: Pick<Host, 'paths'>, accountKey: string): AccountFiles {
  const folder = join(paths.data, 'stores', accountKey);
  return {
    folder,
    store: join(folder, 'steno.db'),
    sealedKey: join(folder, 'store.escrow'),
    recoveryKey: join(folder, 'escrow.pub'),
    place: join(folder, 'place'),
    turns: join(folder, 'turns.json'),
    journal: join(paths.data, 'lost', `${accountKey}.json`),
    storeKeySecret: `store-key:${accountKey}`,
    sessionSecret: `session:${accountKey}`,
    lastSessionSecret: `last-session:${accountKey}`,
    assistantKeys: `assistant-keys:${accountKey}`,
  };
}

/** The files that SQLite keeps of one store. */
export function filesOfStore(store: string): string[] {
  return ['', '-wal', '-shm', '-journal'].map((end) => `${store}${end}`);
}

export function placeOf({ host, port, database, firmSlug }: FirmConnection): string {
  return createHash('sha256')
    .update(JSON.stringify([host, port, database, firmSlug]))
    .digest('hex');
}

/** What a rescue file or a copy that is put aside is called: when, whose, and which key opens it. */
export function rescueName(now: number, accountKey: string, publicKey: string | null): string {
  const at = new Date(now);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const key = publicKey === null ? '' : ` key ${fingerprintOf(publicKey)}`;
  return `${day} ${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())} ${accountKey.slice(0, 8)}${key}`;
}
