import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Gate {
  port: number;
  /** Connections that were asked for so far. */
  asked(): number;
  /** What is connected is cut, and nothing gets through until it is opened again. */
  shut(): void;
  open(): void;
  /** What is connected stays so and nobody says anything any more: half-open. What comes after gets through. */
  hush(): void;
  stop(): Promise<void>;
}

/** A port before a server's that can be shut: a server that cannot be reached but goes on. Without `port` it takes connections and says nothing. */
export async function startGate(port: number | null): Promise<Gate> {
  let isOpen = true;
  let asked = 0;
  const sockets = new Set<Socket>();
  const hushes = new Set<() => void>();
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    asked += 1;
    hold(socket);
    if (!isOpen) socket.destroy();
    else if (port !== null) {
      const onward = connect(port, '127.0.0.1');
      hold(onward);
      onward.on('close', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
      hushes.add(() => {
        socket.unpipe().pause();
        onward.unpipe().pause();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    asked: () => asked,
    shut,
    open: () => void (isOpen = true),
    hush() {
      for (const hush of hushes) hush();
      hushes.clear();
    },
    async stop() {
      shut();
      server.close();
      await once(server, 'close');
    },
  };
}
