import { laptopAuditHead } from '../audit/audit.ts';
import { ok } from '../../shared/result.ts';
import type { Store } from '../store/store.ts';
import { nextHandedBack } from './outbox.ts';
import { settle, SettleError } from './push.ts';
import type { AnchorReply, AuditHead, Remote } from './remote.ts';

/*
 * A server that was restored from a backup has forgotten what laptops were told is kept, and its feed goes backwards. Each laptop keeps what the firm
 * confirmed for a month, and remembers where the firm's audit chain stood (R11): a chain that no longer goes through that head, or a confirmed
 * mutation nobody knows, means that the server went back. Then everything of the month is handed back under its old mutationIds, so that what the
 * backup holds gets its first verdict again (S3) and the rest is applied.
 */

/** How long confirmed changes are kept, by the firm's clock: longer than any firm goes between backups. */
const keepMs = 30 * 86_400_000;
const mostAsked = 10_000;
const mostHandedBack = 200;

/** Whether something was confirmed that no remembered head stands behind yet. */
export function isAnchorDue(store: Store): boolean {
  return store.compiled('select 1 from acknowledged where anchored_at is null limit 1').get() !== undefined;
}

/**
 * Compares what both sides remember; `feedWentBack` says that the feed has told already. `restored`: the server went back; how many changes are
 * waiting to be handed back to it.
 */
export async function anchorOnce(store: Store, remote: Pick<Remote, 'anchor'>, feedWentBack = false): Promise<{ restored: number | null }> {
  const remembered = newestAnchor(store);
  const kept = store.flush();
  if (!kept.ok) throw new SettleError(kept.error);
  const open = store.raw
    .prepare('select mutation_id as id, sequence from acknowledged where anchored_at is null order by sequence limit ?')
    .all(mostAsked) as { id: string; sequence: number }[];
  const reply = await remote.anchor(
    remembered,
    open.map(({ id }) => id),
    laptopAuditHead(store),
  );
  const wentBack = feedWentBack || !reply.holds || reply.missing.length > 0;
  const outcome = store.transaction<{ restored: number | null }>(() => {
    if (wentBack) return ok({ restored: takeBack(store, reply) });
    const last = open.at(-1)?.sequence ?? -1;
    const at = reply.at.getTime();
    store.raw.prepare('update acknowledged set anchored_at = ? where anchored_at is null and sequence <= ?').run(at, last);
    store.raw.prepare('delete from acknowledged where anchored_at < ?').run(at - keepMs);
    remember(store, reply);
    return ok({ restored: null });
  });
  if (!outcome.ok) throw new SettleError(outcome.error);
  return outcome.value;
}

/** Hands back what waits for it. What a colleague's laptop has to bring first stays for another round; how many stay. */
export async function handBackAll(store: Store, remote: Pick<Remote, 'handBack'>): Promise<{ left: number }> {
  let left = 0;
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = nextHandedBack(store, after, mostHandedBack);
    const last = rows.at(-1);
    if (!last) return { left };
    after = last.sequence;
    const batch = rows.map(({ mutation }) => mutation);
    left += batch.length - settle(store, batch, await remote.handBack(batch)).settled;
  }
}

/** Everything confirmed goes into the outbox again, at its old place; the feed is read anew. */
function takeBack(store: Store, reply: AnchorReply): number {
  const { changes } = store.raw
    .prepare(
      `insert into outbox (mutation_id, sequence, entity, entity_id, op, base_revision, patch, before, state, created_at, firm_revision)
       select mutation_id, sequence, entity, entity_id, op, base_revision, patch, case op when 'insert' then null else '{}' end, 'waiting', ?, coalesce(revision, 1)
       from acknowledged where true on conflict do nothing`,
    )
    .run(reply.at.getTime());
  store.raw.exec(
    'delete from acknowledged; delete from audit_anchor; update sync_state set cursor = 0; update blob set uploaded = 0, is_proved = 0',
  );
  remember(store, reply);
  return changes;
}

function newestAnchor(store: Store): AuditHead | null {
  const row = store.raw
    .prepare('select batch_number as batchNumber, batch_hash as batchHash from audit_anchor order by batch_number desc limit 1')
    .get() as AuditHead | undefined;
  return row ?? null;
}

/** One head an hour is enough to tell later how far a chain was rewritten. */
function remember(store: Store, { head, at }: AnchorReply): void {
  if (!head) return;
  store.raw.prepare('insert into audit_anchor values (?, ?, ?) on conflict do nothing').run(head.batchNumber, head.batchHash, at.getTime());
  store.raw
    .prepare('delete from audit_anchor where seen_at < ? or (batch_number <> ? and seen_at > ? and seen_at < ?)')
    .run(at.getTime() - keepMs, head.batchNumber, Math.floor(at.getTime() / 3_600_000) * 3_600_000, at.getTime());
}
