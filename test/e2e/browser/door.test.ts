import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startBrowserHost } from '../../../src/main/host/browser/browser-host.ts';
import { createFakeApp } from '../../support/fake-app.ts';

const rendererDir = join(import.meta.dirname, '../support/fixture-window');

test("a real browser keeps the window's policy, and lets it talk to core only", async ({ page }) => {
  const host = await startBrowserHost({ app: createFakeApp(), rendererDir });
  try {
    await page.goto(host.url);
    await expect(page.locator('#fetch')).toHaveText('refused');
    expect(await page.evaluate(() => document.documentElement.dataset.inline)).toBeUndefined();
    const answer = await page.evaluate(async () => {
      const protocols = ['steno', `token.${location.hash.replace('#token=', '')}`, `window.${'ab'.repeat(16)}`];
      const socket = new WebSocket(`ws://${location.host}/core`, protocols);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      socket.send(JSON.stringify({ id: 1, call: 'setup.state', input: {} }));
      return await new Promise<string>((resolve) => (socket.onmessage = ({ data }) => resolve(String(data))));
    });
    expect(JSON.parse(answer)).toMatchObject({ id: 1, outcome: { ok: true, value: { name: 'setup.state' } } });
  } finally {
    await host.stop();
  }
});

test('a page of another site cannot reach core, even with the token', async ({ page }) => {
  const app = createFakeApp();
  const host = await startBrowserHost({ app, rendererDir });
  const stranger = await startBrowserHost({ app: createFakeApp(), rendererDir });
  try {
    // The stranger's own policy would stop it first; a real attacker has none.
    await page.route(`http://127.0.0.1:${String(stranger.port)}/`, async (route) => {
      const response = await route.fetch();
      const { 'content-security-policy': _, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    await page.goto(stranger.url);
    const end = await page.evaluate(async (target) => {
      const url = new URL(target);
      const socket = new WebSocket(`ws://${url.host}/core`, [
        'steno',
        `token.${url.hash.replace('#token=', '')}`,
        `window.${'ab'.repeat(16)}`,
      ]);
      return await new Promise<string>((resolve) => {
        socket.onopen = () => resolve('open');
        socket.onclose = () => resolve('refused');
      });
    }, host.url);
    expect(end).toBe('refused');
    expect(app.windows()).toEqual([]);
  } finally {
    await Promise.all([host.stop(), stranger.stop()]);
  }
});
