import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll } from 'vitest';

type Way = 'toServer' | 'toClient';

/** What the network does; without any of these, nothing at all. */
export interface Weather {
  /** Added each way: a round trip takes twice as long. */
  delayMs?: number;
  /** Half-open: connections are taken and kept and no byte gets through. What a connection lost so never comes, so it stays useless. */
  isBlackhole?: boolean;
  /** Nothing gets through until the weather changes; then all of it does, late and in order. */
  isStalled?: boolean;
  /** So many bytes at a time, a breath between them. */
  trickleBytes?: number;
  /** All bytes before this one arrive, going this way; then the connection is cut. */
  cutAfter?: { way: Way; bytes: number };
  /** A request with these words reaches the server, and where its answer should come the connection is cut. */
  cutsAnswerTo?: string;
  /** New connections are refused. */
  isDown?: boolean;
}

export interface FaultProxy {
  port: number;
  /** From now on, for connections old and new. What was counted begins again. */
  weather(next: Weather): void;
  /** Every connection is cut without a farewell (RST). */
  reset(): void;
  /** How many bytes arrived here from either side. */
  came(): Record<Way, number>;
  /** What the laptop sent, as anybody on the line can read it. */
  overheard(): Buffer;
  /** How often a cut that the weather asks for has happened. */
  cuts(): number;
}

const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** A bad network between a laptop and its server, on the loopback address. Closed after the file's last test. */
export async function startFaultProxy(target: { host: string; port: number }): Promise<FaultProxy> {
  let weather: Weather = {};
  let came: Record<Way, number> = { toServer: 0, toClient: 0 };
  let cuts = 0;
  let overheard: Buffer[] = [];
  let clearUp = (): void => undefined;
  let clearing = Promise.resolve();
  const ends = new Set<() => void>();

  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ ...target, allowHalfOpen: true });
    let isDoomed = false;
    let isLost = false;
    const end = (): void => {
      ends.delete(end);
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    ends.add(end);
    if (weather.isDown) end();
    carry(client, server, 'toServer');
    carry(server, client, 'toClient');

    function carry(from: Socket, to: Socket, way: Way): void {
      // bytes arrive in the order they were sent, so each piece waits for those before it
      let queue = Promise.resolve();
      const then = (work: () => void | Promise<void>): void => void (queue = queue.then(work));
      from.on('error', () => then(end)).on('end', () => then(() => void to.end()));
      from.on('data', (bytes: Buffer) => {
        const at = came[way];
        came[way] += bytes.length;
        if (way === 'toServer') overheard.push(bytes);
        if (way === 'toServer' && weather.cutsAnswerTo && bytes.includes(weather.cutsAnswerTo)) isDoomed = true;
        const due = performance.now() + (weather.delayMs ?? 0);
        then(async () => {
          if (weather.isStalled) await clearing;
          isLost ||= weather.isBlackhole === true;
          if (isLost) return;
          const waitMs = due - performance.now();
          if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
          await pass(bytes, at);
        });
      });

      async function pass(bytes: Buffer, at: number): Promise<void> {
        const isAnswer = way === 'toClient' && isDoomed;
        const room = isAnswer ? 0 : weather.cutAfter?.way === way ? weather.cutAfter.bytes - at : Infinity;
        const last = Math.max(0, Math.min(bytes.length, room));
        const step = weather.trickleBytes ?? bytes.length;
        for (let n = 0; n < last && !to.destroyed; n += step) {
          to.write(bytes.subarray(n, Math.min(n + step, last)));
          if (weather.trickleBytes) await breath();
        }
        if (last === bytes.length) return;
        cuts += 1;
        isLost = true;
        ends.delete(end);
        // the one that waits for the rest hears that there is none, the other that nobody listens
        to.end(() => to.destroySoon());
        from.resetAndDestroy();
      }
    }
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  afterAll(async () => {
    clearUp();
    for (const end of ends) end();
    proxy.close();
    await once(proxy, 'close');
  });

  return {
    port: (proxy.address() as { port: number }).port,
    weather(next) {
      weather = next;
      came = { toServer: 0, toClient: 0 };
      cuts = 0;
      overheard = [];
      clearUp();
      clearing = new Promise((resolve) => (clearUp = resolve));
    },
    reset() {
      for (const end of ends) end();
    },
    came: () => came,
    overheard: () => Buffer.concat(overheard),
    cuts: () => cuts,
  };
}
