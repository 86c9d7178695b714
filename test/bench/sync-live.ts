import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ok } from '../../src/shared/result.ts';
import type { FirmConnection } from '../../src/shared/setup.ts';
import { seedFirm, startOwnServer } from '../../src/main/admin/admin.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { syncState } from '../../src/main/store/schema.ts';
import { openStore } from '../../src/main/store/store.ts';
import { createSyncLoop } from '../../src/main/sync/loop.ts';
import { createWrite } from '../../src/main/sync/outbox.ts';
import { createPostgresRemote } from '../../src/main/sync/postgres.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { openSession } from '../support/sessions.ts';
import { silentLog } from '../support/silent-log.ts';
import { median, percentile, type Measured } from './measure.ts';

const key = '5e'.repeat(32);
const heardWrites = 400;
const polledWrites = 25;

/** P4: a change that A's user made, until B's store can show it. Two processes with encrypted stores, durable on all sides. */
export async function liveFigures(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steno-bench-live-'));
  const server = await startOwnServer({ dataDir: null, log: silentLog });
  const admin = new pg.Client(server.adminUrl);
  try {
    await admin.connect();
    const people = (['Attorney', 'Paralegal'] as const).map((role) => ({
      email: `${role.toLowerCase()}@bench.example`,
      password: 'nobody signs in',
      firstName: 'A',
      lastName: role,
      role,
    }));
    await seedFirm(server.adminUrl, { name: 'Bench LLP', slug: 'bench' }, people, []);
    const firmId = (await admin.query<{ id: string }>('select firm_id as id from steno.firm')).rows[0]?.id ?? '';
    const tokens = [await openSession(admin, firmId, 'Attorney'), await openSession(admin, firmId, 'Paralegal')] as const;
    const connection: FirmConnection = { ...server.connection, firmSlug: 'bench' };
    const bare = await bareNotices(admin, server.adminUrl);
    const heard = await fromStoreToStore(folder, 'heard', connection, tokens, heardWrites, () => 10 + Math.random() * 40);
    const figures = [
      ...figuresOf('B can read what A wrote, with LISTEN', heard.times, 10),
      figure('notices for each push', heard.notices / heardWrites, 'x', heard.notices <= heardWrites ? true : false, '1'),
      ...figuresOf('bare: insert and NOTIFY, then select, durable', bare, null),
    ];
    const pooler = await startPgBouncer(admin, { poolSize: 4 });
    try {
      const polled = await fromStoreToStore(
        folder,
        'polled',
        { ...connection, port: pooler.port },
        tokens,
        polledWrites,
        () => 400 + Math.random() * 900,
      );
      figures.push(...figuresOf('the same through PgBouncer, by asking', polled.times, null));
    } finally {
      await pooler.stop();
    }
    return figures;
  } finally {
    await admin.end().catch(() => undefined);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const figure = (what: string, value: number, unit: string, met: boolean | null, limit = ''): Measured => ({
  goal: 'P4',
  what,
  value,
  unit,
  limit,
  met,
});

function figuresOf(what: string, times: number[], limitMs: number | null): Measured[] {
  const p95 = percentile(times, 0.95);
  return [
    figure(`${what}: p95`, p95, 'ms', limitMs === null ? null : p95 <= limitMs, limitMs === null ? '' : `<= ${String(limitMs)}`),
    figure(`${what}: median`, median(times), 'ms', null),
  ];
}

interface Seen {
  entityId?: string;
  at: string;
  notices: number;
}

async function fromStoreToStore(
  folder: string,
  name: string,
  connection: FirmConnection,
  [writer, reader]: readonly [string, string],
  count: number,
  pauseMs: () => number,
): Promise<{ times: number[]; notices: number }> {
  const order = { path: join(folder, `${name}-b.db`), key, connection, token: reader };
  const program = fileURLToPath(new URL('../support/live/reader-process.ts', import.meta.url));
  const child = fork(program, { env: { ...process.env, STENO_TEST_READER: JSON.stringify(order) } });
  const seen = new Map<string, (seen: Seen) => void>();
  child.on('message', (message: Seen) => seen.get(message.entityId ?? '')?.(message));
  await once(child, 'message'); // it has all there is, and listens

  const opened = openStore(join(folder, `${name}-a.db`), key);
  if (!opened.ok) throw new Error(opened.error.code);
  const store = opened.value;
  store.db.insert(syncState).values({ only: 1, cursor: 0, deviceId: freshId(), feedHead: 0 }).run();
  const userId = freshId();
  const loop = createSyncLoop({
    store,
    remote: createPostgresRemote(connection, writer),
    userId,
    now: Date.now,
    random: Math.random,
    onStatus: () => undefined,
    onPulled: () => undefined,
    transferFiles: () => undefined,
    onBug(error) {
      throw error;
    },
  });
  const write = createWrite({ store, userId, now: Date.now, newId: freshId, onCommitted: () => loop.nudge() });
  try {
    await loop.now();
    const times: number[] = [];
    let [first, last] = [0, 0];
    const warmUp = 10;
    for (let n = -warmUp; n < count; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs()));
      const matterId = freshId();
      const arrived = new Promise<Seen>((resolve) => seen.set(matterId, resolve));
      const started = process.hrtime.bigint();
      const written = write((change) => ok({ is: change.insert('matter', { matterId, title: 'A matter of the bench', status: 'Open' }) }));
      if (!written.ok) throw new Error(written.error.code);
      const { at, notices } = await arrived;
      if (n < 0) first = notices;
      else times.push(Number(BigInt(at) - started) / 1e6);
      last = notices;
    }
    return { times, notices: last - first };
  } finally {
    await loop.stop();
    store.close();
    child.disconnect();
    await once(child, 'exit');
  }
}

/** What two bare lines need: one commits a row with its notice, the other hears of it and reads the row. */
async function bareNotices(admin: pg.Client, adminUrl: string): Promise<number[]> {
  await admin.query('create table public.bench_bare (id uuid primary key, title text)');
  const listener = new pg.Client(adminUrl);
  await listener.connect();
  try {
    await listener.query('listen bench_bare');
    const times: number[] = [];
    for (let n = 0; n < 200; n += 1) {
      const id = freshId();
      const heard = once(listener, 'notification').then(() => listener.query('select title from public.bench_bare where id = $1', [id]));
      const started = performance.now();
      await admin.query(
        `with row as (insert into public.bench_bare values ($1, 'x') returning id) select pg_notify('bench_bare', '') from row`,
        [id],
      );
      await heard;
      if (n > 10) times.push(performance.now() - started);
    }
    return times;
  } finally {
    await listener.end();
    await admin.query('drop table public.bench_bare');
  }
}
