import { parentPort, workerData } from 'node:worker_threads';
import { storeError } from '../../store/store.ts';
import { SettleError } from '../push.ts';
import { RemoteError } from '../remote.ts';
import { createPostgresSource } from './postgres-source.ts';
import type { AsideOrder, AsideReply } from './stage-aside.ts';
import { stageHere } from './take.ts';

/** A thread that fetches one snapshot into its draft and ends. Any message means: stop. */
const { path, keyHex, connection, token } = workerData as AsideOrder;
const stopping = new AbortController();
const say = (reply: AsideReply): void => parentPort?.postMessage(reply);
parentPort?.on('message', () => stopping.abort());
try {
  const stage = stageHere(() => createPostgresSource(connection, token));
  say({ position: (await stage({ path, keyHex, signal: stopping.signal, onProgress: (progress) => say({ progress }) })).position });
} catch (error) {
  // an error that is sent keeps its words only, not what it is
  const ofStore = error instanceof SettleError ? error.error : storeError(error);
  if (error instanceof RemoteError) say({ remote: error.error });
  else if (ofStore) say({ store: ofStore });
  else throw error;
} finally {
  parentPort?.close();
}
