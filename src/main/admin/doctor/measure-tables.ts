import type pg from 'pg';
import { readRecorded, type ServerMigration } from '../migration-record.ts';

/** What this database shows: its schema, its tables, how they are read. */
export interface DatabaseMeasures {
  schema: { version: number; newest: number; drift: string[] };
  /** Days for which the server has been counting reads; fewer say little. */
  statisticsDays: number;
  cache: { hits: number; reads: number };
  /** null: pg_stat_statements is not there. */
  slowStatements: { id: string; start: string; calls: number; meanMs: number }[] | null;
  indexes: { name: string; table: string; sizeBytes: number; scans: number; isNeeded: boolean; isValid: boolean }[];
  tables: { name: string; live: number; dead: number; vacuumedAgeMs: number | null; isAnalyzed: boolean }[];
  /** monthsAhead: whole months after this one that have their partition, without a gap; -1 when this month has none. */
  partitioned: { name: string; monthsAhead: number }[];
  /** Tables with rows of firms that laptops may reach, and whose row security is not enabled and forced. */
  openTables: string[];
}

/** `slowMs`: the mean time from which a statement is slow. */
export async function measureDatabase(admin: pg.Client, migrations: ServerMigration[], slowMs: number): Promise<DatabaseMeasures> {
  const recorded = await readRecorded(admin);
  const known = new Map(migrations.map(({ version, checksum }) => [version, checksum]));
  const { rows } = await admin.query<{ days: number; hits: string; reads: string }>(
    `select extract(epoch from clock_timestamp() - coalesce(stats_reset, pg_postmaster_start_time()))::float8 / 86400 as days, blks_hit as hits, blks_read as reads
     from pg_stat_database where datname = current_database()`,
  );
  const indexes = await admin.query<DatabaseMeasures['indexes'][number] & { sizeBytes: string; scans: string }>(
    `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table, pg_relation_size(i.indexrelid) as "sizeBytes", s.idx_scan as scans,
       i.indisvalid as "isValid", i.indisunique or i.indisprimary or i.indisexclusion or exists (select from pg_inherits h where h.inhrelid = i.indexrelid) as "isNeeded"
     from pg_index i join pg_stat_user_indexes s using (indexrelid) order by 3 desc, 1`,
  );
  const tables = await admin.query<{ name: string; live: string; dead: string; age: number | null; analyzed: boolean }>(
    `select relid::regclass::text as name, n_live_tup as live, n_dead_tup as dead, last_analyze is not null or last_autoanalyze is not null as analyzed,
       (extract(epoch from clock_timestamp() - greatest(last_vacuum, last_autovacuum)) * 1000)::float8 as age from pg_stat_user_tables`,
  );
  return {
    schema: {
      version: recorded.at(-1)?.version ?? 0,
      newest: migrations.at(-1)?.version ?? 0,
      drift: recorded.filter((row) => known.get(row.version) !== row.checksum).map(({ name }) => name),
    },
    statisticsDays: rows[0]?.days ?? 0,
    cache: { hits: Number(rows[0]?.hits ?? 0), reads: Number(rows[0]?.reads ?? 0) },
    slowStatements: await measureStatements(admin, slowMs),
    indexes: indexes.rows.map((index) => ({ ...index, sizeBytes: Number(index.sizeBytes), scans: Number(index.scans) })),
    tables: tables.rows.map(({ name, live, dead, age, analyzed }) => ({
      name,
      live: Number(live),
      dead: Number(dead),
      vacuumedAgeMs: age,
      isAnalyzed: analyzed,
    })),
    partitioned: await measurePartitions(admin),
    openTables: await findOpenTables(admin),
  };
}

/** Only the beginning of statements that work on rows: others can hold what nobody should read here, passwords among it. */
async function measureStatements(admin: pg.Client, slowMs: number): Promise<DatabaseMeasures['slowStatements']> {
  await admin.query('savepoint before_statements');
  try {
    const { rows } = await admin.query<{ id: string; start: string; calls: string; meanMs: number }>(
      `select queryid::text as id, case when query ~* '^\\s*(select|insert|update|delete|with|call)' then left(regexp_replace(query, '\\s+', ' ', 'g'), 60) else '' end as start,
         calls, mean_exec_time as "meanMs" from pg_stat_statements
       where dbid = (select oid from pg_database where datname = current_database()) and mean_exec_time > $1 order by total_exec_time desc limit 5`,
      [slowMs],
    );
    return rows.map((row) => ({ ...row, calls: Number(row.calls) }));
  } catch (error) {
    // 42P01: no such view; 55000: there, but its library is not loaded
    await admin.query('rollback to savepoint before_statements');
    const { code } = error as { code?: string };
    if (code === '42P01' || code === '55000') return null;
    throw error;
  }
}

async function measurePartitions(admin: pg.Client): Promise<DatabaseMeasures['partitioned']> {
  const { rows } = await admin.query<{ name: string; bounds: string[] | null }>(
    `select p.partrelid::regclass::text as name, array_agg(pg_get_expr(c.relpartbound, c.oid)) filter (where c.oid is not null) as bounds
     from pg_partitioned_table p join pg_class t on t.oid = p.partrelid left join pg_inherits i on i.inhparent = p.partrelid left join pg_class c on c.oid = i.inhrelid
     where t.relnamespace = to_regnamespace('steno') and p.partstrat = 'r' group by p.partrelid order by 1`,
  );
  const month = await admin.query<{ month: string }>("select to_char(now() at time zone 'UTC', 'YYYY-MM') as month");
  return rows.map(({ name, bounds }) => ({ name, monthsAhead: monthsAhead(bounds ?? [], month.rows[0]?.month ?? '') }));
}

/** From bounds as Postgres prints them, `FOR VALUES FROM ('2026-11-01 00:00:00+00') TO (...)`, and this month, `2026-11`. */
export function monthsAhead(bounds: string[], thisMonth: string): number {
  const ranges = bounds.map((bound) => [...bound.matchAll(/\('(\d{4}-\d\d-\d\d)/g)].map(([, day]) => day ?? ''));
  const isCovered = (day: string): boolean =>
    ranges.some(([from, to]) => from !== undefined && to !== undefined && from <= day && day < to);
  const [year = 0, month = 1] = thisMonth.split('-').map(Number);
  let ahead = -1;
  while (ahead < 120 && isCovered(new Date(Date.UTC(year, month - 1 + ahead + 1, 1)).toISOString().slice(0, 10))) ahead += 1;
  return ahead;
}

async function findOpenTables(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relnamespace = to_regnamespace('steno') and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped) order by 1`,
  );
  return rows.map(({ name }) => name);
}
