import type { Store } from '../store/store.ts';
import { entityShape, toWire, type Columns, type EntityName, type EntityShape, type WireRow } from './entities.ts';

// One row of a table that travels, by its shape.

export function shapeFor(entity: EntityName): EntityShape {
  const shape = entityShape(entity);
  if (!shape) throw new Error(`no entity ${entity}`);
  return shape;
}

/** A row as this laptop shows it now, in the wire's form; null where it is not here. */
export function readWire(store: Store, entity: string, entityId: string): WireRow | null {
  const shape = entityShape(entity);
  const row = shape && readRow(store, shape, entityId);
  return shape && row ? toWire(shape, row) : null;
}

/** Undefined where it is not here. */
export function readRow(store: Store, shape: EntityShape, id: string): Columns | undefined {
  return store.compiled(`select * from "${shape.table}" where "${shape.idColumn}" = ?`).get(id) as Columns | undefined;
}

/** False where a row of that id is here already: it stays as it is. */
export function insertRow(store: Store, shape: EntityShape, columns: Columns): boolean {
  const names = Object.keys(columns);
  const sql = `insert into "${shape.table}" (${names.map((n) => `"${n}"`).join(', ')}) values (${names.map(() => '?').join(', ')}) on conflict do nothing`;
  return store.compiled(sql).run(...Object.values(columns)).changes === 1;
}

export function updateRow(store: Store, shape: EntityShape, id: string, columns: Columns): void {
  const names = Object.keys(columns).filter((name) => name !== shape.idColumn);
  if (names.length === 0) return;
  const sql = `update "${shape.table}" set ${names.map((n) => `"${n}" = ?`).join(', ')} where "${shape.idColumn}" = ?`;
  store.compiled(sql).run(...names.map((name) => columns[name] ?? null), id);
}

export function pick(columns: Columns, names: string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, columns[name] ?? null]));
}
