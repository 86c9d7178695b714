import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../host/host.ts';
import { findPostgres } from './find-postgres.ts';
import type { PostgresFiles } from './postgres-binaries.ts';
import { postgresEnv, prepareData, released, runProgram } from './postgres-data.ts';
import { EmbeddedPostgresError, explainFailure } from './postgres-error.ts';

export interface EmbeddedPostgresOptions {
  /** null: throwaway data, gone after stop(). */
  dataDir: string | null;
  /** 0 or nothing: a free one. */
  port?: number;
  /** False only for tests: much faster, and a power cut may lose everything. */
  durable?: boolean;
  /** The version to run, as findPostgres finds it; the built-in one where none is given. */
  major?: string;
  /** Settings of the server on top of Steno's own: `{ wal_level: 'replica' }` for replicas and restore drills. */
  settings?: Record<string, string>;
  log: Log;
}

export interface EmbeddedPostgres {
  host: '127.0.0.1';
  port: number;
  superuser: 'postgres';
  /** New at each start; it is written nowhere. */
  superuserPassword: string;
  /** Where the data really is (the folder asked for may be a link to it). */
  dataDir: string;
  /** Ends sessions, writes everything to disk, resolves when the server is gone. */
  stop(): Promise<void>;
  /** Ends the server as a crash would (kill -9): for tests of what survives one. */
  kill(): Promise<void>;
}

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  // The server's log holds no client text: no statements, no row values, no parameters.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
};
const NOT_DURABLE: Record<string, string> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

function asFlags(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A port that was free a moment ago on the loopback address. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Ends the server when we are killed without a chance to: our end of the pipe closes, and the shell that waits on it acts. */
export function guard(server: ChildProcess, files: PostgresFiles): void {
  if (process.platform === 'win32') return; // the next start ends it
  const script =
    'exec 2>/dev/null; read _; kill -INT "$1"; for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" || exit 0; sleep 1; done; kill -QUIT "$1"';
  const shell = spawn('/bin/sh', ['-c', script, 'steno-guard', String(server.pid)], {
    ...files.runAs,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined);
  // However the server ends: its number may soon be another program's, which the guard must not touch.
  server.once('exit', () => shell.kill('SIGKILL'));
  shell.unref();
}

async function launch(files: PostgresFiles, place: string, settings: Record<string, string>): Promise<ChildProcess> {
  // Own process group: Ctrl-C in a terminal must reach Steno first, which then stops the server in order.
  const server = spawn(files.postgres, ['-D', place, ...asFlags(settings)], {
    ...files.runAs,
    cwd: files.folder,
    env: postgresEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      if (text.includes('ready to accept connections')) resolve();
    });
    server.on('error', reject);
    server.on('exit', () => reject(explainFailure('Postgres did not start', said)));
  });
  return server;
}

async function launchOnSomePort(
  files: PostgresFiles,
  place: string,
  wanted: number,
  settings: Record<string, string>,
): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await findFreePort() : wanted;
    try {
      return { server: await launch(files, place, { ...settings, port: String(port) }), port };
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError) || error.code !== 'port_taken') throw explainFailure('Postgres did not start', error);
      // Between finding a port free and using it another program can be quicker.
      if (wanted === 0 && attempt < 5) continue;
      throw new EmbeddedPostgresError(
        'port_taken',
        `Port ${String(port)} is used by another program. Choose another port, or 0 for a free one.`,
        error,
      );
    }
  }
}

/** After a crash the dead server's helpers hold its shared memory a moment longer than it lived; Postgres refuses until they have noticed. */
async function oncePredecessorIsGone(start: () => Promise<void>): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    try {
      await start();
      return;
    } catch (error) {
      if (waitedMs >= 10_000 || !(error instanceof Error) || !error.message.includes('pre-existing shared memory block')) throw error;
      await wait(50);
    }
  }
}

/** A real Postgres of our own on this machine, for the demo firm and for tests. Throws EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const startedAt = Date.now();
  const files = await findPostgres(options.major).catch((error: unknown) => {
    throw explainFailure('The built-in Postgres could not be prepared', error);
  });
  const place = await prepareData(files, options.dataDir);
  const durable = options.durable ?? true;
  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), ...options.settings };
  const discard = async () => (options.dataDir === null ? await rm(place, { recursive: true, force: true, maxRetries: 5 }) : undefined);

  const superuserPassword = randomBytes(24).toString('base64url');
  try {
    // Single-user mode needs no password and no port, so there is no moment at which the server runs with a known one.
    const flags = asFlags({ ...(durable ? { fsync: 'on' } : NOT_DURABLE), ...options.settings });
    await oncePredecessorIsGone(() =>
      runProgram(
        files,
        files.postgres,
        ['--single', '-D', place, ...flags, 'postgres'],
        `ALTER ROLE postgres PASSWORD '${superuserPassword}'\n`,
      ),
    );
    const { server, port } = await launchOnSomePort(files, place, options.port ?? 0, settings);
    const gone = once(server, 'exit');
    guard(server, files);
    options.log.info('postgres.started', { port, ms: Date.now() - startedAt });
    const end = async (signal: NodeJS.Signals) => {
      if (server.exitCode === null && server.signalCode === null) {
        server.kill(signal);
        await gone;
        options.log.info('postgres.stopped', { signal });
      }
      released(place);
    };
    return {
      host: '127.0.0.1',
      port,
      superuser: 'postgres',
      superuserPassword,
      dataDir: place,
      stop: async () => {
        await end('SIGINT');
        await discard();
      },
      kill: () => end('SIGKILL'),
    };
  } catch (error) {
    released(place);
    await discard();
    throw explainFailure('Postgres did not start', error);
  }
}
