import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { flag, head } from './schema.ts';

/** What the firm decided about its assistant (no matter), and what matters narrow of it. */
export const assistantPolicy = sqliteTable('assistant_policy', {
  policyId: text('policy_id').primaryKey(),
  matterId: text('matter_id'),
  policy: text('policy', { mode: 'json' }).$type<unknown>().notNull(),
  ...head,
});

/** Each request that went to a model, without a word of it; who asked is `createdBy`. */
export const assistantCall = sqliteTable('assistant_call', {
  callId: text('call_id').primaryKey(),
  matterId: text('matter_id'),
  documentId: text('document_id'),
  task: text('task').notNull(),
  provider: text('provider').notNull(),
  model: text('model').notNull(),
  promptId: text('prompt_id').notNull(),
  promptVersion: integer('prompt_version').notNull(),
  promptHash: text('prompt_hash').notNull(),
  inputTokens: integer('input_tokens'),
  outputTokens: integer('output_tokens'),
  cachedTokens: integer('cached_tokens'),
  costMicrodollars: integer('cost_microdollars'),
  isEstimate: flag('is_estimate').notNull(),
  attempt: integer('attempt').notNull(),
  outcome: text('outcome').notNull(),
  durationMs: integer('duration_ms').notNull(),
  calledAt: integer('called_at').notNull(),
  /** For which request about a letter it was made; null: for none. */
  refinementId: text('refinement_id'),
  ...head,
});

/**
 * What the assistant was asked about a letter, in the person's words, and how it ended: its history. What it cost stands in the calls that name it. `instruction`,
 * `inputContent` and `outputContent` go by retention.
 */
export const aiRefinement = sqliteTable('ai_refinement', {
  refinementId: text('refinement_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  requestedBy: text('requested_by'),
  kind: text('kind').notNull().default('refine'),
  instruction: text('instruction'),
  provider: text('provider').notNull(),
  aiModel: text('ai_model').notNull(),
  promptVersion: text('prompt_version').notNull(),
  inputContent: text('input_content'),
  outputContent: text('output_content'),
  status: text('status', { enum: ['Pending', 'Processing', 'Completed', 'Failed'] })
    .notNull()
    .default('Pending'),
  processingTimeMs: integer('processing_time_ms'),
  tokenCount: integer('token_count'),
  costMicrodollars: integer('cost_microdollars'),
  errorMessage: text('error_message'),
  completedAt: integer('completed_at'),
  detailsRemovedAt: integer('details_removed_at'),
  ...head,
});

/** What became of asking about a document, on this laptop only; `asked` is an `AskedDocument`. */
export const askedDocument = sqliteTable('asked_document', {
  documentId: text('document_id').primaryKey(),
  matterId: text('matter_id').notNull(),
  waits: flag('waits').notNull(),
  /** It waits, or is being asked. */
  isOpen: flag('is_open').notNull(),
  asked: text('asked', { mode: 'json' }).$type<unknown>().notNull(),
  /** Hashes of the parts that were answered. */
  answeredParts: text('answered_parts', { mode: 'json' }).$type<unknown>().notNull(),
  askedAt: integer('asked_at').notNull(),
});
