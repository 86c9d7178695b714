import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { accountFiles } from '../rescue/account-files.ts';
import { openStore, type Store } from '../store/store.ts';

interface OpenInput {
  host: Host;
  accountKey: string;
  /** The account's store where another window has it open already. */
  openStoreOf(accountKey: string): Store | null;
  /** At the firm: a store is made where there is none. */
  isOnline: boolean;
}

/** The account's store and its key. Errors: copy_lost, and those of openStore. */
export async function openAccountStore({
  host,
  accountKey,
  openStoreOf,
  isOnline,
}: OpenInput): Promise<Outcome<{ store: Store; storeKey: string }>> {
  const files = accountFiles(host, accountKey);
  const exists = existsSync(files.store);
  let storeKey = await host.secrets.get(files.storeKeySecret);
  const open = openStoreOf(accountKey);
  if (open) return ok({ store: open, storeKey: storeKey ?? '' });
  if (storeKey === null) {
    if (exists || !isOnline) return copyLost('key_gone', files, isOnline);
    storeKey = randomBytes(32).toString('hex');
    // the key is safe before the first byte is encrypted with it
    await host.secrets.set(files.storeKeySecret, storeKey);
  }
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  const opened = openStore(files.store, storeKey);
  if (opened.ok) return ok({ store: opened.value, storeKey });
  return opened.error.code === 'corrupt' ? copyLost('damaged', files, isOnline) : opened;
}

function copyLost(
  why: 'key_gone' | 'damaged',
  { folder, sealedKey }: { folder: string; sealedKey: string },
  isOnline: boolean,
): Outcome<never> {
  const inside = existsSync(sealedKey)
    ? `What you did that had not reached the firm can be brought back by your IT with the firm’s recovery key; they need the folder ${folder}.`
    : why === 'key_gone'
      ? 'Should the keychain come back, so does the copy. Without it what had not reached the firm stays locked: your firm has no recovery key.'
      : 'What had not reached the firm cannot be read from it here; ask your IT before you give it up.';
  const next = isOnline
    ? 'You can start afresh from the firm’s copy: the old one is put aside, and nothing is deleted.'
    : 'Connect to the firm’s network to start afresh from its copy.';
  return err({ code: 'copy_lost', why, reason: `${inside} ${next}` });
}
