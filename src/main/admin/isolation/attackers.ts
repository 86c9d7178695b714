import type { Role } from '../../../shared/session.ts';
import { sha256, type ProbeFirm } from './probe-firm.ts';

/** One way of reaching for the victim's rows: the statements a hostile client runs first, on the login that every laptop has. */
export interface Attacker {
  name: string;
  prepare: string[];
}

const set = (name: string, value: string): string => `select set_config('${name}', '${value}', true)`;
const token = (value: string): string => set('app.session_token', value);

/** Everybody who is not the victim, with all they could know: the database password, every id of the victim, tokens that ended. */
export function listAttackers(victim: ProbeFirm, other: ProbeFirm): Attacker[] {
  // the variables that the design documents, and products like this one, trust
  const forged = [
    set('app.current_firm_id', victim.firmId),
    set('app.organization_id', victim.firmId),
    set('app.tenant_id', victim.firmId),
    set('app.current_user_id', victim.userIds.Admin),
    set('app.current_role', 'Admin'),
    set('request.jwt.claims', JSON.stringify({ firm_id: victim.firmId, role: 'Admin' })),
    set('steno.in_push', 'on'),
  ];
  return [
    { name: 'no session', prepare: [] },
    { name: 'an empty token', prepare: [token('')] },
    { name: 'a made-up token', prepare: [token('0'.repeat(64))] },
    { name: 'a made-up API key', prepare: [token(`sk_${'0'.repeat(64)}`)] },
    { name: 'forged variables', prepare: forged },
    { name: 'an expired session of that firm', prepare: [token(victim.endedTokens.expired)] },
    { name: 'a revoked session of that firm', prepare: [token(victim.endedTokens.revoked)] },
    { name: 'the hash of a live token', prepare: [token(sha256(victim.tokens.Admin).toString('hex'))] },
    ...Object.entries(other.tokens).map(([role, live]) => ({ name: `another firm's ${role}`, prepare: [token(live)] })),
    { name: "another firm's API key with every scope", prepare: [token(other.apiKey)] },
    { name: "another firm's Admin who forges the variables", prepare: [token(other.tokens.Admin), ...forged] },
    { name: "another firm's Admin with row security off", prepare: [token(other.tokens.Admin), 'set local row_security = off'] },
    {
      name: "another firm's Admin with shadowed names",
      prepare: [
        token(other.tokens.Admin),
        `create function pg_temp.current_firm_id() returns uuid language sql as $$ select '${victim.firmId}'::uuid $$`,
        `create function pg_temp.firm_for(text) returns uuid language sql as $$ select '${victim.firmId}'::uuid $$`,
        `create function pg_temp.sha256(bytea) returns bytea language sql as $$ select '\\x${sha256(victim.tokens.Admin).toString('hex')}'::bytea $$`,
        `create temporary table session as select '${victim.firmId}'::uuid as firm_id, '${victim.userIds.Admin}'::uuid as user_id`,
        `create temporary table "user" as select '${victim.firmId}'::uuid as firm_id, true as is_active`,
        'set local search_path = pg_temp, steno, auth, app, pg_catalog',
      ],
    },
  ];
}

/** What carries a firm's changes and laptops get through functions only. */
const machinery = [
  'mutation',
  'change_feed',
  'feed_position',
  'audit_pending',
  'entity',
  'entity_field',
  'permission',
  'role_permission',
  'partition_policy',
  'message_key',
];

/**
 * Whether a person of the firm itself may read rows of this table: nobody reads passwords, sessions, machinery or a partition past its parent;
 * the audit is the Admin's; a guest who is in no room sees the firm's name and herself.
 */
export function mayRead(role: Role, table: { name: string; isPartition: boolean }): boolean {
  const [schema, name = ''] = table.name.replaceAll('"', '').split('.');
  if (schema !== 'steno' || table.isPartition || machinery.includes(name)) return false;
  // the last shows of users what the caller sees of them: herself
  if (role === 'Guest') return ['firm', 'user', 'audit_head', 'v_user_activity'].includes(name);
  return role === 'Admin' || !(name === 'audit_event' || name === 'audit_batch' || name.endsWith('_history'));
}
