import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { FactId, MatterId } from './ids.ts';

export const ContradictionKind = z.enum([
  'values_differ',
  'measures_differ',
  'check_overdue',
  'study_day',
  'wage_arithmetic',
  'total_differs',
  'earlier_condition',
]);
export type ContradictionKind = z.infer<typeof ContradictionKind>;

/** One of the values that stand against each other, with every place that says it. */
export const ContradictionSide = z.object({
  value: z.string(),
  /** The facts that say it; empty where it is read from bill lines or worked out. */
  factIds: z.array(FactId),
  sources: z.array(SourceRef),
});
export type ContradictionSide = z.infer<typeof ContradictionSide>;

/** Values for the same thing that differ, or what a careful reader must not pass over; found anew from facts and bill lines. */
export const ContradictionView = z.object({
  /** The same on every laptop of the firm, for as long as it is about the same values; says none of them. */
  key: z.string(),
  kind: ContradictionKind,
  title: z.string(),
  advice: z.string(),
  sides: z.array(ContradictionSide),
  /** One side can be said to hold: its facts are approved, those of the others rejected. */
  isChoice: z.boolean(),
  /** Set where somebody accepted that they differ: by whom, when (ms), and what they noted. */
  settled: z.object({ byName: z.string().nullable(), at: z.number().int(), note: z.string().nullable() }).nullable(),
});
export type ContradictionView = z.infer<typeof ContradictionView>;

/** `side`: its place in `sides`. */
export const ChooseSide = z.object({ matterId: MatterId, key: z.string().min(1).max(400), side: z.number().int().min(0).max(1000) });
export type ChooseSide = z.infer<typeof ChooseSide>;
