import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { builtInVersion, prepareBuiltIn, prepareFolder, programIn, type PostgresFiles } from './postgres-binaries.ts';
import { EmbeddedPostgresError } from './postgres-error.ts';

/** Where Debian puts them, and a folder that the environment names. */
export function systemFolders(major: string): string[] {
  const named = process.env.STENO_PG_BIN;
  return [...(named ? [named] : []), `/usr/lib/postgresql/${major}/bin`];
}

/** What the server in that folder says it is: `15.18`; null where there is none that runs. */
async function versionIn(bin: string): Promise<string | null> {
  const postgres = programIn(bin, 'postgres');
  if (!existsSync(postgres) || !existsSync(programIn(bin, 'initdb'))) return null;
  const said = await promisify(execFile)(postgres, ['--version']).catch(() => ({ stdout: '' }));
  return /\(PostgreSQL\) (\d+[\w.]*)/.exec(said.stdout)?.[1] ?? null;
}

/**
 * The programs of Postgres `major`: those Steno brings where it is theirs or none is asked, else an installation on this machine.
 * What is beside the server (pg_dump, pg_basebackup) is in `bin`; the built-in one has only initdb and pg_ctl.
 * Throws EmbeddedPostgresError, `no_binaries` where that version is not here.
 */
export async function findPostgres(major?: string, folders = systemFolders(major ?? '')): Promise<PostgresFiles> {
  if (major === undefined || major === builtInVersion()?.split('.')[0]) return await prepareBuiltIn();
  for (const bin of folders) {
    const version = await versionIn(bin);
    if (version?.match(/^\d+/)?.[0] !== major) continue;
    const { folder, runAs } = await prepareFolder(`system-${version}`);
    return { postgres: programIn(bin, 'postgres'), initdb: programIn(bin, 'initdb'), bin, major, folder, runAs };
  }
  throw new EmbeddedPostgresError(
    'no_binaries',
    `Postgres ${major}'s programs are not on this machine. Install the system's package (Debian: postgresql-${major}), or name the folder they are in with STENO_PG_BIN.`,
  );
}
