import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { LetterId } from './ids.ts';

/** What the linter looks for. Each is one rule, and each finding is of one rule. */
export const LintRuleId = z.enum([
  'table_sum',
  'list_sum',
  'sentence_sum',
  'totals_differ',
  'amount_differs',
  'typed_amount',
  'amount_words',
  'malformed_amount',
  'demand_limits',
  'date_after_letter',
  'date_before_loss',
  'letter_before_loss',
  'two_loss_dates',
  'impossible_date',
  'weekday_wrong',
  'time_zone',
  'other_matter',
  'stray_party',
  'fact_differs',
  'name_spelling',
  'wrong_gender',
  'doubled_paragraph',
  'doubled_word',
  'unresolved_choice',
  'placeholder',
  'provider_missing',
  'treatment_gap',
  'code_out_of_time',
  'time_limit_terms',
  'time_limit_short',
  'criminal_threat',
  'exhibit_missing',
  'exhibit_skipped',
  'unsupported_sentence',
]);
export type LintRuleId = z.infer<typeof LintRuleId>;

/** blocks: the letter must not go out with it. asks: a person should look, and may say why it stays. */
export const LintSeverity = z.enum(['blocks', 'asks']);
export type LintSeverity = z.infer<typeof LintSeverity>;

/**
 * Where it stands: characters [start, end) of the visible text of one block. `block` is the way to it in the letter's blocks, as indexes: [4] is the fifth block;
 * [3, 1, 0] the first block of the second item of a list; [5, 0] the first block in a quote, the first row of a table, or the first footnote of a paragraph; [5, 0, 2] the
 * third footnote of that row.
 */
export const LintPlace = z.object({
  block: z.array(z.number().int().min(0)).min(1),
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  /** Of a letter from outside, counted from 1; null in Steno's own letters, which have no pages before they are printed. */
  page: z.number().int().min(1).nullable(),
});
export type LintPlace = z.infer<typeof LintPlace>;

/** What one key does: other words over the place, or the computed value of a variable in their stead. */
export const LintMend = z.union([z.object({ replace: z.string() }), z.object({ variable: z.string() })]);
export type LintMend = z.infer<typeof LintMend>;

export const Finding = z.object({
  rule: LintRuleId,
  severity: LintSeverity,
  /** One sentence in a lawyer's words. */
  reason: z.string(),
  /** The words at the place. */
  quote: z.string(),
  place: LintPlace,
  /** What speaks against it in the matter's documents; empty where the letter contradicts itself. */
  evidence: z.array(SourceRef),
  mend: LintMend.nullable(),
  /**
   * Says what it is about and not where: the same after the paragraph moved, and on every laptop, so that a person's mute holds while the thing stays the same. Two
   * places of one thing share it. A hash: it tells none of the letter's words.
   */
  key: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** A finding as the screen shows it. */
export const FindingView = Finding.extend({
  /** Set where somebody said that it stays, and why. */
  muted: z.object({ byName: z.string().nullable(), at: z.number().int(), note: z.string().nullable() }).nullable(),
});
export type FindingView = z.infer<typeof FindingView>;

export const SetMute = z.object({
  letterId: LetterId,
  key: z.string().regex(/^lint:[a-z_]{1,60}:[0-9a-f]{32}$/),
  isMuted: z.boolean(),
  note: z.string().trim().max(1000),
});
export type SetMute = z.infer<typeof SetMute>;
