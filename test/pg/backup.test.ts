import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { takeBackup, type BackupOptions } from '../../src/main/admin/backup/backup.ts';
import { drillBackup, type DrillReport } from '../../src/main/admin/backup/drill.ts';
import { restoreToFolder } from '../../src/main/admin/backup/restore.ts';
import { startEmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import { findRunAs } from '../../src/main/admin/postgres-binaries.ts';
import { giveTo } from '../../src/main/admin/postgres-data.ts';
import { copyOf, flipAt, recordAgain, replaceFile, truncate } from '../support/backup-damage.ts';
import { must } from '../support/laptop.ts';
import { addMatters, startPrimary, type Primary } from '../support/own-primary.ts';
import { silentLog } from '../support/silent-log.ts';

const quiet = { onProgress: () => undefined };

function backUp(primary: Primary, options: Partial<BackupOptions> = {}) {
  return takeBackup(primary.admin, { url: primary.url, out: join(primary.folder, 'backups'), kind: 'base', ...quiet, ...options });
}

const drill = async (from: string): Promise<DrillReport> => must(await drillBackup({ from, recovery: null, ...quiet }));
const notEqual = (report: DrillReport) => report.tables.filter(({ verdict }) => verdict !== 'equal');

describe.each(['18', '15'])('base backups of Postgres %s', async (major) => {
  const primary = await startPrimary(major);
  await addMatters(primary.admin, 1, 3000);
  // rows whose text stands in one place only: what happens to a firm's own tables is in the audit as well
  await primary.admin.query(
    "create table public.ballast as select n, 'ballast ' || n as note from generate_series(1, 3000) n; alter table public.ballast add primary key (n)",
  );
  const good = must(await backUp(primary)).folder;

  test('a quiet server: the drill finds every row of every table equal; folder and files are for their owner only', async () => {
    expect((await stat(good)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(good)) expect((await stat(join(good, name))).mode & 0o777).toBe(0o600);
    const report = await drill(good);
    expect(report).toMatchObject({ verdict: 'sound', problems: [] });
    expect(notEqual(report)).toEqual([]);
    expect(report.tables.find(({ table }) => table === 'steno.matter')).toMatchObject({ rows: 3000, comparedRows: 3000 });
    expect(report.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['auth.session', 'public.steno_migration', 'steno.firm']),
    );
  });

  test('a busy server: rows that changed while it ran are named and never called equal, all others are compared', async () => {
    const writer = await primary.connect();
    const state = { isDone: false };
    const busy = async (): Promise<void> => {
      for (let n = 0; !state.isDone; n += 1) {
        await writer.query(`update steno.matter set revision = revision + 1 where title = 'Matter ${String((n % 20) + 1)}'`);
        // rows that come and go between the two looks leave no trace in either
        await writer.query(
          "insert into public.steno_migration values (9000, 'passing', 'x'); delete from public.steno_migration where version = 9000",
        );
        await addMatters(writer, 10_000 + n, 10_000 + n);
      }
    };
    const writing = busy();
    const taken = must(await backUp(primary));
    state.isDone = true;
    await writing;
    const report = await drill(taken.folder);
    expect(report).toMatchObject({ verdict: 'sound', problems: [] });
    const matter = report.tables.find(({ table }) => table === 'steno.matter');
    expect(matter).toMatchObject({ verdict: 'changed', reason: expect.stringMatching(/rows changed after the rows were recorded/) });
    expect(matter?.comparedRows).toBeGreaterThan(1000);
    expect(matter?.comparedRows).toBeLessThan(matter?.rows ?? 0);
    expect(report.tables.find(({ table }) => table === 'steno.firm')?.verdict).toBe('equal');
  });

  test('a flipped byte, a cut or missing file, a cut record: each is found and named before anything is started', async () => {
    const flipped = copyOf(good, 'flipped');
    flipAt(join(flipped, 'base.tar'), 'ballast 2999');
    const { verdict, problems, tables } = await drill(flipped);
    expect([verdict, tables]).toEqual(['damaged', []]);
    expect(problems[0]).toBe('base.tar has other content than when it was written');
    expect(problems.slice(1)).toEqual([expect.stringMatching(/^inside it: base\/\d+\/\d+, which is public\.ballast$/)]);

    const cut = copyOf(good, 'cut');
    truncate(join(cut, 'base.tar'));
    expect((await drill(cut)).problems).toEqual(['base.tar cannot be unpacked: the archive ends in the middle']);
    const missing = copyOf(good, 'missing');
    await rm(join(missing, 'backup_manifest'));
    expect((await drill(missing)).problems).toContain('backup_manifest is missing');
    const rowless = copyOf(good, 'rowless');
    truncate(join(rowless, 'row-hashes.json'));
    expect((await drill(rowless)).problems).toEqual([expect.stringMatching(/^row-hashes\.json has \d+ bytes instead of/)]);
    const recordless = copyOf(good, 'recordless');
    truncate(join(recordless, 'steno-backup.json'));
    expect(await drillBackup({ from: recordless, recovery: null, ...quiet })).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(await drillBackup({ from: primary.folder, recovery: null, ...quiet })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
  });

  test('damage that no file’s hash shows is found in the rows, and the table is named', async () => {
    const older = copyOf(good, 'older');
    await primary.admin.query(`update steno.firm set firm_name = 'Another'`);
    const newer = must(await backUp(primary)).folder;
    await primary.admin.query(`update steno.firm set firm_name = 'Firm'`);
    replaceFile(older, 'row-hashes.json', newer);
    await recordAgain(older, 'row-hashes.json');
    const report = await drill(older);
    expect(report).toMatchObject({ verdict: 'damaged', problems: [] });
    expect(notEqual(report).map(({ table, verdict }) => `${table} ${verdict}`)).toContain('steno.firm differs');

    const rotten = copyOf(good, 'rotten');
    flipAt(join(rotten, 'base.tar'), 'ballast 2999');
    await recordAgain(rotten, 'base.tar');
    const found = await drill(rotten);
    expect(found.verdict).toBe('damaged');
    // 18 has checksums on its pages, which say it first; 15 has none by default
    if (major === '18') expect(found.problems).toEqual([expect.stringMatching(/^public\.ballast cannot be read: invalid page/)]);
    else expect(notEqual(found)).toEqual([expect.objectContaining({ table: 'public.ballast', verdict: 'differs', rows: 3000 })]);
  });

  test('a data directory from it starts and holds the rows; a folder with something in it, or a damaged backup, is refused', async () => {
    const to = join(good, '..', '..', 'restored');
    must(await restoreToFolder(to, { from: good, recovery: null, ...quiet }));
    expect(await restoreToFolder(to, { from: good, recovery: null, ...quiet })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    });
    expect(await restoreToFolder(`${to}-2`, { from: `${good}-flipped`, recovery: null, ...quiet })).toMatchObject({
      ok: false,
      error: { code: 'corrupt' },
    });
    expect(await readdir(`${to}-2`)).toEqual([]);
    const owner = findRunAs();
    if (owner) await giveTo(to, owner);
    const server = await startEmbeddedPostgres({ dataDir: to, major, durable: false, log: silentLog });
    const { host, port, superuser: user, superuserPassword: password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'postgres' });
    await client.connect();
    const { rows } = await client.query('select count(*)::int as n from steno.matter').finally(() => client.end());
    await server.stop();
    expect(rows).toEqual([{ n: 3000 }]);
  });

  test('a backup that fails on the way leaves nothing and says why', async () => {
    const before = await readdir(join(primary.folder, 'backups'));
    const full = (text: string): void => {
      if (text.startsWith('copying')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    expect(await backUp(primary, { onProgress: full })).toMatchObject({ ok: false, error: { code: 'full' } });
    await writeFile(join(primary.folder, 'file'), '');
    expect(await backUp(primary, { out: join(primary.folder, 'file') })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(await readdir(join(primary.folder, 'backups'))).toEqual(before);
    expect((await primary.admin.query('select from pg_replication_slots')).rowCount).toBe(0);
    must(await backUp(primary));
  });
});
