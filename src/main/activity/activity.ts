import type { ActivityDays, ActivityView, CostOf, DayActivity } from '../../shared/activity.ts';
import type { MatterId } from '../../shared/ids.ts';
import type { Clock } from '../host/host.ts';
import type { Store } from '../store/store.ts';
import { decidedSince, decidedValues, extractionAccuracy } from './accuracy.ts';

/** What was done with a firm's evidence lately, how right what was read was, and what the assistant cost. Of the matters on this laptop; nothing is changed. */
export interface Activity {
  view(days: ActivityDays): ActivityView;
}

interface ActivityInput {
  store: Store;
  clock: Clock;
}

const dayMs = 86_400_000;
const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** The day on this laptop's calendar. */
function dayOf(at: number): string {
  const date = new Date(at);
  return `${String(date.getFullYear())}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** Midnight at the beginning of the day that was so many days before. */
function startOf(now: number, daysBefore: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

export function createActivity({ store, clock }: ActivityInput): Activity {
  /** Moments of what happened since, each with what is counted of it. */
  const moments = <T>(sql: string, since: number): (T & { at: number })[] => store.compiled(sql).all({ since }) as (T & { at: number })[];

  function byDay(since: number, days: number, now: number): DayActivity[] {
    const all = new Map<string, DayActivity>();
    for (let n = days - 1; n >= 0; n -= 1) {
      const day = dayOf(startOf(now, n) + dayMs / 2); // noon: on the night the clocks change a day is no 24 hours
      all.set(day, { day, documentsRead: 0, decided: 0, corrected: 0, calls: 0, costMicrodollars: 0 });
    }
    const on = (at: number): DayActivity | undefined => all.get(dayOf(at));
    for (const { at } of moments(
      `select processed_at as at from document where processing_status = 'read' and processed_at >= @since and deleted_at is null`,
      since,
    )) {
      const day = on(at);
      if (day) day.documentsRead += 1;
    }
    for (const table of ['fact', 'bill_line']) {
      const rows = store.compiled(`select decided_at as at, state from ${table} ${decidedSince}`).all(decidedValues(since)) as {
        at: number;
        state: string;
      }[];
      for (const { at, state } of rows) {
        const day = on(at);
        if (!day) continue;
        day.decided += 1;
        if (state === 'corrected') day.corrected += 1;
      }
    }
    for (const { at, cost } of moments<{ cost: number | null }>(
      'select called_at as at, cost_microdollars as cost from assistant_call where called_at >= @since and deleted_at is null',
      since,
    )) {
      const day = on(at);
      if (!day) continue;
      day.calls += 1;
      day.costMicrodollars += cost ?? 0;
    }
    return [...all.values()];
  }

  const sums = `count(*) as calls, coalesce(sum(c.cost_microdollars), 0) as costMicrodollars, sum(c.cost_microdollars is null) as unknownCost`;
  const order = 'order by costMicrodollars desc, calls desc, name';
  const costs = (sql: string, since: number): CostOf[] => store.compiled(sql).all({ since }) as CostOf[];

  return {
    view(days) {
      const now = clock.now();
      const since = startOf(now, days - 1);
      return {
        since: dayOf(since),
        accuracy: extractionAccuracy(store, since),
        days: byDay(since, days, now),
        costByMatter: costs(
          `select c.matter_id as id, coalesce(m.title, 'A matter that is not here') as name, ${sums} from assistant_call c left join matter m on m.matter_id = c.matter_id
             where c.called_at >= @since and c.deleted_at is null group by c.matter_id ${order}`,
          since,
        ) as (CostOf & { id: MatterId | null })[],
        costByUser: costs(
          `select c.created_by as id, coalesce(u.first_name || ' ' || u.last_name, 'Somebody who has left') as name, ${sums} from assistant_call c left join user u on u.user_id = c.created_by
             where c.called_at >= @since and c.deleted_at is null group by c.created_by ${order}`,
          since,
        ),
      };
    },
  };
}
