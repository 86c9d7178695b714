import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { findPostgres, systemFolders } from '../../../src/main/admin/find-postgres.ts';
import { builtInVersion } from '../../../src/main/admin/postgres-binaries.ts';

const folder = await mkdtemp(join(tmpdir(), 'steno-find-postgres-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a version that is not here is refused with what to install', async () => {
  const error = { code: 'no_binaries', message: expect.stringMatching(/Postgres 12's programs .* postgresql-12\), .* STENO_PG_BIN/) };
  await expect(findPostgres('12', [join(folder, 'none')])).rejects.toMatchObject(error);
});

test('a folder that holds another version does not pass for the one asked', async () => {
  for (const name of ['postgres', 'initdb'])
    await writeFile(join(folder, name), '#!/bin/sh\necho "postgres (PostgreSQL) 13.1"\n', { mode: 0o755 });
  await expect(findPostgres('12', [folder])).rejects.toMatchObject({ code: 'no_binaries' });
});

test('the built-in version needs no installation, asked by number or not', async () => {
  const major = builtInVersion()?.split('.')[0] ?? '';
  const asked = await findPostgres(major, []);
  expect(asked).toMatchObject({ major, postgres: expect.stringContaining(asked.bin) });
  expect(await findPostgres()).toEqual(asked);
});

test('a folder named by the environment is looked at first', () => {
  vi.stubEnv('STENO_PG_BIN', '/opt/pg/bin');
  expect(systemFolders('15')).toEqual(['/opt/pg/bin', '/usr/lib/postgresql/15/bin']);
  vi.stubEnv('STENO_PG_BIN', undefined);
  expect(systemFolders('15')).toEqual(['/usr/lib/postgresql/15/bin']);
  vi.unstubAllEnvs();
});
