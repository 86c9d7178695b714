import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { takeBackup, type BackupOptions } from '../../src/main/admin/backup/backup.ts';
import { drillBackup } from '../../src/main/admin/backup/drill.ts';
import { restoreToDatabase } from '../../src/main/admin/backup/restore.ts';
import { findPostgres } from '../../src/main/admin/find-postgres.ts';
import { copyOf, flipAt, recordAgain, replaceFile } from '../support/backup-damage.ts';
import { must } from '../support/laptop.ts';
import { addMatters, startPrimary, type Primary } from '../support/own-primary.ts';

// each brings servers up, on machines that do other things as well
vi.setConfig({ testTimeout: 90_000 });

const quiet = { onProgress: () => undefined };

function dump(primary: Primary, options: Partial<BackupOptions> = {}) {
  return takeBackup(primary.admin, { url: primary.url, out: join(primary.folder, 'backups'), kind: 'dump', ...quiet, ...options });
}

const drill = async (from: string) => must(await drillBackup({ from, recovery: null, ...quiet }));

describe('dumps of Postgres 15, by its own pg_dump', async () => {
  const primary = await startPrimary('15', { wal_level: 'minimal', max_wal_senders: '0' });
  await addMatters(primary.admin, 1, 500);
  const good = must(await dump(primary)).folder;

  test('rows and dump are of one snapshot: what is written meanwhile is in neither, and the drill finds all equal', async () => {
    const writer = await primary.connect();
    let written = Promise.resolve();
    const onProgress = (): void => {
      written = written.then(() => addMatters(writer, 9000, 9000));
    };
    const busy = must(await dump(primary, { onProgress }));
    await written;
    expect((await writer.query("select from steno.matter where title = 'Matter 9000'")).rowCount).toBeGreaterThan(10);
    const report = await drill(busy.folder);
    expect(report).toMatchObject({ verdict: 'sound', problems: [] });
    expect(report.tables.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
    expect(report.tables.find(({ table }) => table === 'steno.matter')).toMatchObject({ rows: 500 });
  });

  test('into an empty database: loaded and compared, without the secret of the file store; a database with something in it is refused untouched', async () => {
    // a key to what lies outside does not travel with a dump; IT gives it again
    await primary.admin.query(`insert into auth.file_store (firm_id, endpoint, bucket, region, access_key, is_path_style)
      select firm_id, 'https://files.firm.example', 'steno-files', 'us-east-1', 'AKIA', true from steno.firm`);
    await primary.admin.query(`insert into auth.file_secret select firm_id, 'the key to the files' from auth.file_store`);
    const good = must(await dump(primary)).folder;
    await primary.admin.query('create database second template template0');
    const url = primary.url.replace(/postgres$/, 'second');
    const second = new pg.Client({ connectionString: url });
    await second.connect();
    try {
      const { tables } = must(await restoreToDatabase(second, { from: good, url, ...quiet }));
      expect(tables.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
      expect((await second.query('select from steno.matter')).rowCount).toBe(
        (await primary.admin.query('select from steno.matter')).rowCount,
      );
      expect((await second.query('select from auth.file_store')).rowCount).toBe(1);
      expect((await second.query('select from auth.file_secret')).rowCount).toBe(0);
      expect(await restoreToDatabase(second, { from: good, url, ...quiet })).toMatchObject({ ok: false, error: { code: 'conflict' } });
    } finally {
      await second.end();
    }
  });

  test('a flipped byte is found before loading; another dump under the same name is found in the rows', async () => {
    const flipped = copyOf(good, 'flipped');
    flipAt(join(flipped, 'database.dump'), 'PGDMP');
    expect(await drill(flipped)).toMatchObject({
      verdict: 'damaged',
      problems: ['database.dump has other content than when it was written'],
    });
    await primary.admin.query(`update steno.firm set firm_name = 'Another'`);
    const newer = must(await dump(primary)).folder;
    const mixed = copyOf(good, 'mixed');
    replaceFile(mixed, 'database.dump', newer);
    await recordAgain(mixed, 'database.dump');
    const report = await drill(mixed);
    expect(report.verdict).toBe('damaged');
    expect(report.tables.find(({ table }) => table === 'steno.firm')).toMatchObject({ verdict: 'differs', comparedRows: 0, rows: 1 });
    expect(report.tables.find(({ table }) => table === 'auth.credential')).toMatchObject({ verdict: 'equal' });
  });

  test('a base backup of a server that keeps no WAL for it is refused with the settings to change', async () => {
    expect(await dump(primary, { kind: 'base' })).toMatchObject({
      ok: false,
      error: { code: 'unsupported', reason: expect.stringMatching(/wal_level = replica.*\(here minimal, 0, 4\).*--kind dump/) },
    });
  });
});

test('a pg_dump that is older than the server is refused with what to install', async () => {
  const primary = await startPrimary('18');
  const { bin } = await findPostgres('15');
  expect(await dump(primary, { pgBin: bin })).toMatchObject({
    ok: false,
    error: {
      code: 'unsupported',
      reason: expect.stringMatching(/pg_dump 18 or newer; found is only version 15\. .*postgresql-client-18.*--kind base/),
    },
  });
});
