import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { Role } from '../../shared/session.ts';

interface Person {
  firmId: string;
  userId: string;
  role: Role;
}

/** Finds somebody by firm and address. Errors: not_found, naming which of the two. */
async function findPerson(admin: pg.Client, slug: string, email: string): Promise<Outcome<Person>> {
  const { rows } = await admin.query<Person | { firmId: string; userId: null }>(
    `select f.firm_id as "firmId", u.user_id as "userId", u.role from steno.firm f left join steno."user" u on u.firm_id = f.firm_id and u.email = $2::public.citext
     where f.firm_slug = $1::public.citext`,
    [slug, email],
  );
  const [found] = rows;
  if (!found) return err({ code: 'not_found', what: `the firm "${slug}"` });
  if (found.userId === null) return err({ code: 'not_found', what: `${email} in ${slug}` });
  return ok(found);
}

/** Sets a password and ends every session that was opened with the old one. Errors: not_found, invalid_input. */
export async function resetPassword(
  admin: pg.Client,
  slug: string,
  email: string,
  password: string,
): Promise<Outcome<{ endedSessions: number }>> {
  if (password.length < 12) return err({ code: 'invalid_input', what: 'the password', reason: 'Use at least 12 characters.' });
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  const { firmId, userId } = person.value;
  const live = await admin.query(
    'select from auth.session where firm_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()',
    [firmId, userId],
  );
  await admin.query('select auth.set_password($1, $2, $3)', [firmId, userId, password]);
  return ok({ endedSessions: live.rowCount ?? 0 });
}

/** Gives another role; what the person may do changes with it at once, also in sessions that are open. */
export async function setRole(admin: pg.Client, slug: string, email: string, role: Role): Promise<Outcome<{ from: Role }>> {
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  await admin.query(`update steno."user" set role = $3, revision = revision + 1 where firm_id = $1 and user_id = $2`, [
    person.value.firmId,
    person.value.userId,
    role,
  ]);
  return ok({ from: person.value.role });
}

/** Switches somebody off (sessions and API keys of hers are dead at once) or on again. `erases`: by the firm's policy her laptops erase their copy. */
export async function setActive(admin: pg.Client, slug: string, email: string, isActive: boolean): Promise<Outcome<{ erases: boolean }>> {
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  await admin.query(`update steno."user" set is_active = $3, revision = revision + 1 where firm_id = $1 and user_id = $2`, [
    person.value.firmId,
    person.value.userId,
    isActive,
  ]);
  const { rows } = await admin.query<{ erases: boolean }>('select erase_deactivated as erases from auth.firm_policy where firm_id = $1', [
    person.value.firmId,
  ]);
  return ok({ erases: !isActive && rows[0]?.erases === true });
}

/**
 * Ends somebody's sessions: all, or those of one device. With `erase` the devices are revoked: they may not come back, and are told to erase
 * their store at their next contact.
 */
