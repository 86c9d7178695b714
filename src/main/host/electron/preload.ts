import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, FromCore, ToCore } from '../../../shared/ipc/bridge.ts';

// The whole of what a window can reach: call() and on(). Sandboxed, so this file is bundled to one CommonJS script.
const calls = new Map<number, (outcome: never) => void>();
const listeners = new Map<string, Set<(payload: never) => void>>();
let lastId = 0;

ipcRenderer.on('steno:from-core', (_event, message: FromCore) => {
  if ('event' in message) {
    for (const listener of [...(listeners.get(message.event) ?? [])]) listener(message.payload as never);
    return;
  }
  const resolve = calls.get(message.id);
  calls.delete(message.id);
  resolve?.(message.outcome as never);
});

const bridge: Bridge = {
  call: (name, input) =>
    new Promise((resolve) => {
      lastId += 1;
      calls.set(lastId, resolve);
      ipcRenderer.send('steno:to-core', { id: lastId, call: name, input } satisfies ToCore);
    }),
  on: (name, listener) => {
    const those = listeners.get(name) ?? new Set();
    listeners.set(name, those.add(listener));
    return () => void those.delete(listener);
  },
};
contextBridge.exposeInMainWorld('steno', bridge);
