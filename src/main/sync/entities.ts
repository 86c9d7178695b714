import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as assistantSchema from '../store/assistant-schema.ts';
import * as collaborationSchema from '../store/collaboration-schema.ts';
import * as linkSchema from '../store/link-schema.ts';
import { review } from '../store/review-schema.ts';
import * as schema from '../store/schema.ts';
import { templateDraft, templateVersion } from '../store/template-schema.ts';
import { letterVersion } from '../store/version-schema.ts';

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
  question: schema.question,
  document_link: linkSchema.documentLink,
  feedback: linkSchema.feedback,
  assistant_policy: assistantSchema.assistantPolicy,
  assistant_call: assistantSchema.assistantCall,
  ai_refinement: assistantSchema.aiRefinement,
  template: schema.template,
  letter: schema.letter,
  letter_update: schema.letterUpdate,
  letter_version: letterVersion,
  collaboration: collaborationSchema.collaboration,
  review,
  export: schema.exported,
  conflict: schema.conflict,
  proposal: schema.proposal,
  template_version: templateVersion,
  template_draft: templateDraft,
} as const;
export type EntityName = keyof typeof entityTables;

/** A row or patch in columns, as SQLite holds it. */
export type Columns = Record<string, string | number | bigint | Buffer | null>;
/** A row or patch in columns, as it goes over the wire: JSON, bytes as "\x" hex, times as ISO text, as Postgres prints them. */
export type WireRow = Record<string, unknown>;

interface ColumnShape {
  name: string;
  key: string;
  kind: 'text' | 'integer' | 'flag' | 'json' | 'bytes' | 'time';
  isRequired: boolean;
  /** The values this app knows, where they are few; a newer app may know more. */
  allowed: readonly string[] | null;
}
export interface EntityShape {
  entity: EntityName;
  table: string;
  idColumn: string;
  columns: Map<string, ColumnShape>;
  /** The same by the names that features use. */
  byKey: Map<string, ColumnShape>;
}

const shapes = new Map<string, EntityShape>(
  Object.entries(entityTables).map(([entity, table]) => [entity, shapeOf(entity as EntityName, table)]),
);

function shapeOf(entity: EntityName, table: SQLiteTable): EntityShape {
  const columns = new Map<string, ColumnShape>();
  let idColumn = '';
  for (const [key, column] of Object.entries<SQLiteColumn>(getTableColumns(table))) {
    if (column.primary) idColumn = column.name;
    columns.set(column.name, {
      name: column.name,
      key,
      kind: kindOf(column.name, column.columnType),
      isRequired: column.notNull,
      allowed: column.enumValues?.length ? column.enumValues : null,
    });
  }
  const byKey = new Map([...columns.values()].map((column) => [column.key, column]));
  return { entity, table: getTableName(table), idColumn, columns, byKey };
}

function kindOf(name: string, columnType: string): ColumnShape['kind'] {
  if (columnType === 'SQLiteBoolean') return 'flag';
  if (columnType === 'SQLiteTextJson') return 'json';
  if (columnType.startsWith('SQLiteBlob')) return 'bytes';
  if (name.endsWith('_at')) return 'time';
  return columnType === 'SQLiteInteger' ? 'integer' : 'text';
}

/** The shape of an entity, or undefined for one only a newer app knows. */
export function entityShape(entity: string): EntityShape | undefined {
  return shapes.get(entity);
}

/** Every entity with its columns and their known values: differs once the app has learned something. */
export function shapesInWords(): string {
  const words = [...shapes.values()].map(({ entity, columns }) => {
    const names = [...columns.values()].map(({ name, allowed }) => (allowed ? `${name}(${allowed.join(' ')})` : name));
    return `${entity}: ${names.join(' ')}`;
  });
  return words.join('\n');
}

/** Deeper than anything this app writes; JavaScript itself gives up a few thousand levels further down. */
const mostNested = 200;

/** Whether this store has room for a value as the wire has it: what it refused would be refused again with every page, and the feed stand still for ever. */
function isStorable({ kind, allowed, isRequired }: ColumnShape, value: unknown): boolean {
  if (value === null) return !isRequired;
  if (kind === 'integer') return Number.isSafeInteger(value);
  if (kind === 'flag') return typeof value === 'boolean';
  if (kind === 'json') return isNestedAtMost(value, mostNested);
  if (typeof value !== 'string') return false;
  if (kind === 'time') return !Number.isNaN(Date.parse(value)); // a far year, or infinity
  if (kind === 'bytes') return value.startsWith('\\x');
  return !allowed || allowed.includes(value);
}

function isNestedAtMost(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1));
}

/** What of a row this app has a place for, and the rest: columns it does not know, and values it would not understand or could not store (S7). */
export function splitWire(shape: EntityShape, row: WireRow): { known: WireRow; unknown: WireRow } {
  const known: WireRow = {};
  const unknown: WireRow = {};
  for (const [name, value] of Object.entries(row)) {
    const column = shape.columns.get(name);
    if (column && isStorable(column, value)) known[name] = value;
    else if (!isNestedAtMost(value, mostNested)) unknown[name] = null;
    else if (column || value !== null) unknown[name] = value;
  }
  return { known, unknown };
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
    const column = shape.byKey.get(key);
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
