import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createFileLog } from '../../../src/main/host/log.ts';
import { createNodeHost, findPaths } from '../../../src/main/host/node-host.ts';

const folder = await mkdtemp(join(tmpdir(), 'steno-host-'));
afterAll(() => rm(folder, { recursive: true }));

test('each platform has its own place for data; a named folder holds everything', () => {
  expect(findPaths({}, 'linux', '/home/x').data).toBe('/home/x/.local/share/steno');
  expect(findPaths({ XDG_DATA_HOME: '/d' }, 'linux', '/home/x').data).toBe('/d/steno');
  expect(findPaths({}, 'darwin', '/Users/x').data).toBe('/Users/x/Library/Application Support/Steno');
  expect(findPaths({ APPDATA: '/r' }, 'win32', '/u').data).toBe('/r/Steno');
  expect(findPaths({ STENO_DATA_DIR: '/s' }, 'darwin', '/u')).toEqual({
    data: '/s',
    cache: '/s/cache',
    exports: '/s/exports',
    rescue: '/s/rescue',
  });
});

test('a host has its folders, which only this user can enter', async () => {
  vi.stubEnv('STENO_KEYCHAIN', 'off');
  const host = await createNodeHost({ kind: 'test', dataDir: join(folder, 'data') });
  for (const path of [host.paths.data, host.paths.cache, host.paths.exports]) expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect(host.secrets.warning).not.toBeNull();
  expect(host.dialogs.chooseFolder).toBeNull();
  await host.workers.stop();
});

test('the log is lines of JSON, names a bug by its reference and keeps its message out', async () => {
  const file = join(folder, 'a.log');
  const log = createFileLog(file, { now: () => 0 });
  log.info('sync.pulled', { rows: 3 });
  const reference = log.bug('letters.open', new TypeError('Jane Roe, SSN 123-45-6789'));
  const text = await readFile(file, 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toEqual({ at: '1970-01-01T00:00:00.000Z', event: 'sync.pulled', rows: 3 });
  expect(lines[1]).toMatchObject({ event: 'letters.open', reference, name: 'TypeError' });
  expect(text).not.toContain('Jane Roe');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('the log never grows past twice its cap, and a full disk does not stop the work', async () => {
  const file = join(folder, 'b.log');
  const log = createFileLog(file, { now: () => 0 }, 1000);
  for (let index = 0; index < 200; index += 1) log.info('tick', { index });
  expect((await stat(file)).size + (await stat(`${file}.1`)).size).toBeLessThanOrEqual(2000);
  expect(await readFile(file, 'utf8')).toContain('"index":199');
  expect(() => createFileLog(join(folder, 'no', 'such', 'c.log'), { now: () => 0 }).info('tick')).not.toThrow();
});
