import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from './host.ts';

const SERVICE = 'Steno';
const FILE_WARNING =
  'This computer offers Steno no keychain, so the key to your local data is kept in a file that only your account can read. Turn on disk encryption if it is off.';

export interface Keychain {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface SecretsOptions {
  /** Tests and machines without a session choose the file outright. */
  keychain?: 'ask' | 'never';
  load?: () => Promise<Keychain>;
  probeTimeoutMs?: number;
}

async function loadKeytar(): Promise<Keychain> {
  return (await import('keytar')).default;
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const made = `${file}.${randomBytes(4).toString('hex')}`;
  const handle = await open(made, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(made, file);
}

function createFileSecrets(file: string): Secrets {
  const read = async () => {
    if (!existsSync(file)) return new Map<string, string>();
    return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8')) as Record<string, string>));
  };
  // One change after the other: two at once would each write without the other's value.
  let last: Promise<unknown> = Promise.resolve();
  const change = (edit: (all: Map<string, string>) => void) => {
    const next = last.then(async () => {
      const all = await read();
      edit(all);
      await writeAtomically(file, JSON.stringify(Object.fromEntries(all)));
    });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    get: async (name) => {
      await last;
      return (await read()).get(name) ?? null;
    },
    set: (name, value) => change((all) => all.set(name, value)),
    delete: (name) => change((all) => all.delete(name)),
    warning: FILE_WARNING,
  };
}

function createKeychainSecrets(keychain: Keychain, dataDir: string): Secrets {
  // Two data folders of one user must not share a key.
  const suffix = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const account = (name: string) => `${name} (${suffix})`;
  return {
    get: (name) => keychain.getPassword(SERVICE, account(name)),
    set: (name, value) => keychain.setPassword(SERVICE, account(name), value),
    delete: async (name) => void (await keychain.deletePassword(SERVICE, account(name))),
    warning: null,
  };
}

/** Whether a value put in comes out again; without a D-Bus session it rejects, without an answering keyring it may hang. */
async function works(secrets: Secrets, timeoutMs: number): Promise<boolean> {
  const value = randomBytes(8).toString('hex');
  const attempt = async () => {
    await secrets.set('probe', value);
    const back = await secrets.get('probe');
    await secrets.delete('probe');
    return back === value;
  };
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([attempt(), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The system's keychain where it works, else a file. The choice is made once per data folder and remembered: a keychain that is
 * merely locked today must not make Steno start over with an empty file and lose the key to the store.
 */
export async function createSecrets(dataDir: string, options: SecretsOptions = {}): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const choiceFile = join(dataDir, 'secrets-place');
  const fromFile = () => createFileSecrets(file);
  if (options.keychain === 'never') return fromFile();

  const fromKeychain = async () => createKeychainSecrets(await (options.load ?? loadKeytar)(), dataDir);
  const choice = existsSync(choiceFile) ? await readFile(choiceFile, 'utf8') : null;
  if (choice === 'keychain') return await fromKeychain();
  if (choice === 'file' || existsSync(file)) return fromFile();

  const candidate = await fromKeychain().catch(() => null);
  const usable = candidate !== null && (await works(candidate, options.probeTimeoutMs ?? 10_000));
  await writeAtomically(choiceFile, usable ? 'keychain' : 'file');
  return usable ? candidate : fromFile();
}
