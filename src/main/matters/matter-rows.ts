import type { LetterId, MatterId } from '../../shared/ids.ts';
import type { MatterRow } from '../../shared/matters.ts';
import type { letter, matter } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { countWaiting } from './count-waiting.ts';

type Found = Pick<typeof matter.$inferSelect, 'matterId' | 'title' | 'status' | 'updatedAt'> & { folder: string | null };
type Newest = Pick<typeof letter.$inferSelect, 'matterId' | 'letterId' | 'status' | 'demandCents' | 'updatedAt'>;
interface Files {
  matterId: string;
  all: number;
  unread: number;
}
interface Told {
  matterId: string;
  kind: 'client_name' | 'defendant_name' | 'date_of_loss';
  value: string;
  normal: string;
}

/**
 * Matters as lists show them, the last changed first; or one of them. A firm has a million facts, and windows ask again after each change: of each matter
 * the store is asked for the three that are shown, by its index.
 */
export function matterRows(store: Store, only?: string): MatterRow[] {
  const of = (column: string): string => (only === undefined ? '' : `and ${column} = @only`);
  const all = <T>(sql: string): T[] => store.compiled(sql).all(only === undefined ? {} : { only }) as T[];
  const found = all<Found>(
    `select m.matter_id as matterId, m.title, m.status, m.updated_at as updatedAt, c.folder from matter m left join case_folder c on c.matter_id = m.matter_id
     where m.deleted_at is null ${of('m.matter_id')} order by m.updated_at desc`,
  );
  const files = byMatter(
    all<Files>(
      `select matter_id as matterId, count(*) as "all", count(*) filter (where processing_status <> 'read') as unread
       from document where deleted_at is null ${of('matter_id')} group by matter_id`,
    ),
  );
  const newest = byMatter(
    // SQLite takes the other columns from the row that has the largest value
    all<Newest & { made: number }>(
      `select matter_id as matterId, letter_id as letterId, status, demand_cents as demandCents, updated_at as updatedAt, max(created_at) as made
       from letter where deleted_at is null ${of('matter_id')} group by matter_id`,
    ),
  );
  const told = new Map(
    // the surest last
    all<Told>(
      `select f.matter_id as matterId, f.kind, f.value, f.normal from matter m cross join fact f on f.matter_id = m.matter_id and f.kind in ('client_name', 'defendant_name', 'date_of_loss')
       where m.deleted_at is null and f.deleted_at is null and f.state <> 'rejected' ${of('m.matter_id')}
       order by case f.state when 'corrected' then 3 when 'approved' then 2 else 1 end, f.confidence, f.fact_id desc`,
    ).map((fact) => [`${fact.kind} ${fact.matterId}`, fact]),
  );
  const waiting = countWaiting(store);
  return found.map(({ matterId, title, status, updatedAt, folder }) => {
    const fact = (kind: Told['kind']): Told | undefined => told.get(`${kind} ${matterId}`);
    const last = newest.get(matterId);
    return {
      matterId: matterId as MatterId,
      title,
      clientName: fact('client_name')?.value ?? null,
      defendantName: fact('defendant_name')?.value ?? null,
      dateOfLoss: fact('date_of_loss')?.normal ?? null,
      status,
      folderPath: folder,
      documentCount: files.get(matterId)?.all ?? 0,
      unreadCount: files.get(matterId)?.unread ?? 0,
      letterId: (last?.letterId as LetterId | undefined) ?? null,
      letterStatus: last?.status ?? null,
      demandCents: last?.demandCents ?? null,
      updatedAt: Math.max(updatedAt ?? 0, last?.updatedAt ?? 0),
      waitingChanges: waiting.get(matterId) ?? 0,
    };
  });
}

const byMatter = <R extends { matterId: string }>(rows: R[]): Map<string, R> => new Map(rows.map((row) => [row.matterId, row]));
