import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FromCore } from '../../../shared/ipc/bridge.ts';
import type { App } from '../../ipc/connection.ts';
import { asToCore, openLine } from '../line.ts';
import { readWindowFile, windowHeaders } from '../window-files.ts';

const LOOPBACK = '127.0.0.1';
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface BrowserHostOptions {
  app: App;
  /** The built window. */
  rendererDir: string;
  /** 0 or nothing: a free one. */
  port?: number;
}

export interface BrowserHost {
  port: number;
  /** With the token of this run behind the #, which browsers never send to a server. */
  url: string;
  stop(): Promise<void>;
}

function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Reads `['steno', 'token.HEX', 'window.HEX']`, the only place where a browser lets a script put a secret in a handshake. */
function readProtocols(header: string | undefined): { token: string; window: string } | null {
  const offered = (header ?? '').split(',').map((part) => part.trim());
  const value = (name: string) => offered.find((part) => part.startsWith(`${name}.`))?.slice(name.length + 1) ?? '';
  const [token, window] = [value('token'), value('window')];
  return offered[0] === 'steno' && /^[0-9a-f]{16,128}$/.test(window) ? { token, window } : null;
}

/**
 * A window that has died takes no answer, and the first that fails ends the socket with all that is still to be read from it: the last of what was typed. So what a turn of
 * the event loop has to say is sent after the next one has read what came meanwhile.
 */
function sendBehindReading(socket: WebSocket): (message: FromCore) => void {
  let waiting: FromCore[] = [];
  const flush = (): void => {
    const messages = waiting;
    waiting = [];
    for (const message of messages) if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  return (message) => {
    if (waiting.push(message) === 1) setImmediate(() => setImmediate(flush));
  };
}

function serveWindow(socket: WebSocket, app: App, windowKey: string): void {
  const line = openLine(app, windowKey, sendBehindReading(socket));
  socket.on('message', (content: Buffer, isBinary: boolean) => {
    let message = null;
    try {
      message = isBinary ? null : asToCore(JSON.parse(content.toString('utf8')));
    } catch {
      // Not JSON: closed like every other message that is none.
    }
    if (message) line.take(message);
    else socket.close(1008, 'not a message');
  });
  socket.on('close', () => line.close());
  socket.on('error', () => socket.terminate());
}

/** The door for a machine without Electron: this user's own browser, over the loopback address, with this run's token. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const token = randomBytes(32).toString('hex');
  const server = createServer();
  server.listen(options.port ?? 0, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE') throw portTaken(options.port ?? 0, error);
    throw error;
  }
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  // Another name that leads to this machine (DNS rebinding) is not us.
  const hosts = [`${LOOPBACK}:${String(port)}`, `localhost:${String(port)}`];
  const headers = windowHeaders(hosts.map((host) => `ws://${host}`));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> => {
    const refuse = (status: number, text: string): ServerResponse =>
      response.writeHead(status, { ...headers, 'Content-Type': 'text/plain' }).end(text);
    if (!hosts.includes(request.headers.host ?? '')) return refuse(403, 'Not this address.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only reading.');
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const file = await readWindowFile(options.rendererDir, path);
    if (!file) return refuse(404, 'Not here.');
    response.writeHead(200, { ...headers, 'Content-Type': file.type, 'Content-Length': file.body.length });
    return response.end(request.method === 'HEAD' ? undefined : file.body);
  };
  server.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => 'steno',
    perMessageDeflate: false,
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const offered = readProtocols(request.headers['sec-websocket-protocol']);
    const isOurs =
      request.url === '/core' &&
      hosts.includes(request.headers.host ?? '') &&
      hosts.some((host) => request.headers.origin === `http://${host}`) &&
      offered !== null &&
      sameSecret(offered.token, token);
    if (!isOurs) return void stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => serveWindow(socket, options.app, offered.window));
  });

  return {
    port,
    url: `http://${LOOPBACK}:${String(port)}/#token=${token}`,
    stop: async () => {
      for (const socket of sockets.clients) socket.close(1001, 'Steno has ended');
      server.close();
      server.closeIdleConnections();
      // A tab that does not answer the goodbye is not waited for.
      const timer = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, 1000);
      await once(server, 'close');
      clearTimeout(timer);
    },
  };
}

function portTaken(port: number, cause: unknown): Error {
  const sentence = `Port ${String(port)} is used by another program. Choose another with --port, or leave --port out and Steno finds a free one.`;
  return new Error(sentence, { cause });
}
