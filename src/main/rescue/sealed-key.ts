import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { createGently } from './gently.ts';
import { isRecoveryKey, NotOpened, openSealed, sealText } from './seal.ts';
import { syncFolder, writeDurably } from './write-rescue.ts';

const SealedKey = z.object({
  format: z.literal('steno-store-key'),
  version: z.literal(1),
  accountKey: z.string(),
  storeKey: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Keeps the store's key beside the store, sealed to the firm's recovery key: whoever has that can read the store when the keychain cannot. */
export async function keepSealedKey(path: string, input: { accountKey: string; storeKey: string; publicKey: string }): Promise<void> {
  const { accountKey, storeKey, publicKey } = input;
  const text = JSON.stringify({ format: 'steno-store-key', version: 1, accountKey, storeKey });
  await writeDurably(`${path}.new`, [await sealText(text, [publicKey])]);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/** Errors: not_found (no such file), invalid_input (another recovery key), corrupt. */
export async function openSealedKey(path: string, secret: string): Promise<Outcome<string>> {
  if (!existsSync(path)) return err({ code: 'not_found', what: `the sealed key ${path}` });
  const bytes = await readFile(path);
  try {
    const parts: Uint8Array[] = [];
    for await (const part of openSealed(one(bytes), secret)) parts.push(part);
    return ok(SealedKey.parse(JSON.parse(Buffer.concat(parts).toString('utf8'))).storeKey);
  } catch (error) {
    if (error instanceof NotOpened && error.why === 'other_key')
      return err({ code: 'invalid_input', what: '--key', reason: 'The key of this copy is sealed to another recovery key of the firm.' });
    return err({ code: 'corrupt', what: 'the sealed key of this copy', reason: 'It was changed after it was written, or it is none.' });
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/**
 * The firm's recovery key as the store knows it; where its page cannot be read, as it stands beside the store. Only then: that file is not
 * under the store's lock, and whoever could change it must not choose who can open the work of a sound store.
 */
export async function findRecoveryKey(store: Store, path: string): Promise<string | null> {
  const read = createGently(store);
  const known = read.one<{ key: string | null }>('select recovery_key as key from laptop_policy')?.key ?? null;
  if (known !== null || read.unreadable() === 0) return known;
  const text = await readFile(path, 'utf8').catch(() => '');
  return isRecoveryKey(text) ? text : null;
}
