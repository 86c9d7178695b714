import type pg from 'pg';
import { err, ok, type Nothing, type Outcome } from '../../../shared/result.ts';
import { createStoreLine, tryStore, type StoreSettings } from './store-line.ts';

export interface FileStoreView {
  /** Null: all files are in Postgres. */
  store: (StoreSettings & { isHome: boolean; hasSecret: boolean }) | null;
  postgres: { files: number; bytes: number };
  s3: { files: number; bytes: number };
  /** Whole files that nobody but their senders has hashed as a whole. */
  unverified: number;
  disputed: number;
  /** Files whose objects wait to be deleted in the store. */
  removals: number;
}

export async function firmIdOf(admin: pg.Client, slug: string): Promise<Outcome<string>> {
  const { rows } = await admin.query<{ firmId: string }>('select firm_id as "firmId" from steno.firm where firm_slug = $1::public.citext', [
    slug,
  ]);
  return rows[0] ? ok(rows[0].firmId) : err({ code: 'not_found', what: `the firm "${slug}"` });
}

/** The store, and what lies where; never the secret. */
export async function viewFileStore(admin: pg.Client, firmId: string): Promise<FileStoreView> {
  const { rows } = await admin.query<StoreSettings & { isHome: boolean; hasSecret: boolean }>(
    `select s.endpoint, s.bucket, s.region, s.access_key as "accessKey", s.is_path_style as "isPathStyle", s.is_home as "isHome",
       exists (select from auth.file_secret k where k.firm_id = s.firm_id) as "hasSecret" from auth.file_store s where s.firm_id = $1`,
    [firmId],
  );
  const counted = await admin.query<{ home: 'postgres' | 's3'; files: number; bytes: string; unverified: number; disputed: number }>(
    `select home, count(*)::integer as files, coalesce(sum(size_bytes), 0) as bytes, count(*) filter (where is_unverified)::integer as unverified,
       count(disputed_at)::integer as disputed from steno.blob where firm_id = $1 and completed_at is not null group by home`,
    [firmId],
  );
  const removals = await admin.query<{ n: number }>('select count(*)::integer as n from steno.file_removal where firm_id = $1', [firmId]);
  const of = (home: 'postgres' | 's3') => {
    const found = counted.rows.find((row) => row.home === home);
    return { files: found?.files ?? 0, bytes: Number(found?.bytes ?? 0) };
  };
  return {
    store: rows[0] ?? null,
    postgres: of('postgres'),
    s3: of('s3'),
    unverified: counted.rows.reduce((sum, { unverified }) => sum + unverified, 0),
    disputed: counted.rows.reduce((sum, { disputed }) => sum + disputed, 0),
    removals: removals.rows[0]?.n ?? 0,
  };
}

/**
 * Tries the store and, unless it is a dry run, makes it the firm's: new files go there from then on. Errors: those of `tryStore`;
 * conflict where files lie in another bucket, which would be lost from sight.
 */
export async function setFileStore(
  admin: pg.Client,
  firmId: string,
  settings: StoreSettings,
  secret: string,
  dryRun: boolean,
): Promise<Outcome<Nothing>> {
  const { store, s3, removals } = await viewFileStore(admin, firmId);
  const isElsewhere = store !== null && (store.endpoint !== settings.endpoint || store.bucket !== settings.bucket);
  if (isElsewhere && s3.files + removals > 0)
    return err({
      code: 'conflict',
      what: 'the file store',
      reason: `${String(s3.files)} files lie in ${store.bucket} at ${store.endpoint}. Move them first: admin file-store move --to postgres, then sweep. Nothing was changed.`,
    });
  const line = createStoreLine(admin, settings, secret);
  const tried = await tryStore(line).finally(() => line.close());
  if (!tried.ok || dryRun) return tried.ok ? ok({}) : tried;
  await admin.query('begin');
  try {
    const { endpoint, bucket, region, accessKey, isPathStyle } = settings;
    await admin.query(
      `insert into auth.file_store (firm_id, endpoint, bucket, region, access_key, is_path_style) values ($1, $2, $3, $4, $5, $6)
       on conflict (firm_id) do update set endpoint = excluded.endpoint, bucket = excluded.bucket, region = excluded.region, access_key = excluded.access_key,
         is_path_style = excluded.is_path_style, is_home = true, set_at = now()`,
      [firmId, endpoint, bucket, region, accessKey, isPathStyle],
    );
    await admin.query(
      'insert into auth.file_secret (firm_id, secret_key) values ($1, $2) on conflict (firm_id) do update set secret_key = excluded.secret_key',
      [firmId, secret],
    );
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback').catch(() => undefined);
    throw error;
  }
  return ok({});
}

/** Forgets the store. Errors: conflict while anything of the firm is in it. */
export async function clearFileStore(admin: pg.Client, firmId: string, dryRun: boolean): Promise<Outcome<Nothing>> {
  const { s3, removals } = await viewFileStore(admin, firmId);
  if (s3.files + removals > 0)
    return err({
      code: 'conflict',
      what: 'the file store',
      reason: `${String(s3.files)} files lie in it, and ${String(removals)} wait to be deleted there. First: admin file-store move --to postgres, then sweep. Nothing was changed.`,
    });
  if (!dryRun) await admin.query('delete from auth.file_store where firm_id = $1', [firmId]);
  return ok({});
}
