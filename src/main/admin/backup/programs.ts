import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { findPostgres, systemFolders } from '../find-postgres.ts';
import { programIn, type PostgresFiles } from '../postgres-binaries.ts';
import { EmbeddedPostgresError } from '../postgres-error.ts';

const run = promisify(execFile);
/** Majors that may lie beside each other on a machine; asking for one that is not there costs nothing. */
const majorsAhead = 10;

/** Where packages of other systems than Debian put the programs of a major version. */
function foldersOf(major: number): string[] {
  const m = String(major);
  if (process.platform === 'win32') return [`C:\\Program Files\\PostgreSQL\\${m}\\bin`];
  const elsewhere = [`/usr/pgsql-${m}/bin`, `/opt/homebrew/opt/postgresql@${m}/bin`, `/usr/local/opt/postgresql@${m}/bin`];
  return [...systemFolders(m), ...elsewhere];
}

function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
}

async function majorOf(program: string): Promise<number | null> {
  try {
    const { stdout } = await run(program, ['--version']);
    return Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1]);
  } catch {
    return null; // not there, or not a program
  }
}

/**
 * pg_dump or pg_restore of at least that major version: an older pg_dump refuses a newer server. `pgBin` is where IT says they are, and then
 * the only place. Errors: unsupported, with what to install.
 */
export async function findClientProgram(
  name: 'pg_dump' | 'pg_restore',
  major: number,
  pgBin?: string,
): Promise<Outcome<{ path: string; major: number }>> {
  const majors = Array.from({ length: majorsAhead }, (_, n) => major + n);
  const folders = pgBin === undefined ? [...majors.flatMap(foldersOf), ...pathFolders()] : [pgBin];
  const tooOld = new Set<number>();
  for (const folder of folders) {
    const path = programIn(folder, name);
    const found = await majorOf(path);
    if (found !== null && found >= major) return ok({ path, major: found });
    if (found !== null) tooOld.add(found);
  }
  const seen = tooOld.size > 0 ? `found is only version ${[...tooOld].sort().join(', ')}` : 'none was found';
  const reason =
    `It takes ${name} ${String(major)} or newer; ${seen}. Install the client programs of Postgres ${String(major)} ` +
    `(Debian, Ubuntu: postgresql-client-${String(major)}), or name their folder with --pg-bin${name === 'pg_dump' ? '; --kind base needs none' : ''}. Nothing was changed.`;
  return err({ code: 'unsupported', what: name, reason });
}

/** A server of exactly that major version, to open a copy with. Errors: unsupported, with what to install. */
export async function findServerProgram(major: number, pgBin?: string): Promise<Outcome<PostgresFiles>> {
  try {
    return ok(await findPostgres(String(major), pgBin === undefined ? [...foldersOf(major), ...pathFolders()] : [pgBin]));
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError) || error.code !== 'no_binaries') throw error;
    const reason =
      `The backup is of Postgres ${String(major)} and opens in that version only. Install it on this machine ` +
      `(Debian, Ubuntu: postgresql-${String(major)}) or name the folder of its programs with --pg-bin. Nothing was changed.`;
    return err({ code: 'unsupported', what: `Postgres ${String(major)} on this machine`, reason });
  }
}
