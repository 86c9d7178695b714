import type pg from 'pg';
import { type AppError } from '../../shared/errors.ts';
import { err, ok, type Outcome } from '../../shared/result.ts';

/** What a server must be like before anything of Steno is put on it, as measured. */
export interface ServerFacts {
  /** As in server_version_num: 150018 is 15.18. */
  versionNumber: number;
  version: string;
  isStandby: boolean;
  user: string;
  isSuperuser: boolean;
  /** Superusers of this server that can log in: what the address may name instead. */
  superusers: string[];
  encoding: string;
  extensions: { name: string; isAvailable: boolean; schema: string | null }[];
}

const oldestServer = 15;
export const neededExtensions = ['pgcrypto', 'citext', 'pg_trgm'];

/** Errors: unsupported and forbidden, each naming what is wrong with this server and what to do about it. */
export async function checkServer(admin: pg.Client): Promise<Outcome<ServerFacts>> {
  const { rows } = await admin.query<ServerFacts>(
    `select current_setting('server_version_num')::integer as "versionNumber", current_setting('server_version') as version,
       pg_is_in_recovery() as "isStandby", current_user::text as "user", r.rolsuper as "isSuperuser", pg_encoding_to_char(d.encoding)::text as encoding,
       (select coalesce(array_agg(s.rolname::text order by s.rolname), '{}') from pg_roles s where s.rolsuper and s.rolcanlogin) as superusers,
       (select jsonb_agg(jsonb_build_object('name', n.name, 'isAvailable', exists (select from pg_available_extensions a where a.name = n.name),
           'schema', (select e.extnamespace::regnamespace::text from pg_extension e where e.extname = n.name)))
         from unnest($1::text[]) n (name)) as extensions
     from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`,
    [neededExtensions],
  );
  const facts = rows[0];
  if (!facts) throw new Error('the server does not say who we are');
  const refusal = refuseServer(facts);
  return refusal ? err(refusal) : ok(facts);
}

/** The first thing that stands in the way, in the order in which it would have to be mended; null when nothing does. */
export function refuseServer(facts: ServerFacts): AppError | null {
  const old = refuseOldServer(facts);
  if (old) return old;
  if (facts.isStandby)
    return unsupported('this Postgres server', 'It is a standby, which only reads. Put the address of the primary into --url.');
  if (!facts.isSuperuser) return notSuperuser(facts);
  if (facts.encoding !== 'UTF8')
    return unsupported(
      'this database',
      `Its encoding is ${facts.encoding}; letters need UTF8. Make a new one: create database steno encoding 'UTF8' template template0;`,
    );
  const missing = facts.extensions.filter(({ isAvailable }) => !isAvailable).map(({ name }) => name);
  if (missing.length > 0)
    return unsupported(
      'this Postgres server',
      `It lacks ${missing.join(' and ')}. Install the contrib package of its version there (Debian, Ubuntu: postgresql-contrib; Red Hat: ` +
        'postgresql-contrib; Windows and macOS installers bring it); on a managed service allow the extension in its settings.',
    );
  const elsewhere = facts.extensions.find(({ schema }) => schema !== null && schema !== 'public');
  if (elsewhere)
    return unsupported(
      'this database',
      `Extension ${elsewhere.name} is in schema ${elsewhere.schema ?? ''}; Steno looks in public. Run: alter extension ${elsewhere.name} set schema public;`,
    );
  return null;
}

/** Older servers lack what the migrations, the backup and the doctor ask them for. */
export function refuseOldServer({ versionNumber, version }: Pick<ServerFacts, 'versionNumber' | 'version'>): AppError | null {
  if (versionNumber >= oldestServer * 10_000) return null;
  const reason = `It is version ${version}; Steno needs ${String(oldestServer)} or newer. Upgrade the server (pg_upgrade), or use another one.`;
  return unsupported('this Postgres server', reason);
}

function notSuperuser({ user, superusers }: Pick<ServerFacts, 'user' | 'superusers'>): AppError {
  const known = superusers.length > 0 ? ` Here that is ${superusers.join(' or ')}.` : '';
  const reason =
    `The address names ${user}, which is not a superuser; making roles and acting as each of them takes one.${known} ` +
    'Managed services that give no superuser cannot carry Steno yet.';
  return { code: 'forbidden', what: 'this database', reason: `${reason} Nothing was changed.` };
}

function unsupported(what: string, reason: string): AppError {
  return { code: 'unsupported', what, reason: `${reason} Nothing was changed.` };
}
