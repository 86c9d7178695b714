import type { KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import { makeSigningKey, publicKeyOf, publicPem, readSigningKey } from '../host/signature.ts';

/** The key that a firm's files are signed with. Whoever holds its file can point laptops at another server. */
export interface SigningKey {
  privateKey: KeyObject;
  /** What must be written before anything it signed leaves the machine; null where the file was there. */
  fresh: { pem: string; publicPem: string } | null;
}

/** The key in a file, or a new one, still unwritten, where there is no such file. Errors: invalid_input (another kind of file). */
export async function openSigningKey(path: string): Promise<Outcome<SigningKey>> {
  const pem = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  });
  const text = pem ?? makeSigningKey();
  const privateKey = readSigningKey(text);
  if (!privateKey) {
    const reason = 'It holds no Ed25519 private key as PEM without a password. Name a file that does, or one that is not there yet.';
    return err({ code: 'invalid_input', what: '--key', reason });
  }
  return ok({ privateKey, fresh: pem === null ? { pem: text, publicPem: publicPem(publicKeyOf(privateKey)) } : null });
}

/** Writes a new key, readable by this user only, and its public half beside it. Never over a file that is there. */
export async function saveSigningKey(path: string, { fresh }: SigningKey): Promise<Outcome<Nothing>> {
  if (!fresh) return ok({});
  const publicHalf = await writeNew('--key', `${path}.pub`, fresh.publicPem, 0o644);
  return publicHalf.ok ? writeNew('--key', path, fresh.pem, 0o600) : publicHalf;
}

/** Writes a file that must not be there yet. Errors: conflict, invalid_input (its folder). */
export async function writeNew(option: string, path: string, content: string | Uint8Array, mode: number): Promise<Outcome<Nothing>> {
  try {
    await writeFile(path, content, { flag: 'wx', mode, flush: true });
    return ok({});
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'EEXIST')
      return err({ code: 'conflict', what: path, reason: 'There is such a file, and it was left as it is. Choose another name.' });
    if (code === undefined) throw error;
    return err({ code: 'invalid_input', what: option, reason: `The file cannot be written there (${code}). Nothing was changed.` });
  }
}
