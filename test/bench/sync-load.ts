import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { toLines } from '../../src/main/sync/push-lines.ts';
import { aMatter } from '../support/mutations.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { openSession } from '../support/sessions.ts';
import { percentile, type Measured } from './measure.ts';
import type { PushBench } from './sync-push.ts';

/** P5: many laptops through Debian's PgBouncer in transaction mode. Each asks at its own time, whether or not the others have their answers. */
export async function loadFigures(bench: PushBench): Promise<Measured[]> {
  const pooler = await startPgBouncer(bench.admin, { poolSize: 8, mostClients: 2_500 });
  const clients: pg.Client[] = [];
  try {
    const tokens: string[] = [];
    for (let n = 0; n < 100; n += 1) tokens.push(await openSession(bench.admin, bench.firmId, 'Attorney'));
    const connection = { ...bench.own.connection, port: pooler.port, ssl: false };
    const connectTo = async (count: number): Promise<void> => {
      while (clients.length < count) {
        const some = Array.from({ length: Math.min(50, count - clients.length) }, () => new pg.Client(connection));
        await Promise.all(some.map((client) => client.connect()));
        clients.push(...some);
      }
    };
    await connectTo(100);
    const push = (n: number): Promise<unknown> => ask(n % 100, 'select app.push_lines($1, $2)', [tokens[n % 100], toLines([aMatter()])]);
    const ask = async (client: number, sql: string, values: unknown[]): Promise<unknown> => clients[client]?.query(sql, values);
    const pushes = await atRate(push, 100, 20);
    await connectTo(1000);
    const whoami = (n: number): Promise<unknown> => ask(n % clients.length, 'select app.whoami($1)', [tokens[n % 100]]);
    const calls = await atRate(whoami, 1000, 10);
    await connectTo(2000);
    let errors = 0;
    for (let round = 0; round < 5; round += 1) await Promise.all(clients.map((_, n) => whoami(n).catch(() => (errors += 1))));
    return [
      latency('P5', '100 laptops, 100 pushes/s through the pooler: p95', percentile(pushes, 0.95), 50),
      latency('P5', '1000 pooled clients, 1000 transactions/s: p95', percentile(calls, 0.95), 5),
      { goal: 'P5', what: '2000 clients at once, five times: errors', value: errors, unit: '', limit: '0', met: errors === 0 },
    ];
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    await pooler.stop();
  }
}

const latency = (goal: string, what: string, value: number, limit: number): Measured => ({
  goal,
  what,
  value,
  unit: 'ms',
  limit: `<= ${String(limit)}`,
  met: value <= limit,
});

/** Milliseconds from when each of these calls was due until its answer: a call that had to wait for its turn counts with the waiting. */
async function atRate(call: (n: number) => Promise<unknown>, perSecond: number, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const running: Promise<unknown>[] = [];
  const count = perSecond * seconds;
  const started = performance.now();
  for (let n = 0; n < count;) {
    const due = (at: number): number => started + (at * 1000) / perSecond;
    while (n < count && due(n) <= performance.now()) {
      const at = n;
      running.push(call(at).then(() => times.push(performance.now() - due(at))));
      n += 1;
    }
    await wait(1);
  }
  await Promise.all(running);
  return times.slice(Math.floor(times.length / 10)); // the first are not counted
}
