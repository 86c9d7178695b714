import type pg from 'pg';
import { err, ok, type Outcome } from '../../../shared/result.ts';
import { compactFeed } from './feed.ts';
import { retentionRules, type RetentionRule } from './rules.ts';

/** Rows a transaction: short locks, and a run that is interrupted keeps what it finished. */
const batch = 500;

export interface RetentionWork {
  firm: string;
  rule: string;
  does: string;
  source: string;
  /** Rows last changed before this moment were due. */
  before: string;
  due: number;
  done: number;
}

/**
 * What each firm keeps no longer than it must (document 000's retention table; the firm's settings change the times). Legal hold wins over
 * every rule, and the audit over retention: that something was, and its hash, stays on the record. Errors: not_found (firm).
 */
export async function runRetention(
  admin: pg.Client,
  options: { slug?: string | undefined; dryRun: boolean; now?: Date; onProgress?: (text: string) => void },
): Promise<Outcome<RetentionWork[]>> {
  const { rows: firms } = await admin.query<{ firmId: string; slug: string }>(
    `select firm_id as "firmId", firm_slug as slug from steno.firm where $1::text is null or firm_slug = $1::public.citext order by firm_slug`,
    [options.slug ?? null],
  );
  if (options.slug !== undefined && firms.length === 0) return err({ code: 'not_found', what: `the firm "${options.slug}"` });
  const work: RetentionWork[] = [];
  for (const { firmId, slug } of firms) {
    for (const rule of retentionRules) {
      const before = await cutoff(admin, firmId, rule, options.now ?? new Date());
      const { rows } = await admin.query<{ due: number }>(rule.count, [firmId, before]);
      const due = rows[0]?.due ?? 0;
      const done = options.dryRun || due === 0 ? 0 : await act(admin, firmId, slug, rule, before, due, options.onProgress);
      work.push({ firm: slug, rule: rule.name, does: rule.does, source: rule.source, before: before.toISOString(), due, done });
    }
    work.push(...(await upkeepOfFeed(admin, firmId, slug, options)));
  }
  if (!options.dryRun && options.slug === undefined) await admin.query('select auth.cleanup_expired_sessions()');
  return ok(work);
}

/** Not data of the firm but how laptops learn of it; it only grows, so it goes with the same run. */
async function upkeepOfFeed(
  admin: pg.Client,
  firmId: string,
  slug: string,
  { dryRun, now = new Date(), onProgress }: { dryRun: boolean; now?: Date; onProgress?: (text: string) => void },
): Promise<RetentionWork[]> {
  const { superseded, tombstones, floor, before } = await compactFeed(admin, firmId, {
    dryRun,
    now,
    onProgress: (text) => onProgress?.(`${slug}: ${text}`),
  });
  const of = (rule: string, does: string, due: number): RetentionWork => {
    return { firm: slug, rule, does, source: 'retention.tombstone_days', before, due, done: dryRun ? 0 : due };
  };
  return [
    of(
      'feed',
      'entries of the change feed between a row’s first and its last, and all before the last of a row that is gone, are deleted, of any age',
      superseded,
    ),
    of('tombstones', `laptops that were away longer (before position ${String(floor)}) fetch a whole copy`, tombstones),
  ];
}

async function cutoff(admin: pg.Client, firmId: string, { setting, keep }: RetentionRule, now: Date): Promise<Date> {
  const { rows } = setting
    ? await admin.query<{ keep: number }>(
        `select (setting_value)::integer as keep from steno.setting where firm_id = $1 and setting_key = $2 and user_id is null and deleted_at is null`,
        [firmId, setting.key],
      )
    : { rows: [] };
  const days = (rows[0]?.keep ?? keep) * (setting?.days ?? 1);
  return new Date(now.getTime() - days * 86_400_000);
}

async function act(
  admin: pg.Client,
  firmId: string,
  slug: string,
  rule: RetentionRule,
  before: Date,
  due: number,
  onProgress: ((text: string) => void) | undefined,
): Promise<number> {
  let total = 0;
  for (let last = batch; last === batch;) {
    await admin.query('begin');
    try {
      const { rows } = await admin.query<{ done: number }>(rule.act, [firmId, before, batch]);
      last = rows[0]?.done ?? 0;
      if (last > 0)
        await admin.query(`select steno.audit_note($1, 'retention', $2, 'retention', $3)`, [
          firmId,
          rule.name,
          { before, rows: last, source: rule.source },
        ]);
      await admin.query('commit');
    } catch (error) {
      await admin.query('rollback').catch(() => undefined);
      throw error;
    }
    total += last;
    onProgress?.(`${slug}: ${rule.name}, ${String(total)} of ${String(due)}`);
  }
  return total;
}
