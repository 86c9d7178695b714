import { createHash } from 'node:crypto';
import pg from 'pg';
import { verifyAudit } from '../../src/main/admin/audit/verify-audit.ts';
import { startOwnServer } from '../../src/main/admin/admin.ts';
import { seedLargeFirm, seedSizes, type SeedSize } from '../../src/main/admin/seed/large-firm.ts';
import { freshId } from '../../src/main/host/ids.ts';
import { silentLog } from '../support/silent-log.ts';
import { openSession } from '../support/sessions.ts';
import { namedQueries } from '../support/named-queries.ts';
import { interleaved, median, percentile, type Measured } from './measure.ts';

const rounds = 200;

/** P9, P11 and P14 against a server of our own with a firm of the asked size. */
export async function server(): Promise<Measured[]> {
  const size = (process.env.STENO_BENCH_SIZE ?? 'large') as SeedSize;
  if (!(size in seedSizes)) throw new Error(`STENO_BENCH_SIZE is ${Object.keys(seedSizes).join(' or ')}`);
  const own = await startOwnServer({ dataDir: null, log: silentLog });
  const admin = new pg.Client(own.adminUrl);
  const laptop = new pg.Client({ ...own.connection, ssl: false });
  try {
    await admin.connect();
    await laptop.connect();
    console.error(`making a firm of size ${size} …`);
    const seeded = await seedLargeFirm(admin, 'scale', size, () => undefined);
    if (!seeded.ok) throw new Error(seeded.error.code);
    const { firmId } = seeded.value;
    const token = await openSession(admin, firmId, 'Admin');
    return [...(await queries(admin, laptop, firmId, token)), ...(await auditOnPush(admin, laptop, token)), ...(await verifying(admin))];
  } finally {
    await laptop.end().catch(() => undefined);
    await admin.end().catch(() => undefined);
    await own.stop();
  }
}

/** Each named query as a laptop asks it, beside the same text without policies but with the firm written into it. */
async function queries(admin: pg.Client, laptop: pg.Client, firmId: string, token: string): Promise<Measured[]> {
  await laptop.query(`select set_config('app.session_token', $1, false)`, [token]);
  const rows: Measured[] = [];
  for (const query of await namedQueries(admin, firmId)) {
    const times = await interleaved({ raw: () => admin.query(query.raw), policies: () => laptop.query(query.call) }, rounds);
    const tax = median(times.policies) / median(times.raw);
    const p95 = percentile(times.policies, 0.95);
    rows.push({
      goal: query.goal,
      what: `${query.name}: p95`,
      value: p95,
      unit: 'ms',
      limit: `<= ${String(query.limitMs)}`,
      met: p95 <= query.limitMs,
    });
    if (query.goal === 'P9')
      rows.push({
        goal: 'P9',
        what: `${query.name}: tax of the policies (median)`,
        value: tax,
        unit: 'x',
        limit: '<= 1.1',
        met: tax <= 1.1,
      });
  }
  return rows;
}

/** The same push of 1000 new rows with the audit's triggers on and off. */
async function auditOnPush(admin: pg.Client, laptop: pg.Client, token: string): Promise<Measured[]> {
  const push = (): Promise<unknown> => {
    const batch = Array.from({ length: 1000 }, () => ({
      mutationId: freshId(),
      entity: 'matter',
      entityId: freshId(),
      op: 'insert',
      baseRevision: 0,
      patch: { title: 'A matter of the bench', case_reference: 'REF' },
    }));
    return laptop.query('select app.push($1, $2::jsonb)', [token, JSON.stringify(batch)]);
  };
  const switchAudit = (to: 'enable' | 'disable'): Promise<unknown> =>
    admin.query(`alter table steno.matter ${to} trigger matter_audit_insert`);
  const on: number[] = [];
  const off: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    for (const [to, times] of [
      ['disable', off],
      ['enable', on],
    ] as const) {
      await switchAudit(to);
      const started = performance.now();
      await push();
      if (round > 0) times.push(performance.now() - started);
    }
  }
  const tax = median(on) / median(off);
  return [
    { goal: 'P11', what: 'push of 1000 rows with the audit on', value: (1000 / median(on)) * 1000, unit: 'rows/s', limit: '', met: null },
    { goal: 'P11', what: 'the audit’s share: on / off', value: tax, unit: 'x', limit: '<= 1.15', met: tax <= 1.15 },
  ];
}

/** Recomputing the whole audit, beside hashing as many texts of that length with nothing else to do. */
async function verifying(admin: pg.Client): Promise<Measured[]> {
  const started = performance.now();
  const verified = await verifyAudit(admin, { slug: 'scale' });
  if (!verified.ok) throw new Error(verified.error.code);
  const events = verified.value[0]?.events ?? 0;
  const rate = (events / (performance.now() - started)) * 1000;
  const text = Buffer.alloc(450, 'x');
  const bareStarted = performance.now();
  let seal = createHash('sha256').update(text).digest();
  for (let n = 0; n < 200_000; n += 1) seal = createHash('sha256').update(seal).update(text).digest();
  const bare = (200_000 / (performance.now() - bareStarted)) * 1000;
  return [
    { goal: 'P11', what: `verify-audit over ${String(events)} events`, value: rate, unit: 'events/s', limit: '', met: null },
    { goal: 'P11', what: 'verify-audit / a bare SHA-256 chain', value: rate / bare, unit: 'x', limit: '>= 0.8', met: rate / bare >= 0.8 },
  ];
}
