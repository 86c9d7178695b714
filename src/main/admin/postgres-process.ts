import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { PostgresFiles } from './postgres-binaries.ts';
import { postgresEnv } from './postgres-data.ts';
import { EmbeddedPostgresError, explainFailure } from './postgres-error.ts';

/** What every server of Steno's own runs with: the loopback address only, and no client text in its log (statements, values, parameters). */
export const ownSettings: Record<string, string> = {
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
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
};
export const notDurable: Record<string, string> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Settings as a server's arguments. */
export function asFlags(settings: Record<string, string>): string[] {
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
      if (/ready to accept (read-only )?connections/.test(text)) resolve();
    });
    server.on('error', reject);
    server.on('exit', () => reject(explainFailure('Postgres did not start', said)));
  });
  return server;
}

/** Starts the server and waits until it takes connections, a standby until it takes readers. `wanted` 0 is any free port. */
export async function launchOnSomePort(
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
