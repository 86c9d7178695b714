import type pg from 'pg';

/** What the whole server shows: settings, connections, copies elsewhere. Times are ages by the server's own clock. */
export interface ServerMeasures {
  versionNumber: number;
  isStandby: boolean;
  settings: Record<string, string>;
  /** TLS may be off where nobody but this machine can connect. */
  isLoopbackOnly: boolean;
  connections: { used: number; most: number; idleInTransaction: Session | null; longestTransaction: Session | null };
  standbys: { name: string; lagBytes: number }[];
  slots: { name: string; isActive: boolean; retainedBytes: number; isLost: boolean }[];
  /** pendingBytes: written since the last segment that was archived. */
  archive: { lastArchivedAgeMs: number | null; isFailing: boolean; failedCount: number; pendingBytes: number | null };
  /** Of the database nearest to wraparound. */
  oldestXidAge: number;
  roles: { name: string; canLogin: boolean; powers: string[]; settings: string[] }[];
  extensions: string[];
}

export interface Session {
  pid: number;
  user: string;
  application: string;
  ageMs: number;
}

const settingNames = [
  ...['ssl', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'autovacuum', 'password_encryption', 'wal_level'],
  ...['archive_mode', 'archive_command', 'archive_library', 'archive_timeout', 'log_min_duration_statement', 'log_statement'],
  ...['log_parameter_max_length', 'shared_preload_libraries', 'listen_addresses'],
];

export async function measureServer(admin: pg.Client): Promise<ServerMeasures> {
  const { rows } = await admin.query<Pick<ServerMeasures, 'versionNumber' | 'isStandby' | 'settings' | 'extensions'> & { xid: number }>(
    `select current_setting('server_version_num')::integer as "versionNumber", pg_is_in_recovery() as "isStandby",
       (select jsonb_object_agg(s.name, s.setting) from pg_settings s where s.name = any ($1)) as settings,
       (select jsonb_agg(e.extname) from pg_extension e) as extensions, (select max(age(d.datfrozenxid)) from pg_database d) as xid`,
    [settingNames],
  );
  const found = rows[0];
  if (!found) throw new Error('the server does not say what it is');
  const { xid, ...server } = found;
  const addresses = (server.settings['listen_addresses'] ?? '').split(',').map((address) => address.trim());
  return {
    ...server,
    isLoopbackOnly: addresses.every((address) => ['', 'localhost', '127.0.0.1', '::1'].includes(address)),
    connections: await measureConnections(admin),
    standbys: await measureStandbys(admin),
    slots: await measureSlots(admin),
    archive: await measureArchive(admin),
    oldestXidAge: xid,
    roles: await measureRoles(admin),
  };
}

async function measureConnections(admin: pg.Client): Promise<ServerMeasures['connections']> {
  const { rows } = await admin.query<{ used: number; most: number }>(
    `select (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as used,
       current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer as most`,
  );
  const oldest = async (where: string, since: string): Promise<Session | null> => {
    const sessions = await admin.query<Session>(
      `select pid, coalesce(usename, '')::text as "user", application_name as application, (extract(epoch from clock_timestamp() - ${since}) * 1000)::float8 as "ageMs"
       from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend' and ${where} order by ${since} limit 1`,
    );
    return sessions.rows[0] ?? null;
  };
  return {
    used: rows[0]?.used ?? 0,
    most: rows[0]?.most ?? 0,
    idleInTransaction: await oldest("state like 'idle in transaction%'", 'state_change'),
    longestTransaction: await oldest('xact_start is not null', 'xact_start'),
  };
}

/** Where the WAL is now; a standby has none of its own. */
const position = 'case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end';

async function measureStandbys(admin: pg.Client): Promise<ServerMeasures['standbys']> {
  const { rows } = await admin.query<{ name: string; lag: string | null }>(
    `select application_name as name, pg_wal_lsn_diff(${position}, coalesce(replay_lsn, flush_lsn, sent_lsn)) as lag from pg_stat_replication where state <> 'backup'`,
  );
  return rows.map(({ name, lag }) => ({ name, lagBytes: Number(lag ?? 0) }));
}

async function measureSlots(admin: pg.Client): Promise<ServerMeasures['slots']> {
  const { rows } = await admin.query<{ name: string; isActive: boolean; retained: string | null; isLost: boolean }>(
    `select slot_name::text as name, active as "isActive", pg_wal_lsn_diff(${position}, restart_lsn) as retained, coalesce(wal_status = 'lost', false) as "isLost"
     from pg_replication_slots where not temporary`,
  );
  return rows.map(({ name, isActive, retained, isLost }) => ({ name, isActive, isLost, retainedBytes: Number(retained ?? 0) }));
}

async function measureArchive(admin: pg.Client): Promise<ServerMeasures['archive']> {
  const { rows } = await admin.query<{
    age: number | null;
    isFailing: boolean;
    failed: string;
    last: string | null;
    segment: string;
    position: string;
  }>(
    `select (extract(epoch from clock_timestamp() - last_archived_time) * 1000)::float8 as age, failed_count as failed, last_archived_wal as last,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing",
       pg_size_bytes(current_setting('wal_segment_size')) as segment, pg_wal_lsn_diff(${position}, '0/0') as position
     from pg_stat_archiver`,
  );
  const [archive] = rows;
  if (!archive) return { lastArchivedAgeMs: null, isFailing: false, failedCount: 0, pendingBytes: null };
  return {
    lastArchivedAgeMs: archive.age,
    isFailing: archive.isFailing,
    failedCount: Number(archive.failed),
    pendingBytes: archive.last === null ? null : Number(archive.position) - endOfSegment(archive.last, Number(archive.segment)),
  };
}

/** A segment's name holds the timeline, the upper half of its position, and its number in that half. */
function endOfSegment(name: string, segmentBytes: number): number {
  const [high, number] = [Number.parseInt(name.slice(8, 16), 16), Number.parseInt(name.slice(16, 24), 16)];
  return high * 2 ** 32 + (number + 1) * segmentBytes;
}

async function measureRoles(admin: pg.Client): Promise<ServerMeasures['roles']> {
  const { rows } = await admin.query<ServerMeasures['roles'][number]>(
    `select rolname::text as name, rolcanlogin as "canLogin",
       array_remove(array[case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypasses row security' end, case when rolcreaterole then 'makes roles' end,
         case when rolcreatedb then 'makes databases' end, case when rolreplication then 'replicates' end], null) as powers,
       coalesce((select array_agg(c) from pg_db_role_setting s, unnest(s.setconfig) c where s.setrole = r.oid), '{}') as settings
     from pg_roles r where rolname like 'steno\\_%' order by 1`,
  );
  return rows;
}
