import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { bytes, flag, head } from './schema.ts';

/** A letter as it stood: its body as Yjs state, and every value. */
export const letterVersion = sqliteTable('letter_version', {
  versionId: text('version_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  content: bytes('content').notNull(),
  letterValues: text('letter_values', { mode: 'json' }).$type<unknown>().notNull(),
  /** Why it was made, for a person. */
  changeSummary: text('change_summary').notNull(),
  /** Given by the firm as versions arrive; null until then. */
  versionNumber: integer('version_number'),
  /** What Finalize froze. */
  isMajor: flag('is_major').notNull().default(true),
  /** What a person called it; null: it was kept by itself. */
  versionName: text('version_name'),
  ...head,
});
