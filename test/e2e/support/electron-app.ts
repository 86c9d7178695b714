import { join } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';

const startWithinMs = 20_000;
const root = join(import.meta.dirname, '../../..');

/** Starts the built app (`npm run build`) in a real Electron on a data folder. tools/test.ts says which Electron and how core runs. */
export async function launchElectron(dataDir: string, appDir = root, change: { ownNode?: boolean } = {}): Promise<ElectronApplication> {
  const executablePath = process.env.STENO_TEST_ELECTRON;
  if (!executablePath) throw new Error('run these tests with `npm test -- electron`, which finds an Electron');
  const flags = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', '--no-first-run'];
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env;
  const launch = () =>
    _electron.launch({
      timeout: startWithinMs,
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
  // Seen once in many runs: an Electron that never opens its debugging port on a machine without graphics. A second start decides.
  return await launch().catch((error: unknown) => {
    if (error instanceof Error && error.name === 'TimeoutError') return launch();
    throw error;
  });
}
