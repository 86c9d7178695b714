import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/main/admin/embedded-postgres.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { silentLog } from '../support/silent-log.ts';

/** What GOALS.md measured on two cores, where Zero is not at hand: rows/s into its replica, unencrypted, and a write's way into it. */
export const quotedZero = { rowsPerSecond: 46_000, p95Ms: 15.3 };

export interface ZeroFigures {
  rowsPerSecond: number;
  /** Milliseconds from before a row was written until the replica had it. */
  writeMs: number[];
}

const startMs = 60_000;
const writes = 200;

interface Replica {
  prepare(sql: string): { pluck(): { get(...values: unknown[]): unknown } };
  close(): void;
}

/**
 * Zero's zero-cache over a Postgres of its own, from a folder that STENO_BENCH_ZERO names (`npm install --ignore-scripts @rocicorp/zero@1.9` there). Not among our packages: it brings
 * 440 others. Null where it is not. Its replica is what serves clients: rows are there before any client has them, and in clear.
 */
export async function measureZero(folder: string, rows: number): Promise<ZeroFigures | null> {
  const from = process.env['STENO_BENCH_ZERO'];
  if (!from) return null;
  const load = createRequire(join(from, 'package.json'));
  const settings = { wal_level: 'logical', max_wal_senders: '8', max_replication_slots: '8', max_connections: '200' };
  const postgres = await startEmbeddedPostgres({ dataDir: null, settings, log: silentLog });
  const url = `postgres://${postgres.superuser}:${postgres.superuserPassword}@${postgres.host}:${String(postgres.port)}/postgres`;
  const admin = new pg.Client(url);
  try {
    await admin.connect();
    await fill(admin, rows);
    const file = join(folder, 'zero.db');
    const cache = await startCache(load.resolve('@rocicorp/zero'), { url, file, folder, port: await freePort() });
    try {
      return { rowsPerSecond: (rows / (await cache.copied)) * 1000, writeMs: await writesInto(admin, load, file) };
    } finally {
      await cache.stop();
    }
  } finally {
    await admin.end().catch(() => undefined);
    await postgres.stop();
  }
}

/** Facts as the firm has them. */
async function fill(admin: pg.Client, rows: number): Promise<void> {
  await admin.query(`create table public.fact (fact_id text primary key, matter_id text, document_id text, kind text, value text, normal text, confidence integer, page integer,
    start_offset integer, end_offset integer, quote text, method text, state text, decided_by text, decided_at timestamptz, decision_reason text, revision integer, created_by text,
    updated_by text, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)`);
  await admin.query(
    `insert into public.fact select gen_random_uuid(), $2, $2, 'date_of_loss', 'February 15, 2024', '2024-02-15', 90, n % 40, n, n + 17, 'February 15, 2024', 'rule:date-of-loss',
       'proposed', null, null, null, 1, $2, $2, now(), now(), null from generate_series(1, $1::int) n`,
    [rows, freshId()],
  );
  await admin.query('create publication bench for table public.fact');
}

/** `copied`: milliseconds of its first copy, as it says itself, without the seconds that its processes take to start. */
async function startCache(
  entry: string,
  { url, file, folder, port }: { url: string; file: string; folder: string; port: number },
): Promise<{ copied: Promise<number>; stop(): Promise<void> }> {
  const program = join(entry.slice(0, entry.lastIndexOf('/out/')), 'out', 'zero', 'src', 'cli.js');
  const preload = new URL('zero-on-loopback.mjs', import.meta.url).href;
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    detached: true, // with a group of its own, so that its workers end with it
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: folder, NODE_ENV: 'development', NODE_OPTIONS: `--import=${preload}` },
      ...{ ZERO_UPSTREAM_DB: url, ZERO_REPLICA_FILE: file, ZERO_PORT: String(port), ZERO_APP_PUBLICATIONS: 'bench' },
      ...{
        ZERO_NUM_SYNC_WORKERS: '1',
        ZERO_ADMIN_PASSWORD: freshId(),
        ZERO_ENABLE_TELEMETRY: 'false',
        DO_NOT_TRACK: '1',
        STENO_BENCH_PID: String(process.pid),
      },
    },
  });
  const gone = once(child, 'exit');
  let said = '';
  const { promise: copied, resolve, reject } = Promise.withResolvers<number>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-100_000);
    const total = /Synced [\d,]+ rows of .*?total: ([\d.]+) ms/s.exec(said)?.[1];
    if (total) resolve(Number(total));
  });
  void gone.then(() => reject(new Error('zero-cache ended before it had the rows')));
  const limit = setTimeout(() => reject(new Error('zero-cache had no copy in time')), startMs);
  copied.then(
    () => clearTimeout(limit),
    () => clearTimeout(limit),
  );
  return {
    copied,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
      await gone;
    },
  };
}

async function writesInto(admin: pg.Client, load: NodeJS.Require, file: string): Promise<number[]> {
  const open = load('@rocicorp/zero-sqlite3') as new (path: string, options: object) => Replica;
  const replica = new open(file, { readonly: true });
  const find = replica.prepare('select 1 from fact where fact_id = ?').pluck();
  const times: number[] = [];
  try {
    for (let n = -10; n < writes; n += 1) {
      const id = freshId();
      const started = performance.now();
      await admin.query('insert into public.fact (fact_id) values ($1)', [id]);
      while (find.get(id) === undefined) {
        if (performance.now() - started > startMs) throw new Error('the replica of zero-cache stands still');
        await wait(1);
      }
      if (n >= 0) times.push(performance.now() - started);
    }
  } finally {
    replica.close();
  }
  return times;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
