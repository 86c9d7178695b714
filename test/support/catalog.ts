import type pg from 'pg';

export interface TableShape {
  /** As cases name it: `matter`, `auth.session`. */
  name: string;
  /** As SQL names it, quoted. */
  sql: string;
  key: string[];
  checks: string[];
  notNull: string[];
  /** Columns that choose the partition: without them there is none to be refused by. */
  partitionedBy: string[];
  /** `names` are also those of its parts in the partitions, which are what an error names. */
  uniques: { name: string; names: string[]; columns: string[] }[];
  foreignKeys: ForeignKey[];
}
export interface ForeignKey {
  name: string;
  columns: string[];
  types: string[];
  parent: string;
  parentIsFirms: boolean;
  parentColumns: string[];
}

const tables = `
  select c.oid, case n.nspname when 'steno' then '' else n.nspname || '.' end || c.relname as name, format('%I.%I', n.nspname, c.relname) as sql,
    (select array_agg(a.attname::text order by a.attnum) from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
      where i.indrelid = c.oid and i.indisprimary) as key,
    array(select conname::text from pg_constraint where conrelid = c.oid and contype = 'c' order by 1) as checks,
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and attnotnull and not attisdropped and attgenerated = '' order by attnum) as "notNull",
    array(select a.attname::text from pg_partitioned_table p join pg_attribute a on a.attrelid = c.oid and a.attnum = any (p.partattrs) where p.partrelid = c.oid) as "partitionedBy"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('steno', 'auth') and c.relkind in ('r', 'p') and not c.relispartition order by 2`;

// pg_depend also knows the columns of expressions and of a partial index's condition
const uniques = `
  select i.indrelid as oid, x.relname as name,
    array(select c.relname::text from pg_partition_tree(i.indexrelid) t join pg_class c on c.oid = t.relid union select x.relname::text) as names, array(
    select a.attname::text from pg_attribute a where a.attrelid = i.indrelid and (a.attnum = any (i.indkey)
      or exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid = a.attnum and a.attnum > 0))
    order by a.attnum) as columns
  from pg_index i join pg_class x on x.oid = i.indexrelid where i.indisunique`;

const foreignKeys = `
  select k.conrelid as oid, k.conname as name, k.confrelid::regclass::text as parent,
    exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'firm_id') as "parentIsFirms",
    array(select a.attname::text from unnest(k.conkey) with ordinality u (n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by o) as columns,
    array(select format_type(a.atttypid, null) from unnest(k.conkey) with ordinality u (n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by o) as types,
    array(select a.attname::text from unnest(k.confkey) with ordinality u (n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by o) as "parentColumns"
  from pg_constraint k where k.contype = 'f' and k.conparentid = 0`;

/** Every table of steno and auth (a partition belongs to its table) with all that can refuse a row. */
export async function readShapes(client: pg.Client): Promise<TableShape[]> {
  const found = await client.query<Omit<TableShape, 'key' | 'uniques' | 'foreignKeys'> & { oid: number; key: string[] | null }>(tables);
  const unique = await client.query<TableShape['uniques'][number] & { oid: number }>(uniques);
  const foreign = await client.query<ForeignKey & { oid: number }>(foreignKeys);
  return found.rows.map((table) => ({
    ...table,
    key: table.key ?? [],
    uniques: unique.rows.filter(({ oid }) => oid === table.oid),
    foreignKeys: foreign.rows.filter(({ oid }) => oid === table.oid),
  }));
}
