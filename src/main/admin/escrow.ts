import type pg from 'pg';
import { err, ok, type Outcome } from '../../shared/result.ts';
import { fingerprintOf } from '../rescue/seal.ts';

export interface EscrowKey {
  keyId: string;
  publicKey: string;
  fingerprint: string;
  createdAt: Date;
  /** Null: laptops seal to it. */
  retiredAt: Date | null;
}

export interface LaptopPolicy {
  /** Null: as the firm's file says, seven without. */
  offlineDays: number | null;
  eraseDeactivated: boolean;
}

/** A firm's recovery keys, newest first. Errors: not_found (the firm). */
export async function listEscrowKeys(admin: pg.Client, slug: string): Promise<Outcome<EscrowKey[]>> {
  const firm = await findFirm(admin, slug);
  if (!firm.ok) return firm;
  const { rows } = await admin.query<Omit<EscrowKey, 'fingerprint'>>(
    `select escrow_key_id as "keyId", public_key as "publicKey", created_at as "createdAt", retired_at as "retiredAt"
     from auth.escrow_key where firm_id = $1 order by created_at desc, escrow_key_id desc`,
    [firm.value],
  );
  return ok(rows.map((row) => ({ ...row, fingerprint: fingerprintOf(row.publicKey) })));
}

/**
 * Adds the firm's recovery key. `rotate`: in the place of the one that is there, which stays listed, because files are sealed to it.
 * The private half is saved by `save` before the key counts: a key nobody has would swallow work. Errors: not_found, conflict, those of `save`.
 */
export async function addEscrowKey(
  admin: pg.Client,
  slug: string,
  publicKey: string,
  { rotate, save }: { rotate: boolean; save(): Promise<Outcome<unknown>> },
): Promise<Outcome<{ retired: number }>> {
  await admin.query('begin');
  try {
    const added = await add(admin, slug, publicKey, rotate, save);
    await admin.query(added.ok ? 'commit' : 'rollback');
    return added;
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function add(
  admin: pg.Client,
  slug: string,
  publicKey: string,
  rotate: boolean,
  save: () => Promise<Outcome<unknown>>,
): Promise<Outcome<{ retired: number }>> {
  const checked = await mayAdd(admin, slug, rotate);
  if (!checked.ok) return checked;
  const firmId = checked.value;
  const retired = await admin.query('update auth.escrow_key set retired_at = now() where firm_id = $1 and retired_at is null', [firmId]);
  // the clock, not the transaction's time: of two keys made at once the later must be the newest
  await admin.query('insert into auth.escrow_key (firm_id, public_key, created_at) values ($1, $2, clock_timestamp())', [
    firmId,
    publicKey,
  ]);
  const saved = await save();
  return saved.ok ? ok({ retired: retired.rowCount ?? 0 }) : saved;
}

/** Whether there is a firm, and, for its first key, none there yet. Locks the firm: two administrators take turns. */
export async function mayAdd(admin: pg.Client, slug: string, rotate: boolean): Promise<Outcome<string>> {
  const firm = await findFirm(admin, slug);
  if (!firm.ok) return firm;
  await admin.query('select from steno.firm where firm_id = $1 for no key update', [firm.value]);
  const { rowCount } = await admin.query('select from auth.escrow_key where firm_id = $1 and retired_at is null', [firm.value]);
  if ((rowCount ?? 0) > 0 === rotate) return firm;
  return err({
    code: 'conflict',
    what: 'the recovery key',
    reason: rotate
      ? `${slug} has none yet. Use 'steno admin escrow create'. Nothing was changed.`
      : `${slug} has one already. 'steno admin escrow rotate' makes another in its place. Nothing was changed.`,
  });
}

/** Sets what is given, and tells what holds now. Errors: not_found. */
export async function setLaptopPolicy(admin: pg.Client, slug: string, change: Partial<LaptopPolicy>): Promise<Outcome<LaptopPolicy>> {
  const firm = await findFirm(admin, slug);
  if (!firm.ok) return firm;
  if ('offlineDays' in change)
    await admin.query(
      'insert into auth.firm_policy (firm_id, offline_days) values ($1, $2) on conflict (firm_id) do update set offline_days = excluded.offline_days',
      [firm.value, change.offlineDays],
    );
  if ('eraseDeactivated' in change)
    await admin.query(
      'insert into auth.firm_policy (firm_id, erase_deactivated) values ($1, $2) on conflict (firm_id) do update set erase_deactivated = excluded.erase_deactivated',
      [firm.value, change.eraseDeactivated],
    );
  const { rows } = await admin.query<LaptopPolicy>(
    'select offline_days as "offlineDays", erase_deactivated as "eraseDeactivated" from auth.firm_policy where firm_id = $1',
    [firm.value],
  );
  return ok(rows[0] ?? { offlineDays: null, eraseDeactivated: false });
}

async function findFirm(admin: pg.Client, slug: string): Promise<Outcome<string>> {
  const { rows } = await admin.query<{ id: string }>(
    'select firm_id as id from steno.firm where firm_slug = $1::public.citext and deleted_at is null',
    [slug],
  );
  return rows[0] ? ok(rows[0].id) : err({ code: 'not_found', what: `the firm "${slug}"` });
}
