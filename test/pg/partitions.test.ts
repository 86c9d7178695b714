import { expect, test } from 'vitest';
import { keepPartitions } from '../../src/main/admin/partitions.ts';
import { must } from '../support/laptop.ts';
import { createPgWorld } from '../support/pg-world.ts';

const { admin, firms } = await createPgWorld();

const partitionsOf = async (table: string): Promise<string[]> => {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass order by 1`,
    [`steno.${table}`],
  );
  return rows.map(({ name }) => name);
};
const month = async (offset: number): Promise<string> =>
  String((await admin.query<{ m: string }>(`select to_char(now() + make_interval(months => $1), 'YYYY_MM') as m`, [offset])).rows[0]?.m);

test('months are made ahead as the policy says, once, and an empty one that was lost is made again', async () => {
  const lost = `audit_event_${await month(2)}`;
  await admin.query(`drop table steno.${lost}`);
  const dry = must(await keepPartitions(admin, { dryRun: true })).find(({ table }) => table === 'audit_event');
  expect(dry?.made).toEqual([lost]);
  expect(await partitionsOf('audit_event')).not.toContain(lost);
  expect(must(await keepPartitions(admin, { dryRun: false })).find(({ table }) => table === 'audit_event')?.made).toEqual([lost]);
  const again = must(await keepPartitions(admin, { dryRun: false }));
  expect(again.flatMap(({ made }) => made)).toEqual([]);
  for (const { table, monthsAhead, policy } of again) expect(monthsAhead, table).toBe(policy.monthsAhead);
});

test('a new partition is as closed as its parent: row security forced, no grants, no truncate', async () => {
  const name = `audit_event_${await month(2)}`;
  const { rows } = await admin.query(
    `select relrowsecurity, relforcerowsecurity, relacl, relowner::regrole::text as owner from pg_class where oid = $1::regclass`,
    [`steno.${name}`],
  );
  expect(rows).toEqual([{ relrowsecurity: true, relforcerowsecurity: true, relacl: null, owner: 'steno_audit' }]);
  await expect(admin.query(`truncate steno.${name}`)).rejects.toMatchObject({ code: 'SN001' });
});

test('a month past its time is taken out whole and kept beside the table; one that is not stays', async () => {
  await admin.query(`call steno.make_partitions('audit_event', (now() - interval '5 months')::date, null)`);
  await admin.query(`update steno.partition_policy set keep_months = 3 where table_name = 'audit_event'`);
  const old = `audit_event_${await month(-5)}`;
  await admin.query('set session_replication_role = replica');
  await admin.query(
    `insert into steno.audit_event (firm_id, occurred_at, event_number, batch_id, table_name, row_key, action, login, application)
     values ($1, date_trunc('month', now()) - interval '4 months 20 days', 1, gen_random_uuid(), 'matter', 'x', 'insert', 'x', 'x')`,
    [firms.one.firmId],
  );
  await admin.query('reset session_replication_role');
  const dry = must(await keepPartitions(admin, { dryRun: true })).find(({ table }) => table === 'audit_event');
  expect(dry?.detached).toEqual([
    { partition: old, rows: 1 },
    { partition: `audit_event_${await month(-4)}`, rows: 0 },
  ]);
  expect(await partitionsOf('audit_event')).toContain(old);
  const done = must(await keepPartitions(admin, { dryRun: false })).find(({ table }) => table === 'audit_event');
  expect(done?.detached.map(({ partition }) => partition)).toEqual(dry?.detached.map(({ partition }) => partition));
  expect(await partitionsOf('audit_event')).not.toContain(old);
  expect(await partitionsOf('audit_event')).toContain(`audit_event_${await month(-3)}`);
  expect((await admin.query(`select from steno.${old}`)).rowCount).toBe(1);
});
