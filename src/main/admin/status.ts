import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { explainDatabaseError } from './database-error.ts';
import { readRecorded, type ServerMigration } from './migration-record.ts';

export interface ServerStatus {
  server: { version: string; database: string; sizeBytes: number; startedAt: string; encoding: string; isStandby: boolean };
  schema: {
    version: number;
    /** The newest this Steno carries. */
    newest: number;
    pending: string[];
    /** Steps that ran there with another text than this Steno carries, or that it does not know. */
    drift: string[];
  };
  extensions: { name: string; version: string }[];
  roles: { name: string; canLogin: boolean; isSuperuser: boolean; connections: number }[];
  tables: { name: string; sizeBytes: number; rowsEstimate: number }[];
  /** null before the tables are there. */
  people: { firms: number; users: number; devices: number; sessions: number } | null;
  /** When the server last handed a WAL segment to its archive; null: never, or not archiving. A backup leaves no trace in the database. */
  lastArchivedAt: string | null;
}

/** What stands on this server, read only. Errors: forbidden, offline. */
export async function readStatus(admin: pg.Client, migrations: ServerMigration[]): Promise<Outcome<ServerStatus>> {
  try {
    const recorded = await readRecorded(admin);
    const version = recorded.at(-1)?.version ?? 0;
    const known = new Map(migrations.map((m) => [m.version, m.checksum]));
    return ok({
      server: await readServer(admin),
      schema: {
        version,
        newest: migrations.at(-1)?.version ?? 0,
        pending: migrations.filter((m) => m.version > version).map(({ name }) => name),
        drift: recorded.filter((row) => known.get(row.version) !== row.checksum).map(({ name }) => name),
      },
      extensions: await list(admin, 'select extname::text as name, extversion as version from pg_extension order by 1'),
      roles: await list(
        admin,
        `select rolname::text as name, rolcanlogin as "canLogin", rolsuper as "isSuperuser",
           (select count(*)::integer from pg_stat_activity a where a.usesysid = r.oid) as connections
         from pg_roles r where rolname like 'steno\\_%' order by 1`,
      ),
      tables: await readTables(admin),
      people: await readPeople(admin),
      lastArchivedAt:
        (await list<{ at: Date | null }>(admin, 'select last_archived_time as at from pg_stat_archiver'))[0]?.at?.toISOString() ?? null,
    });
  } catch (error) {
    const explained = explainDatabaseError(error, 'the look at the server', 'Nothing was changed.');
    if (!explained) throw error;
    return err(explained);
  }
}

async function list<T extends pg.QueryResultRow>(admin: pg.Client, sql: string): Promise<T[]> {
  return (await admin.query<T>(sql)).rows;
}

async function readServer(admin: pg.Client): Promise<ServerStatus['server']> {
  const [server] = await list<Omit<ServerStatus['server'], 'startedAt' | 'sizeBytes'> & { startedAt: Date; sizeBytes: string }>(
    admin,
    `select current_setting('server_version') as version, current_database()::text as database, pg_database_size(current_database()) as "sizeBytes",
       pg_postmaster_start_time() as "startedAt", current_setting('server_encoding') as encoding, pg_is_in_recovery() as "isStandby"`,
  );
  if (!server) throw new Error('the server does not say what it is');
  return { ...server, sizeBytes: Number(server.sizeBytes), startedAt: server.startedAt.toISOString() };
}

/** Partitions count with their parent, whose own estimate, once it was analyzed, is of the same rows. */
async function readTables(admin: pg.Client): Promise<ServerStatus['tables']> {
  const rows = await list<{ name: string; sizeBytes: string; rowsEstimate: string }>(
    admin,
    `select c.oid::regclass::text as name, sum(pg_total_relation_size(t.relid)) as "sizeBytes", sum(greatest(l.reltuples, 0)) filter (where l.relkind = 'r')::bigint as "rowsEstimate"
     from pg_class c, lateral (select relid from pg_partition_tree(c.oid) union select c.oid) t, pg_class l
     where c.relnamespace in (select oid from pg_namespace where nspname in ('steno', 'auth')) and c.relkind in ('r', 'p') and not c.relispartition
       and l.oid = t.relid
     group by c.oid order by 2 desc, 1`,
  );
  return rows.map(({ name, sizeBytes, rowsEstimate }) => ({ name, sizeBytes: Number(sizeBytes), rowsEstimate: Number(rowsEstimate) }));
}

async function readPeople(admin: pg.Client): Promise<ServerStatus['people']> {
  const [there] = await list<{ yes: boolean }>(
    admin,
    `select to_regclass('steno.firm') is not null and to_regclass('steno."user"') is not null and to_regclass('auth.session') is not null as yes`,
  );
  if (there?.yes !== true) return null;
  const [people] = await list<NonNullable<ServerStatus['people']>>(
    admin,
    `select (select count(*)::integer from steno.firm where deleted_at is null) as firms,
       (select count(*)::integer from steno."user" where deleted_at is null and is_active) as users,
       count(distinct (s.firm_id, s.device_id))::integer as devices, count(*)::integer as sessions
     from auth.session s where s.revoked_at is null and s.expires_at > now()`,
  );
  return people ?? null;
}
