import { ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { keepText, leavingUpdates } from './join-updates.ts';
import type { Touched } from './outbox.ts';
import { takeRow } from './parked.ts';
import { SettleError } from './push.ts';
import type { FeedPage, Remote } from './remote.ts';

const mostRows = 200;

/** Why the feed cannot mend this store: it was away longer than tombstones are kept (S6), or its user may see other rows than before (S30). */
export type Stale = 'away' | 'view';

export interface Pulled {
  more: boolean;
  touched: Touched[];
  /** The firm is behind what this laptop has seen (S13); nothing was applied. */
  wentBack: boolean;
  /** A snapshot has to be taken; nothing was applied. */
  stale: Stale | null;
}

/** Reads one page of the feed and applies it together with the cursor (S5): a crash repeats the page, never skips it. */
export async function pullOnce(store: Store, remote: Pick<Remote, 'pull'>, now: () => number): Promise<Pulled> {
  const state = store.compiled('select cursor, view from sync_state').get() as { cursor: number; view: string | null } | undefined;
  const after = state?.cursor ?? 0;
  const feed = await remote.pull(after, mostRows);
  if (feed.head !== null && feed.head < after) return { more: true, touched: [], wentBack: true, stale: null };
  if (feed.position < after || (feed.more && feed.position === after)) throw new Error('the firm sent a page that leads nowhere');
  const stale = staleness(state?.view ?? null, after, feed);
  if (stale) return { more: false, touched: [], wentBack: false, stale };
  const touched: Touched[] = [];
  const apply = (): Outcome<Nothing> => {
    const leaving = leavingUpdates(store, feed.changes);
    for (const change of feed.changes) {
      takeRow(store, change.entity, change.entityId, change.row);
      touched.push({ entity: change.entity, entityId: change.entityId });
    }
    keepText(store, leaving, now());
    store
      .compiled('update sync_state set cursor = ?, view = ?, feed_head = ?, last_synced_at = ?')
      .run(feed.position, feed.view, feed.head ?? feed.position, now());
    return ok({});
  };
  // not waited for: a power cut takes the page and its cursor together, and both come again
  const outcome = store.jot(() => store.transaction(apply));
  if (!outcome.ok) throw new SettleError(outcome.error);
  return { more: feed.more, touched, wentBack: false, stale: null };
}

/** A store that has nothing yet may be filled from the feed's beginning, where that is still there: the loop does not, because it would be seen half full (S10). */
function staleness(view: string | null, after: number, feed: FeedPage): Stale | null {
  const isNew = view === null && after === 0;
  if (feed.view === '' || (feed.view !== view && !isNew)) return 'view';
  return after < feed.floor ? 'away' : null;
}

/** True of a sync_state whose store has no copy of the firm yet; rows that were looked at first (S10) make none. */
export const noCopy = 'view is null and cursor = 0';

export function hasNoCopy(store: Store): boolean {
  return (store.compiled(`select ${noCopy} as none from sync_state`).get() as { none: number } | undefined)?.none === 1;
}
