import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { Cents } from './money.ts';

/** A wage loss worked out from what one document says: days x hours a day x rate, or hours x rate. Cents, rounded half up at the end. */
export const WageFormula = z.object({
  documentName: z.string(),
  /** "5.5 days × 8 hours × $30.00" */
  working: z.string(),
  /** Null where a factor is missing, which `needs` names. */
  cents: Cents.nullable(),
  needs: z.string().nullable(),
  /** What documents say the loss is; never copied into `cents`. */
  sources: z.array(SourceRef),
});
export type WageFormula = z.infer<typeof WageFormula>;

export const StatedLoss = z.object({
  label: z.string(),
  lowCents: Cents,
  highCents: Cents,
  agrees: z.boolean().nullable(),
  source: SourceRef,
});
export type StatedLoss = z.infer<typeof StatedLoss>;

export const FutureItem = z.object({
  item: z.string(),
  lowCents: Cents,
  highCents: Cents,
  /** The unit of a price for each; null: the whole. How many there will be no page says, so such an item is in no sum. */
  per: z.string().nullable(),
  /** Documents give it two prices: it is in no sum until one is rejected. */
  isDisputed: z.boolean(),
  source: SourceRef,
});
export type FutureItem = z.infer<typeof FutureItem>;

/** Wage loss and future care as formulas over facts. Rejected facts are in none. */
export const LossesView = z.object({
  wages: z.array(WageFormula),
  statedWages: z.array(StatedLoss),
  future: z.array(FutureItem),
  futureLowCents: Cents,
  futureHighCents: Cents,
  statedFuture: z.array(StatedLoss),
});
export type LossesView = z.infer<typeof LossesView>;
