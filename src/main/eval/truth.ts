import { z } from 'zod';
import { FactKind } from '../../shared/facts.ts';
import { Cents } from '../../shared/money.ts';

const pages = z.array(z.number().int().min(1)).min(1);
const at = { on: pages, optional: z.boolean().default(false) };

/** One value in one document: the normal forms that say it, or words its quote must hold. What is optional is neither missed nor falsely found. */
const Label = z.union([
  z.strictObject({ is: z.array(z.string().min(1)).min(1), ...at }),
  z.strictObject({ says: z.string().min(1), ...at }),
]);
export type Label = z.infer<typeof Label>;

const TrueLine = z.strictObject({
  page: z.number().int().min(1),
  provider: z.string(),
  serviceFrom: z.iso.date().nullable(),
  serviceTo: z.iso.date().nullable(),
  code: z.string().nullable(),
  description: z.string(),
  units: z.number().int().nullable(),
  billedCents: Cents,
  adjustedCents: Cents,
  paidCents: Cents,
  owedCents: Cents,
});

/** Of a total only what its document states. */
const TrueTotal = z.strictObject({
  page: z.number().int().min(1),
  label: z.string(),
  provider: z.string().nullable(),
  billedCents: Cents.optional(),
  paidCents: Cents.optional(),
  owedCents: Cents.optional(),
  agrees: z.boolean(),
});

const TrueDocument = z.strictObject({
  facts: z.partialRecord(FactKind, z.array(Label)).default({}),
  billLines: z.array(TrueLine).default([]),
  statedTotals: z.array(TrueTotal).default([]),
});
export type TrueDocument = z.infer<typeof TrueDocument>;

/** What a careful person found in a case folder, by document. Money in integer cents. */
export const Truth = z.strictObject({
  /** The case folder as seen from the truth file's. */
  folder: z.string().min(1),
  documents: z.record(z.string(), TrueDocument),
  totals: z.strictObject({ billedCents: Cents, adjustedCents: Cents, paidCents: Cents, owedCents: Cents }),
});
export type Truth = z.infer<typeof Truth>;
