import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const spellingWord = sqliteTable('spelling_word', {
  word: text('word').primaryKey(),
  keptAt: integer('kept_at').notNull(),
});

export const spellingSetting = sqliteTable('spelling_setting', {
  only: integer('only').primaryKey(),
  isOn: integer('is_on', { mode: 'boolean' }).notNull(),
});
