import type pg from 'pg';
import { secretTables } from './dump.ts';

/** "0af" -> rows, and two sums over the halves of their hashes. A bucket is the rows whose key hashes to those three digits. */
export type Buckets = Record<string, [rows: number, high: string, low: string]>;
export type RowHashes = Record<string, Buckets>;

/** How values are written as text, whatever the server's or the role's settings are: else the same row would hash otherwise elsewhere. */
const fixedText = `set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1;
  set local bytea_output = 'hex'; set local search_path = pg_catalog; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local row_security = off; set local lock_timeout = 0`;

/** Begins the one snapshot in which everything is read; `client` stays in that transaction. */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  await client.query(fixedText);
}

/** Rows as they are, and those among them that were there, as they are, when an earlier snapshot was taken. */
export interface SeenRows {
  all: RowHashes;
  settled: RowHashes;
}

/**
 * Every row of every lasting table, partitions by their parent, as counts and sums of hashes: independent of order, and small. In buckets,
 * so that rows which others changed while a backup ran spoil only their own bucket and all others are still compared exactly.
 * Runs on the server, a table at a time, inside the snapshot that the caller began. `since` is that earlier snapshot.
 */
export async function hashRows(client: pg.Client, onTable: (name: string) => void, since?: string): Promise<SeenRows> {
  const { rows: tables } = await client.query<{ name: string; key: string | null }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       (select string_agg(format('steno_row.%I', a.attname), ', ' order by a.attnum) from pg_index i
        join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
       and format('%I.%I', n.nspname, c.relname) <> all ($1)
     order by 1`,
    [secretTables],
  );
  const settledWhen = since === undefined ? 'true' : writtenBefore(since);
  const seen: SeenRows = { all: {}, settled: {} };
  for (const { name, key } of tables) {
    onTable(name);
    const [all, settled] = await hashTable(client, name, key === null ? 'steno_row' : `row(${key})`, settledWhen);
    seen.all[name] = all;
    seen.settled[name] = settled;
  }
  return seen;
}

/** Whether the transaction that wrote a row was over for a snapshot. A row knows the last 32 bits of its number; the nearest such number is meant. */
function writtenBefore(snapshot: string): string {
  if (!/^\d+:\d+:[\d,]*$/.test(snapshot)) throw new Error('not a snapshot');
  const next = BigInt(snapshot.split(':')[1] ?? '0');
  const near = `(${String((next >> 32n) << 32n)} + steno_row.xmin::text::bigint)`;
  const full = `case when ${near} > ${String(next + (1n << 31n))} then ${near} - 4294967296 when ${near} < ${String(next - (1n << 31n))} then ${near} + 4294967296 else ${near} end`;
  return `pg_visible_in_snapshot(greatest(${full}, 3)::text::xid8, '${snapshot}'::pg_snapshot)`;
}

async function hashTable(client: pg.Client, name: string, key: string, settledWhen: string): Promise<[all: Buckets, settled: Buckets]> {
  const { rows } = await client.query<{ bucket: string; rows: string; high: string; low: string; settled: boolean }>(
    `select bucket, settled, count(*) as rows, sum(('x' || left(hash, 16))::bit(64)::bigint) as high, sum(('x' || substr(hash, 17, 16))::bit(64)::bigint) as low
     from (select left(encode(sha256(convert_to(${key}::text, 'UTF8')), 'hex'), 3) as bucket, ${settledWhen} as settled,
             encode(sha256(convert_to(steno_row::text, 'UTF8')), 'hex') as hash from ${name} steno_row) as hashed
     group by bucket, settled`,
  );
  const all: Buckets = {};
  const settled: Buckets = {};
  for (const row of rows) {
    const part: Buckets[string] = [Number(row.rows), row.high, row.low];
    if (row.settled) settled[row.bucket] = part;
    const other = all[row.bucket] ?? [0, '0', '0'];
    all[row.bucket] = [part[0] + other[0], String(BigInt(part[1]) + BigInt(other[1])), String(BigInt(part[2]) + BigInt(other[2]))];
  }
  return [all, settled];
}

/** A table in one line: its rows and the sum over its buckets. */
export function summarize(buckets: Buckets): { rows: number; hash: string } {
  const all = Object.values(buckets);
  const sum = (half: 1 | 2): string =>
    BigInt.asUintN(
      64,
      all.reduce((total, bucket) => total + BigInt(bucket[half]), 0n),
    )
      .toString(16)
      .padStart(16, '0');
  return { rows: all.reduce((total, [rows]) => total + rows, 0), hash: sum(1) + sum(2) };
}

/** The buckets of each table that are not the same in both. */
export function changedBuckets(before: RowHashes, after: RowHashes): Record<string, string[]> {
  const changed: Record<string, string[]> = {};
  for (const table of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [before[table] ?? {}, after[table] ?? {}];
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((bucket) => !isSameBucket(a[bucket], b[bucket]));
    if (names.length > 0) changed[table] = names.sort();
  }
  return changed;
}

/** No bucket is an empty one. */
export function isSameBucket(a: Buckets[string] | undefined, b: Buckets[string] | undefined): boolean {
  return a?.[0] === b?.[0] && a?.[1] === b?.[1] && a?.[2] === b?.[2];
}
