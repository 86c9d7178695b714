import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { findRunAs } from '../../src/main/admin/postgres-binaries.ts';
import { findFreePort } from '../../src/main/admin/postgres-process.ts';
import { findPgBouncer } from './find-pgbouncer.ts';

export interface PgBouncer {
  port: number;
  /** Everything it said: one line per client and per server connection that came and went. */
  log(): string;
  stop(): Promise<void>;
}

/** Debian's PgBouncer in transaction mode before a server, with the few server connections it shares among all clients of a database. */
export async function startPgBouncer(admin: pg.Client, options: { poolSize: number; mostClients?: number }): Promise<PgBouncer> {
  const program = findPgBouncer();
  if (!program) throw new Error('PgBouncer is not on this machine; install the system’s package (Debian: pgbouncer).');
  const runAs = findRunAs(); // it refuses to run as root, as Postgres does
  const folder = await mkdtemp(join(tmpdir(), 'steno-pgbouncer-'));
  const port = await findFreePort();

  // As a firm would: the pooler knows the secret that Postgres keeps, not the password, and logs in with what the client proved.
  const { rows } = await admin.query<{ secret: string }>(`select rolpassword as secret from pg_authid where rolname = 'steno_client'`);
  await writeFile(join(folder, 'userlist.txt'), `"steno_client" "${rows[0]?.secret ?? ''}"\n`);
  await writeFile(join(folder, 'pgbouncer.ini'), configuration(admin, folder, port, options));
  for (const name of ['userlist.txt', 'pgbouncer.ini', '.']) {
    if (runAs) await chown(join(folder, name), runAs.uid, runAs.gid);
    await chmod(join(folder, name), name === '.' ? 0o700 : 0o600);
  }

  const bouncer = spawn(program, [join(folder, 'pgbouncer.ini')], { ...runAs, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(bouncer, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    bouncer.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('process up')) resolve();
    });
    bouncer.on('error', reject);
    bouncer.on('exit', () => reject(new Error(`PgBouncer ended: ${said}`)));
  });
  return {
    port,
    log: () => said,
    async stop() {
      bouncer.kill('SIGKILL'); // SIGINT would wait for clients
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(admin: pg.Client, folder: string, port: number, options: { poolSize: number; mostClients?: number }): string {
  return `[databases]
* = host=${admin.host} port=${String(admin.port)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'userlist.txt')}
pool_mode = transaction
default_pool_size = ${String(options.poolSize)}
max_client_conn = ${String(options.mostClients ?? 500)}
`;
}
