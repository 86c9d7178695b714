import type pg from 'pg';
import type { Table } from './probe-firm.ts';

/** What a reach for a table got that it should not have: rows, a write, or an answer other than a refusal. */
export interface Breach {
  attacker: string;
  table: string;
  how: string;
}

/** The words of each attempt on a table, aimed at one firm's rows where the table has firms. */
function statementsFor({ name, isFirms, firstColumn }: Table, firmId: string): { how: string; sql: string }[] {
  const where = isFirms ? `where firm_id = '${firmId}'` : '';
  return [
    { how: 'select', sql: `select from ${name} ${where}` },
    // a function that is cheaper than any policy must still run after it: what it sees it would tell
    {
      how: 'select through a leaking function',
      sql: `select from ${name} t where pg_temp.overhears(t::text) ${where.replace('where', 'and')}`,
    },
    { how: 'copy out', sql: `copy (select * from ${name} ${where}) to stdout` },
    { how: 'insert', sql: `insert into ${name} default values` },
    { how: 'update', sql: `update ${name} set "${firstColumn}" = "${firstColumn}" ${where}` },
    { how: 'delete', sql: `delete from ${name} ${where}` },
    { how: 'truncate', sql: `truncate ${name} cascade` },
    { how: 'lock', sql: `lock table ${name} in exclusive mode` },
    {
      how: 'trigger on it',
      sql: `create trigger probe before insert on ${name} for each row execute function suppress_redundant_updates_trigger()`,
    },
    { how: 'policy on it', sql: `create policy probe on ${name} using (true)` },
  ];
}

/** Prepares a line to notice what a predicate overhears of rows it must not see. */
export const overhear = `create function pg_temp.overhears(text) returns boolean language plpgsql cost 0.0000001 as $$
  begin perform set_config('probe.overheard', 'yes', true); return true; end $$`;

/** Tries everything on every table over this line, which is already the attacker's; nothing stays done. */
export async function attempt(
  line: pg.Client,
  attacker: string,
  tables: Table[],
  firmId: string,
): Promise<{ breaches: Breach[]; tried: number }> {
  const breaches: Breach[] = [];
  let tried = 0;
  await line.query('savepoint attempt');
  for (const table of tables) {
    for (const { how, sql } of statementsFor(table, firmId)) {
      tried += 1;
      const got = await outcomeOf(line, sql);
      if (got !== null) breaches.push({ attacker, table: table.name, how: `${how}: ${got}` });
    }
  }
  return { breaches, tried };
}

/** Null where the statement was refused for want of permission or found nothing; else what it got. */
async function outcomeOf(line: pg.Client, sql: string): Promise<string | null> {
  try {
    const result = await line.query(sql);
    if (!sql.includes('pg_temp.overhears')) return gotFrom(sql, result);
    const overheard = await line.query<{ heard: string | null }>(`select nullif(current_setting('probe.overheard', true), '') as heard`);
    if (overheard.rows[0]?.heard) return 'rows that a policy hides were overheard';
    return gotFrom(sql, result);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    // insufficient_privilege; and what no view can be (truncated, locked, given a policy, written where it adds up)
    if (code === '42501' || code === '42809' || code === '55000') return null;
    return `failed in another way than being refused (${code ?? ''} ${message ?? ''})`;
  } finally {
    await line.query('rollback to savepoint attempt');
  }
}

function gotFrom(sql: string, { rowCount }: pg.QueryResult): string | null {
  if (!/^(select|copy|update|delete)/.test(sql)) return 'it was done';
  return rowCount ? `${String(rowCount)} rows` : null;
}
