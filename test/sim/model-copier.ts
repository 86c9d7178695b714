import { ok } from '../../src/shared/result.ts';
import type { Store } from '../../src/main/store/store.ts';
import { entityShape } from '../../src/main/sync/entities.ts';
import { takeRow } from '../../src/main/sync/parked.ts';
import { SettleError } from '../../src/main/sync/push.ts';
import type { FeedPage, Remote } from '../../src/main/sync/remote.ts';
import type { Copier } from '../../src/main/sync/snapshot/take.ts';

/**
 * What taking a snapshot comes to, without files: for stores in memory, in histories about something else. It reads the firm by its feed from the beginning, which the
 * fake always has, in one piece; test/sim/feed.test.ts runs the real one.
 */
export function modelCopier(store: Store, remote: Pick<Remote, 'pull'>): Copier {
  return async ({ sendUntil, onProgress }) => {
    await sendUntil(Promise.resolve());
    const pages: FeedPage[] = [];
    for (let after = 0, more = true; more;) {
      const page = await remote.pull(after, 1_000);
      pages.push(page);
      ({ position: after, more } = page);
      onProgress({ done: after, total: page.head ?? after, isResumed: false });
    }
    const outcome = store.transaction(() => {
      const rows = new Map(pages.flatMap(({ changes }) => changes).map((change) => [`${change.entity} ${change.entityId}`, change]));
      for (const entity of new Set([...rows.values()].map((change) => change.entity))) {
        const shape = entityShape(entity);
        if (!shape) continue;
        const ids = store.raw.prepare(`select "${shape.idColumn}" from "${shape.table}" where revision > 0`).pluck().all() as string[];
        for (const id of ids) if (!rows.get(`${entity} ${id}`)?.row) takeRow(store, entity, id, null);
      }
      for (const { entity, entityId, row } of rows.values()) if (row) takeRow(store, entity, entityId, row);
      const last = pages.at(-1);
      store.raw.prepare('update sync_state set cursor = ?, view = ?').run(last?.position, last?.view);
      return ok({});
    });
    if (!outcome.ok) throw new SettleError(outcome.error);
    return { isAll: true, touched: [] };
  };
}
