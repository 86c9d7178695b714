import { eq } from 'drizzle-orm';
import { ok } from '../../shared/result.ts';
import { syncState } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { entityShape } from './entities.ts';
import { rebase, type Touched } from './outbox.ts';
import { SettleError } from './push.ts';
import { RemoteError, type Remote } from './remote.ts';

const mostRows = 200;

/** Reads one page of the feed and applies it together with the cursor (S5): a crash repeats the page, never skips it. */
export async function pullOnce(store: Store, remote: Remote, now: () => number): Promise<{ more: boolean; touched: Touched[] }> {
  const after = store.db.select().from(syncState).get()?.cursor ?? 0;
  const feed = await remote.pull(after, mostRows);
  if (feed.head !== null && feed.head < after) {
    throw new RemoteError({
      code: 'corrupt',
      what: "the firm's server",
      reason: `It is older than what this laptop has already seen (${String(feed.head)} of ${String(after)}): it was restored from a backup. Your work here is kept; ask your IT before going on.`,
    });
  }
  const touched: Touched[] = [];
  const outcome = store.transaction((db) => {
    for (const change of feed.changes) {
      const shape = entityShape(change.entity);
      if (!shape) continue;
      rebase(store, shape, change.entityId, change.row);
      touched.push({ entity: change.entity, entityId: change.entityId });
    }
    db.update(syncState)
      .set({ cursor: feed.position, feedHead: feed.head ?? feed.position, lastSyncedAt: now() })
      .where(eq(syncState.only, 1))
      .run();
    return ok({});
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  return { more: feed.more, touched };
}
