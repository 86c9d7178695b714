import { z } from 'zod';
import { Day } from './days.ts';
import { SourceRef } from './documents.ts';
import { BillLineId, FactId, MatterId } from './ids.ts';
import { Cents } from './money.ts';

export const FactKind = z.enum([
  'client_name',
  'client_birth_date',
  'defendant_name',
  'date_of_loss',
  'time_of_loss',
  'place_of_loss',
  'claim_number',
  'policy_number',
  'firm_reference',
  'court_case_number',
  'carrier',
  'adjuster',
  'opposing_counsel',
  'plaintiff_counsel',
  'witness',
  'wage_loss',
  'policy_limits',
  'provider',
  'visit',
  'diagnosis',
  'procedure',
  'medication',
  'payment',
  'wage_rate',
  'wage_hours',
  'wage_days',
  'vehicle',
  'vehicle_vin',
  'vehicle_plate',
  'liability_quote',
  'measure',
  'earlier_condition',
  'future_care',
]);
export type FactKind = z.infer<typeof FactKind>;

/**
 * Kinds whose `normal` form is a calendar day, or integer cents as digits (a rate: cents an hour). A visit is "2024-02-15|provider", a code has no dot
 * ("S134XXA"), a medication "ibuprofen 600 mg", a payment "2024-02-15|99213|insurance 18000|patient 4000" (day, what was done, cents by payer), days "5.5", hours "56" or "8/day"; all others are plain text.
 */
export const dayKinds: readonly FactKind[] = ['date_of_loss', 'client_birth_date'];
export const moneyKinds: readonly FactKind[] = ['wage_loss', 'policy_limits', 'wage_rate'];
/** Of these every value stands beside the others: a patient has many visits. Where they differ nobody has to choose, and a letter never takes one for the one. */
export const listKinds: readonly FactKind[] = [
  'provider',
  'visit',
  'diagnosis',
  'procedure',
  'medication',
  'payment',
  'vehicle',
  'vehicle_vin',
  'vehicle_plate',
  'liability_quote',
  'measure',
  'earlier_condition',
  'future_care',
];

/** What a letter may name by one value. */
export const singleKinds: readonly FactKind[] = FactKind.options.filter((kind) => !listKinds.includes(kind));

export const factLabels: Record<FactKind, string> = {
  client_name: 'Client',
  client_birth_date: "Client's birth date",
  defendant_name: 'Defendant',
  date_of_loss: 'Date of loss',
  time_of_loss: 'Time of loss',
  place_of_loss: 'Place of loss',
  claim_number: 'Claim number',
  policy_number: 'Policy number',
  firm_reference: 'Our reference',
  court_case_number: 'Court case number',
  carrier: 'Insurance carrier',
  adjuster: 'Adjuster',
  opposing_counsel: 'Opposing counsel',
  plaintiff_counsel: 'Our counsel',
  witness: 'Witness',
  wage_loss: 'Wage loss',
  policy_limits: 'Policy limits',
  provider: 'Provider',
  visit: 'Visit',
  diagnosis: 'Diagnosis',
  procedure: 'Procedure code',
  medication: 'Medication',
  payment: 'Payment',
  wage_rate: 'Hourly rate',
  wage_hours: 'Hours missed',
  wage_days: 'Days missed',
  vehicle: 'Vehicle',
  vehicle_vin: 'VIN',
  vehicle_plate: 'License plate',
  liability_quote: 'Quote on liability',
  measure: 'Measured',
  earlier_condition: 'Earlier condition',
  future_care: 'Future care',
};

export const ReviewState = z.enum(['proposed', 'approved', 'corrected', 'rejected']);
export type ReviewState = z.infer<typeof ReviewState>;

