import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './processes.ts';

export interface ElectronBinary {
  executable: string;
  /** Where this is not the Electron of package.json but a stand-in for tests: core then runs on our own Node. */
  standIn: boolean;
}

const EXECUTABLES: Partial<Record<NodeJS.Platform, string>> = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
const executableName = EXECUTABLES[process.platform] ?? 'electron';

function cacheFolder(): string {
  return process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
}

function isOwnVersion(folder: string): boolean {
  const wanted = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string };
  const versionFile = join(folder, 'version');
  return existsSync(versionFile) && readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') === wanted.version;
}

function inFolder(folder: string): ElectronBinary | null {
  const executable = join(folder, executableName);
  return existsSync(executable) ? { executable, standIn: !isOwnVersion(folder) } : null;
}

/** The Electron to run: the one the environment names, the package's own, or, `forTests`, the runtime kept beside the project. */
export function findElectron(options: { forTests: boolean }): ElectronBinary | { missing: string } {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return inFolder(named) ?? { missing: `ELECTRON_OVERRIDE_DIST_PATH has no ${executableName}` };

  const own = inFolder(join(root, 'node_modules/electron/dist'));
  if (own) return own;

  if (options.forTests) {
    const script = join(root, '../shared/tools/electron-runtime/get.sh');
    const folder = join(cacheFolder(), 'steno', 'electron-for-tests');
    // It checks what is there already, and fetches only what is missing or not whole.
    if (existsSync(script)) spawnSync('bash', [script, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const kept = inFolder(folder);
    if (kept) return kept;
  }
  const fetched = spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], { stdio: 'ignore', timeout: 180_000 });
  const installed = fetched.status === 0 ? inFolder(join(root, 'node_modules/electron/dist')) : null;
  return installed ?? { missing: 'it is not here and could not be downloaded' };
}
