import { beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { seedLargeFirm } from '../../src/main/admin/seed/large-firm.ts';
import { must } from '../support/laptop.ts';
import { namedQueries } from '../support/named-queries.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { openSession } from '../support/sessions.ts';

const world = await createPgWorld();
const { admin } = world;
let firmId: string;
let client: pg.Client;

beforeAll(async () => {
  firmId = must(await seedLargeFirm(admin, 'scale', 'small', () => undefined)).firmId;
  client = await world.client();
  await client.query(`select set_config('app.session_token', $1, false)`, [await openSession(admin, firmId, 'Admin')]);
});

interface Node {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Subplan Name'?: string;
  'Parent Relationship'?: string;
  Plans?: Node[];
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

async function planOf(sql: string): Promise<Node[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(`explain (format json) ${sql}`);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  return plan ? nodesOf(plan) : [];
}

/** Tables (and partitions) worth an index that the plan reads from end to end. */
async function readsWhole(nodes: Node[]): Promise<string[]> {
  const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'] ?? '');
  const { rows } = await admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'steno'::regnamespace and reltuples > 1000 and relname = any ($1)`,
    [whole],
  );
  return rows.map(({ name }) => name);
}

/** An index of a partitioned table is there once in each partition, under another name. */
async function withPartitions(index: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select $1::text as name union all select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = format('steno.%I', $1)::regclass`,
    [index],
  );
  return rows.map(({ name }) => name);
}

test('[P9] every named query asks its policies once (InitPlan), uses its index, and reads no large table whole', async () => {
  for (const { name, call, index } of await namedQueries(admin, firmId)) {
    const nodes = await planOf(call);
    const initPlans = nodes.filter((node) => node['Parent Relationship'] === 'InitPlan');
    expect(initPlans.length, `${name}: the firm is asked for once a statement`).toBeGreaterThanOrEqual(1);
    const used = nodes.map((node) => node['Index Name'] ?? '').filter(Boolean);
    const wanted = await withPartitions(index);
    expect(
      used.some((found) => wanted.includes(found)),
      `${name} uses ${index}, not ${used.join(' ')}`,
    ).toBe(true);
    expect(await readsWhole(nodes), `${name} reads a table from end to end`).toEqual([]);
  }
});

test('[P9] each finds rows of the firm, and none of another', async () => {
  const other = await world.client();
  await other.query(`select set_config('app.session_token', $1, false)`, [await world.tokenFor('one', 'Admin')]);
  for (const { name, call } of await namedQueries(admin, firmId)) {
    expect((await client.query(call)).rowCount, name).toBeGreaterThan(0);
    expect((await other.query(call)).rowCount, name).toBe(0);
  }
});

test('[P9] control: a policy that asks for each row, and an index that is gone, are both seen', async () => {
  await admin.query('begin');
  try {
    await admin.query(`alter policy demand_letter_read on steno.demand_letter using (firm_id = auth.firm_for('letter:draft:read'))`);
    await admin.query(`drop index steno.demand_letter_firm_updated_at_idx, steno.demand_letter_activity_idx`);
    await admin.query('set local session authorization steno_client');
    const { rows } = await admin.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `explain (format json) select letter_id from steno.demand_letter where status <> 'Archived' and deleted_at is null order by updated_at desc limit 50`,
    );
    const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan ?? { 'Node Type': '' });
    expect(nodes.filter((node) => node['Parent Relationship'] === 'InitPlan')).toEqual([]);
    expect(nodes.map((node) => node['Index Name'])).not.toContain('demand_letter_firm_updated_at_idx');
  } finally {
    await admin.query('rollback');
  }
});
