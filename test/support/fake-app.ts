import type { EventName, EventPayload } from '../../src/shared/ipc/events.ts';
import type { App } from '../../src/main/ipc/connection.ts';

export interface FakeApp extends App {
  /** What was asked, in order. */
  calls: { windowKey: string; name: string; input: unknown }[];
  windows(): string[];
  tell<N extends EventName>(name: N, payload: EventPayload<N>): void;
}

/** An app that answers every call with what it was asked: for tests of how messages travel. */
export function createFakeApp(): FakeApp {
  const calls: FakeApp['calls'] = [];
  const open = new Map<object, { windowKey: string; send: <N extends EventName>(name: N, payload: EventPayload<N>) => void }>();
  return {
    calls,
    windows: () => [...open.values()].map(({ windowKey }) => windowKey),
    tell: (name, payload) => {
      for (const { send } of open.values()) send(name, payload);
    },
    connect: (windowKey, send) => {
      const line = {};
      open.set(line, { windowKey, send });
      return {
        call: (name, input) => {
          calls.push({ windowKey, name, input });
          return Promise.resolve({ ok: true, value: { windowKey, name, input } });
        },
        close: () => void open.delete(line),
      };
    },
    stop: () => Promise.resolve(),
  };
}
