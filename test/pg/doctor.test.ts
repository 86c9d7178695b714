import { describe, expect, test } from 'vitest';
import { examine } from '../../src/main/admin/doctor/doctor.ts';
import { defaultLimits } from '../../src/main/admin/doctor/finding.ts';
import { serverMigrations } from '../../src/main/admin/server-migrations.ts';
import { adminServerCommands } from '../../src/main/cli/admin-server-commands.ts';
import { must } from '../support/laptop.ts';
import { startPrimary } from '../support/own-primary.ts';
import { runCommand } from '../support/run-command.ts';

describe.each(['18', '15'])('doctor on Postgres %s', async (major) => {
  const { admin, connect, url } = await startPrimary(major, {
    log_min_duration_statement: '1s',
    shared_preload_libraries: 'pg_stat_statements',
  });
  const migrations = serverMigrations();
  // so that what was made a second ago counts
  const strict = { ...defaultLimits, unusedAfterDays: 0, idleInTransactionMs: [0, 60_000] as [number, number] };
  const findings = async () => must(await examine(admin, migrations, strict)).findings;
  const valueOf = async (check: string, level: string): Promise<string[]> =>
    (await findings()).filter((finding) => finding.check === check && finding.level === level).map(({ value }) => value);

  test('the set-up of a test server is seen for what it is', async () => {
    const found = await findings();
    const bad = found.filter(({ level }) => level === 'bad').map(({ check }) => check);
    expect(bad.sort()).toEqual(['WAL archive', 'client text in the log', 'fsync', 'full_page_writes', 'synchronous_commit']);
    expect(
      found.filter(({ check }) => ['schema', 'extensions', 'row security', 'partitions', 'tls', 'wraparound', 'roles'].includes(check)),
    ).toSatisfy((list: typeof found) => list.length >= 7 && list.every(({ level }) => level === 'ok'));
    expect(await valueOf('data_checksums', major === '18' ? 'ok' : 'warn')).toEqual([major === '18' ? 'on' : 'off']);
    expect(await valueOf('slow queries', 'warn')).toEqual(['not measured']);
    const levels = found.map(({ level }) => level);
    expect(levels).toEqual([...levels].sort((a, b) => ['bad', 'warn', 'ok'].indexOf(a) - ['bad', 'warn', 'ok'].indexOf(b)));
  });

  test('somebody idle in a transaction is named, and is gone from the findings when gone', async () => {
    expect(await valueOf('idle in transaction', 'warn')).toEqual([]);
    const idle = await connect();
    await idle.query("set application_name = 'forgotten'");
    await idle.query('begin');
    expect(await valueOf('idle in transaction', 'warn')).toEqual([expect.stringMatching(/pid \d+, postgres, forgotten/)]);
    await idle.query('rollback');
    expect(await valueOf('idle in transaction', 'warn')).toEqual([]);
  });

  test('an index that nothing reads is named until something reads it', async () => {
    await admin.query('create table public.ballast as select n, n % 7 as part from generate_series(1, 5000) n');
    await admin.query('create index ballast_part on public.ballast (part)');
    expect((await valueOf('unused indexes', 'warn')).join()).toContain('ballast_part');
    await admin.query(
      'set enable_seqscan = off; select count(*) from public.ballast where part = 3; reset enable_seqscan; select pg_stat_force_next_flush()',
    );
    expect((await valueOf('unused indexes', 'warn')).join()).not.toContain('ballast_part');
  });

  test('slow statements are counted once pg_stat_statements is there, by their beginning only, and others not at all', async () => {
    await admin.query('create extension pg_stat_statements');
    await admin.query('select count(*) from public.ballast where part = 3 and n > 17');
    await admin.query("alter role postgres set application_name = 'secret of somebody'");
    expect(await valueOf('slow queries', 'ok')).toEqual(['none']);
    const all = must(await examine(admin, migrations, { ...strict, slowMs: 0 })).findings.find(({ check }) => check === 'slow queries');
    expect(all).toMatchObject({ level: 'warn', value: expect.stringMatching(/\d+ ms x \d+ \(-?\d+\)/) });
    expect(all?.value).not.toContain('secret');
    await admin.query('drop extension pg_stat_statements');
  });

  test('dead rows are seen until they are vacuumed', async () => {
    await admin.query('alter table public.ballast set (autovacuum_enabled = off)');
    await admin.query('update public.ballast set n = n + 1; select pg_stat_force_next_flush()');
    expect(await valueOf('bloat', 'warn')).toEqual([expect.stringMatching(/^ballast: 5\d\d\d dead|^public\.ballast: 5\d\d\d dead/)]);
    await admin.query('vacuum analyze public.ballast');
    await admin.query('select pg_stat_force_next_flush()');
    expect(await valueOf('bloat', 'warn')).toEqual([]);
  });

  test('a month without its partition, an open table, a client with a power: each is bad, with the line that mends it', async () => {
    const mend = async (check: string): Promise<void> => {
      const todo = (await findings()).find((finding) => finding.check === check && finding.level === 'bad')?.todo ?? '';
      expect(todo).not.toBe('');
      await admin.query(todo);
      expect(await valueOf(check, 'bad')).toEqual([]);
    };
    const next =
      (await admin.query<{ name: string }>("select 'steno.audit_event_' || to_char(now() + interval '1 month', 'YYYY_MM') as name")).rows[0]
        ?.name ?? '';
    await admin.query(`drop table ${next}`);
    expect(await valueOf('partitions', 'bad')).toEqual(['steno.audit_event: 0 months ahead']);
    await mend('partitions');
    await admin.query('alter table steno.fact no force row level security');
    expect(await valueOf('row security', 'bad')).toEqual(['steno.fact']);
    await mend('row security');
    await admin.query("alter role steno_client bypassrls; alter role steno_client set app.session_token = 'x'");
    expect(await valueOf('roles', 'bad')).toEqual(['steno_client: bypasses row security']);
    expect(await valueOf('roles', 'warn')).toEqual(['steno_client: app.session_token']);
    await mend('roles');
    await admin.query('alter role steno_client reset all');
  });

  test('on the command line: the worst first, with what to do; exit code 1 while something is bad', async () => {
    const ran = await runCommand(adminServerCommands['admin doctor'], ['--url', url]);
    expect(ran).toMatchObject({ code: 1, said: expect.stringMatching(/^bad +\S.*\n +\S/), outcome: { value: { level: 'bad' } } });
  });
});
