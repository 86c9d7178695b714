import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSecrets, type Keychain } from '../../../src/main/host/secrets.ts';
import { secretsContract } from '../../support/secrets-contract.ts';

const folder = await mkdtemp(join(tmpdir(), 'steno-secrets-'));
afterAll(() => rm(folder, { recursive: true }));
const newFolder = () => mkdtemp(join(folder, 'x-'));

function createMemoryKeychain(): Keychain & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getPassword: async (service, account) => kept.get(`${service}/${account}`) ?? null,
    setPassword: async (service, account, password) => void kept.set(`${service}/${account}`, password),
    deletePassword: async (service, account) => kept.delete(`${service}/${account}`),
  };
}
const load = (keychain: Keychain) => ({ load: () => Promise.resolve(keychain) });
const broken = () => Promise.reject(new Error('Cannot autolaunch D-Bus'));

describe('the contract of secrets', () => {
  for (const [rule, check] of Object.entries(secretsContract)) {
    test(`file: ${rule}`, async () => check(await createSecrets(await newFolder(), { keychain: 'never' })));
    test(`keychain's port: ${rule}`, async () => check(await createSecrets(await newFolder(), load(createMemoryKeychain()))));
  }

  test('the real keychain of a desktop session keeps it too', async () => {
    // The keyring's files go under HOME: never into that of whoever runs the tests.
    const home = await newFolder();
    const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: home };
    const script = join(import.meta.dirname, '../../support/real-keychain.ts');
    const unlock = 'echo -n test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" "$@"';
    const ran = spawnSync('dbus-run-session', ['--', 'sh', '-c', unlock, process.execPath, script], {
      encoding: 'utf8',
      timeout: 60_000,
      env,
    });
    expect(ran.error).toBeUndefined();
    expect(ran.stdout.trim().split('\n').at(-1), ran.stderr).toBe(`kept ${Object.keys(secretsContract).length}`);
  });
});

describe('the file', () => {
  test('only this user can read it, and it is whole after many changes at once', async () => {
    const dir = await newFolder();
    const secrets = await createSecrets(dir, { keychain: 'never' });
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name) => secrets.set(name, name)));
    expect(Object.keys(JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8')) as object)).toEqual(names);
    expect((await stat(join(dir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(secrets.warning).toMatch(/file that only your account can read/);
  });
});

describe('the choice', () => {
  test('a keychain that rejects, and one that never answers, give way to the file', async () => {
    const silent: Keychain = { ...createMemoryKeychain(), setPassword: () => new Promise(() => undefined) };
    for (const options of [{ load: broken }, { ...load(silent), probeTimeoutMs: 30 }]) {
      expect((await createSecrets(await newFolder(), options)).warning).not.toBeNull();
    }
    expect((await createSecrets(await newFolder(), load(createMemoryKeychain()))).warning).toBeNull();
  });

  test('once made it stays: a keychain that is away today is not replaced by an empty file', async () => {
    const dir = await newFolder();
    const keychain = createMemoryKeychain();
    await (await createSecrets(dir, load(keychain))).set('key', 'k');
    const away = { ...keychain, getPassword: broken, setPassword: broken };
    await expect((await createSecrets(dir, load(away))).get('key')).rejects.toThrow('D-Bus');
    expect(await (await createSecrets(dir, load(keychain))).get('key')).toBe('k');
  });

  test('and a keychain that appears later does not hide what the file has', async () => {
    const dir = await newFolder();
    await (await createSecrets(dir, { load: broken })).set('key', 'k');
    expect(await (await createSecrets(dir, load(createMemoryKeychain()))).get('key')).toBe('k');
  });

  test('two data folders of one user keep different values under the same name', async () => {
    const options = load(createMemoryKeychain());
    const [one, other] = [await createSecrets(await newFolder(), options), await createSecrets(await newFolder(), options)];
    await one.set('key', '1');
    expect(await other.get('key')).toBeNull();
  });
});
