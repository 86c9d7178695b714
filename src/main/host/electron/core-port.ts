import type { FromCoreProcess, ToCoreProcess } from './core-messages.ts';

/** The core process's way to Electron's main. */
export interface CorePort {
  send(message: FromCoreProcess): void;
  onMessage(take: (message: ToCoreProcess) => void): void;
  /** Main is gone without saying so. */
  onLost(react: () => void): void;
}

/** What Electron puts on `process` in a utility process; core itself never imports Electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Finds the line to main, whether core was forked as a utility process or on a Node of its own. */
export function findCorePort(): CorePort {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (take) => parentPort.on('message', ({ data }) => take(data as ToCoreProcess)),
      // A utility process ends with its Electron.
      onLost: () => undefined,
    };
  }
  if (!process.send) throw new Error('core is started by Electron; for a browser start src/main/browser.ts');
  return {
    send: (message) => void (process.connected && process.send?.(message)),
    onMessage: (take) => void process.on('message', (message) => take(message as ToCoreProcess)),
    onLost: (react) => void process.on('disconnect', react),
  };
}
