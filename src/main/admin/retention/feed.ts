import type pg from 'pg';

/** Entries a transaction: the firm's position is held only while its last ones go. */
const batch = 10_000;
const defaultDays = 90;

export interface FeedWork {
  entries: number;
  /** Entries that a later one of the same row made useless. */
  superseded: number;
  /** Last entries of rows that are gone, older than the firm keeps them. */
  tombstones: number;
  /** Laptops that have not come this far take a snapshot. */
  floor: number;
  before: string;
}

/**
 * Drops from a firm's feed what no laptop needs any more. A row that is there keeps its first entry beside its last: a child would come to a laptop before its parent
 * otherwise, and stay without it for as long as the line is cut there. Safe beside pushes and pulls: what was superseded once stays so, and a tombstone goes in the
 * transaction that raises the floor above it. `dryRun` only counts; `floor` is then what it would be.
 */
export async function compactFeed(
  admin: pg.Client,
  firmId: string,
  options: { dryRun: boolean; now: Date; batch?: number; onProgress?: ((text: string) => void) | undefined },
): Promise<FeedWork> {
  const before = new Date(options.now.getTime() - (await daysKept(admin, firmId)) * 86_400_000);
  const there = await stillThere(admin);
  await admin.query('drop table if exists pg_temp.feed_drop');
  // listed once: to look for later entries of the same row batch by batch would read the feed anew each time
  await admin.query(
    `create temp table feed_drop as select position, later is null as is_last, row_number() over (order by position) as n
     from (select position, entity, entity_id, appended_at, lead(position) over the_row as later, lag(position) over the_row as earlier
           from steno.change_feed where firm_id = $1 window the_row as (partition by entity, entity_id order by position)) f
     where case when later is not null then earlier is not null or not ${there} else appended_at < $2 and not ${there} end`,
    [firmId, before],
  );
  await admin.query('create index on pg_temp.feed_drop (n)');
  const { rows } = await admin.query<{ entries: number; superseded: number; tombstones: number; floor: string; total: number }>(
    `select (select count(*)::integer from steno.change_feed where firm_id = $1) as entries, count(*) filter (where not is_last)::integer as superseded,
       count(*) filter (where is_last)::integer as tombstones, count(*)::integer as total,
       greatest(max(position) filter (where is_last), (select floor from steno.feed_position where firm_id = $1), 0) as floor from feed_drop`,
    [firmId],
  );
  const [{ entries, superseded, tombstones, floor, total } = { entries: 0, superseded: 0, tombstones: 0, floor: '0', total: 0 }] = rows;
  const size = options.batch ?? batch;
  for (let from = 0; !options.dryRun && from < total; from += size) {
    await dropBatch(admin, firmId, from, from + size);
    options.onProgress?.(`feed: ${String(Math.min(total, from + size))} of ${String(total)} entries`);
  }
  await admin.query('drop table pg_temp.feed_drop');
  if (!options.dryRun && tombstones > 0)
    await admin.query(`select steno.audit_note($1, 'retention', 'feed', 'retention', $2)`, [
      firmId,
      { before, rows: tombstones, floor: Number(floor) },
    ]);
  return { entries, superseded, tombstones, floor: Number(floor), before: before.toISOString() };
}

async function daysKept(admin: pg.Client, firmId: string): Promise<number> {
  const { rows } = await admin.query<{ days: number }>(
    `select setting_value::integer as days from steno.setting where firm_id = $1 and setting_key = 'retention.tombstone_days' and user_id is null and deleted_at is null`,
    [firmId],
  );
  return rows[0]?.days ?? defaultDays;
}

/** Whether an entry's row is in its table, whoever may see it. An entity that no longer exists has no rows. */
async function stillThere(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ entity: string; table: string; id: string }>(
    `select entity, format('steno.%I', table_name) as table, quote_ident(id_column) as id from steno.entity`,
  );
  const one = ({ entity, table, id }: (typeof rows)[number]): string =>
    `when ${admin.escapeLiteral(entity)} then exists (select from ${table} t where t.firm_id = $1 and t.${id} = f.entity_id)`;
  return `case f.entity ${rows.map(one).join(' ')} else false end`;
}

/** The entries and the floor they raise, together. The firm's position is locked last and shortly: every push of the firm waits for it. */
async function dropBatch(admin: pg.Client, firmId: string, after: number, upTo: number): Promise<void> {
  await admin.query('begin');
  try {
    const { rows } = await admin.query<{ floor: string | null }>(
      `with due as (select * from feed_drop where n > $2 and n <= $3),
        gone as (delete from steno.change_feed f using due where f.firm_id = $1 and f.position = due.position)
       select max(position) filter (where is_last) as floor from due`,
      [firmId, after, upTo],
    );
    const floor = rows[0]?.floor ?? null;
    if (floor !== null) await admin.query('update steno.feed_position set floor = $2 where firm_id = $1 and floor < $2', [firmId, floor]);
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}
