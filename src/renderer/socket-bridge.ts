import type { Bridge, FromCore, ToCore } from '../shared/ipc/bridge.ts';
import type { Outcome } from '../shared/result.ts';
import type { Line } from './line.ts';

/** The part of a WebSocket this file uses, so that a test can stand in for the network. */
export interface SocketLike {
  send(text: string): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
}

interface Waiting {
  /** null once it is on the wire of the current socket. */
  text: string | null;
  resolve(outcome: Outcome<never>): void;
}

const coreGone = {
  ok: false,
  error: { code: 'core_gone', reason: 'The Steno core stopped answering. What was saved is safe; Steno keeps trying to reach it.' },
} as const;
const firstDelayMs = 250;
const longestDelayMs = 5000;

/**
 * A Bridge over a socket that may close at any time. Calls made while it is connecting wait for it; calls on the wire
 * when it closes, or still waiting when an attempt fails, come back as `offline`: nobody knows whether they were done.
 */
export function createSocketBridge(openSocket: () => SocketLike, line: Pick<Line, 'report'>): Bridge {
  const calls = new Map<number, Waiting>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let socket: SocketLike | null = null;
  let lastId = 0;
  let failures = 0;

  function connect(): void {
    const candidate = openSocket();
    candidate.onopen = () => {
      socket = candidate;
      failures = 0;
      line.report({ connected: true, failures });
      for (const waiting of calls.values()) {
        if (waiting.text === null) continue;
        candidate.send(waiting.text);
        waiting.text = null;
      }
    };
    candidate.onmessage = (message) => {
      receive(message.data);
    };
    candidate.onclose = () => {
      candidate.onopen = candidate.onclose = candidate.onmessage = null;
      socket = null;
      failures += 1;
      const lost = [...calls.values()];
      calls.clear();
      line.report({ connected: false, failures });
      setTimeout(connect, Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1)));
      for (const waiting of lost) waiting.resolve(coreGone);
    };
  }

  function receive(data: unknown): void {
    if (typeof data !== 'string') return;
    // Only core speaks on this line: the host checked Origin and token before it opened.
    const message = JSON.parse(data) as FromCore;
    if ('event' in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    const waiting = calls.get(message.id);
    calls.delete(message.id);
    waiting?.resolve(message.outcome as Outcome<never>);
  }

  connect();
  return {
    call: (name, input) =>
      new Promise((resolve) => {
        const id = ++lastId;
        const text = JSON.stringify({ id, call: name, input } satisfies ToCore);
        calls.set(id, { text: socket ? null : text, resolve });
        socket?.send(text);
      }),
    on(name, listener) {
      const those = listeners.get(name) ?? new Set();
      listeners.set(name, those.add(listener));
      return () => {
        those.delete(listener);
      };
    },
  };
}
