import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { takeBackup } from '../../src/main/admin/backup/backup.ts';
import { drillBackup } from '../../src/main/admin/backup/drill.ts';
import { must } from '../support/laptop.ts';
import { addMatters, startPrimary } from '../support/own-primary.ts';

const quiet = { onProgress: () => undefined };

describe.each(['18', '15'])('point in time, Postgres %s', async (major) => {
  const folder = mkdtempSync(join(tmpdir(), 'steno-archive-'));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const wal = join(folder, 'wal');
  mkdirSync(wal);
  chmodSync(wal, 0o777); // the server's account writes there
  const primary = await startPrimary(major, { archive_mode: 'on', archive_command: `cp %p '${wal}/%f'` });
  const { admin } = primary;
  await addMatters(admin, 1, 100);
  const from = must(await takeBackup(admin, { url: primary.url, out: join(primary.folder, 'backups'), kind: 'base', ...quiet })).folder;
  await addMatters(admin, 101, 101);
  const { rows } = await admin.query<{ time: string; lsn: string }>(
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time, pg_current_wal_insert_lsn()::text as lsn`,
  );
  const between = rows[0] ?? { time: '', lsn: '' };
  await addMatters(admin, 102, 102);
  const last = (await admin.query<{ name: string }>('select pg_walfile_name(pg_switch_wal()) as name')).rows[0]?.name ?? '';
  await vi.waitFor(async () => {
    const archived = await admin.query<{ name: string | null }>('select last_archived_wal as name from pg_stat_archiver');
    expect((archived.rows[0]?.name ?? '') >= last).toBe(true);
  }, 10_000);

  const mattersAt = async (until?: string): Promise<number | undefined> => {
    const report = must(await drillBackup({ from, recovery: { wal, ...(until !== undefined && { until }) }, ...quiet }));
    expect(report).toMatchObject({ verdict: 'sound', problems: [] });
    expect(report.tables.find(({ table }) => table === 'auth.credential')?.verdict).toBe('equal');
    const matter = report.tables.find(({ table }) => table === 'steno.matter');
    // rows that were replayed over are not what the backup recorded, and are not called so
    expect(matter?.verdict).toBe('changed');
    return matter?.rows;
  };

  test('between two commits, by time and by position: the first is there and the second is not', async () => {
    expect(await mattersAt(between.time)).toBe(101);
    expect(await mattersAt(between.lsn)).toBe(101);
  });

  test('without a target, to the end of the archive: both are there; without the archive: neither is', async () => {
    expect(await mattersAt()).toBe(102);
    const bare = must(await drillBackup({ from, recovery: null, ...quiet }));
    expect(bare.tables.find(({ table }) => table === 'steno.matter')).toMatchObject({ verdict: 'equal', rows: 100 });
  });

  test('a time that the archive does not reach, and one before the backup, are named', async () => {
    const until = async (text: string) => drillBackup({ from, recovery: { wal, until: text }, ...quiet });
    expect(await until('2126-01-01T00:00:00Z')).toMatchObject({
      ok: false,
      error: { reason: expect.stringContaining('ends before --until') },
    });
    for (const early of ['2020-01-01T00:00:00Z', '0/1000000'])
      expect(await until(early)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('before the end of this backup') } });
  });
});
