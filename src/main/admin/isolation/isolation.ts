import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import type { Role } from '../../../shared/session.ts';
import { compareAnswers, comparePushes, listEntities } from './answers.ts';
import { attempt, overhear, type Breach } from './attempts.ts';
import { listAttackers, mayRead } from './attackers.ts';
import { readCatalog } from './catalog.ts';
import { listTables, makeProbeFirm, type ProbeFirm, type Table } from './probe-firm.ts';

export interface IsolationReport {
  verdict: 'isolated' | 'breached' | 'cannot be trusted';
  server: { version: string; database: string; schemaVersion: number };
  startedAt: string;
  /** How much was tried: an empty list of breaches after few attempts would say little. */
  tried: { tables: string[]; attackers: string[]; attempts: number; functions: number; pushes: number; catalogQuestions: number };
  breaches: Breach[];
  findings: { what: string; found: string }[];
  /** Tables without a row of the victim: what is not there cannot be stolen, so they count as not tested. */
  notTested: string[];
  /** A table behind a policy that trusts a variable of the client was planted: a probe that does not find it proves nothing. */
  control: { planted: string; found: boolean };
}

/**
 * Tries to reach one firm's rows in every way a hostile client with the laptops' password has (R6). Two made-up firms, a row of each in
 * every table, all inside one transaction that is rolled back: it can run on a server in use, and leaves nothing.
 * Errors: forbidden (not a superuser), unsupported (no Steno tables).
 */
export async function verifyIsolation(
  admin: pg.Client,
  onProgress: (text: string) => void = () => undefined,
): Promise<Outcome<IsolationReport>> {
  const { rows } = await admin.query<{ super: boolean; there: boolean; version: string; database: string }>(
    `select (select rolsuper from pg_roles where rolname = session_user) as super, to_regclass('public.steno_migration') is not null as there,
       current_setting('server_version') as version, current_database() as database`,
  );
  const [server] = rows;
  if (!server?.there)
    return err({ code: 'unsupported', what: 'the database', reason: "It holds no Steno tables. Run 'steno admin migrate' first." });
  if (!server.super)
    return err({
      code: 'forbidden',
      what: 'this database',
      reason: 'Testing isolation takes a superuser, who can act as the laptops’ login. Nothing was changed.',
    });
  const startedAt = new Date().toISOString();
  await admin.query('begin');
  try {
    const schemaVersion = (await admin.query<{ v: number }>('select max(version) as v from public.steno_migration')).rows[0]?.v ?? 0;
    const tables = await listTables(admin);
    const tag = randomBytes(6).toString('hex');
    const { firm: victim, unfilled } = await makeProbeFirm(admin, tables, `probe-victim-${tag}`);
    const { firm: other } = await makeProbeFirm(admin, tables, `probe-other-${tag}`);
    const tried = await tryEverything(admin, tables, victim, other, onProgress);
    const { findings, asked } = await readCatalog(admin);
    const control = await plantControl(admin, victim, other);
    const isBreached = tried.breaches.length > 0 || findings.length > 0;
    return ok({
      verdict: !control.found || unfilled.length > 0 ? 'cannot be trusted' : isBreached ? 'breached' : 'isolated',
      server: { version: server.version, database: server.database, schemaVersion },
      startedAt,
      tried: { ...tried.counts, catalogQuestions: asked },
      breaches: tried.breaches,
      findings,
      notTested: unfilled,
      control,
    });
  } finally {
    await admin.query('rollback');
  }
}

async function tryEverything(
  admin: pg.Client,
  tables: Table[],
  victim: ProbeFirm,
  other: ProbeFirm,
  onProgress: (text: string) => void,
): Promise<{ breaches: Breach[]; counts: Omit<IsolationReport['tried'], 'catalogQuestions'> }> {
  const attackers = listAttackers(victim, other);
  const breaches: Breach[] = [];
  let attempts = 0;
  for (const [n, { name, prepare }] of attackers.entries()) {
    onProgress(`${String(n + 1)} of ${String(attackers.length)}: ${name}, ${String(tables.length)} tables`);
    const result = await asClient(admin, [overhear, ...prepare], (line) => attempt(line, name, tables, victim.firmId));
    breaches.push(...result.breaches);
    attempts += result.tried;
  }
  for (const [role, token] of Object.entries(victim.tokens) as [Role, string][]) {
    const name = `the firm's own ${role}`;
    onProgress(`${name}: only what that role may`);
    const enter = `select set_config('app.session_token', '${token}', true)`;
    const result = await asClient(admin, [overhear, enter], (line) => attempt(line, name, tables, victim.firmId));
    const allowed = tables.filter((table) => mayRead(role, table)).map((table) => table.name);
    breaches.push(...result.breaches.filter(({ table, how }) => !(/^(select|copy)/.test(how) && allowed.includes(table))));
    attempts += result.tried;
  }
  const entities = await listEntities(admin, victim);
  onProgress('what the functions answer for what is there and what is not');
  const answers = await asClient(admin, [], (line) => compareAnswers(line, victim, other));
  const pushes = await asClient(admin, [], (line) => comparePushes(line, entities, victim, other));
  breaches.push(...answers.breaches, ...pushes.breaches);
  const counts = {
    tables: tables.map(({ name }) => name),
    attackers: attackers.map(({ name }) => name),
    attempts,
    functions: answers.tried,
    pushes: pushes.tried,
  };
  return { breaches, counts };
}

/** Runs work as the login that every laptop has, prepared by an attacker; everything is undone, who we are too. */
async function asClient<T>(admin: pg.Client, prepare: string[], work: (line: pg.Client) => Promise<T>): Promise<T> {
  await admin.query('savepoint attacker');
  try {
    await admin.query('set local session authorization steno_client');
    for (const statement of prepare) await admin.query(statement);
    return await work(admin);
  } finally {
    await admin.query('rollback to savepoint attacker');
  }
}

async function plantControl(admin: pg.Client, victim: ProbeFirm, other: ProbeFirm): Promise<IsolationReport['control']> {
  const name = 'steno.isolation_control';
  await admin.query(`create table ${name} (firm_id uuid not null)`);
  await admin.query(`alter table ${name} enable row level security`);
  await admin.query(`create policy leaky on ${name} using (firm_id = nullif(current_setting('app.current_firm_id', true), '')::uuid)`);
  await admin.query(`grant select on ${name} to steno_client`);
  await admin.query(`insert into ${name} values ($1)`, [victim.firmId]);
  const forger = listAttackers(victim, other).find((attacker) => attacker.name === 'forged variables');
  const tables = [{ name, isFirms: true, isPartition: false, isView: false, firstColumn: 'firm_id' }];
  const { breaches } = await asClient(admin, [overhear, ...(forger?.prepare ?? [])], (line) =>
    attempt(line, 'the control', tables, victim.firmId),
  );
  const { findings } = await readCatalog(admin);
  const found =
    breaches.some(({ how }) => how.startsWith('select:')) && findings.some((finding) => finding.found.includes('isolation_control'));
  return { planted: `a table whose policy trusts app.current_firm_id, which clients can set`, found };
}
