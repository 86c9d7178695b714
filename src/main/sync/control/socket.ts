import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { err, type Outcome } from '../../../shared/result.ts';
import type { Log } from '../../host/host.ts';
import { keepToOwner, makeAddress, removeControl, writeRecord } from './address.ts';
import { answerMs, ControlRequest, mostReplyBytes, mostRequestBytes, requestMs, type Ask } from './protocol.ts';

/** By which the command line asks the Steno that has an account open. */
export interface ControlSocket {
  /** Listens, or cannot. */
  opened: Promise<void>;
  /** Nobody is answered any more, and nothing is left behind. */
  close(): Promise<void>;
}

interface ControlSocketInput {
  /** The account's, whose store this process holds. */
  folder: string;
  /** Ends early where `signal` fires: who asked has gone, or the account is being closed. */
  answer(ask: Ask, signal: AbortSignal): Promise<Outcome<unknown>>;
  log: Log;
  /** Only for a control that must fail. */
  isToken?(shown: string, token: string): boolean;
}

const mostConnections = 4;

/** Listens from a moment on in which nothing else is to be done; without a question it does nothing at all. Where it cannot, the app goes on without. */
export function openControlSocket({ folder, answer, log, isToken = isSame }: ControlSocketInput): ControlSocket {
  const closing = new AbortController();
  const token = randomBytes(32).toString('hex');
  const sockets = new Set<Socket>();
  const running = new Set<Promise<void>>();
  const server = createServer(take);
  server.maxConnections = mostConnections;
  server.on('error', () => undefined); // of one connection; that of listening is met below

  async function listen(): Promise<void> {
    await setImmediate();
    if (closing.signal.aborted) return;
    await removeControl(folder);
    const address = await makeAddress(folder);
    if (address === null) {
      log.info('control socket', { opened: false });
      return;
    }
    server.listen(address).unref();
    await once(server, 'listening');
    await keepToOwner(address);
    await writeRecord(folder, { version: 1, address, token });
  }
  const opened = listen().catch((error: unknown) => {
    server.close();
    log.bug('control socket', error);
  });

  /** One line in, one line out. Who says anything else is told nothing. */
  function take(socket: Socket): void {
    const gone = new AbortController();
    let heard = Buffer.alloc(0);
    let isAnswering = false;
    let timer = setTimeout(() => socket.destroy(), requestMs);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      clearTimeout(timer);
      gone.abort();
    });
    socket.on('data', (bytes: Buffer) => {
      if (isAnswering || heard.length + bytes.length > mostRequestBytes) return void socket.destroy();
      heard = Buffer.concat([heard, bytes]);
      if (!heard.includes('\n')) return;
      const ask = readRequest(heard.toString('utf8'));
      if (ask === null) return void socket.destroy();
      isAnswering = true;
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), answerMs[ask]);
      const work = reply(socket, ask, AbortSignal.any([closing.signal, gone.signal])).finally(() => running.delete(work));
      running.add(work);
    });
  }

  function readRequest(line: string): Ask | null {
    try {
      const request = ControlRequest.safeParse(JSON.parse(line)).data;
      return request && isToken(request.token, token) ? request.ask : null;
    } catch {
      return null;
    }
  }

  async function reply(socket: Socket, ask: Ask, signal: AbortSignal): Promise<void> {
    const outcome = await answer(ask, signal).catch((error: unknown) =>
      err({ code: 'internal' as const, reference: signal.aborted ? '' : log.bug(`control ${ask}`, error) }),
    );
    const line = `${JSON.stringify(outcome)}\n`;
    if (signal.aborted || Buffer.byteLength(line) > mostReplyBytes) socket.destroy();
    else socket.end(line, () => socket.destroySoon());
  }

  return {
    opened,
    async close() {
      closing.abort();
      await opened;
      for (const socket of sockets) socket.destroy();
      if (server.listening) {
        server.close();
        await once(server, 'close');
      }
      await Promise.all(running);
      // the store is still held, so what lies there is this one's
      await removeControl(folder).catch((error: unknown) => void log.bug('control socket', error));
    },
  };
}

function isSame(shown: string, token: string): boolean {
  return timingSafeEqual(Buffer.from(shown, 'hex'), Buffer.from(token, 'hex'));
}
