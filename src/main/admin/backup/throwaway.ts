import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { findFreePort, guard } from '../postgres-process.ts';
import type { PostgresFiles } from '../postgres-binaries.ts';
import { postgresEnv, runProgram } from '../postgres-data.ts';

/** A server on this machine over a copy of the data, which nobody else reaches, and which ends with the drill. */
export interface ThrowawayServer {
  url(database: string): string;
  stop(): Promise<void>;
}

/** Our own login: the copy's roles keep their passwords, and none of them need be known. */
const user = 'steno_drill';

// Instead of the firm's own configuration, which may ask for certificates, libraries and addresses that are not here and, worse, would
// archive what this copy writes into the firm's WAL archive. The copy is thrown away, so it need not survive a power cut.
const configuration = `listen_addresses = '127.0.0.1'
unix_socket_directories = ''
hot_standby = off
archive_mode = off
autovacuum = off
fsync = off
full_page_writes = off
shared_buffers = '128MB'
jit = off
log_line_prefix = ''
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
`;

/** A place that the server's account can get at, named after us so that what a killed run leaves is found and swept. */
export async function makePlace(files: PostgresFiles, scratch?: string): Promise<string> {
  const parent = scratch ?? join(files.folder, 'throwaway');
  await mkdir(parent, { recursive: true });
  const place = join(parent, `${String(process.pid)}-${randomBytes(4).toString('hex')}`);
  await mkdir(place, { mode: 0o700 });
  return place;
}

export async function ownConfiguration(files: PostgresFiles, place: string, recovery = ''): Promise<void> {
  const contents = {
    'postgresql.conf': configuration,
    'postgresql.auto.conf': recovery,
    'pg_hba.conf': 'host all all 127.0.0.1/32 scram-sha-256\n',
    'pg_ident.conf': '',
    ...(recovery === '' ? {} : { 'recovery.signal': '' }),
  };
  for (const [name, text] of Object.entries(contents)) {
    const path = join(place, name);
    await writeFile(path, text, { mode: 0o600 });
    if (files.runAs) await chown(path, files.runAs.uid, files.runAs.gid);
  }
  await chmod(place, 0o700);
}

/** Recovers the data folder to its end (or target), then serves it on a free loopback port. Rejects with what Postgres said. */
export async function serveThrowaway(files: PostgresFiles, place: string, database: string): Promise<ThrowawayServer> {
  const password = randomBytes(24).toString('base64url');
  // Single-user mode, as in embedded-postgres: recovery happens here too, and there is no moment with a known password.
  const newRole = `create role ${user} superuser login password '${password}'\n`;
  await runProgram(files, files.postgres, ['--single', '-D', place, database], newRole);
  const port = await findFreePort();
  const server = spawn(files.postgres, ['-D', place, '-p', String(port)], {
    ...files.runAs,
    cwd: files.folder,
    env: postgresEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const gone = once(server, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      if (text.includes('ready to accept connections')) resolve();
    });
    server.on('error', reject);
    server.on('exit', () => reject(new Error(said)));
  });
  guard(server, files);
  return {
    url: (name) => `postgres://${user}:${password}@127.0.0.1:${String(port)}/${encodeURIComponent(name)}`,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) server.kill('SIGINT');
      await gone;
    },
  };
}

/** Opens the copy, where whoever asks is its superuser. */
export async function withThrowaway<T>(server: ThrowawayServer, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url(database) });
  client.on('error', () => undefined); // the statement under way meets it too
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
