import { z } from 'zod';
import { Day } from './days.ts';
import { MatterId } from './ids.ts';

export const ActivityDays = z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]);
export type ActivityDays = z.infer<typeof ActivityDays>;

const n = z.number().int().min(0);

/** How often what was read of one field was right, by what people decided about it. */
export const FieldAccuracy = z.object({
  /** A kind of fact, `bill_line`, or `all`. */
  field: z.string(),
  label: z.string(),
  approved: n,
  corrected: n,
  rejected: n,
  /** 0 to 100, two decimals: approved of all decided, as document 001's calculate_extraction_accuracy has it. */
  accuracyPercent: z.number().min(0).max(100),
});
export type FieldAccuracy = z.infer<typeof FieldAccuracy>;

/** What was done on one day of this laptop's calendar. */
export const DayActivity = z.object({ day: Day, documentsRead: n, decided: n, corrected: n, calls: n, costMicrodollars: n });
export type DayActivity = z.infer<typeof DayActivity>;

export const CostOf = z.object({
  id: z.string(),
  name: z.string(),
  calls: n,
  costMicrodollars: n,
  /** Calls whose cost nobody knows; they are in no sum. */
  unknownCost: n,
});
export type CostOf = z.infer<typeof CostOf>;

/** Of the matters that this laptop has. */
export const ActivityView = z.object({
  since: Day,
  /** The field that was wrong most often first, all together last. */
  accuracy: z.array(FieldAccuracy),
  /** Every day since, the oldest first. */
  days: z.array(DayActivity),
  /** The dearest first. */
  costByMatter: z.array(CostOf.extend({ id: MatterId.nullable() })),
  costByUser: z.array(CostOf.extend({ id: z.string().nullable() })),
});
export type ActivityView = z.infer<typeof ActivityView>;
