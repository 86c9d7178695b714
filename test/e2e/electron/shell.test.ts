import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type ElectronApplication, type Page } from '@playwright/test';
import { buildMain } from '../../../tools/build.ts';
import { launchElectron } from '../support/electron-app.ts';

// The shell itself in a real Electron: our main and preload around a core without features and a window without a framework.
const support = join(import.meta.dirname, '../support');

interface Shell {
  appDir: string;
}
interface Running {
  app: ElectronApplication;
  page: Page;
}
const test = base.extend<Running, Shell>({
  appDir: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'steno-shell-'));
      await buildMain({ outDir: join(folder, 'out/main'), core: join(support, 'fixture-core.ts') });
      await cp(join(support, 'fixture-window'), join(folder, 'out/renderer'), { recursive: true });
      await writeFile(
        join(folder, 'package.json'),
        JSON.stringify({ name: 'steno-fixture', type: 'module', main: 'out/main/electron.js' }),
      );
      await use(folder);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker' },
  ],
  app: async ({ appDir }, use) => {
    const dataDir = join(appDir, `data-${String(Date.now())}`);
    await mkdir(dataDir);
    const app = await launchElectron(dataDir, appDir);
    await use(app);
    await app.close();
  },
  page: async ({ app }, use) => {
    const page = await app.firstWindow();
    await page.locator('#answer').waitFor();
    await use(page);
  },
});

interface Answer {
  ok: boolean;
  value: { windowKey: string; pid: number; node: string; folder?: string | null };
  error: { code: string };
}
const ask = (page: Page, input: object) =>
  page.evaluate<Answer, object>(
    (wish) => (globalThis as unknown as { steno: { call(name: string, input: object): Promise<never> } }).steno.call('setup.state', wish),
    input,
  );

test('a window talks to core through call and on, and has nothing else', async ({ page }) => {
  expect(JSON.parse((await page.locator('#answer').textContent()) ?? '')).toMatchObject({ ok: true, value: { input: { from: 'window' } } });
  await ask(page, { wish: 'tell' });
  await expect(page.locator('#event')).toHaveText('told');
  await expect(page.locator('#bridge')).toHaveText('["call","on"]');
  await expect(page.locator('#node')).toHaveText('undefined undefined undefined');
});

test('core is a process of its own on Node 24', async ({ app, page }) => {
  const { value } = await ask(page, {});
  expect(value.pid).not.toBe(app.process().pid);
  expect(Number(value.node.split('.')[0])).toBeGreaterThanOrEqual(22);
});

test('core also runs as a utility process, and comes back after a crash there', async ({ appDir }) => {
  const dataDir = join(appDir, 'data-utility');
  await mkdir(dataDir);
  const app = await launchElectron(dataDir, appDir, { ownNode: false });
  try {
    const page = await app.firstWindow();
    await page.locator('#answer').waitFor();
    const { value } = await ask(page, {});
    expect(value.node).toBe(await app.evaluate(() => process.versions.node));
    expect((await ask(page, { wish: 'crash' })).error.code).toBe('core_gone');
    expect((await ask(page, {})).value.pid).not.toBe(value.pid);
  } finally {
    await app.close();
  }
});

test('the window loads nothing but itself: no inline script, no network, no other address, no second page', async ({ app, page }) => {
  expect(await page.evaluate(() => document.documentElement.dataset.inline)).toBeUndefined();
  await expect(page.locator('#fetch')).toHaveText('refused');
  await page.evaluate(() => {
    window.open('https://example.com/');
    location.href = 'https://example.com/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('steno://app/index.html');
  expect(app.windows()).toHaveLength(1);
});

test('not even main can make the session fetch from a server', async ({ app }) => {
  const refused = await app.evaluate(async ({ net }) => net.fetch('http://127.0.0.1:9/').then(() => '', String));
  expect(refused).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('permissions are denied', async ({ page }) => {
  const state = await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state);
  expect(state).toBe('denied');
});

test('after a crash of core the window goes on with the next one: the lost call says so, the next is answered', async ({ page }) => {
  const before = await ask(page, {});
  const [hanging, crashing] = await Promise.all([ask(page, { wish: 'hang' }), ask(page, { wish: 'crash' })]);
  expect([hanging.error.code, crashing.error.code]).toEqual(['core_gone', 'core_gone']);
  const after = await ask(page, {});
  expect(after.ok).toBe(true);
  expect(after.value.pid).not.toBe(before.value.pid);
  expect(after.value.windowKey).toBe(before.value.windowKey);
});

test('two windows are two windows to core', async ({ app, page }) => {
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }) => {
    const file = Menu.getApplicationMenu()?.items.find((item) => item.label === '&File');
    file?.submenu?.items.find((item) => item.label === 'New window')?.click();
  });
  const second = await opened;
  await second.locator('#answer').waitFor();
  const keys = [await ask(page, {}), await ask(second, {})].map(({ value }) => value.windowKey);
  expect(new Set(keys).size).toBe(2);
});

test("the system's folder dialog answers core", async ({ app, page }) => {
  await app.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/cases/rivera'] });
  });
  expect((await ask(page, { wish: 'folder' })).value.folder).toBe('/cases/rivera');
});

test('closing the last window ends main and core', async ({ app, page }) => {
  const { value } = await ask(page, {});
  const main = app.process();
  const gone = new Promise((resolve) => main.once('exit', resolve));
  await page.close();
  await gone;
  expect(() => process.kill(value.pid, 0)).toThrow(/ESRCH/);
});
