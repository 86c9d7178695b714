import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startBrowserHost, type BrowserHost } from '../../../src/main/host/browser/browser-host.ts';
import { createFakeApp, type FakeApp } from '../../support/fake-app.ts';

const WINDOW = 'ab'.repeat(32);
const rendererDir = await mkdtemp(join(tmpdir(), 'steno-window-'));
const outside = `${rendererDir}-outside.html`;
await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Steno</title>');
await writeFile(join(rendererDir, 'main.js'), 'void 0;');
await writeFile(join(rendererDir, 'secret.key'), 'x');
await writeFile(outside, 'outside');
await symlink(outside, join(rendererDir, 'link.html'));
afterAll(async () => {
  await rm(rendererDir, { recursive: true });
  await rm(outside);
});

let app: FakeApp;
let host: BrowserHost;
let token: string;
beforeEach(async () => {
  app = createFakeApp();
  host = await startBrowserHost({ app, rendererDir });
  token = host.url.split('#token=')[1] ?? '';
});
afterEach(() => host.stop());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
function get(path: string, options: { host?: string; method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: options.host ?? `127.0.0.1:${host.port}` };
    const sent = request({ host: '127.0.0.1', port: host.port, path, method: options.method ?? 'GET', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

interface Handshake {
  token?: string;
  origin?: string | null;
  hostHeader?: string;
  path?: string;
  protocols?: string[];
}
/** Opens a socket; resolves to it, or to the status it was refused with. */
function knock(change: Handshake = {}): Promise<WebSocket | number> {
  const protocols = change.protocols ?? ['steno', `token.${change.token ?? token}`, `window.${WINDOW}`];
  const origin = change.origin === undefined ? `http://127.0.0.1:${host.port}` : change.origin;
  const headers = { ...(origin === null ? {} : { origin }), host: change.hostHeader ?? `127.0.0.1:${host.port}` };
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${change.path ?? '/core'}`, protocols, { headers });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}
async function enter(): Promise<WebSocket> {
  const socket = await knock();
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}
const nextText = (socket: WebSocket) =>
  new Promise<unknown>((resolve) => socket.once('message', (content: Buffer) => resolve(JSON.parse(content.toString('utf8')))));

describe('files', () => {
  test('the window is served with headers that forbid everything it does not need', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('<title>Steno</title>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${host.port}`);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect((await get('/main.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test.each(['/../package.json', '/%2e%2e/package.json', '/..%5cpackage.json', '/link.html', '/secret.key', '/nothing.html', '/%', '/%00'])(
    'nothing outside the window is served: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test('another name for this machine and anything but reading are refused', async () => {
    expect((await get('/', { host: `localhost:${host.port}` })).status).toBe(200);
    expect((await get('/', { host: `evil.example:${host.port}` })).status).toBe(403);
    expect((await get('/', { host: '127.0.0.1' })).status).toBe(403);
    expect((await get('/', { method: 'POST' })).status).toBe(405);
  });
});

describe('the line to core', () => {
  test('a call is answered, an event arrives, and the window key is the one of the handshake', async () => {
    const socket = await enter();
    socket.send(JSON.stringify({ id: 7, call: 'setup.state', input: { a: 1 }, windowKey: 'forged' }));
    expect(await nextText(socket)).toEqual({
      id: 7,
      outcome: { ok: true, value: { windowKey: WINDOW, name: 'setup.state', input: { a: 1 } } },
    });
    const event = nextText(socket);
    app.tell('setup.progress', { text: 'ready' });
    expect(await event).toEqual({ event: 'setup.progress', payload: { text: 'ready' } });
    socket.close();
    await vi.waitFor(() => expect(app.windows()).toEqual([]), 10_000);
  });

  test('what a window handed over before it died is done, though nobody is there to be told', async () => {
    const socket = await enter();
    for (let id = 1; id <= 50; id += 1) socket.send(JSON.stringify({ id, call: 'letters.edit', input: { id } }));
    await new Promise((resolve) => socket.send(JSON.stringify({ id: 51, call: 'letters.edit', input: { id: 51 } }), resolve));
    socket.terminate(); // no farewell, as of a crash
    await vi.waitFor(() => expect(app.windows()).toEqual([]), 10_000);
    expect(app.calls.map(({ input }) => input)).toEqual(Array.from({ length: 51 }, (_, n) => ({ id: n + 1 })));
  });

  const refusals: [string, Handshake][] = [
    ['a wrong token', { token: 'cd'.repeat(32) }],
    ['a token that is too short', { token: 'c' }],
    ['no token', { protocols: ['steno', `window.${WINDOW}`] }],
    ['another origin', { origin: 'http://evil.example' }],
    ['the same machine on another port', { origin: 'http://127.0.0.1:1' }],
    ['the null origin', { origin: 'null' }],
    ['no origin', { origin: null }],
    ['another host', { hostHeader: 'evil.example' }],
    ['another path', { path: '/other' }],
    ['another protocol', { protocols: ['other'] }],
  ];
  test.each(refusals)('%s is refused; the same handshake without that fault is not', async (_name, fault) => {
    expect(await knock(fault)).toBe(403);
    expect(app.windows()).toEqual([]);
    const control = await enter();
    expect(app.windows()).toEqual([WINDOW]);
    control.close();
  });

  test.each(['no json', '{}', '{"id":"1","call":"x"}', '[]', 'null'])('what is no message ends the connection: %s', async (text) => {
    const socket = await enter();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send(text);
    expect(await closed).toBe(1008);
    expect(app.calls).toEqual([]);
  });

  test('a message beyond the limit ends the connection', async () => {
    const socket = await enter();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(16 * 1024 * 1024 + 1));
    expect(await closed).toBe(1009);
  });
});

test('a taken port is explained, with what to do', async () => {
  await expect(startBrowserHost({ app, rendererDir, port: host.port })).rejects.toThrow(
    `Port ${host.port} is used by another program. Choose another with --port`,
  );
});

test('each run has a token of its own', async () => {
  const other = await startBrowserHost({ app, rendererDir });
  expect(other.url.split('#')[1]).not.toBe(host.url.split('#')[1]);
  await other.stop();
});
