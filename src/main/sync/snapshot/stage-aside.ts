import { Worker } from 'node:worker_threads';
import type { AppError } from '../../../shared/errors.ts';
import type { FirmConnection } from '../../../shared/setup.ts';
import { SettleError } from '../push.ts';
import { RemoteError } from '../remote.ts';
import type { Progress } from './stage.ts';
import type { Stager } from './take.ts';

export interface AsideOrder {
  path: string;
  keyHex: string;
  connection: FirmConnection;
  token: string;
}
export type AsideReply = { progress: Progress } | { position: number } | { remote: AppError } | { store: AppError };

/** Rows are garbage as soon as they are written: room for more of them is only memory. */
const youngMb = 8;

/**
 * Fetches a snapshot in a thread of its own: hundreds of thousands of rows are decoded, encrypted, written and indexed while windows are answered as ever. It has ended before
 * the answer is given, so that the draft is nobody's then.
 */
export function stageAside(connection: FirmConnection, token: string): Stager {
  return ({ path, keyHex, onProgress, signal }) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new RemoteError({ code: 'cancelled', what: 'syncing' }));
        return;
      }
      const order: AsideOrder = { path, keyHex, connection, token };
      const worker = new Worker(new URL('./stage-worker.ts', import.meta.url), {
        workerData: order,
        resourceLimits: { maxYoungGenerationSizeMb: youngMb },
      });
      const stop = (): void => worker.postMessage('stop');
      signal.addEventListener('abort', stop);
      let end = (): void => reject(new Error('the thread that fetches a snapshot ended without a word'));
      worker.on('message', (reply: AsideReply) => {
        if ('progress' in reply) onProgress(reply.progress);
        else if ('position' in reply) end = () => resolve({ position: reply.position });
        else end = () => reject('remote' in reply ? new RemoteError(reply.remote) : new SettleError(reply.store));
      });
      worker.on('error', (error: unknown) => (end = () => reject(error instanceof Error ? error : new Error('no error'))));
      worker.on('exit', () => {
        signal.removeEventListener('abort', stop);
        end();
      });
    });
}
