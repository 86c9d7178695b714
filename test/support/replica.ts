import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, chmod, chown, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import { findPostgres } from '../../src/main/admin/find-postgres.ts';
import type { PostgresFiles } from '../../src/main/admin/postgres-binaries.ts';
import { guard, launchOnSomePort, notDurable, ownSettings } from '../../src/main/admin/postgres-process.ts';
import type { TestServer } from './postgres-setup.ts';
import { silentLog } from './silent-log.ts';

export interface Primary extends TestServer {
  postgres: EmbeddedPostgres;
  files: PostgresFiles;
  replicatorPassword: string;
}

export interface Replica extends TestServer {
  /** Resolves when it has replayed all that the primary wrote so far. */
  caughtUp(): Promise<void>;
  /** As superuser, on the replica itself. */
  query<R extends pg.QueryResultRow>(sql: string, database?: string): Promise<R[]>;
  /** As a crash would. */
  kill(): Promise<void>;
}

const replicator = 'steno_replica';

/** A server that can be followed: WAL for replicas, and a login that may only replicate. */
export async function startPrimary(major: string | null): Promise<Primary> {
  const version = major === null ? {} : { major };
  // nothing may take a file away while it is being copied
  const settings = { wal_level: 'replica', max_wal_senders: '4', wal_keep_size: '128MB', synchronous_commit: 'on', autovacuum: 'off' };
  const postgres = await startEmbeddedPostgres({ dataDir: null, durable: false, settings, log: silentLog, ...version });
  const server = { host: postgres.host, port: postgres.port, user: postgres.superuser, password: postgres.superuserPassword };
  const replicatorPassword = randomBytes(24).toString('base64url');
  await appendFile(join(postgres.dataDir, 'pg_hba.conf'), `host replication ${replicator} 127.0.0.1/32 scram-sha-256\n`);
  await run(server, `create role ${replicator} login replication password '${replicatorPassword}'`);
  await run(server, 'select pg_reload_conf()');
  return { ...server, postgres, files: await findPostgres(major ?? undefined), replicatorPassword };
}

/** A streaming replica, from a copy of the running primary's files as Postgres' manual describes it ("low level base backup"). */
export async function startReplica(primary: Primary): Promise<Replica> {
  const { files, postgres } = primary;
  const place = join(files.folder, 'throwaway', `${String(process.pid)}-${randomBytes(4).toString('hex')}`);
  await copyRunning(primary, place);
  const from = `host=${primary.host} port=${String(primary.port)} user=${replicator} password=${primary.replicatorPassword}`;
  await writeFile(join(place, 'standby.signal'), '');
  const { runAs } = files;
  if (runAs) for (const name of ['.', ...(await readdir(place, { recursive: true }))]) await chown(join(place, name), runAs.uid, runAs.gid);
  const settings = { ...ownSettings, ...notDurable, wal_level: 'replica', max_wal_senders: '4', wal_retrieve_retry_interval: '100ms' };
  const { server, port } = await launchOnSomePort(files, place, 0, { ...settings, primary_conninfo: from });
  guard(server, files);
  const gone = once(server, 'exit');
  const own = { host: postgres.host, port, user: primary.user, password: primary.password };
  return {
    ...own,
    query: (sql, database) => run(own, sql, database),
    async caughtUp() {
      // a mark of our own: the position of what was only inserted may lie beyond what is ever sent
      const [at] = await run<{ lsn: string }>(primary, `select pg_logical_emit_message(true, 'steno', '') as lsn`);
      const behind = `select pg_wal_lsn_diff('${at?.lsn ?? ''}', pg_last_wal_replay_lsn())::float as bytes`;
      await expect.poll(async () => (await run<{ bytes: number }>(own, behind))[0]?.bytes, { timeout: 10_000 }).toBeLessThanOrEqual(0);
    },
    async kill() {
      server.kill('SIGKILL');
      await gone;
      await rm(place, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const notCopied = ['postmaster.pid', 'postmaster.opts', 'steno-owner', 'pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_stat_tmp'];

async function copyRunning(primary: Primary, place: string): Promise<void> {
  const { dataDir } = primary.postgres;
  const session = new pg.Client({ ...primary, database: 'postgres' });
  await session.connect();
  try {
    await session.query(`select pg_backup_start('replica', true)`);
    await cp(dataDir, place, { recursive: true, filter: (path) => !notCopied.includes(basename(path)) });
    const { rows } = await session.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await writeFile(join(place, 'backup_label'), rows[0]?.labelfile ?? '');
  } finally {
    await session.end();
  }
  for (const name of notCopied.filter((one) => one.startsWith('pg_'))) await mkdir(join(place, name), { mode: 0o700 });
  await mkdir(join(place, 'pg_wal', 'archive_status'), { mode: 0o700 });
  await chmod(place, 0o700);
}

async function run<R extends pg.QueryResultRow>(server: TestServer, sql: string, database = 'postgres'): Promise<R[]> {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}
