import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { err, type Outcome } from '../../shared/result.ts';
import { openStore } from '../store/store.ts';
import { filesOfStore } from './account-files.ts';
import { makeRecoveryKey } from './seal.ts';
import { openSealedKey } from './sealed-key.ts';
import { writeRescue } from './write-rescue.ts';

/**
 * Makes a rescue file of a copy whose key is gone (a folder with steno.db and store.escrow), with the private half of the firm's recovery key, hands
 * it to `work` with the secret that opens it, and removes it. The folder is only read: a copy of it is opened, in a place of this user alone.
 * Errors: not_found, those of openSealedKey, openStore and writeRescue.
 */
export async function withStoreRescue<T>(
  folder: string,
  secret: string,
  now: number,
  work: (path: string, secret: string) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const store = join(folder, 'steno.db');
  if (!existsSync(store)) return err({ code: 'not_found', what: `the copy ${store}` });
  const storeKey = await openSealedKey(join(folder, 'store.escrow'), secret);
  if (!storeKey.ok) return storeKey;
  const scratch = await mkdtemp(join(tmpdir(), 'steno-rescue-'));
  try {
    for (const path of filesOfStore(store)) if (existsSync(path)) await copyFile(path, join(scratch, basename(path)));
    const opened = openStore(join(scratch, 'steno.db'), storeKey.value);
    if (!opened.ok) return opened;
    const own = await makeRecoveryKey();
    const path = join(scratch, 'rescue.age');
    const written = await writeRescue({ store: opened.value, reason: 'key_gone', now, publicKey: own.publicKey, path });
    opened.value.close();
    return written.ok ? await work(path, own.secret) : written;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