export async function revokeSessions(
  admin: pg.Client,
  slug: string,
  email: string,
  { deviceId, erase }: { deviceId: string | null; erase: boolean },
): Promise<Outcome<{ sessions: number; devices: number }>> {
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  const whose = [person.value.firmId, person.value.userId, deviceId];
  await admin.query('begin');
  try {
    const ended = await admin.query(
      `update auth.session set revoked_at = now(), ended_reason = $4 where firm_id = $1 and user_id = $2 and ($3::uuid is null or device_id = $3) and revoked_at is null`,
      [...whose, erase ? 'device_revoked' : 'revoked'],
    );
    const barred = erase
      ? await admin.query(
          'update auth.device set revoked_at = now() where firm_id = $1 and user_id = $2 and ($3::uuid is null or device_id = $3) and revoked_at is null',
          whose,
        )
      : null;
    await admin.query('commit');
    return ok({ sessions: ended.rowCount ?? 0, devices: barred?.rowCount ?? 0 });
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Lets a laptop that was revoked sign in again: it was found. What it has erased comes from the firm. Errors: not_found. */
export async function readmitDevice(
  admin: pg.Client,
  slug: string,
  email: string,
  deviceId: string,
): Promise<Outcome<{ wasErased: boolean }>> {
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  const { rows } = await admin.query<{ wasErased: boolean }>(
    `with before as (select erased_at is not null as was_erased from auth.device where firm_id = $1 and user_id = $2 and device_id = $3 and revoked_at is not null)
     update auth.device set revoked_at = null, erased_at = null, unsynced_changes = null, unsynced_files = null, rescue = null
     where firm_id = $1 and user_id = $2 and device_id = $3 and revoked_at is not null returning (select was_erased from before) as "wasErased"`,
    [person.value.firmId, person.value.userId, deviceId],
  );
  return rows[0] ? ok(rows[0]) : err({ code: 'not_found', what: `a revoked laptop ${deviceId} of ${email}` });
}

export interface DeviceRow {
  email: string;
  deviceId: string;
  deviceName: string;
  lastSeenAt: Date;
  liveSessions: number;
  revokedAt: Date | null;
  /** What it erased before its last sign-in no longer counts. */
  erasedAt: Date | null;
  /** What the laptop said of work the firm never had, when its copy was gone. */
  unsyncedChanges: number | null;
  unsyncedFiles: number | null;
  rescue: 'nothing' | 'file' | 'sealed_store' | 'lost' | null;
}

/** The laptops of a firm, or of one of its people, with how many of their sessions are live. */
export async function listDevices(admin: pg.Client, slug: string, email: string | null): Promise<Outcome<DeviceRow[]>> {
  const { rows } = await admin.query<DeviceRow>(
    `select u.email::text as email, d.device_id as "deviceId", d.device_name as "deviceName", d.last_seen_at as "lastSeenAt", d.revoked_at as "revokedAt",
       case when d.erased_at >= d.last_seen_at then d.erased_at end as "erasedAt", d.unsynced_changes as "unsyncedChanges", d.unsynced_files as "unsyncedFiles", d.rescue,
       (select count(*)::integer from auth.session s where s.firm_id = d.firm_id and s.user_id = d.user_id and s.device_id = d.device_id and s.revoked_at is null and s.expires_at > now()) as "liveSessions"
     from auth.device d join steno."user" u on u.firm_id = d.firm_id and u.user_id = d.user_id join steno.firm f on f.firm_id = d.firm_id
     where f.firm_slug = $1::public.citext and ($2::text is null or u.email = $2::public.citext) order by d.last_seen_at desc`,
    [slug, email],
  );
  return ok(rows);
}

/**
 * Makes an API key that acts for somebody, with some of her permissions. The key is in the answer and nowhere else; the database keeps its
 * SHA-256. Errors: not_found, forbidden (a scope she has not, or one that manages people, sessions or keys), conflict.
 */
export async function createKey(
  admin: pg.Client,
  slug: string,
  email: string,
  { name, scopes, days }: { name: string; scopes: string[]; days: number },
): Promise<Outcome<{ keyId: string; key: string }>> {
  const person = await findPerson(admin, slug, email);
  if (!person.ok) return person;
  const { rows: refused } = await admin.query<{ scope: string }>(
    `select s as scope from unnest($1::text[]) s where s like 'firm:%:manage' or not exists (select from steno.role_permission p where p.role = $2 and p.permission = s)`,
    [scopes, person.value.role],
  );
  if (refused[0]) {
    const reason = `${email} (${person.value.role}) cannot give ${refused.map(({ scope }) => scope).join(', ')}. Nothing was made.`;
    return err({ code: 'forbidden', what: 'the scopes of a key', reason });
  }
  const key = `sk_${randomBytes(32).toString('hex')}`;
  const { rows } = await admin.query<{ keyId: string }>(
    `insert into auth.api_key (firm_id, user_id, key_name, key_hash, scopes, expires_at) values ($1, $2, $3, $4, $5, now() + make_interval(days => $6)) returning api_key_id as "keyId"`,
    [person.value.firmId, person.value.userId, name, createHash('sha256').update(key).digest(), scopes, days],
  );
  return ok({ keyId: rows[0]?.keyId ?? '', key });
}

export interface KeyRow {
  keyId: string;
  name: string;
  email: string;
  scopes: string[];
  expiresAt: Date;
  revokedAt: Date | null;
}

export async function listKeys(admin: pg.Client, slug: string): Promise<Outcome<KeyRow[]>> {
  const { rows } = await admin.query<KeyRow>(
    `select k.api_key_id as "keyId", k.key_name as name, u.email::text as email, k.scopes, k.expires_at as "expiresAt", k.revoked_at as "revokedAt"
     from auth.api_key k join steno."user" u on u.firm_id = k.firm_id and u.user_id = k.user_id join steno.firm f on f.firm_id = k.firm_id
     where f.firm_slug = $1::public.citext order by k.created_at`,
    [slug],
  );
  return ok(rows);
}

/** Errors: not_found (no such live key in that firm). */
export async function revokeKey(admin: pg.Client, slug: string, keyId: string): Promise<Outcome<Nothing>> {
  const { rowCount } = await admin.query(
    `update auth.api_key k set revoked_at = now() from steno.firm f where f.firm_id = k.firm_id and f.firm_slug = $1::public.citext and k.api_key_id = $2 and k.revoked_at is null`,
    [slug, keyId],
  );
  return rowCount === 1 ? ok({}) : err({ code: 'not_found', what: `a live key ${keyId} of ${slug}` });
}
