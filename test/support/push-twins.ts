import type pg from 'pg';
import type { Role } from '../../src/shared/session.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import { toLines } from '../../src/main/sync/push-lines.ts';
import { drawFrom, randomBatches } from './random-batches.ts';
import type { PgWorld } from './pg-world.ts';

/** A batch to a world as bytes on the wire: also what no laptop of ours would send. */
export type Push = (client: pg.Client, token: string, batch: unknown[]) => Promise<{ verdicts: object[]; position: number }>;

/** As programs send it. */
export const pushAsObjects: Push = async (client, token, batch) => {
  const { rows } = await client.query<{ reply: { verdicts: object[]; position: number } }>('select app.push($1, $2::jsonb) as reply', [
    token,
    JSON.stringify(batch),
  ]);
  if (!rows[0]) throw new Error('no reply');
  return {
    ...rows[0].reply,
    verdicts: rows[0].reply.verdicts.map((verdict) =>
      Object.fromEntries(Object.entries(verdict).filter(([name]) => name !== 'mutationId')),
    ),
  };
};

/** As laptops send it; what no laptop sends (a patch that is none, a mutation that is none) is a line of as much as there is. */
export const pushAsLines: Push = async (client, token, batch) => {
  const kinds: string[] = [];
  const numberOf = (kind: unknown[]): number => {
    const text = JSON.stringify(kind);
    return kinds.includes(text) ? kinds.indexOf(text) : kinds.push(text) - 1;
  };
  const lines = batch.map((sent) => {
    const { mutationId, entity, entityId, op, patch } = (typeof sent === 'object' && sent ? sent : {}) as Record<keyof Mutation, unknown>;
    if (typeof patch === 'object' && patch && !Array.isArray(patch)) {
      const [[kind], line] = toLines([sent as Mutation])
        .split('\n')
        .map((text) => JSON.parse(text) as unknown[]) as [[unknown[]], unknown[]];
      return JSON.stringify([numberOf(kind), ...line.slice(1)]);
    }
    return JSON.stringify([numberOf([entity, op, null]), mutationId, entityId]);
  });
  const { rows } = await client.query<{ reply: { verdicts: (object | number)[]; position: number } }>(
    'select app.push_lines($1, $2) as reply',
    [token, [`[${kinds.join()}]`, ...lines].join('\n')],
  );
  if (!rows[0]) throw new Error('no reply');
  const { verdicts, position } = rows[0].reply;
  return {
    position,
    verdicts: verdicts.map((verdict) => (typeof verdict === 'number' ? { verdict: 'applied', revision: verdict } : verdict)),
  };
};

interface Twin {
  world: PgWorld;
  client: pg.Client;
  push: Push;
}

/** Two worlds whose firms have the same ids; what they answer and hold must not differ, however each of them is asked and judges. */
export async function makeTwins([one, two]: [PgWorld, PgWorld]): Promise<[Twin, Twin]> {
  return [
    { world: one, client: await one.client(), push: pushAsLines },
    { world: two, client: await two.client(), push: pushAsObjects },
  ];
}

/** Switches sets off: what they are compared with. */
export async function judgeOneByOne(admin: pg.Client): Promise<void> {
  await admin.query(`
    create or replace function steno.push_sets(changes steno.change[], shapes steno.shape[], refused steno.change[], session auth.session) returns steno.judged[]
    language sql volatile set search_path = steno, pg_temp as 'select steno.push_one_by_one(changes, shapes, refused, session)'`);
}

/** The same random batches from the same laptops to both; the first thing that differs, in words. `seen` gets the verdicts there were. */
export async function firstDifference(twins: [Twin, Twin], seed: number, seen = new Set<string>()): Promise<string | null> {
  const draw = drawFrom(seed);
  const laptops = [];
  for (const role of ['Attorney', 'Paralegal', 'Attorney', 'Viewer'] as const) laptops.push(await sitDown(twins, role, draw.uuid()));
  const source = randomBatches(draw, Object.values(twins[0].world.firms.one.userIds));
  for (let n = 0; n < 8; n += 1) {
    const laptop = draw.isOnceIn(12) ? laptops[3] : laptops[draw.below(3)];
    const difference = await laptop?.(source.next(1 + draw.below(60)), seen);
    if (difference) return `seed ${String(seed)}, batch ${String(n)}: ${difference}`;
  }
  const difference = await compareStates(twins);
  return difference && `seed ${String(seed)}: ${difference}`;
}

