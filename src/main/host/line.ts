import type { FromCore, ToCore } from '../../shared/ipc/bridge.ts';
import type { App, Connection } from '../ipc/connection.ts';

/** What a window sent, when it has the shape of a message; what is inside is checked against the contract by core. */
export function asToCore(message: unknown): ToCore | null {
  if (typeof message !== 'object' || message === null) return null;
  const { id, call, input } = message as Record<string, unknown>;
  return Number.isSafeInteger(id) && typeof call === 'string' ? { id: id as number, call, input } : null;
}

/** Joins one window's messages to core, whichever way they travel. */
export function openLine(app: App, windowKey: string, send: (message: FromCore) => void): { take(message: ToCore): void; close(): void } {
  let closed = false;
  const sendWhileOpen = (message: FromCore) => (closed ? undefined : send(message));
  const connection: Connection = app.connect(windowKey, (event, payload) => sendWhileOpen({ event, payload }));
  return {
    take: ({ id, call, input }) => {
      void connection.call(call, input).then((outcome) => sendWhileOpen({ id, outcome }));
    },
    close: () => {
      closed = true;
      connection.close();
    },
  };
}
