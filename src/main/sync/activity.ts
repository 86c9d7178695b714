import { desc, eq, sql } from 'drizzle-orm';
import type { MatterId } from '../../shared/ids.ts';
import type { VerdictView, WaitingView } from '../../shared/sync.ts';
import { outbox, verdictLog } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createPlaces } from './places.ts';
import { countOf, refusalWord, thingWord } from './words.ts';
import { waitingCount } from './outbox.ts';

/** Beyond this what waits is counted, not told one by one. */
const mostTold = 5_000;

interface Kind {
  count: number;
  since: number;
}
interface Group {
  matterId: MatterId | null;
  matter: string;
  kinds: Map<string, Kind>;
  held: number;
}

/** What waits for the firm: for which matter, what, and since when. */
export function listWaiting(store: Store): WaitingView {
  const { db, raw } = store;
  const rows = db
    .select({
      entity: outbox.entity,
      entityId: outbox.entityId,
      at: outbox.createdAt,
      // of a patch only what says where it belongs: a letter's edit may be large
      named: sql<string>`json_object('matter_id', ${outbox.patch} ->> 'matter_id', 'letter_id', ${outbox.patch} ->> 'letter_id', 'document_id', ${outbox.patch} ->> 'document_id')`,
      isHeld: sql<number>`exists (select 1 from outbox d where d.entity = ${outbox.entity} and d.entity_id = ${outbox.entityId} and d.state = 'dead' and d.sequence < ${outbox.sequence})`,
    })
    .from(outbox)
    .where(eq(outbox.state, 'waiting'))
    .orderBy(outbox.sequence)
    .limit(mostTold)
    .all();
  const places = createPlaces(store);
  const groups = new Map<string, Group>();
  for (const { entity, entityId, at, named, isHeld } of rows) {
    const { matterId, matter } = places.of(entity, entityId, JSON.parse(named) as Record<string, unknown>);
    const key = matterId ?? '';
    const group = groups.get(key) ?? { matterId, matter: matter ?? 'The firm', kinds: new Map<string, Kind>(), held: 0 };
    groups.set(key, group);
    const kind = group.kinds.get(entity) ?? { count: 0, since: at };
    group.kinds.set(entity, { count: kind.count + 1, since: Math.min(kind.since, at) });
    group.held += isHeld;
  }
  return {
    total: count(raw.prepare(`select ${waitingCount} as n`).get()),
    files: waitingFiles(store),
    groups: [...groups.values()].map(({ matterId, matter, kinds, held }) => ({
      ...{ matterId, matter, held },
      items: [...kinds].map(([entity, { count: n, since }]) => ({ what: countOf(entity, n), count: n, since })),
    })),
  };
}

/** Files that the firm has not confirmed. */
export function waitingFiles({ raw }: Store): number {
  return count(raw.prepare('select count(*) as n from blob where uploaded = 0').get());
}

function count(row: unknown): number {
  return (row as { n: number }).n;
}

/** What the firm said of the last changes of this laptop, newest first. */
export function listVerdicts(store: Store): VerdictView[] {
  const places = createPlaces(store);
  const rows = store.db.select().from(verdictLog).orderBy(desc(verdictLog.verdictId)).all();
  return rows.map(({ verdictId, at, verdict, entity, entityId, matterId, letterId, reason, proposalId }) => {
    const { matter, letter } = places.of(entity, entityId, { matter_id: matterId, letter_id: letterId });
    return {
      ...{ verdictId, at, what: thingWord(entity), where: letter ?? matter },
      verdict: proposalId === null ? verdict : ('proposed' as const),
      reason: verdict === 'rejected' ? refusalWord(reason) : null,
    };
  });
}
