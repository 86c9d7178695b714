import { z } from 'zod';
import { Day } from './days.ts';
import { SourceRef } from './documents.ts';
import { Cents } from './money.ts';

/** What one provider did on a day, or in a span of days that a bill sums up. */
export const ChronologyEntry = z.object({
  from: Day,
  /** Equal to `from` for a day. */
  to: Day,
  provider: z.string(),
  /** What was done, in the bill's words; empty where only a record names the visit. */
  done: z.array(z.string()),
  billedCents: Cents,
  /** Where it is said, bills first. */
  sources: z.array(SourceRef),
});
export type ChronologyEntry = z.infer<typeof ChronologyEntry>;

/** Days without any treatment: more than adjusters let pass. `isDelay`: between the loss and the first treatment. */
export const ChronologyGap = z.object({ from: Day, to: Day, days: z.number().int(), isDelay: z.boolean() });
export type ChronologyGap = z.infer<typeof ChronologyGap>;

export const ChronologyView = z.object({
  lossDay: Day.nullable(),
  /** By day, then by provider. */
  entries: z.array(ChronologyEntry),
  gaps: z.array(ChronologyGap),
  /** Bill lines whose day no page says: they are in no entry. */
  undated: z.number().int(),
});
export type ChronologyView = z.infer<typeof ChronologyView>;
