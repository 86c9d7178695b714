import { beforeAll, describe, expect, test } from 'vitest';
import { createPgWorld } from '../support/pg-world.ts';

/*
 * What every table must have besides its constraints, read from the catalog. A table that a migration forgot to protect, to audit or to
 * describe fails here; the lists below say which may go without, and why.
 */
const { admin } = await createPgWorld();

interface Table {
  name: string;
  schema: string;
  isFirms: boolean;
}
/** An entry without a table behind it fails as well: reasons do not outlive what they are for. */
type Exceptions = Record<string, string>;

const otherReadPolicy: Exceptions = {
  firm: 'whoever is signed in sees her own firm: current_firm_id',
  mutation: 'no client reads it: push looks up its own verdicts',
  feed_position: 'no client reads it: pull does',
  change_feed: 'no client reads it: pull does',
  audit_head: 'where the chain stands is everybody’s to remember: current_firm_id',
  audit_pending: 'the audit’s own, for the length of a transaction',
  laptop_audit_head: 'as audit_head, of laptops',
  room: 'the rooms one sees: my_rooms, which asks for the permission, a guest’s or a member’s',
  room_participant: 'as room',
  message: 'as room',
  message_attachment: 'as room',
  message_key: 'no client reads it: a trigger writes it, foreign keys look at it',
  user_presence: 'one’s own without a permission; others’ with firm:user:read',
};
const unaudited: Exceptions = {
  mutation: 'itself a record of what was judged, only ever added to',
  feed_position: 'a counter',
  change_feed: 'says that something changed; the change itself is audited',
  blob_chunk: 'bytes; the file they make is audited by its hash',
  extraction_metric: 'added up from rows that are audited',
  audit_event: 'the audit',
  laptop_audit_head: 'where the audits of laptops stood',
  audit_batch: 'the audit',
  audit_head: 'the audit',
  audit_pending: 'the audit',
  message_key: 'says that there is a message; the message itself is audited',
  letter_presence: 'who is in a letter at this moment; gone after seconds',
  ...Object.fromEntries(
    ['user', 'room', 'room_participant', 'message', 'message_attachment', 'robot_interaction', 'escalation'].map((of) => [
      `${of}_history`,
      'itself a record of changes, only ever added to',
    ]),
  ),
};
/** Foreign keys to these need no index of their own. */
const rarelyDeleted: Exceptions = {
  'steno."user"': 'people are switched off; where one is deleted, reading the firm’s rows once is bearable',
  'steno.entity': 'changed by migrations only',
  'steno.permission': 'changed by migrations only',
};

