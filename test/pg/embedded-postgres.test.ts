import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/main/admin/embedded-postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const running: EmbeddedPostgres[] = [];
const folder = await mkdtemp(join(tmpdir(), 'steno-embedded-'));
afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
});
const placed = new Set<string>();
afterAll(async () => {
  for (const place of [...placed, folder]) await rm(place, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir: null, durable: false, log: silentLog, ...options });
  running.push(postgres);
  placed.add(postgres.dataDir);
  return postgres;
}

async function query(server: EmbeddedPostgres, sql: string, password = server.superuserPassword): Promise<unknown[]> {
  const client = new pg.Client({ host: server.host, port: server.port, user: server.superuser, password, database: 'postgres' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('it asks for the password of this start, keeps passwords as scram, and brings the extensions we use', async () => {
  const server = await start();
  await expect(query(server, 'SELECT 1', 'wrong')).rejects.toThrow(/password authentication failed/);
  const [kept] = (await query(server, 'SELECT rolpassword AS p FROM pg_authid WHERE rolsuper')) as { p: string }[];
  expect(kept?.p).toMatch(/^SCRAM-SHA-256/);
  for (const name of ['pgcrypto', 'citext', 'pg_trgm']) await query(server, `CREATE EXTENSION ${name}`);
});

test('it listens on the loopback address only, and on no socket file', async () => {
  const server = await start();
  const rows = await query(server, "SELECT current_setting('listen_addresses') AS a, current_setting('unix_socket_directories') AS s");
  expect(rows).toEqual([{ a: '127.0.0.1', s: '' }]);
});

test('throwaway data is gone after stop', async () => {
  const server = await start();
  expect(existsSync(server.dataDir)).toBe(true);
  await server.stop();
  expect(existsSync(server.dataDir)).toBe(false);
});

test('data in a folder is there after stop, and after a kill, under a new password', async () => {
  const dataDir = join(folder, 'kept');
  const first = await start({ dataDir, durable: true });
  await query(first, 'CREATE TABLE kept (n int)');
  await query(first, 'INSERT INTO kept VALUES (1)');
  await first.stop();
  const second = await start({ dataDir, durable: true });
  expect(second.superuserPassword).not.toBe(first.superuserPassword);
  await query(second, 'INSERT INTO kept VALUES (2)');
  await second.kill();
  const third = await start({ dataDir, durable: true });
  expect(await query(third, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a mark left by a crash, whose number another program has now, does not stop it', async () => {
  const dataDir = join(folder, 'marked');
  const first = await start({ dataDir });
  await first.kill();
  await writeFile(join(first.dataDir, 'postmaster.pid'), `${process.pid}\n${first.dataDir}\n1\n1\n\n127.0.0.1\n\n`);
  const second = await start({ dataDir });
  expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a taken port is named; with no port asked for another one is found', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const port = (blocker.address() as { port: number }).port;
  await expect(start({ port })).rejects.toMatchObject({ code: 'port_taken', message: expect.stringContaining(String(port)) });
  blocker.close();
  const server = await start({ port });
  expect(server.port).toBe(port);
});

test('two at once on the same data: the second is refused and the first goes on', async () => {
  const dataDir = join(folder, 'contested');
  const first = await start({ dataDir });
  await expect(start({ dataDir })).rejects.toMatchObject({ code: 'already_running' });
  expect(await query(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('data of another major version and folders with something else in them are refused untouched', async () => {
  const old = join(folder, 'old');
  await mkdir(old);
  await writeFile(join(old, 'PG_VERSION'), '9\n');
  await expect(start({ dataDir: old })).rejects.toMatchObject({ code: 'other_version' });
  const foreign = join(folder, 'foreign');
  await mkdir(foreign);
  await writeFile(join(foreign, 'letter.docx'), 'x');
  await expect(start({ dataDir: foreign })).rejects.toMatchObject({ code: 'failed' });
  expect(await readFile(join(foreign, 'letter.docx'), 'utf8')).toBe('x');
});

/** A Steno of its own that starts a server and is then killed. */
async function startElsewhere(dataDir: string): Promise<{ kill: () => void; pid: number }> {
  const source = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('../../src/main/admin/embedded-postgres.ts', import.meta.url).href)});
    const log = { info() {}, bug: () => '' };
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log });
    console.log('up'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const place = await realpath(dataDir);
  placed.add(place);
  const pid = Number((await readFile(join(place, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return { kill: () => child.kill('SIGKILL'), pid };
}

test('the server ends when the Steno that started it is killed, and the data serves the next', async () => {
  const dataDir = join(folder, 'orphaned');
  const other = await startElsewhere(dataDir);
  expect(isAlive(other.pid)).toBe(true);
  await expect(start({ dataDir })).rejects.toMatchObject({ code: 'already_running' });
  other.kill();
  await vi.waitFor(() => expect(isAlive(other.pid)).toBe(false), { timeout: 10_000, interval: 50 });
  const server = await start({ dataDir });
  expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
