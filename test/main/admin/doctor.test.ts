import { expect, test } from 'vitest';
import { decideDatabase } from '../../../src/main/admin/doctor/decide-database.ts';
import { decideLoad } from '../../../src/main/admin/doctor/decide-load.ts';
import { decideSettings } from '../../../src/main/admin/doctor/decide-settings.ts';
import { defaultLimits } from '../../../src/main/admin/doctor/finding.ts';
import type { ServerMeasures } from '../../../src/main/admin/doctor/measure-server.ts';
import { neededExtensions } from '../../../src/main/admin/preflight.ts';
import { monthsAhead, type DatabaseMeasures } from '../../../src/main/admin/doctor/measure-tables.ts';

const settings = {
  ...{ ssl: 'on', fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', data_checksums: 'on', autovacuum: 'on' },
  ...{ archive_mode: 'on', archive_command: 'cp %p x', archive_timeout: '300', listen_addresses: '*' },
  ...{ log_min_duration_statement: '1000', log_statement: 'none', log_parameter_max_length: '0' },
};
const healthyServer: ServerMeasures = {
  versionNumber: 180004,
  isStandby: false,
  settings,
  isLoopbackOnly: false,
  connections: { used: 10, most: 97, idleInTransaction: null, longestTransaction: null },
  standbys: [],
  slots: [],
  archive: { lastArchivedAgeMs: 60_000, isFailing: false, failedCount: 0, pendingBytes: 5e6 },
  oldestXidAge: 1e6,
  roles: [
    { name: 'steno_client', canLogin: true, powers: [], settings: [] },
    { name: 'steno_owner', canLogin: false, powers: [], settings: [] },
  ],
  extensions: ['plpgsql', ...neededExtensions],
};
const healthyDatabase: DatabaseMeasures = {
  schema: { version: 8, newest: 8, drift: [] },
  statisticsDays: 30,
  cache: { hits: 990_000, reads: 10_000 },
  slowStatements: [],
  indexes: [{ name: 'i', table: 't', sizeBytes: 1, scans: 5, isNeeded: false, isValid: true }],
  tables: [{ name: 't', live: 10_000, dead: 500, vacuumedAgeMs: 1, isAnalyzed: true }],
  partitioned: [{ name: 'steno.audit_event', monthsAhead: 2 }],
  openTables: [],
};

const ofServer = (over: Partial<ServerMeasures>) => {
  const measures = { ...healthyServer, ...over };
  return [...decideSettings(measures), ...decideLoad(measures, defaultLimits)].filter(({ level }) => level !== 'ok');
};
const ofDatabase = (over: Partial<DatabaseMeasures>, extensions = healthyServer.extensions) =>
  decideDatabase({ ...healthyDatabase, ...over }, extensions, defaultLimits).filter(({ level }) => level !== 'ok');
const withSettings = (over: Record<string, string>) => ofServer({ settings: { ...settings, ...over } });

test('a healthy server with a healthy database has nothing to do', () => {
  expect(ofServer({})).toEqual([]);
  expect(ofDatabase({})).toEqual([]);
});

const session = (ageMs: number) => ({ pid: 7, user: 'ada', application: 'psql', ageMs });
const { connections, archive } = healthyServer;

test.each<[what: string, findings: ReturnType<typeof ofServer>, check: string, level: string, words: RegExp]>([
  ['an old minor release', ofServer({ versionNumber: 150003 }), 'version', 'warn', /15\.18 is out/],
  ['fsync off', withSettings({ fsync: 'off' }), 'fsync', 'bad', /power cut.*alter system set fsync = on/],
  ['full_page_writes off', withSettings({ full_page_writes: 'off' }), 'full_page_writes', 'bad', /torn pages/],
  ['synchronous_commit off', withSettings({ synchronous_commit: 'off' }), 'synchronous_commit', 'bad', /told are safe/],
  ['autovacuum off', withSettings({ autovacuum: 'off' }), 'autovacuum', 'bad', /only grow/],
  ['no checksums', withSettings({ data_checksums: 'off' }), 'data_checksums', 'warn', /pg_checksums --enable/],
  ['no TLS', withSettings({ ssl: 'off' }), 'tls', 'bad', /ssl_cert_file/],
  ['no slow query log', withSettings({ log_min_duration_statement: '-1' }), 'slow query log', 'warn', /log_min_duration_statement = '1s'/],
  ['values in the log', withSettings({ log_parameter_max_length: '-1' }), 'client text in the log', 'bad', /session tokens/],
  ['few connections left', ofServer({ connections: { ...connections, used: 70 } }), 'connections', 'warn', /max_connections/],
  ['no connections left', ofServer({ connections: { ...connections, used: 96 } }), 'connections', 'bad', /pooler/],
  [
    'idle in transaction',
    ofServer({ connections: { ...connections, idleInTransaction: session(61_000) } }),
    'idle in transaction',
    'warn',
    /pid 7, ada, psql.*pg_terminate_backend\(7\)/,
  ],
  [
    'a long transaction',
    ofServer({ connections: { ...connections, longestTransaction: session(3_600_000) } }),
    'longest transaction',
    'bad',
    /60 min, pid 7/,
  ],
  ['a standby behind', ofServer({ standbys: [{ name: 'b', lagBytes: 2e9 }] }), 'replication lag', 'bad', /b: 2000 MB/],
  [
    'a slot nobody reads',
    ofServer({ slots: [{ name: 's', isActive: false, retainedBytes: 5, isLost: false }] }),
    'replication slot',
    'warn',
    /pg_drop_replication_slot\('s'\)/,
  ],
  ['a lost slot', ofServer({ slots: [{ name: 's', isActive: true, retainedBytes: 0, isLost: true }] }), 'replication slot', 'bad', /lost/],
  ['no archive', withSettings({ archive_mode: 'off' }), 'WAL archive', 'bad', /since the last backup/],
  ['an archive without command', withSettings({ archive_command: '', archive_library: '' }), 'WAL archive', 'bad', /Set archive_command/],
  ['no archive_timeout', withSettings({ archive_timeout: '0' }), 'WAL archive', 'bad', /archive_timeout = 300/],
  ['a failing archive', ofServer({ archive: { ...archive, isFailing: true, failedCount: 3 } }), 'WAL archive', 'bad', /3 failures/],
  ['a late archive', ofServer({ archive: { ...archive, lastArchivedAgeMs: 16 * 60_000 } }), 'WAL archive', 'bad', /last 16 min ago/],
  ['an archive not yet used', ofServer({ archive: { ...archive, lastArchivedAgeMs: null } }), 'WAL archive', 'warn', /pg_switch_wal/],
  ['wraparound near', ofServer({ oldestXidAge: 1.6e9 }), 'wraparound', 'bad', /vacuum \(freeze\)/],
  [
    'a client with powers',
    ofServer({ roles: [{ name: 'steno_client', canLogin: true, powers: ['bypasses row security'], settings: [] }] }),
    'roles',
    'bad',
    /steno_client: bypasses row security.*nobypassrls/,
  ],
  [
    'an owner that logs in',
    ofServer({ roles: [{ name: 'steno_owner', canLogin: true, powers: [], settings: [] }] }),
    'roles',
    'bad',
    /nologin/,
  ],
  [
    'settings on the client',
    ofServer({ roles: [{ name: 'steno_client', canLogin: true, powers: [], settings: ['app.session_token=secret'] }] }),
    'roles',
    'warn',
    /steno_client: app\.session_token Somebody set/,
  ],
  ['steps that wait', ofDatabase({ schema: { version: 7, newest: 8, drift: [] } }), 'schema', 'warn', /1 steps wait.*steno admin migrate/],
  ['a newer schema', ofDatabase({ schema: { version: 9, newest: 8, drift: [] } }), 'schema', 'bad', /newer Steno/],
  ['drift', ofDatabase({ schema: { version: 8, newest: 8, drift: ['0003_x'] } }), 'schema', 'bad', /0003_x ran with another text/],
  [
    'a missing extension',
    ofDatabase(
      {},
      neededExtensions.filter((name) => name !== 'pgcrypto'),
    ),
    'extensions',
    'bad',
    /create extension pgcrypto/,
  ],
  ['an open table', ofDatabase({ openTables: ['steno.fact'] }), 'row security', 'bad', /steno\.fact force row level security/],
  [
    'no partition next month',
    ofDatabase({ partitioned: [{ name: 'steno.audit_event', monthsAhead: 0 }] }),
    'partitions',
    'bad',
    /make_partitions\('audit_event'/,
  ],
  [
    'one partition ahead',
    ofDatabase({ partitioned: [{ name: 'steno.audit_event', monthsAhead: 1 }] }),
    'partitions',
    'warn',
    /1 months ahead/,
  ],
  ['no statistics of statements', ofDatabase({ slowStatements: null }), 'slow queries', 'warn', /create extension pg_stat_statements/],
  [
    'slow statements',
    ofDatabase({ slowStatements: [{ id: '42', start: 'select 1', calls: 3, meanMs: 1500.4 }] }),
    'slow queries',
    'warn',
    /1500 ms x 3 \(42\)/,
  ],
  ['a cold cache', ofDatabase({ cache: { hits: 9_000, reads: 1_000 } }), 'cache hit rate', 'warn', /90\.0%.*shared_buffers/],
  [
    'an unused index',
    ofDatabase({ indexes: [{ name: 'i', table: 't', sizeBytes: 1, scans: 0, isNeeded: false, isValid: true }] }),
    'unused indexes',
    'warn',
    /i Nothing read them in 30 days/,
  ],
  [
    'an invalid index',
    ofDatabase({ indexes: [{ name: 'i', table: 't', sizeBytes: 1, scans: 1, isNeeded: true, isValid: false }] }),
    'invalid indexes',
    'bad',
    /reindex index concurrently i/,
  ],
  [
    'dead rows',
    ofDatabase({ tables: [{ name: 't', live: 4000, dead: 2000, vacuumedAgeMs: null, isAnalyzed: true }] }),
    'bloat',
    'warn',
    /never vacuumed.*vacuum \(analyze\) t/,
  ],
  [
    'a table nobody analyzed',
    ofDatabase({ tables: [{ name: 't', live: 4000, dead: 0, vacuumedAgeMs: 1, isAnalyzed: false }] }),
    'never analyzed',
    'warn',
    /analyze;/,
  ],
])('%s is the one finding, with what it means and what to do', (_, findings, check, level, words) => {
  expect(findings).toEqual([expect.objectContaining({ check, level })]);
  const [{ value, sentence, todo } = { value: '', sentence: '', todo: '' }] = findings;
  expect(`${value} ${sentence} ${todo}`).toMatch(words);
  expect(todo).not.toBe('');
});

test('what is no fault is not called one: early statistics, needed indexes, an idle archive, TLS off on loopback, a small cache, few dead rows', () => {
  const unread = { name: 'i', table: 't', sizeBytes: 1, scans: 0, isNeeded: false, isValid: true };
  expect(ofDatabase({ indexes: [unread], statisticsDays: 6 })).toEqual([]);
  expect(ofDatabase({ indexes: [{ ...unread, isNeeded: true }] })).toEqual([]);
  expect(ofServer({ archive: { ...archive, lastArchivedAgeMs: 1e9, pendingBytes: 200 } })).toEqual([]);
  expect(ofServer({ settings: { ...settings, ssl: 'off' }, isLoopbackOnly: true })).toEqual([]);
  expect(ofDatabase({ cache: { hits: 10, reads: 90 } })).toEqual([]);
  expect(ofDatabase({ tables: [{ name: 't', live: 3, dead: 999, vacuumedAgeMs: null, isAnalyzed: false }] })).toEqual([]);
  expect(ofServer({ settings: { ...settings, archive_mode: 'off' }, standbys: [{ name: 'pg_receivewal', lagBytes: 0 }] })).toEqual([]);
});

test('months ahead: counted without a gap, over the end of a year, and none when this month itself is missing', () => {
  const month = (from: string, to: string) => `FOR VALUES FROM ('${from} 00:00:00+00') TO ('${to} 00:00:00+00')`;
  const [november, december, january] = [
    month('2026-11-01', '2026-12-01'),
    month('2026-12-01', '2027-01-01'),
    month('2027-01-01', '2027-02-01'),
  ];
  expect(monthsAhead([january, november, december], '2026-11')).toBe(2);
  expect(monthsAhead([november, january], '2026-11')).toBe(0);
  expect(monthsAhead([december, january], '2026-11')).toBe(-1);
  expect(monthsAhead(['DEFAULT'], '2026-11')).toBe(-1);
});
