import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Dialogs, Host, HostPaths } from './host.ts';
import { createFileLog } from './log.ts';
import { createWorkers } from './node-workers.ts';
import { createSecrets } from './secrets.ts';

export interface NodeHostOptions {
  kind: Host['kind'];
  dialogs?: Dialogs;
  /** Instead of STENO_DATA_DIR or the platform's folder. */
  dataDir?: string;
}

const NO_DIALOGS: Dialogs = { chooseFolder: null, reveal: () => Promise.resolve(false) };

/** Where this platform keeps an app's data. A folder named by the caller or by STENO_DATA_DIR holds everything, exports too. */
export function findPaths(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string, dataDir = env.STENO_DATA_DIR): HostPaths {
  if (dataDir) {
    const data = resolve(dataDir);
    return { data, cache: join(data, 'cache'), exports: join(data, 'exports'), rescue: join(data, 'rescue') };
  }
  const exports = join(home, 'Documents', 'Steno');
  const rescue = join(home, 'Documents', 'Steno rescue');
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
    return { data: join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Steno'), cache: join(local, 'Steno', 'Cache'), exports, rescue };
  }
  if (platform === 'darwin') {
    return { data: join(home, 'Library/Application Support/Steno'), cache: join(home, 'Library/Caches/Steno'), exports, rescue };
  }
  const data = join(env.XDG_DATA_HOME ?? join(home, '.local/share'), 'steno');
  return { data, cache: join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'steno'), exports, rescue };
}

/** What every host on Node has in common. STENO_KEYCHAIN=off keeps secrets in the file (tests, servers). */
export async function createNodeHost(options: NodeHostOptions): Promise<Host> {
  const paths = findPaths(process.env, process.platform, homedir(), options.dataDir);
  for (const folder of [paths.data, paths.cache, paths.exports]) await mkdir(folder, { recursive: true, mode: 0o700 });
  // It may have been there before, made by somebody less careful.
  await chmod(paths.data, 0o700);
  const clock = { now: () => Date.now() };
  const secrets = await createSecrets(paths.data, { keychain: process.env.STENO_KEYCHAIN === 'off' ? 'never' : 'ask' });
  return {
    kind: options.kind,
    paths,
    secrets,
    clock,
    workers: createWorkers(),
    dialogs: options.dialogs ?? NO_DIALOGS,
    log: createFileLog(join(paths.data, 'steno.log'), clock),
  };
}
