import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Role } from '../../src/shared/session.ts';

/** A live session of somebody of that role: the row that a sign-in leaves, without its bcrypt. Returns the token. */
export async function openSession(admin: pg.Client, firmId: string, role: Role): Promise<string> {
  const token = randomBytes(32).toString('hex');
  const { rowCount } = await admin.query(
    `insert into auth.session (firm_id, user_id, device_id, device_name, token_hash, expires_at)
     select firm_id, user_id, gen_random_uuid(), 'test', $3, now() + interval '1 day' from steno."user" where firm_id = $1 and role = $2 order by user_id limit 1`,
    [firmId, role, createHash('sha256').update(token).digest()],
  );
  if (rowCount !== 1) throw new Error(`the firm has no ${role}`);
  return token;
}
