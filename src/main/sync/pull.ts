import { eq } from 'drizzle-orm';
import { ok } from '../../shared/result.ts';
import { syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { keepText, leavingUpdates } from './join-updates.ts';
import type { Touched } from './outbox.ts';
import { takeRow } from './parked.ts';
import { SettleError } from './push.ts';
import type { Remote } from './remote.ts';

const mostRows = 200;

/**
 * Reads one page of the feed and applies it together with the cursor (S5): a crash repeats the page, never skips it.
 * wentBack: the firm is behind what this laptop has seen (S13); nothing was applied.
 */
export async function pullOnce(
  store: Store,
  remote: Remote,
  now: () => number,
): Promise<{ more: boolean; touched: Touched[]; wentBack: boolean }> {
  const after = store.db.select().from(syncState).get()?.cursor ?? 0;
  const feed = await remote.pull(after, mostRows);
  if (feed.head !== null && feed.head < after) return { more: true, touched: [], wentBack: true };
  const touched: Touched[] = [];
  const outcome = store.transaction((db) => {
    const leaving = leavingUpdates(store, feed.changes);
    for (const change of feed.changes) {
      takeRow(store, change.entity, change.entityId, change.row);
      touched.push({ entity: change.entity, entityId: change.entityId });
    }
    keepText(store, leaving, now());
    db.update(syncState)
      .set({ cursor: feed.position, feedHead: feed.head ?? feed.position, lastSyncedAt: now() })
      .where(eq(syncState.only, 1))
      .run();
    return ok({});
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  return { more: feed.more, touched, wentBack: false };
}
