import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { decision, flag, head } from './schema.ts';

/** How two documents of a matter belong together; `linkKind` reads from the first to the second. */
export const documentLink = sqliteTable('document_link', {
  linkId: text('link_id').primaryKey(),
  fromDocumentId: text('from_document_id').notNull(),
  toDocumentId: text('to_document_id').notNull(),
  linkKind: text('link_kind').notNull(),
  confidence: integer('confidence').notNull(),
  method: text('method', { enum: ['rule', 'person'] }).notNull(),
  why: text('why'),
  ...decision,
  state: text('state', { enum: ['proposed', 'approved', 'rejected'] }).notNull(),
  ...head,
});

/** What a person thought of what was found, and the kind a document should have had. */
export const feedback = sqliteTable('feedback', {
  feedbackId: text('feedback_id').primaryKey(),
  subject: text('subject', { enum: ['chunk', 'document', 'answer'] }).notNull(),
  documentId: text('document_id'),
  chunkId: text('chunk_id'),
  page: integer('page'),
  startOffset: integer('start_offset'),
  endOffset: integer('end_offset'),
  queryHash: text('query_hash'),
  queryWords: text('query_words', { mode: 'json' }).$type<unknown>(),
  isHelpful: flag('is_helpful'),
  comment: text('comment'),
  correctedType: text('corrected_type'),
  ...head,
});
