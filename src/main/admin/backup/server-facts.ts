import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import type { BackupRecord } from './backup-folder.ts';

/** What a backup needs to know of the server it comes from. */
export interface SourceServer extends Pick<BackupRecord, 'server' | 'database' | 'schemaVersion' | 'roles'> {
  segmentBytes: number;
  /** Data file -> table or index. */
  relations: Record<string, string>;
}

/** Errors: unsupported and forbidden, with what to change on the server. */
export async function readSource(admin: pg.Client, kind: 'base' | 'dump'): Promise<Outcome<SourceServer>> {
  const { rows } = await admin.query<{
    version: string;
    number: number;
    database: string;
    isSuperuser: boolean;
    level: string;
    senders: number;
    slots: number;
    tablespaces: number;
    segment: string;
  }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number, current_database()::text as database,
       (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser", current_setting('wal_level') as level,
       current_setting('max_wal_senders')::integer as senders, current_setting('max_replication_slots')::integer as slots,
       (select count(*)::integer from pg_tablespace where spcname !~ '^pg_') as tablespaces,
       pg_size_bytes(current_setting('wal_segment_size')) as segment`,
  );
  const found = rows[0];
  if (!found) throw new Error('the server does not say what it is');
  const refuse = (reason: string): Outcome<never> =>
    err({ code: 'unsupported', what: 'this Postgres server', reason: `${reason} No backup was made.` });
  if (found.number < 150000) return refuse(`It is version ${found.version}; Steno backs up 15 and newer.`);
  if (!found.isSuperuser)
    return err({ code: 'forbidden', what: 'this database', reason: 'A backup reads every row: use a superuser. No backup was made.' });
  if (kind === 'base' && (found.level === 'minimal' || found.senders === 0 || found.slots === 0))
    return refuse(
      `A base backup needs wal_level = replica, max_wal_senders and max_replication_slots above 0 (here ${found.level}, ${String(found.senders)}, ${String(found.slots)}). Change them in postgresql.conf and restart, or use --kind dump.`,
    );
  if (kind === 'base' && found.tablespaces > 0)
    return refuse(
      `It has ${String(found.tablespaces)} tablespaces of its own, which a base backup of Steno does not hold. Use pg_basebackup, or --kind dump.`,
    );
  return ok({
    server: { version: found.version, major: Math.floor(found.number / 10_000) },
    database: found.database,
    schemaVersion: await readVersion(admin),
    roles: await readRoles(admin),
    segmentBytes: Number(found.segment),
    relations: kind === 'base' ? await readRelations(admin) : {},
  });
}

async function readVersion(admin: pg.Client): Promise<number> {
  const there = await admin.query("select from pg_class where relname = 'steno_migration' and relnamespace = 'public'::regnamespace");
  if (there.rowCount === 0) return 0;
  const { rows } = await admin.query<{ v: number | null }>('select max(version) as v from public.steno_migration');
  return rows[0]?.v ?? 0;
}

/** Whoever owns something or was granted something here, apart from superusers and what Postgres brings. */
async function readRoles(admin: pg.Client): Promise<SourceServer['roles']> {
  const { rows } = await admin.query<SourceServer['roles'][number]>(
    `select rolname::text as name, rolcanlogin as "canLogin", rolinherit as inherits from pg_roles
     where not rolsuper and rolname !~ '^pg_' and oid in (select refobjid from pg_shdepend where refclassid = 'pg_authid'::regclass
       and dbid in (0, (select oid from pg_database where datname = current_database()))) order by 1`,
  );
  return rows;
}

async function readRelations(admin: pg.Client): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ path: string; name: string }>(
    `select pg_relation_filepath(c.oid) as path, format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where pg_relation_filepath(c.oid) is not null and n.nspname !~ '^pg_(temp|toast_temp)'`,
  );
  return Object.fromEntries(rows.map(({ path, name }) => [path, name]));
}
