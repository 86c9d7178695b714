import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type ElectronApplication, type Page } from '@playwright/test';
import { launchBrowserHost, type RunningBrowserHost } from './browser-host.ts';
import { launchElectron } from './electron-app.ts';
import { watchPage } from './watch-page.ts';

interface Steno {
  /** A data folder of this test's own, gone afterwards. */
  dataDir: string;
  browserHost: RunningBrowserHost;
  /** A tab at the browser host; the test fails when the page complains about anything. */
  tab: Page;
  /** The built app; the test fails when any of its windows complains. */
  electron: ElectronApplication;
  /** Its first window. */
  window: Page;
}

/** What a journey starts from: ask for `tab` in test/e2e/browser, for `window` in test/e2e/electron. */
export const test = base.extend<Steno>({
  // Playwright insists on a pattern here; this fixture needs no other.
  // eslint-disable-next-line no-empty-pattern
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'steno-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  browserHost: async ({ dataDir }, use) => {
    const host = await launchBrowserHost(dataDir);
    await use(host);
    await host.stop();
  },
  tab: async ({ page, browserHost }, use) => {
    const watched = watchPage(page);
    await page.goto(browserHost.url);
    await use(page);
    watched.expectNone();
  },
  electron: async ({ dataDir }, use) => {
    const app = await launchElectron(dataDir);
    const watched = app.windows().map(watchPage);
    app.on('window', (page) => watched.push(watchPage(page)));
    await use(app);
    await app.close();
    for (const each of watched) each.expectNone();
  },
  window: async ({ electron }, use) => {
    await use(await electron.firstWindow());
  },
});

export { expect } from '@playwright/test';
