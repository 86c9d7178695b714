import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { head } from './schema.ts';

/** Who is asked to look at a letter (`askedOf`) by whom (`createdBy`), and what they answered; who and when is the firm's to say. */
export const review = sqliteTable('review', {
  reviewId: text('review_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  askedOf: text('asked_of'),
  note: text('note'),
  /** ISO day. */
  dueOn: text('due_on'),
  outcome: text('outcome', { enum: ['approved', 'changes', 'withdrawn'] }),
  answer: text('answer'),
  answeredBy: text('answered_by'),
  answeredAt: integer('answered_at'),
  ...head,
});
