import type { FirmConnection } from '../../src/shared/setup.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { openStore } from '../../src/main/store/store.ts';
import { createSyncLoop } from '../../src/main/sync/loop.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { stageAside } from '../../src/main/sync/snapshot/stage-aside.ts';
import { createCopier } from '../../src/main/sync/snapshot/take.ts';
import { shapes } from '../../src/main/sync/snapshot/publish.ts';

export interface FirstSyncOrder {
  /** Where the new laptop's store will lie. */
  path: string;
  keyHex: string;
  connection: FirmConnection;
  token: string;
  /** Ends once the first matters are there. */
  isLookOnly: boolean;
}

export interface FirstSync {
  /** From the start of the loop until a list of matters is full. */
  fiftyMs: number;
  /** Until the copy of the firm can be read in the store; with isLookOnly as above. */
  wholeMs: number;
  /** Rows that it then has. */
  rows: number;
}

const aListFull = 50;

/** A new laptop's first sync as the app does it: the loop over an empty encrypted store that is open, to a firm nobody has talked to, and the copy in a thread of its own. */
export async function firstSync({ path, keyHex, connection, token, isLookOnly }: FirstSyncOrder): Promise<FirstSync> {
  const opened = openStore(path, keyHex);
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: freshId(), feedHead: 0 }).run();
  const counted = (table: string): number => Number(store.raw.prepare(`select count(*) from "${table}"`).pluck().get());
  const { promise: over, resolve, reject } = Promise.withResolvers<number>();
  const started = performance.now();
  let fiftyMs = Number.NaN;
  const look = (isWhole: boolean): void => {
    if (Number.isNaN(fiftyMs) && counted('matter') >= aListFull) fiftyMs = performance.now() - started;
    if (isWhole || (isLookOnly && !Number.isNaN(fiftyMs))) resolve(performance.now() - started);
  };
  const loop = createSyncLoop({
    store,
    remote: createPostgresRemote(connection, token),
    userId: freshId(),
    now: Date.now,
    random: Math.random,
    copier: createCopier(store, stageAside(connection, token)),
    onStatus: ({ problem }) => (problem ? reject(new Error(problem.code)) : undefined),
    onPulled: () => look(false),
    onCopied: () => look(true),
    transferFiles: () => undefined,
    onBug(error) {
      reject(error instanceof Error ? error : new Error(String(error)));
      return { code: 'internal', reference: 'bench' };
    },
  });
  try {
    const wholeMs = await over;
    return { fiftyMs, wholeMs, rows: shapes.reduce((sum, { table }) => sum + counted(table), 0) };
  } finally {
    await loop.stop();
    store.close();
  }
}
