import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../store/schema.ts';

/** Every kind of row that travels. The firm's half of this table is steno.entity in migrations/server/0005_sync.sql. */
export const entityTables = {
  firm: schema.firm,
  user: schema.user,
  matter: schema.matter,
  document: schema.document,
  page: schema.page,
  fact: schema.fact,
  bill_line: schema.billLine,
  stated_total: schema.statedTotal,
  template: schema.template,
  letter: schema.letter,
  letter_update: schema.letterUpdate,
  letter_version: schema.letterVersion,
  export: schema.exported,
  conflict: schema.conflict,
} as const;
export type EntityName = keyof typeof entityTables;

/** A row or patch in columns, as SQLite holds it. */
export type Columns = Record<string, string | number | bigint | Buffer | null>;
/** A row or patch in columns, as it goes over the wire: JSON, bytes as "\x" hex, times as ISO text, as Postgres prints them. */
export type WireRow = Record<string, unknown>;

interface ColumnShape {
  name: string;
  key: string;
  kind: 'plain' | 'flag' | 'json' | 'bytes' | 'time';
}
export interface EntityShape {
  entity: EntityName;
  table: string;
  idColumn: string;
  columns: Map<string, ColumnShape>;
}

const shapes = new Map<string, EntityShape>(
  Object.entries(entityTables).map(([entity, table]) => [entity, shapeOf(entity as EntityName, table)]),
);

function shapeOf(entity: EntityName, table: SQLiteTable): EntityShape {
  const columns = new Map<string, ColumnShape>();
  let idColumn = '';
  for (const [key, column] of Object.entries<SQLiteColumn>(getTableColumns(table))) {
    if (column.primary) idColumn = column.name;
    columns.set(column.name, { name: column.name, key, kind: kindOf(column.name, column.columnType) });
  }
  return { entity, table: getTableName(table), idColumn, columns };
}

function kindOf(name: string, columnType: string): ColumnShape['kind'] {
  if (columnType === 'SQLiteBoolean') return 'flag';
  if (columnType === 'SQLiteTextJson') return 'json';
  if (columnType.startsWith('SQLiteBlob')) return 'bytes';
  return name.endsWith('_at') ? 'time' : 'plain';
}

/** The shape of an entity, or undefined for one only a newer app knows. */
export function entityShape(entity: string): EntityShape | undefined {
  return shapes.get(entity);
}

/** Wire to SQLite. Columns this app does not know are left out. */
export function fromWire(shape: EntityShape, row: WireRow): Columns {
  const columns: Columns = {};
  for (const [name, value] of Object.entries(row)) {
    const column = shape.columns.get(name);
    if (!column) continue;
    if (value === null) columns[name] = null;
    else if (column.kind === 'flag') columns[name] = value === true ? 1 : 0;
    else if (column.kind === 'json') columns[name] = JSON.stringify(value);
    else if (column.kind === 'bytes') columns[name] = Buffer.from(textOf(value).replace(/^\\x/, ''), 'hex');
    else if (column.kind === 'time') columns[name] = Date.parse(textOf(value));
    else columns[name] = value as string | number;
  }
  return columns;
}

/** SQLite to wire, the inverse of `fromWire`. */
export function toWire(shape: EntityShape, columns: Columns): WireRow {
  const row: WireRow = {};
  for (const [name, value] of Object.entries(columns)) {
    const column = shape.columns.get(name);
    if (!column) continue;
    if (value === null) row[name] = null;
    else if (column.kind === 'flag') row[name] = value === 1;
    else if (column.kind === 'json') row[name] = JSON.parse(String(value)) as unknown;
    else if (column.kind === 'bytes') row[name] = `\\x${(value as Buffer).toString('hex')}`;
    else if (column.kind === 'time') row[name] = new Date(Number(value)).toISOString();
    else row[name] = value;
  }
  return row;
}

/** A feature's patch, keyed as in store/schema.ts, to columns as SQLite holds them. Unknown keys are a bug. */
export function toColumns(shape: EntityShape, patch: Record<string, unknown>): Columns {
  const columns: Columns = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const column = [...shape.columns.values()].find((candidate) => candidate.key === key);
    if (!column) throw new Error(`entity ${shape.entity} has no field ${key}`);
    if (value === null) columns[column.name] = null;
    else if (column.kind === 'flag') columns[column.name] = value === true ? 1 : 0;
    else if (column.kind === 'json')
      columns[column.name] = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner));
    else if (column.kind === 'bytes') columns[column.name] = Buffer.from(value as Uint8Array);
    else columns[column.name] = typeof value === 'string' ? storable(value) : (value as number);
  }
  return columns;
}

/**
 * Postgres holds neither NUL nor half a surrogate pair, and one such character in a batch would stop the whole outbox for ever.
 * Same length, so that places in a page's text stay true.
 */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('the firm sent a value of another type than its column');
  return value;
}
