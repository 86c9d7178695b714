import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { entityShape, fromWire, shapesInWords, splitWire, type WireRow } from './entities.ts';
import { putUnder, rebase } from './outbox.ts';

/*
 * S7: at a firm some laptops are newer than others. What a newer one wrote and this app has no place for (a column, a kind of row, a value
 * it would not understand) is parked as it came, renewed with each page that brings the row, and put in place when the app has learned it.
 */

/** Puts the firm's row in place, and aside what of it this app does not know. Null: the row is gone at the firm. */
export function takeRow(store: Store, entity: string, entityId: string, row: WireRow | null): void {
  const shape = entityShape(entity);
  if (row === null || !shape) {
    park(store, entity, entityId, row ?? {});
    if (shape) rebase(store, shape, entityId, null);
    return;
  }
  const { known, unknown } = splitWire(shape, row);
  const isUnderstood = Object.keys(unknown).every((name) => !shape.columns.has(name));
  // a row with a value that means nothing here keeps the last one that did; where there was none it cannot be shown at all
  if (!isUnderstood && !isHere(store, shape.table, shape.idColumn, entityId)) {
    park(store, entity, entityId, { ...known, ...unknown });
    return;
  }
  park(store, entity, entityId, unknown);
  rebase(store, shape, entityId, known);
}

/** Puts in place what this app has learned since it last looked. To be called when a store was opened, before anything reads it. */
export function replayParked(store: Store): void {
  const shapes = shapesInWords();
  const state = store.raw.prepare('select shapes from sync_state').get() as { shapes: string | null } | undefined;
  if (!state || state.shapes === shapes) return;
  const rows = store.raw.prepare('select entity, entity_id, columns from parked').all() as Parked[];
  // without room for it the next start does it
  store.transaction(() => {
    for (const { entity, entity_id: entityId, columns } of rows) {
      const shape = entityShape(entity);
      if (!shape) continue;
      const parked = JSON.parse(columns) as WireRow;
      if ('revision' in parked) {
        takeRow(store, entity, entityId, parked);
        continue;
      }
      const { known, unknown } = splitWire(shape, parked);
      park(store, entity, entityId, unknown);
      // whatever its user has changed meanwhile stays on top
      putUnder(store, shape, entityId, 0, fromWire(shape, known));
    }
    store.raw.prepare('update sync_state set shapes = ?').run(shapes);
    return ok({});
  });
}

/** How many rows of this store hold something for a newer app. */
export function parkedRows(store: Store): number {
  return (store.raw.prepare('select count(*) as n from parked').get() as { n: number }).n;
}

interface Parked {
  entity: string;
  entity_id: string;
  columns: string;
}

function park(store: Store, entity: string, entityId: string, columns: WireRow): void {
  if (Object.keys(columns).length === 0) {
    store.compiled('delete from parked where entity = ? and entity_id = ?').run(entity, entityId);
    return;
  }
  store.raw
    .prepare('insert into parked values (?, ?, ?) on conflict (entity, entity_id) do update set columns = excluded.columns')
    .run(entity, entityId, JSON.stringify(columns));
}

function isHere(store: Store, table: string, idColumn: string, id: string): boolean {
  return store.raw.prepare(`select 1 from "${table}" where "${idColumn}" = ?`).get(id) !== undefined;
}
