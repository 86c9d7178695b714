import { ok } from '../../../shared/result.ts';
import type { Store } from '../../store/store.ts';
import { keepText, leavingUpdates } from '../join-updates.ts';
import type { Touched } from '../outbox.ts';
import { takeRow } from '../parked.ts';
import { SettleError } from '../push.ts';
import type { FeedPage } from '../remote.ts';
import { shapes } from './publish.ts';
import type { SnapshotSource } from './source.ts';

type Change = FeedPage['changes'][number];

/** What fills a list: more would keep whoever waits from the first of them. */
const mostMatters = 50;
/** Rows in one transaction, between which others have the store: some milliseconds. */
const mostAtOnce = 100;

/**
 * Puts the matters last worked on into a store that has no copy of the firm yet: their list at once, then what lies in them (S10). They are rows like any other, with the revisions they had,
 * so what is changed in them meanwhile goes to the firm as ever; cursor and view stay as they are, and the copy takes their place. What an earlier look brought and this
 * one does not is no longer there, or no longer to be seen. The copy may begin meanwhile; until this is over nothing may be sent, so that no row comes older than the firm has
 * confirmed it, and nothing published. Rejects with RemoteError, SettleError.
 */
export async function takeFirstLook(
  store: Store,
  source: Pick<SnapshotSource, 'latest'>,
  now: () => number,
  onTaken: (touched: Touched[]) => void,
): Promise<void> {
  const came = new Map(shapes.map(({ entity }) => [entity as string, new Set<string>()]));
  let held: Change[] = [];
  let isListed = false;
  const takeHeld = (): void => {
    const changes = held;
    held = [];
    const outcome = store.transaction(() => {
      const leaving = leavingUpdates(store, changes);
      for (const { entity, entityId, row } of changes) takeRow(store, entity, entityId, row);
      keepText(store, leaving, now());
      return ok({});
    });
    if (!outcome.ok) throw new SettleError(outcome.error);
    if (changes.length > 0) onTaken(changes);
  };
  const take = (change: Change): void => {
    came.get(change.entity)?.add(change.entityId);
    held.push(change);
    if (isListed && held.length >= mostAtOnce) takeHeld();
  };
  await source.latest(mostMatters, mattersHere(store), take, () => {
    isListed = true;
    takeHeld();
  });
  for (const { entity, entityId } of confirmedRows(store)) if (!came.get(entity)?.has(entityId)) held.push({ entity, entityId, row: null });
  takeHeld();
}

const mattersHere = ({ raw }: Store): string[] => raw.prepare('select matter_id from matter').pluck().all() as string[];

/** Rows that the firm gave: here they can only be of an earlier look. */
function confirmedRows({ raw }: Store): Touched[] {
  return shapes.flatMap(({ entity, table, idColumn }) => {
    const ids = raw.prepare(`select "${idColumn}" from "${table}" where revision > 0`).pluck().all() as string[];
    return ids.map((entityId) => ({ entity, entityId }));
  });
}