/** One value read from one place. Several facts of a kind may stand side by side until a person decides. */
export const FactView = z.object({
  factId: FactId,
  matterId: MatterId,
  kind: FactKind,
  /** As a person reads it: "February 15, 2024". */
  value: z.string(),
  /** As rules compare it: "2024-02-15"; cents as digits for money kinds. */
  normal: z.string(),
  /** 0 to 100. */
  confidence: z.number().int().min(0).max(100),
  state: ReviewState,
  source: SourceRef,
  /** The rule that found it, "rule:claim-number". */
  method: z.string(),
  /** What was read, where a person corrected it. */
  readValue: z.string().nullable().default(null),
  /** Why a person should look at it, "ICD-9-CM ended on 2015-09-30"; null where nothing speaks against it. */
  problem: z.string().nullable().default(null),
  /** The model that proposed it, or null. */
  model: z.string().nullable().default(null),
  decidedByName: z.string().nullable(),
  decidedAt: z.number().int().nullable(),
});
export type FactView = z.infer<typeof FactView>;

/** One line of a bill. owed = billed - adjusted - paid holds for every line a rule accepts. */
export const BillLineView = z.object({
  billLineId: BillLineId,
  matterId: MatterId,
  provider: z.string(),
  serviceFrom: Day.nullable(),
  serviceTo: Day.nullable(),
  code: z.string().nullable(),
  description: z.string(),
  units: z.number().int().nullable(),
  billedCents: Cents,
  adjustedCents: Cents,
  paidCents: Cents,
  owedCents: Cents,
  /** Who paid how much of it, where the bill says so; those who paid nothing are left out. */
  paidBy: z.array(z.object({ payer: z.string(), cents: Cents })).default([]),
  /** Why a person should look at it, "billed less paid is not the balance"; null where all is consistent. */
  problem: z.string().nullable(),
  state: ReviewState,
  source: SourceRef,
  /** As it was read, where a person corrected it. */
  readAs: z.object({ provider: z.string(), billed_cents: Cents, adjusted_cents: Cents, paid_cents: Cents }).nullable().default(null),
  /** The line that counts where another statement repeats its charge; null: this one counts. */
  sameAs: BillLineId.nullable().default(null),
  /** Where other statements repeat this charge: evidence of the same. */
  alsoIn: z.array(SourceRef).default([]),
});
export type BillLineView = z.infer<typeof BillLineView>;

export const LedgerAmounts = z.object({ billedCents: Cents, adjustedCents: Cents, paidCents: Cents, owedCents: Cents });
export type LedgerAmounts = z.infer<typeof LedgerAmounts>;

export const ProviderTotals = LedgerAmounts.extend({
  provider: z.string(),
  serviceFrom: Day.nullable(),
  serviceTo: Day.nullable(),
  lineCount: z.number().int(),
  /** One source per page the lines stand on, in page order. */
  sources: z.array(SourceRef),
});
export type ProviderTotals = z.infer<typeof ProviderTotals>;

/** A total a document prints, checked against our own sum and never copied. */
export const StatedTotal = z.object({
  label: z.string(),
  /** null where the document's total is for all providers. */
  provider: z.string().nullable(),
  billedCents: Cents,
  paidCents: Cents,
  owedCents: Cents,
  /** Which of its amounts the document prints: "Amount due: $930.00" says nothing of what was billed. */
  says: z.array(z.enum(['billed', 'paid', 'owed'])).default(['billed', 'paid', 'owed']),
  agrees: z.boolean(),
  source: SourceRef,
});
export type StatedTotal = z.infer<typeof StatedTotal>;

export const LedgerView = z.object({
  lines: z.array(BillLineView),
  providers: z.array(ProviderTotals),
  totals: LedgerAmounts,
  statedTotals: z.array(StatedTotal),
});
export type LedgerView = z.infer<typeof LedgerView>;

export const CorrectFact = z.object({
  factId: FactId,
  value: z.string().trim().min(1).max(2000),
  reason: z.string().trim().max(2000).default(''),
});
export const DecideFacts = z.object({ factIds: z.array(FactId).min(1).max(10_000), decision: z.enum(['approved', 'rejected']) });
export const CorrectBillLine = z.object({
  billLineId: BillLineId,
  provider: z.string().trim().min(1).max(255).optional(),
  billedCents: Cents.optional(),
  adjustedCents: Cents.optional(),
  paidCents: Cents.optional(),
  reason: z.string().trim().max(2000).default(''),
});
export const DecideBillLines = z.object({
  billLineIds: z.array(BillLineId).min(1).max(10_000),
  decision: z.enum(['approved', 'rejected']),
});
