import type pg from 'pg';
import { entityShape, type EntityShape } from '../entities.ts';
import type { FieldKind } from './copy-binary.ts';
import { columnNames, type FirmEntity } from './source.ts';

/** How the rows of an entity are asked for. */
export interface RowSelect {
  sql: string;
  /** Of the fields, in order; those of `columnNames`, and last what this app does not know where that can be. */
  kinds: FieldKind[];
  hasUnknown: boolean;
}

/** Columns that are the firm's own. */
const kept = new Set(['firm_id', 'field_revision']);

/**
 * The query of one range of rows, in the order of their ids. Its text is made of names that FirmEntity has checked; what a row holds that this app has no
 * place for comes as JSON in the last field: a value it would not understand brings the whole row (with its `revision`), as in parked.ts.
 */
export function selectRows(client: Pick<pg.Client, 'escapeLiteral'>, entity: FirmEntity, after: string | null, most: number): RowSelect {
  const shape = entityShape(entity.entity);
  const whole = `(to_jsonb(t) - 'firm_id' - 'field_revision')::text`;
  const fields = columnNames(entity).map((name, n) => field(shape, n === 0 ? { name: entity.id, type: 'uuid' } : columnOf(entity, name)));
  const unknown = shape ? unknownOf(client, shape, entity, whole) : whole;
  if (unknown !== null) fields.push({ sql: unknown, kind: 'text' });
  const range = after === null ? '' : ` where t.${entity.id} > ${client.escapeLiteral(after)}::uuid`;
  const sql = `select ${fields.map((one) => one.sql).join(', ')} from steno."${entity.table}" t${range} order by t.${entity.id} limit ${String(most)}`;
  return { sql, kinds: fields.map(({ kind }) => kind), hasUnknown: unknown !== null };
}

function columnOf({ columns }: FirmEntity, name: string): { name: string; type: string } {
  const column = columns.find((one) => one.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

/** A column as it is cheapest to send and gives what the feed's JSON would. */
function field(shape: EntityShape | undefined, { name, type }: { name: string; type: string }): { sql: string; kind: FieldKind } {
  const column = `t."${name}"`;
  const wanted = shape?.columns.get(name)?.kind;
  if (/^(smallint|integer|bigint)$/.test(type)) return { sql: column, kind: 'integer' };
  if (type === 'boolean') return { sql: column, kind: 'flag' };
  if (type === 'timestamp with time zone' && wanted === 'time') return { sql: column, kind: 'time' };
  if (type === 'bytea') return { sql: column, kind: 'bytes' };
  if (type === 'text') return { sql: column, kind: 'text' };
  if (wanted === 'json') return { sql: `to_jsonb(${column})::text`, kind: 'json' };
  if (type === 'uuid') return { sql: `${column}::text`, kind: 'plain' };
  if (type.endsWith('citext')) return { sql: `${column}::text`, kind: 'text' };
  return { sql: `to_jsonb(${column}) #>> '{}'`, kind: 'text' }; // dates and whatever else: as JSON has them, whatever the server's settings
}

function unknownOf(
  client: Pick<pg.Client, 'escapeLiteral'>,
  shape: EntityShape,
  { id, columns }: FirmEntity,
  whole: string,
): string | null {
  const strange = columns.filter(({ name }) => name !== id && !kept.has(name) && !shape.columns.has(name)).map(({ name }) => name);
  const limited = columns.flatMap(({ name }) => {
    const allowed = shape.columns.get(name)?.allowed;
    return allowed ? [`t."${name}" not in (${allowed.map((value) => client.escapeLiteral(value)).join(', ')})`] : [];
  });
  if (strange.length === 0 && limited.length === 0) return null;
  const notUnderstood = limited.length > 0 ? `when ${limited.join(' or ')} then ${whole} ` : '';
  const list = strange.map((name) => `t."${name}"`).join(', ');
  const pairs = strange.map((name) => `'${name}', t."${name}"`).join(', ');
  const more = strange.length > 0 ? `when num_nonnulls(${list}) > 0 then jsonb_build_object(${pairs})::text ` : '';
  return `case ${notUnderstood}${more}end`;
}
