import type pg from 'pg';

/** What sync and the audit remember, and the rows the tests write. */
const tables = [
  'matter',
  'demand_letter',
  'letter_update',
  'conflict',
  'mutation',
  'change_feed',
  'feed_position',
  'audit_event',
  'audit_batch',
  'audit_head',
];

/** A backup of a test's server; `restore` puts it back as it was, as a restore from a backup does: whatever came after is forgotten. */
export async function backUpServer(admin: pg.Client): Promise<{ restore(): Promise<void> }> {
  await admin.query('drop schema if exists kept cascade; create schema kept');
  for (const table of tables) await admin.query(`create table kept.${table} as select * from steno.${table}`);
  return {
    async restore() {
      await admin.query('set session_replication_role = replica');
      for (const table of tables) await admin.query(`delete from steno.${table}; insert into steno.${table} select * from kept.${table}`);
      await admin.query('reset session_replication_role');
    },
  };
}
