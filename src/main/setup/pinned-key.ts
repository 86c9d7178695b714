import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Outcome } from '../../shared/result.ts';
import type { Host } from '../host/host.ts';
import { readPublicKey } from '../host/signature.ts';

/**
 * The key that IT installed on this computer: the file STENO_PROVISION_KEY names, else `provision.pub` in the data folder. Null where
 * IT installed none. One that is there and cannot be read is an error: to go on without it would undo what IT wanted.
 */
export async function readPinnedKey(host: Host, named = process.env['STENO_PROVISION_KEY']): Promise<Outcome<string | null>> {
  const path = named ?? join(host.paths.data, 'provision.pub');
  let pem: string;
  try {
    pem = await readFile(path, 'utf8');
  } catch (error) {
    if (named === undefined && (error as { code?: string }).code === 'ENOENT') return ok(null);
    return unreadable;
  }
  const key = readPublicKey(pem);
  return key === null ? unreadable : ok(key);
}

const unreadable = err({
  code: 'invalid_input' as const,
  what: 'the key that your IT installed',
  reason:
    'This computer takes only files signed with it, and it cannot be read. Tell your IT to look at provision.pub or STENO_PROVISION_KEY.',
});
