import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findClientProgram, findServerProgram } from '../../../src/main/admin/backup/programs.ts';
import { checkTarget, explainRecovery, parseTarget, recoverySettings } from '../../../src/main/admin/backup/recovery.ts';
import { unpackTar } from '../../../src/main/admin/backup/tar.ts';
import type { BackupRecord } from '../../../src/main/admin/backup/backup-folder.ts';
import { must, testFolder } from '../../support/laptop.ts';

const folder = testFolder();
const fresh = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};
const nothing = (): void => undefined;

test('an archive comes out as it went in: folders, empty files, names over a hundred letters; its own hash too', () => {
  const source = fresh('source');
  const deep = `${'long-folder-name/'.repeat(7)}file`;
  const contents: Record<string, string> = { PG_VERSION: '18\n', empty: '', 'base/5/16384': 'x'.repeat(1_500_000), [deep]: 'deep' };
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(join(source, path, '..'), { recursive: true });
    writeFileSync(join(source, path), text);
  }
  const archive = join(folder, 'a.tar');
  execFileSync('tar', ['--format=ustar', '-cf', archive, '-C', source, ...Object.keys(contents)]);
  const target = fresh('target');
  const unpacked = unpackTar(archive, target, nothing);
  expect(unpacked.sha256).toBe(createHash('sha256').update(readFileSync(archive)).digest('hex'));
  expect(unpacked.files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual(
    Object.entries(contents).map(([path, text]) => [path, text.length]),
  );
  for (const [path, text] of Object.entries(contents)) expect(readFileSync(join(target, path), 'utf8')).toBe(text);
});

test('an archive that is cut, or names a place outside, or holds a link is refused', () => {
  const whole = readFileSync(join(folder, 'a.tar'));
  writeFileSync(join(folder, 'cut.tar'), whole.subarray(0, 3000));
  expect(() => unpackTar(join(folder, 'cut.tar'), fresh('cut'), nothing)).toThrow('ends in the middle');
  const outside = Buffer.from(whole);
  outside.write('../x\0', 0);
  writeFileSync(join(folder, 'outside.tar'), outside);
  expect(() => unpackTar(join(folder, 'outside.tar'), fresh('outside'), nothing)).toThrow('outside its folder');
  const link = Buffer.from(whole);
  link.write('2', 156);
  writeFileSync(join(folder, 'link.tar'), link);
  expect(() => unpackTar(join(folder, 'link.tar'), fresh('link'), nothing)).toThrow('of a kind that Postgres does not write');
});

test('targets: a time needs its zone, a position is an LSN, both need --wal; what lies before the backup’s end is refused', () => {
  for (const until of ['yesterday', '2026-03-01', '2026-03-01T14:05:00', "2026-03-01T14:05:00Z' or 1", '0/', '3000148'])
    expect(parseTarget('/wal', until)).toMatchObject({ ok: false });
  for (const until of ['2026-03-01T14:05:00Z', '2026-03-01 14:05:00.123456+02', '2026-03-01T14:05-05:30', '0/3000148', '1A/FF'])
    expect(parseTarget('/wal', until)).toMatchObject({ ok: true, value: { until } });
  expect(parseTarget(undefined, '0/1')).toMatchObject({ ok: false, error: { reason: expect.stringContaining('--wal') } });
  const wal = { startLsn: '0/2000000', endLsn: '1/00000100', endedAt: '2026-03-01T14:00:00.000Z', timeline: 1, segmentBytes: 1 };
  const allows = (until: string) => checkTarget({ wal: '/wal', until }, { kind: 'base', wal } as BackupRecord).ok;
  expect(['1/100', '2/0', '2026-03-01T14:00:01Z', '2026-03-01T16:30:00+02:00'].map(allows)).toEqual([true, true, true, true]);
  expect(['1/FF', '0/FFFFFFFF', '2026-03-01T13:59:59Z', '2026-03-01T15:30:00+02:00'].map(allows)).toEqual([false, false, false, false]);
});

test('what Postgres reads as settings cannot be broken out of by a folder’s name', () => {
  const text = recoverySettings({ wal: "/a'b 100%/wal", until: '2026-03-01T14:05:00Z' });
  expect(text).toBe(
    `restore_command = 'cp ''/a''\\\\''''b 100%%/wal/%f'' "%p"'\nrecovery_target_time = '2026-03-01 14:05:00+00'\nrecovery_target_action = 'promote'\n`,
  );
  expect(explainRecovery('FATAL:  recovery ended before configured recovery target was reached')).toContain('ends before --until');
  expect(explainRecovery('something else')).toBeNull();
});

test('programs: an older one is refused by name and number, a newer one will do, a server must be exactly that version', async () => {
  const bin = fresh('bin');
  for (const name of ['pg_dump', 'postgres', 'initdb'])
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) 17.2 (Debian)"\n`, { mode: 0o755 });
  expect(must(await findClientProgram('pg_dump', 16, bin))).toEqual({ path: join(bin, 'pg_dump'), major: 17 });
  expect(await findClientProgram('pg_dump', 98, bin)).toMatchObject({
    ok: false,
    error: { reason: expect.stringMatching(/pg_dump 98 or newer; found is only version 17.*--pg-bin; --kind base needs none/) },
  });
  expect(await findClientProgram('pg_restore', 17, bin)).toMatchObject({
    ok: false,
    error: { reason: expect.stringContaining('none was found') },
  });
  expect(must(await findServerProgram(17, bin)).postgres).toBe(join(bin, 'postgres'));
  expect(await findServerProgram(16, bin)).toMatchObject({ ok: false, error: { reason: expect.stringContaining('postgresql-16') } });
});
