import type Database from 'better-sqlite3';

/*
 * The tables find_* are derived from pages and documents (migrations/local/0009_find.sql). Triggers keep out of them what is gone; these need what stands here of every
 * connection that changes rows.
 */

/** Also of a store that a copy takes the place of: what is derived is made anew from what came. */
export const isDerived = (table: string): boolean => table.startsWith('find_');

/** Shorter ones are not worth mending, longer ones are no words. */
const [fewestLetters, mostLetters] = [3, 32];

/** Letters and digits that stand together, in small letters without accents: as the index's own tokenizer cuts them. */
export function tokensOf(text: string): string[] {
  // most pages have no letter with an accent: nothing to take off
  const bare = /[\u00c0-\uffff]/.test(text) ? text.normalize('NFD').replaceAll(/\p{M}+/gu, '') : text;
  return bare.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The different words of a page that may be mistyped: of letters only, for a number that is like another is another. */
export function wordsOf(text: string): Set<string> {
  return new Set(tokensOf(text).filter((token) => token.length >= fewestLetters && token.length <= mostLetters && !/\p{N}/u.test(token)));
}

/** To be called for each connection before rows are changed. */
export function readyForIndex(raw: Database.Database): void {
  // what "insert or replace" puts aside has to leave the index like anything else that is deleted
  raw.pragma('recursive_triggers = on');
  raw.function('words_of', { deterministic: true }, (text: unknown) => JSON.stringify([...wordsOf(String(text))]));
}

/** Empties the index at once, however large it is; it is made anew from the beginning. In a transaction. */
export function emptyIndex(raw: Database.Database): void {
  const triggers = raw.prepare(`select name, sql from sqlite_master where type = 'trigger' and tbl_name like 'find\\_%' escape '\\'`).all();
  const found = triggers as { name: string; sql: string }[];
  for (const { name } of found) raw.exec(`drop trigger "${name}"`);
  for (const table of ['find_words', 'find_spelling', 'find_names']) raw.exec(`insert into ${table} (${table}) values ('delete-all')`);
  for (const table of ['vector', 'chunk', 'page', 'matter', 'word', 'document', 'todo']) raw.exec(`delete from find_${table}`);
  for (const { sql } of found) raw.exec(sql);
  raw.exec(`update find_state set pages_after = '', documents_after = ''`);
}