let tables: Table[];
beforeAll(async () => {
  const { rows } = await admin.query<Table>(
    `select case n.nspname when 'steno' then '' else n.nspname || '.' end || c.relname as name, n.nspname as schema,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped) as "isFirms"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('steno', 'auth') and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  tables = rows;
});

/** Names of rows a catalog query finds; every query here finds what is wrong. */
async function names(query: string): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(query);
  return rows.map(({ name }) => name);
}
const from = `pg_class c join pg_namespace n on n.oid = c.relnamespace`;
const name = `case n.nspname when 'steno' then '' else n.nspname || '.' end || c.relname as name`;
const own = `c.relkind in ('r', 'p') and not c.relispartition`;
const isFirms = `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped)`;
const calls = (procedure: string, events: number) =>
  `exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = '${procedure}'::regprocedure and t.tgtype & ${String(events)} = ${String(events)} and t.tgenabled = 'O')`;
/** Bits of pg_trigger.tgtype. */
const [before, insert, remove, update, truncate] = [2, 4, 8, 16, 32];

const rules: Record<string, { query: string; but: Exceptions }> = {
  'row-level security is on and forced, partitions included': {
    query: `select ${name} from ${from} where n.nspname = 'steno' and c.relkind in ('r', 'p') and (${isFirms}) and not (c.relrowsecurity and c.relforcerowsecurity)`,
    but: {},
  },
  'whoever reads is asked for a permission, once a statement': {
    query: `select ${name} from ${from} where n.nspname = 'steno' and ${own} and (${isFirms}) and not exists (
      select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*') and pg_get_expr(p.polqual, p.polrelid) ~ '^\\(*firm_id = \\( SELECT auth\\.firm_for\\(')`,
    but: otherReadPolicy,
  },
  'no policy calls a function once a row': {
    query: `select ${name} from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'steno' and regexp_replace(coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''), 'SELECT auth\\.', '', 'g') ~ 'auth\\.'`,
    but: {},
  },
  'every change and removal is audited': {
    query: `select ${name} from ${from} where n.nspname = 'steno' and ${own} and (${isFirms})
      and not (${calls('steno.audit_change()', insert)} and ${calls('steno.audit_change()', update)} and ${calls('steno.audit_change()', remove)} and ${calls('steno.refuse_truncate()', truncate)})`,
    but: unaudited,
  },
  'updated_at is the database’s, or the row never changes': {
    query: `select ${name} from ${from} where n.nspname = 'steno' and ${own} and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'updated_at')
      and not (${calls('steno.set_updated_at()', before + update)} or ${calls('steno.refuse_change()', before + update)})`,
    but: {},
  },
  'a comment says what it is for': {
    query: `select ${name} from ${from} where n.nspname in ('steno', 'auth') and c.relkind in ('r', 'p', 'v') and not c.relispartition and obj_description(c.oid) is null`,
    but: {},
  },
  'there is a primary key, and a firm’s begins with the firm': {
    query: `select ${name} from ${from} where n.nspname in ('steno', 'auth') and ${own} and not exists (
      select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indisprimary and (a.attname = 'firm_id' or not (${isFirms})))`,
    but: {
      'auth.session': 'found by its token, before anybody knows the firm',
    },
  },
  'unique indexes of a firm’s table begin with the firm': {
    query: `select x.relname as name from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where n.nspname in ('steno', 'auth') and ${own} and (${isFirms}) and i.indisunique and a.attname is distinct from 'firm_id'`,
    but: {
      session_pkey: 'random, made by the server',
      session_token_hash_key: 'the hash of a random token',
      api_key_key_hash_key: 'the hash of a random key',
      firm_firm_slug_key: 'the name by which sign-in finds the firm; made by IT',
    },
  },
  'clients select and do nothing else': {
    query: `select distinct ${name} from ${from}, aclexplode(c.relacl) g where n.nspname in ('steno', 'auth') and g.grantee in (0, 'steno_client'::regrole)
      and (g.privilege_type <> 'SELECT' or n.nspname = 'auth' or g.grantee = 0)
      union select distinct ${name} from ${from} join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g where n.nspname in ('steno', 'auth') and g.grantee in (0, 'steno_client'::regrole)`,
    but: {},
  },
  'a view asks row-level security for whoever reads it': {
    query: `select ${name} from ${from} where n.nspname = 'steno' and c.relkind in ('v', 'm') and not coalesce('security_invoker=true' = any (c.reloptions), false)`,
    but: {},
  },
};

async function found(rule: { query: string; but: Exceptions }): Promise<string[]> {
  return (await names(rule.query)).filter((each) => !(each in rule.but));
}

describe('every table of steno and auth', () => {
  test.each(Object.entries(rules))('%s', async (_, rule) => {
    expect(await found(rule)).toEqual([]);
    const all = await names(rule.query);
    expect(Object.keys(rule.but).filter((each) => !all.includes(each))).toEqual([]);
  });

  test('what may be held is what a matter loses with it', async () => {
    expect(
      await names(
        `with recursive below as (
           select 'steno.matter'::regclass as oid
           union select k.conrelid from pg_constraint k join below b on k.confrelid = b.oid and k.contype = 'f' and k.confdeltype = 'c' and k.conparentid = 0)
         select c.relname as name from below join pg_class c using (oid) where not ${calls('steno.refuse_held()', before + remove)}`,
      ),
    ).toEqual([]);
  });

  test('deleting a parent does not read all of the children: foreign keys lead an index', async () => {
    const unindexed = `
      select k.conrelid::regclass || ' ' || k.conname as name, k.confrelid::regclass::text as parent from pg_constraint k join pg_namespace n on n.oid = k.connamespace
      where k.contype = 'f' and k.conparentid = 0 and n.nspname in ('steno', 'auth') and not exists (
        select from pg_index i where i.indrelid = k.conrelid
          -- a key is looked up by its value, so an index that leaves out nulls serves as well
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
          and (select array_agg(c order by c) from unnest(k.conkey) c) = (select array_agg(c order by c) from unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) c))`;
    const { rows } = await admin.query<{ name: string; parent: string }>(unindexed);
    expect(rows.filter(({ parent }) => !(parent in rarelyDeleted))).toEqual([]);
    expect(Object.keys(rarelyDeleted).filter((parent) => !rows.some((row) => row.parent === parent))).toEqual([]);
  });

  test('the catalog was read', () => {
    expect(tables.length).toBeGreaterThanOrEqual(45);
    expect(tables.filter((table) => table.isFirms).length).toBeGreaterThanOrEqual(35);
  });

  test('control: a table with none of it is found by each rule, and a view that asks nobody', async () => {
    await admin.query('begin');
    await admin.query(`
      create table steno.planted (id uuid unique, firm_id uuid references steno.firm on delete cascade, matter_id uuid, updated_at timestamptz);
      alter table steno.planted add foreign key (firm_id, matter_id) references steno.matter on delete cascade;
      grant select, insert on steno.planted to steno_client;
      create policy planted_read on steno.planted for select using (firm_id = auth.firm_for('matter:record:read'));
      create view steno.v_planted as select * from steno.planted;`);
    try {
      for (const [title, rule] of Object.entries(rules)) {
        const seen = await found(rule);
        expect(
          seen.some((each) => /planted/.test(each)),
          title,
        ).toBe(true);
      }
    } finally {
      await admin.query('rollback');
    }
  });
});
