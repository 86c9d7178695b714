import type pg from 'pg';

/**
 * Seals events that were inserted with the triggers off, as the trigger does at each commit: a digest per batch, in order of time, chained on
 * the firm's head. How many batches. For seeding only: events that are written in everyday use seal themselves.
 */
export async function sealAudit(admin: pg.Client, firmId: string): Promise<number> {
  await admin.query(
    `create temporary table unsealed as
     select e.batch_id, e.occurred_at, count(*)::integer as event_count, sha256(string_agg(sha256(convert_to(steno.audit_event_text(e), 'UTF8')), ''::bytea order by e.event_number)) as events_hash
     from steno.audit_event e where e.firm_id = $1 group by e.batch_id, e.occurred_at`,
    [firmId],
  );
  await admin.query(`
    do $$
    declare
      b record;
      firm uuid := '${firmId}';
      number bigint := 0;
      seal bytea := sha256(convert_to('${firmId}', 'UTF8'));
    begin
      for b in select * from unsealed order by occurred_at, batch_id loop
        number := number + 1;
        seal := sha256(seal || int8send(number) || int8send((extract(epoch from b.occurred_at) * 1000000)::bigint) || int4send(b.event_count) || b.events_hash);
        insert into steno.audit_batch (firm_id, batch_number, batch_id, occurred_at, event_count, events_hash, batch_hash)
        values (firm, number, b.batch_id, b.occurred_at, b.event_count, b.events_hash, seal);
      end loop;
      insert into steno.audit_head values (firm, number, seal);
    end
    $$`);
  const { rows } = await admin.query<{ n: number }>('select count(*)::integer as n from unsealed');
  await admin.query('drop table unsealed');
  return rows[0]?.n ?? 0;
}
