import type { Store } from '../../src/main/store/store.ts';
import { entityTables } from '../../src/main/sync/entities.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import type { Published } from '../../src/main/sync/snapshot/publish.ts';
import type { SnapshotSource } from '../../src/main/sync/snapshot/source.ts';
import { stageSnapshot, type Progress, type StageOrder } from '../../src/main/sync/snapshot/stage.ts';
import { createCopier } from '../../src/main/sync/snapshot/take.ts';
import { rowsOf } from './laptop.ts';

/** Takes a snapshot of the firm into a store, in small ranges. `through` stands between it and the firm. */
export async function copyInto(
  store: Store,
  remote: Pick<Remote, 'snapshot'>,
  change: Partial<Omit<StageOrder, 'source'>> & {
    through?: (source: SnapshotSource) => SnapshotSource;
    sendUntil?: (fetched: Promise<unknown>) => Promise<boolean>;
  } = {},
): Promise<Published & { progress: Progress[] }> {
  const { through = (source: SnapshotSource) => source, sendUntil = () => Promise.resolve(false), ...order } = change;
  const progress: Progress[] = [];
  const copier = createCopier(store, (given) => stageSnapshot({ ...given, rangeRows: 3, ...order, source: through(remote.snapshot()) }));
  const published = await copier({
    now: () => Date.UTC(2026, 0, 3),
    signal: new AbortController().signal,
    onProgress: (so) => void progress.push(so),
    sendUntil,
  });
  return { ...published, progress };
}

/** Everything of the firm's that a store shows, by entity and id, for comparing two of them. */
export function allRows(store: Store): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.keys(entityTables).map((entity) => [entity, Object.fromEntries([...rowsOf(store, entity)].sort())]));
}

export const rowCount = (store: Store): number => Object.values(allRows(store)).reduce((sum, rows) => sum + Object.keys(rows).length, 0);