/** One laptop at both firms: sends a batch to each and says in words what is answered differently. */
export async function sitDown(twins: [Twin, Twin], role: Role, deviceId: string) {
  const tokens = await Promise.all(twins.map(({ world }) => world.tokenFor('one', role, deviceId)));
  return async (batch: Mutation[], seen = new Set<string>()): Promise<string | null> => {
    const [one, two] = await Promise.all(
      twins.map(async ({ world, client, push }, at) => plain(await push(client, tokens[at] ?? '', batch), await conflictNames(world))),
    );
    if (!one || !two) throw new Error('there are two');
    for (const verdict of one.verdicts) seen.add((/"reason":"(\w+)"/.exec(verdict) ?? /"verdict":"(\w+)"/.exec(verdict))?.[1] ?? '');
    const at = batch.findIndex((_, index) => one.verdicts[index] !== two.verdicts[index]);
    return at < 0
      ? null
      : `change ${String(at)} ${JSON.stringify(batch[at])} is ${String(one.verdicts[at])} and ${String(two.verdicts[at])}`;
  };
}

/** The first thing that the two firms do not both hold, in words. */
export async function compareStates(twins: [Twin, Twin]): Promise<string | null> {
  const [one, two] = [await stateOf(twins[0].world), await stateOf(twins[1].world)];
  for (const part of Object.keys(one)) {
    const [here, there] = [one[part] ?? [], two[part] ?? []];
    for (let line = 0; line < Math.max(here.length, there.length); line += 1)
      if (here[line] !== there[line]) return `${part} holds ${String(here[line])} and ${String(there[line])}`;
  }
  return null;
}

function plain({ verdicts, position }: { verdicts: object[]; position: number }, names: Map<string, string>) {
  return { verdicts: verdicts.map((verdict) => withoutChance(JSON.stringify(sorted(verdict)), names)), position };
}

function sorted(verdict: object): object {
  return Object.fromEntries(Object.entries(verdict).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Conflicts have ids by chance: what they are about names them. */
async function conflictNames({ admin, firms }: PgWorld): Promise<Map<string, string>> {
  const { rows } = await admin.query<{ id: string; name: string }>(
    `select conflict_id as id, format('conflict %s %s %s %s %s', entity, entity_id, merge_group, proposed_device, state) as name from steno.conflict where firm_id = $1`,
    [firms.one.firmId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Without ids by chance, and without the time of day. */
function withoutChance(text: string, names: Map<string, string>): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) ?? id)
    .replace(/"20(2[5-9]|[3-9]\d)-\d\d-\d\dT[^"]*"/g, '"now"');
}

const tables = [
  'matter',
  'source_document',
  'document_page',
  'fact',
  'bill_line',
  'stated_total',
  'demand_letter',
  'letter_update',
  'letter_version',
  'export',
];
const others = ['template', 'document_link', 'conflict', 'proposal', 'mutation'];

/** All that pushes leave in a firm, as sorted lines. */
async function stateOf(world: PgWorld): Promise<Record<string, string[]>> {
  const { admin, firms } = world;
  const names = await conflictNames(world);
  const lines = async (query: string): Promise<string[]> => {
    const { rows } = await admin.query<{ line: string }>(query, [firms.one.firmId]);
    return rows.map(({ line }) => withoutChance(line, names)).sort();
  };
  const state: Record<string, string[]> = {};
  for (const table of [...tables, ...others])
    state[table] = await lines(`select (to_jsonb(t) - 'ordinal')::text as line from steno.${table} t where firm_id = $1`);
  state['the feed'] = await lines(
    // proposals of one batch come in an order of their own, each behind what it hangs on
    `select case entity when 'proposal' then '' else to_char(position, 'fm000000') end || ' ' || entity || ' ' || entity_id as line from steno.change_feed where firm_id = $1 order by position`,
  );
  state['the audit'] = await lines(
    `select jsonb_build_array(table_name, row_key, action, old_values, new_values, user_id, device_id)::text as line
     from steno.audit_event where firm_id = $1 and table_name not in ('session', 'device', 'proposal')`,
  );
  return state;
}
