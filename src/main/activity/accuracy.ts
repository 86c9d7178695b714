import type { FieldAccuracy } from '../../shared/activity.ts';
import { FactKind, factLabels } from '../../shared/facts.ts';
import { takenBackReasons } from '../facts/facts.ts';
import type { Store } from '../store/store.ts';

type Decided = Pick<FieldAccuracy, 'field' | 'approved' | 'corrected' | 'rejected'>;

const counts = `sum(state = 'approved') as approved, sum(state = 'corrected') as corrected, sum(state = 'rejected') as rejected`;
/** What people decided about since then; what left the sums with its document says nothing of how it was read, and nobody decided it. */
export const decidedSince = `where state <> 'proposed' and decided_at >= @since and deleted_at is null
  and coalesce(decision_reason, '') not in (select value from json_each(@takenBack))`;

export const decidedValues = (since: number) => ({ since, takenBack: JSON.stringify(takenBackReasons) });

/**
 * Document 001's calculate_extraction_accuracy over facts and bill lines: of each field the share, in per cent, of what people decided about and left as it was
 * read; a line for each field, and of several one for the whole. `since`: ms, by the time of the decision. Fields of which nothing was decided are left out.
 */
export function extractionAccuracy(store: Store, since: number): FieldAccuracy[] {
  const rows = [
    ...(store.compiled(`select kind as field, ${counts} from fact ${decidedSince} group by kind`).all(decidedValues(since)) as Decided[]),
    ...(store
      .compiled(`select 'bill_line' as field, ${counts} from bill_line ${decidedSince} having count(*) > 0`)
      .all(decidedValues(since)) as Decided[]),
  ];
  const sum = (of: 'approved' | 'corrected' | 'rejected'): number => rows.reduce((all, row) => all + row[of], 0);
  const whole: Decided = { field: 'all', approved: sum('approved'), corrected: sum('corrected'), rejected: sum('rejected') };
  const fields = rows
    .map((row) => ({ ...row, label: labelOf(row.field), accuracyPercent: percentOf(row) }))
    .toSorted((a, b) => a.accuracyPercent - b.accuracyPercent || (a.label < b.label ? -1 : 1));
  return fields.length < 2 ? fields : [...fields, { ...whole, label: 'All fields', accuracyPercent: percentOf(whole) }];
}

const percentOf = ({ approved, corrected, rejected }: Decided): number =>
  Math.round((approved / (approved + corrected + rejected)) * 10_000) / 100;

/** A kind that only a newer Steno knows stands under its own name. */
function labelOf(field: string): string {
  if (field === 'bill_line') return 'Bill line';
  const kind = FactKind.safeParse(field);
  return kind.success ? factLabels[kind.data] : field;
}
