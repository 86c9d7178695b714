import { createHash, randomBytes, randomInt } from 'node:crypto';
import type pg from 'pg';
import { Role } from '../../../shared/session.ts';
import { freshId } from '../../host/ids.ts';

/** A table that holds rows of firms, or of nobody in particular. */
export interface Table {
  /** With schema, quoted where needed. */
  name: string;
  isFirms: boolean;
  /** Reached through its parent in everyday use; here also directly. */
  isPartition: boolean;
  isView: boolean;
  firstColumn: string;
}

/** A made-up firm inside the probe's transaction, with a row in every table, and tokens of each kind. */
export interface ProbeFirm {
  firmId: string;
  slug: string;
  userIds: Record<Role, string>;
  /** Live sessions, by role. */
  tokens: Record<Role, string>;
  endedTokens: { expired: string; revoked: string };
  apiKey: string;
  /** The id that stands in each column of that name: rows of the firm refer to each other. */
  ids: Map<string, string>;
}

/** Every table and view of Steno's schemas; of the partitions this month's, which are all alike. */
export async function listTables(admin: pg.Client): Promise<Table[]> {
  const { rows } = await admin.query<Table>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped) as "isFirms",
       c.relispartition as "isPartition", c.relkind in ('v', 'm') as "isView",
       (select attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum limit 1) as "firstColumn"
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('steno', 'auth') and c.relkind in ('r', 'p', 'v', 'm')
       and (not c.relispartition or right(c.relname, 7) = to_char(now() at time zone 'UTC', 'YYYY_MM')) order by 1`,
  );
  return rows;
}

interface Column {
  column: string;
  type: string;
  allowed: string | null;
}

/** What a column's type alone does not tell, by column name. */
const known: Record<string, (firm: ProbeFirm) => unknown> = {
  firm_slug: ({ slug }) => slug,
  email: () => `${freshId()}@probe.invalid`,
  password_hash: () => `$2a$12$${'x'.repeat(53)}`,
  public_key: () => `age1${'q'.repeat(58)}`,
  event_number: () => randomInt(2 ** 40, 2 ** 47),
  position: () => randomInt(2 ** 40, 2 ** 47),
  content_hash: (firm) => idFor(firm, 'content_hash', () => randomBytes(32).toString('hex')),
  prompt_hash: () => '0'.repeat(64),
  template_content: () => JSON.stringify({ sections: [] }),
  scopes: () => ['firm:feed:read'],
  bucket: () => 'probe',
  endpoint: () => 'https://probe.invalid',
  expires_at: () => new Date(Date.now() + 3_600_000),
  user_id: ({ userIds }) => userIds.Admin,
};

/** Columns that a table's checks want together, beyond what it insists on. */
const together: Record<string, Record<string, unknown>> = {
  'steno.ai_refinement': { instruction: 'x', input_content: 'x' },
  'steno.chunk': { end_offset: 2 },
  'steno.feedback': { subject: 'answer', query_hash: '0'.repeat(64), is_helpful: true },
  'steno.correction': { new_value: 'y' },
  'steno.extraction_metric': { approved_count: 0, rejected_count: 0 },
  // whole, and in a store outside, so that there is something to sign addresses for
  'steno.blob': { home: 's3', completed_at: new Date() },
  'steno.contract': { is_template: true },
  'steno.extraction_field': { value: null },
  'steno.assistant_policy': { policy: '{}' },
  'steno.template_version': { content: JSON.stringify({ sections: [] }) },
  'steno.setting': { setting_key: 'letter.letterhead', setting_value: '{}' },
};

function idFor({ ids }: ProbeFirm, column: string, make = freshId): string {
  const id = ids.get(column) ?? make();
  ids.set(column, id);
  return id;
}

function valueFor({ column, type, allowed }: Column, firm: ProbeFirm): unknown {
  if (column === 'firm_id') return firm.firmId;
  const special = known[column];
  if (special) return special(firm);
  // CHECK (column = ANY (ARRAY['Open'::text, ...])): the first that is allowed
  const first = /ARRAY\['([^']*)'/.exec(allowed ?? '')?.[1];
  if (first !== undefined) return first;
  if (/\[\]$/.test(type)) return [];
  if (type === 'uuid') return idFor(firm, column);
  if (/^(bigint|integer|smallint|numeric|xid8)/.test(type)) return 1;
  if (/^timestamp|^date/.test(type)) return new Date();
  if (type === 'jsonb') return '{}';
  if (type === 'bytea') return randomBytes(32); // hashes, for the most part
  if (type === 'boolean') return false;
  return 'x';
}

/**
 * Makes the firm and leaves a row of it in every table that has firm_id (in one partition of those that are partitioned); the tables where that failed, with the reason.
 * Only inside a transaction that is rolled back.
 */
export async function makeProbeFirm(admin: pg.Client, tables: Table[], slug: string): Promise<{ firm: ProbeFirm; unfilled: string[] }> {
  const userIds = Object.fromEntries(Role.options.map((role) => [role, freshId()])) as Record<Role, string>;
  const firm: ProbeFirm = {
    firmId: freshId(),
    slug,
    userIds,
    tokens: Object.fromEntries(Role.options.map((role) => [role, randomBytes(32).toString('hex')])) as Record<Role, string>,
    endedTokens: { expired: randomBytes(32).toString('hex'), revoked: randomBytes(32).toString('hex') },
    apiKey: `sk_${randomBytes(32).toString('hex')}`,
    ids: new Map(),
  };
  await admin.query('insert into steno.firm (firm_id, firm_name, firm_slug) values ($1, $2, $3)', [firm.firmId, 'Isolation probe', slug]);
  for (const role of Role.options) {
    await admin.query(`insert into steno."user" (firm_id, user_id, email, first_name, last_name, role) values ($1, $2, $3, 'A', 'B', $4)`, [
      firm.firmId,
      userIds[role],
      `${role.toLowerCase()}@probe.invalid`,
      role,
    ]);
    await addSession(admin, firm, role, firm.tokens[role], `now() + interval '1 hour', null`);
  }
  await addSession(admin, firm, 'Admin', firm.endedTokens.expired, `now() - interval '1 second', null`);
  await addSession(admin, firm, 'Admin', firm.endedTokens.revoked, `now() + interval '1 hour', now()`);
  await admin.query(
    `insert into auth.api_key (firm_id, user_id, key_name, key_hash, scopes, expires_at)
     select $1, $2, 'probe', $3, array(select permission from steno.permission), now() + interval '1 hour'`,
    [firm.firmId, userIds.Admin, sha256(firm.apiKey)],
  );
  // the rest only has to be there: without triggers and foreign keys
  await admin.query('set local session_replication_role = replica');
  const unfilled: string[] = [];
  // views last: they show what the tables hold
  for (const { name, isFirms, isPartition, isView } of [...tables].sort((a, b) => Number(a.isView) - Number(b.isView))) {
    const reason = isFirms && !isPartition ? await fill(admin, name, isView, firm) : null;
    if (reason !== null) unfilled.push(`${name}: ${reason}`);
  }
  await admin.query('set local session_replication_role = origin');
  return { firm, unfilled };
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function addSession(admin: pg.Client, firm: ProbeFirm, role: Role, token: string, expiresAndRevoked: string): Promise<void> {
  await admin.query(
    `insert into auth.session (firm_id, user_id, device_id, device_name, token_hash, expires_at, revoked_at)
     values ($1, $2, $3, 'probe', $4, ${expiresAndRevoked})`,
    [firm.firmId, firm.userIds[role], freshId(), sha256(token)],
  );
}

/** Null where the table now holds a row of the firm; else why it does not. */
async function fill(admin: pg.Client, table: string, isView: boolean, firm: ProbeFirm): Promise<string | null> {
  const there = async (): Promise<boolean> =>
    (await admin.query(`select from ${table} where firm_id = $1 limit 1`, [firm.firmId])).rowCount === 1;
  if (await there()) return null;
  if (isView) return 'a view that shows none of the rows';
  const { rows: columns } = await admin.query<Column>(
    `select a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
       (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]) as allowed
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''`,
    [table],
  );
  const row = { ...Object.fromEntries(columns.map((column) => [column.column, valueFor(column, firm)])), ...together[table] };
  const names = Object.keys(row)
    .map((column) => `"${column}"`)
    .join(', ');
  const places = Object.keys(row).map((_, n) => `$${String(n + 1)}`);
  await admin.query('savepoint fill');
  try {
    await admin.query(`insert into ${table} (${names}) values (${places.join(', ')})`, Object.values(row));
  } catch (error) {
    await admin.query('rollback to savepoint fill');
    return error instanceof Error ? error.message : String(error);
  }
  return (await there()) ? null : 'no row after inserting one';
}
