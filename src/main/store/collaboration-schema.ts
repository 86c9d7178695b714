import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { flag, head } from './schema.ts';

/** Comments and suggestions in letters; a reply names the first of its thread. What stands in `changeData`: shared/collaboration.ts. */
export const collaboration = sqliteTable('collaboration', {
  collaborationId: text('collaboration_id').primaryKey(),
  letterId: text('letter_id').notNull(),
  parentId: text('parent_id'),
  userId: text('user_id'),
  changeType: text('change_type', { enum: ['Edit', 'Comment', 'Suggestion'] }).notNull(),
  changeData: text('change_data', { mode: 'json' }).$type<unknown>().notNull(),
  position: text('position', { mode: 'json' }).$type<unknown>(),
  isResolved: flag('is_resolved').notNull().default(false),
  resolvedBy: text('resolved_by'),
  resolvedAt: integer('resolved_at'),
  outcome: text('outcome', { enum: ['accepted', 'rejected'] }),
  ...head,
});
