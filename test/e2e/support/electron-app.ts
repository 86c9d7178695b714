import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';

const root = join(import.meta.dirname, '../../..');

/** Starts the built app (`npm run build`) in a real Electron on a data folder. tools/test.ts says which Electron and how core runs. */
export async function launchElectron(dataDir: string, appDir = root, change: { ownNode?: boolean } = {}): Promise<ElectronApplication> {
  const executablePath = process.env.STENO_TEST_ELECTRON;
  if (!executablePath) throw new Error('run these tests with `npm test -- electron`, which finds an Electron');
  const flags = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--no-first-run'];
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env;
  return await _electron.launch({
    executablePath,
    args: [...flags, appDir],
    // Without a Node of its own core is a utility process of this Electron.
    env: {
      ...(env as Record<string, string>),
      STENO_DATA_DIR: dataDir,
      STENO_KEYCHAIN: 'off',
      ...(change.ownNode === false ? { STENO_CORE_NODE: '' } : {}),
    },
  });
}
