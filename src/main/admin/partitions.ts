import type pg from 'pg';
import { ok, type Outcome } from '../../shared/result.ts';

export interface PartitionWork {
  table: string;
  /** Made now, or (dry run) that would be made. */
  made: string[];
  /** Older than the policy keeps: taken out of the table, kept beside it for IT to dump and drop. */
  detached: { partition: string; rows: number }[];
  /** Past their time too, and left in place: a matter on legal hold has rows in them. */
  held: string[];
  /** Whole months after this one for which rows have a place. */
  monthsAhead: number;
  policy: { monthsAhead: number; keepMonths: number | null; reason: string };
}

interface Policy {
  table: string;
  monthsAhead: number;
  keepMonths: number | null;
  reason: string;
}

/**
 * Makes the months ahead of every partitioned table and detaches those past their time, as steno.partition_policy says. To be run monthly or
 * oftener (a month without its partition refuses every change, so they are made well ahead). One transaction a table.
 */
export async function keepPartitions(admin: pg.Client, options: { dryRun: boolean }): Promise<Outcome<PartitionWork[]>> {
  const { rows: policies } = await admin.query<Policy>(
    `select table_name as table, months_ahead as "monthsAhead", keep_months as "keepMonths", reason from steno.partition_policy order by 1`,
  );
  const work: PartitionWork[] = [];
  for (const policy of policies) {
    await admin.query('begin');
    try {
      const { rows } = await admin.query<{ made: string[] }>(`call steno.make_partitions($1, now()::date, null)`, [policy.table]);
      const { detached, held } = await detachOld(admin, policy);
      const monthsAhead = await countAhead(admin, policy.table);
      work.push({ table: policy.table, made: rows[0]?.made ?? [], detached, held, monthsAhead, policy });
      await admin.query(options.dryRun ? 'rollback' : 'commit');
    } catch (error) {
      await admin.query('rollback').catch(() => undefined);
      throw error;
    }
  }
  return ok(work);
}

/** Takes months past their time out of their table. What was said in a room of a held matter stays online. */
async function detachOld(admin: pg.Client, { table, keepMonths }: Policy): Promise<Pick<PartitionWork, 'detached' | 'held'>> {
  const work: Pick<PartitionWork, 'detached' | 'held'> = { detached: [], held: [] };
  if (keepMonths === null) return work;
  for (const { partition, isOld } of await monthsOf(admin, table, keepMonths)) {
    if (!isOld) continue;
    const name = `steno.${admin.escapeIdentifier(partition)}`;
    if (await isHeld(admin, table, name)) {
      work.held.push(partition);
      continue;
    }
    if (table === 'audit_event') await noteArchived(admin, partition, name);
    const { rows } = await admin.query<{ n: string }>(`select count(*) as n from ${name}`);
    await admin.query(`alter table steno.${admin.escapeIdentifier(table)} detach partition ${name}`);
    work.detached.push({ partition, rows: Number(rows[0]?.n ?? 0) });
  }
  return work;
}

/** On the record of each firm, in the chain itself: so a month that was archived can be told from one that was taken away. */
async function noteArchived(admin: pg.Client, partition: string, name: string): Promise<void> {
  await admin.query(
    `select steno.audit_note(firm_id, 'audit_event', $1, 'archived', jsonb_build_object('events', count(*), 'from', min(occurred_at), 'to', max(occurred_at))) from ${name} group by firm_id`,
    [partition],
  );
}

/** The audit is kept whole in any case; of the others, those whose rows belong to a room do so through it to a matter. */
async function isHeld(admin: pg.Client, table: string, partition: string): Promise<boolean> {
  if (!table.startsWith('message')) return false;
  const found = await admin.query(
    `select from ${partition} p join steno.room r using (firm_id, room_id) join steno.matter m on m.firm_id = r.firm_id and m.matter_id = r.matter_id where m.legal_hold limit 1`,
  );
  return found.rowCount === 1;
}

interface Month {
  partition: string;
  isOld: boolean;
}

async function monthsOf(admin: pg.Client, table: string, keepMonths: number): Promise<Month[]> {
  const { rows } = await admin.query<Month>(
    `select c.relname as partition, to_date(right(c.relname, 7), 'YYYY_MM') + make_interval(months => $2 + 1) <= now() as "isOld"
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = format('steno.%I', $1::text)::regclass order by 1`,
    [table, keepMonths],
  );
  return rows;
}

async function countAhead(admin: pg.Client, table: string): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::integer as n from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = format('steno.%I', $1::text)::regclass and to_date(right(c.relname, 7), 'YYYY_MM') > date_trunc('month', now())`,
    [table],
  );
  return rows[0]?.n ?? 0;
}
