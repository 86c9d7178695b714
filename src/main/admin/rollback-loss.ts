import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { explainDatabaseError } from './database-error.ts';
import type { ServerMigration } from './migration-record.ts';

/** What a way back takes with it: rows of a table (all of them when it goes), or the values of a column that goes. */
export interface Loss {
  what: string;
  rows: number;
}

interface Shape {
  tables: Set<string>;
  /** "schema.table.column", by the table they belong to. */
  columns: Map<string, string[]>;
}

/** Long enough for a busy table's turn, too short to be noticed by people who work. */
const defaultLockTimeoutMs = 3_000;

/**
 * Measured, not guessed: runs the ways down inside a transaction, compares what is there before and after, and undoes it all. It holds the
 * tables for that moment. Errors: conflict (a table stayed in use), offline, forbidden.
 */
export async function measureLoss(
  admin: pg.Client,
  stepsDown: ServerMigration[],
  lockTimeoutMs = defaultLockTimeoutMs,
): Promise<Outcome<Loss[]>> {
  try {
    await admin.query('begin');
    await admin.query(`set local lock_timeout = ${String(lockTimeoutMs)}; set local statement_timeout = 0`);
    const before = await readShape(admin);
    const rowsBefore = await countRows(admin, before.tables);
    await admin.query('savepoint before_down');
    for (const step of stepsDown) {
      await admin.query(step.down);
      await admin.query('reset role');
    }
    const after = await readShape(admin);
    const rowsAfter = await countRows(admin, after.tables);
    await admin.query('rollback to savepoint before_down');
    const losses = [...rowsBefore]
      .map(([table, rows]) => ({ what: table, rows: rows - (rowsAfter.get(table) ?? 0) }))
      .concat(await countColumns(admin, before, after));
    return ok(losses.filter(({ rows }) => rows > 0));
  } catch (error) {
    const explained = explainDatabaseError(error, 'the look at what would be lost', 'Nothing was changed.');
    if (!explained) throw error;
    return err(explained);
  } finally {
    await admin.query('rollback').catch(() => undefined);
  }
}

async function readShape(admin: pg.Client): Promise<Shape> {
  const { rows } = await admin.query<{ table: string; columns: string[] }>(
    `select c.oid::regclass::text as table, array_agg(quote_ident(a.attname) order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace in (select oid from pg_namespace where nspname in ('steno', 'auth')) and c.relkind in ('r', 'p') and not c.relispartition
     group by c.oid`,
  );
  return { tables: new Set(rows.map(({ table }) => table)), columns: new Map(rows.map(({ table, columns }) => [table, columns])) };
}

async function countRows(admin: pg.Client, tables: Iterable<string>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await admin.query<{ n: string }>(`select count(*) as n from ${table}`);
    counts.set(table, Number(rows[0]?.n ?? 0));
  }
  return counts;
}

/** Columns that go while their table stays: their values are lost too. */
async function countColumns(admin: pg.Client, before: Shape, after: Shape): Promise<Loss[]> {
  const losses: Loss[] = [];
  for (const [table, columns] of before.columns) {
    const kept = after.columns.get(table);
    if (!kept) continue;
    for (const column of columns.filter((name) => !kept.includes(name))) {
      const { rows } = await admin.query<{ n: string }>(`select count(${column}) as n from ${table}`);
      losses.push({ what: `${table}.${column}`, rows: Number(rows[0]?.n ?? 0) });
    }
  }
  return losses;
}
