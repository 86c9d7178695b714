import type { Store } from '../../store/store.ts';
import { SettleError } from '../push.ts';
import { draftPathOf, removeDraft } from './draft.ts';
import { mergeDraft } from './merge.ts';
import { becomeDraft, canBecome, type Published } from './publish.ts';
import type { SnapshotSource } from './source.ts';
import { stageSnapshot, type Progress, type StageOrder } from './stage.ts';

/** Brings a draft to where it can be published, here or in a worker. */
export type Stager = (order: Pick<StageOrder, 'path' | 'keyHex' | 'onProgress' | 'signal'>) => Promise<{ position: number }>;

/** In this process: for tests, and for programs that have nothing else to do meanwhile. */
export function stageHere(open: () => SnapshotSource): Stager {
  return async (order) => {
    const source = open();
    const stop = (): void => void source.close(); // what is on the line ends with it, however long it would have taken
    order.signal.addEventListener('abort', stop);
    if (order.signal.aborted) stop();
    try {
      return await stageSnapshot({ ...order, source });
    } finally {
      order.signal.removeEventListener('abort', stop);
      await source.close();
    }
  };
}

export interface CopyOrder {
  now(): number;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  /** Goes on sending what the user does until the rows are fetched; whether anything was sent. */
  sendUntil(fetched: Promise<unknown>): Promise<boolean>;
}

/** Puts a copy of the firm in the place of a store's rows. Rejects with RemoteError, SettleError. */
export type Copier = (order: CopyOrder) => Promise<Published>;

export const createCopier =
  (store: Store, stage: Stager): Copier =>
  (order) =>
    takeSnapshot(store, stage, order);

/**
 * A snapshot of the firm in the place of this store's rows (S6, S10): fetched into a draft beside it, however long that takes and however often it is cut short, then
 * published at once.
 */
async function takeSnapshot(store: Store, stage: Stager, { now, signal, onProgress, sendUntil }: CopyOrder): Promise<Published> {
  const { path: storePath, keyHex } = store.file;
  const path = draftPathOf(storePath);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop(); // before there was somebody to hear it
  const stageOnce = (): Promise<{ position: number }> => stage({ path, keyHex, onProgress, signal: stopping.signal });
  const fetched = stageOnce();
  try {
    const hasSent = await sendUntil(fetched);
    await fetched;
    // what was confirmed meanwhile is in the feed: without it the user's own words would be gone until the next pull
    if (hasSent) await stageOnce();
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    await fetched.catch(() => undefined); // nobody else writes the draft before it is over
  }
  const published = canBecome(store) ? becomeDraft(store, path, now()) : await mergeDraft(store, path, now(), pause);
  if (!published.ok) {
    // a draft that does not open is fetched again; any other trouble is the disk's, and the draft as good as before
    if (published.error.code === 'corrupt') removeDraft(path);
    throw new SettleError(published.error);
  }
  return published.value;
}

/** What was fetched is of no use any more: the firm's server is another than it was. */
export function dropSnapshot(store: Store): void {
  removeDraft(draftPathOf(store.file.path));
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
