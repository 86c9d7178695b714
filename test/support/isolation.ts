import type pg from 'pg';

/** How one login reaches for one table, and what it got. */
export interface Leak {
  table: string;
  how: string;
}

/** Every table of schema steno, with whether its rows belong to a firm. */
export async function tablesOf(admin: pg.Client): Promise<{ table: string; isFirms: boolean }[]> {
  const { rows } = await admin.query<{ table: string; isFirms: boolean }>(
    `select c.relname as table, exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped) as "isFirms"
     from pg_class c where c.relnamespace = 'steno'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') order by 1`,
  );
  return rows;
}

/** Tables of which this client sees rows of `foreignFirmId`, or (for tables that are nobody's) any row at all. */
export async function readLeaks(client: pg.Client, tables: { table: string; isFirms: boolean }[], foreignFirmId: string): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const { table, isFirms } of tables) {
    const where = isFirms ? `where firm_id = '${foreignFirmId}'` : '';
    const seen = await attempt(client, `select count(*)::int as n from steno."${table}" ${where}`);
    if (seen === null || seen > 0)
      leaks.push({ table, how: seen === null ? 'failed in another way than being refused' : `select: ${String(seen)} rows` });
  }
  return leaks;
}

/** Tables that this client may write in any way. */
export async function writeLeaks(client: pg.Client, tables: { table: string }[]): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const { table } of tables) {
    const name = `steno."${table}"`;
    const { rows } = await client.query<{ column: string }>(
      `select attname as column from pg_attribute where attrelid = $1::regclass and attnum = 1`,
      [name],
    );
    const column = rows[0]?.column ?? '';
    const statements = [
      `insert into ${name} default values`,
      `update ${name} set "${column}" = "${column}"`,
      `delete from ${name}`,
      `truncate ${name} cascade`,
      `lock table ${name} in exclusive mode`,
    ];
    for (const statement of statements) if ((await attempt(client, statement)) !== 0) leaks.push({ table, how: statement });
  }
  return leaks;
}

/** Rows a statement gave or touched; 0 where it was refused for want of permission, or as a view; null where it failed otherwise. Nothing stays done. */
async function attempt(client: pg.Client, statement: string): Promise<number | null> {
  await client.query('savepoint attempt');
  try {
    const result = await client.query<{ n?: number }>(statement);
    return result.rows[0]?.n ?? result.rowCount ?? 1;
  } catch (error) {
    // a view is refused as the wrong kind of thing before anybody asks who may
    return ['42501', '42809', '55000'].includes((error as { code?: string }).code ?? '') ? 0 : null;
  } finally {
    await client.query('rollback to savepoint attempt');
  }
}
