import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** The address for Postgres' own programs, in the environment: on a command line other users of the machine could read the password. */
function connectionEnv(url: string): NodeJS.ProcessEnv {
  const { host, port, user, database, password } = new pg.Client({ connectionString: url });
  const { searchParams } = new URL(url);
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user ?? '',
    PGDATABASE: database ?? '',
    ...(typeof password === 'string' && { PGPASSWORD: password }),
    ...(searchParams.has('sslmode') && { PGSSLMODE: searchParams.get('sslmode') ?? '' }),
    ...(searchParams.has('sslrootcert') && { PGSSLROOTCERT: searchParams.get('sslrootcert') ?? '' }),
  };
}

/** Runs a client program to its end, a line of its --verbose at a time; rejects with its last words. */
async function runClient(program: string, args: string[], url: string, onLine: (text: string) => void): Promise<void> {
  const child = spawn(program, args, { env: connectionEnv(url), stdio: ['ignore', 'ignore', 'pipe'] });
  const last: string[] = [];
  createInterface(child.stderr).on('line', (line) => {
    if (/error:|FATAL|detail:/i.test(line)) last.push(line);
    else onLine(line);
  });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(last.slice(-3).join(' ') || `it ended with code ${String(code)}`)),
    );
  });
}

/** Keys to what lies outside the database: a dump, which is carried around, is no place for them. IT gives them again after a restore. */
export const secretTables = ['auth.file_secret'];

/** pg_dump of exactly the rows that the exported snapshot shows, on the disk when it resolves. */
export async function writeDump(
  program: string,
  url: string,
  snapshot: string,
  path: string,
  onTable: (name: string) => void,
): Promise<void> {
  await (await open(path, 'wx', 0o600)).close(); // made by us first, so that nobody else ever may read it
  const without = secretTables.map((table) => `--exclude-table-data=${table}`);
  await runClient(
    program,
    [...without, '--format=custom', '--no-password', `--snapshot=${snapshot}`, '--verbose', `--file=${path}`],
    url,
    (line) => {
      const table = /dumping contents of table "(.+)"/.exec(line)?.[1];
      if (table !== undefined) onTable(table);
    },
  );
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

/** pg_restore into an empty database, in one transaction: all of it or nothing. */
export async function loadDump(program: string, url: string, path: string, onTable: (name: string) => void): Promise<void> {
  const database = new pg.Client({ connectionString: url }).database ?? '';
  const args = ['--no-password', '--single-transaction', '--exit-on-error', '--verbose', `--dbname=${database}`, path];
  await runClient(program, args, url, (line) => {
    const table = /processing data for table "(.+)"/.exec(line)?.[1];
    if (table !== undefined) onTable(table);
  });
}
