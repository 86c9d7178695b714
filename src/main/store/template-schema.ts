import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { head } from './schema.ts';

/** What a template said, each time it was published; never changed. */
export const templateVersion = sqliteTable('template_version', {
  versionId: text('version_id').primaryKey(),
  templateId: text('template_id').notNull(),
  content: text('content', { mode: 'json' }).$type<unknown>().notNull(),
  /** Why it was published, for a person. */
  changeSummary: text('change_summary').notNull(),
  /** The version its writer began with; null: what the template said before it had any. */
  basedOn: text('based_on'),
  /** Given by the firm as versions arrive; null until then. */
  versionNumber: integer('version_number'),
  ...head,
});

/** What somebody is writing for a template and has not published; one row a person and template. */
export const templateDraft = sqliteTable('template_draft', {
  draftId: text('draft_id').primaryKey(),
  templateId: text('template_id').notNull(),
  /** null: nothing is being written. */
  content: text('content', { mode: 'json' }).$type<unknown>(),
  basedOn: text('based_on'),
  ...head,
});
