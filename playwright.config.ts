import { existsSync } from 'node:fs';
import { chromium, defineConfig } from '@playwright/test';

const isRoot = process.getuid?.() === 0;
/** Playwright's own Chromium when it was downloaded, else the one of the system. */
const executablePath = existsSync(chromium.executablePath()) ? undefined : '/usr/bin/chromium';

export default defineConfig({
  testDir: 'test/e2e',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  // what is not there to be clicked is told by its name, not by the end of the test's time
  use: { actionTimeout: 30_000, trace: 'retain-on-failure', screenshot: 'only-on-failure', viewport: { width: 1280, height: 800 } },
  projects: [
    {
      name: 'browser',
      // each its own: what failed in one is still there after the other
      outputDir: 'test-results/browser',
      testDir: 'test/e2e/browser',
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(executablePath ? { executablePath } : {}),
          args: [
            ...(isRoot ? ['--no-sandbox'] : []),
            ...[
              '--disable-gpu',
              '--disable-quic',
              '--no-first-run',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
            ],
          ],
        },
      },
    },
    { name: 'electron', outputDir: 'test-results/electron', testDir: 'test/e2e/electron' },
  ],
});
