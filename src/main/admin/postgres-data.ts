import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { publish, type PostgresFiles, type RunAs } from './postgres-binaries.ts';
import { EmbeddedPostgresError, explainFailure } from './postgres-error.ts';

const OWNER_FILE = 'steno-owner';

/** What this process serves now: its own number in the owner file is otherwise left over from before a restart of the machine. */
const serving = new Set<string>();

/** Called when a server has ended, so that its data can be served again. */
export function released(place: string): void {
  serving.delete(place);
}

/** The environment of Postgres' programs: ours, without what would redirect or translate them. */
export function postgresEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** Runs one of Postgres' programs to its end; rejects with what it said. */
export function runProgram(files: PostgresFiles, program: string, args: string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...files.runAs, cwd: files.folder, env: postgresEnv(), stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 && !/^(FATAL|PANIC|ERROR):/m.test(said) ? resolve() : reject(new Error(said || `code ${String(code)}`)),
    );
    child.stdin.on('error', () => undefined).end(input);
  });
}

export async function giveTo(path: string, runAs: RunAs): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  await Promise.all(entries.map((entry) => chown(join(entry.parentPath, entry.name), runAs.uid, runAs.gid)));
  await chown(path, runAs.uid, runAs.gid);
}

/** One initialised data folder per version, made once (about a second) and copied for every new firm and test run. */
async function prepareTemplate(files: PostgresFiles): Promise<string> {
  const place = join(files.folder, 'template');
  if (existsSync(place)) return place;
  const made = join(files.folder, `template-${String(process.pid)}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(made, { mode: 0o700 });
    if (files.runAs) await chown(made, files.runAs.uid, files.runAs.gid);
    // The same on every system; before 17 there is no provider of Postgres' own, and the system's locales differ.
    const provider = Number(files.major) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
    const locale = ['--encoding=UTF8', '--locale=C', ...provider];
    // No connection can be made with `reject`; the real rules are written below, the password at each start.
    await runProgram(files, files.initdb, [
      `--pgdata=${made}`,
      '--username=postgres',
      '--auth=reject',
      '--no-sync',
      '--no-instructions',
      ...locale,
    ]);
    await writeFile(join(made, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    await publish(made, place);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
  return place;
}

/** Whether that account can walk down to the folder. */
function canReach(path: string, runAs: RunAs): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found) {
      const bit = found.uid === runAs.uid ? 0o100 : found.gid === runAs.gid ? 0o010 : 0o001;
      if ((found.mode & bit) === 0) return false;
    }
    if (folder === parse(folder).root) return true;
  }
}

/** Where the data really goes: as asked, or, where the server's account cannot get there, beside the binaries with a link left behind. */
async function placeFor(files: PostgresFiles, dataDir: string): Promise<string> {
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o700 });
  if (existsSync(dataDir)) return await realpath(dataDir);
  if (!files.runAs || canReach(dataDir, files.runAs)) return dataDir;
  const place = join(files.folder, `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  await rm(place, { recursive: true, force: true });
  await rm(dataDir, { force: true });
  await symlink(place, dataDir);
  return place;
}

/** Whether a process lives; one of another account also counts. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function firstNumber(path: string): Promise<number | null> {
  const line = (await readFile(path, 'utf8').catch(() => '')).split('\n')[0] ?? '';
  return /^\d+$/.test(line) ? Number(line) : null;
}

/** On Linux a server stands in its data folder, so a number given to another program since can be told apart. */
async function isServerOf(pid: number, place: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  return (await readlink(`/proc/${String(pid)}/cwd`).catch(() => '')) === place;
}

/** Ends a server whose Steno was killed; refuses when that Steno still runs; forgets the mark of a server that is gone. */
async function clearPrevious(place: string): Promise<void> {
  const pidFile = join(place, 'postmaster.pid');
  const refusal = new EmbeddedPostgresError('already_running', 'Another Steno already runs the demo firm on this data. Close it first.');
  if (serving.has(place)) throw refusal;
  const server = await firstNumber(pidFile);
  if (server === null) return;
  if (await isServerOf(server, place)) {
    const owner = await firstNumber(join(place, OWNER_FILE));
    if (owner !== null && owner !== process.pid && isAlive(owner)) throw refusal;
    process.kill(server, 'SIGINT');
    for (let waitedMs = 0; waitedMs < 10_000 && isAlive(server); waitedMs += 50) await wait(50);
    if (isAlive(server)) process.kill(server, 'SIGKILL');
  }
  await rm(pidFile, { force: true });
}

/** Removes throwaway data whose run ended without cleaning up. */
async function sweepThrowaway(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const place = join(parent, name);
    const owner = Number(name.split('-')[0]);
    if (isAlive(owner)) continue;
    await clearPrevious(place).catch(() => undefined);
    await rm(place, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A data folder ready to be served: new from the template, or the one that is there. Says where it really is. */
export async function prepareData(files: PostgresFiles, dataDir: string | null): Promise<string> {
  const throwaway = join(files.folder, 'throwaway');
  await mkdir(throwaway, { recursive: true });
  await chmod(throwaway, files.runAs ? 0o755 : 0o700);
  if (dataDir === null) await sweepThrowaway(throwaway);
  const place =
    dataDir === null ? join(throwaway, `${String(process.pid)}-${randomBytes(4).toString('hex')}`) : await placeFor(files, dataDir);

  if (existsSync(join(place, 'PG_VERSION'))) {
    const major = (await readFile(join(place, 'PG_VERSION'), 'utf8')).trim();
    if (major !== files.major) {
      throw new EmbeddedPostgresError(
        'other_version',
        `${place} was written by Postgres ${major}; it cannot be served by Postgres ${files.major}. Nothing was changed.`,
      );
    }
    await clearPrevious(place);
  } else {
    if (existsSync(place) && (await readdir(place)).length > 0) {
      throw new EmbeddedPostgresError('failed', `${place} holds something else than a Postgres data folder. Nothing was changed.`);
    }
    await fill(files, place);
  }
  serving.add(place);
  await writeFile(join(place, OWNER_FILE), `${String(process.pid)}\n`);
  return place;
}

/** Under another name first: a copy cut short by a crash must not pass for data. */
async function fill(files: PostgresFiles, place: string): Promise<void> {
  const made = `${place}.new`;
  try {
    await rm(made, { recursive: true, force: true });
    await cp(await prepareTemplate(files), made, { recursive: true });
    if (files.runAs) await giveTo(made, files.runAs);
    await chmod(made, 0o700);
    await rm(place, { recursive: true, force: true });
    await publish(made, place);
  } catch (error) {
    await rm(made, { recursive: true, force: true }).catch(() => undefined);
    throw explainFailure('The data folder could not be made', error);
  }
}
