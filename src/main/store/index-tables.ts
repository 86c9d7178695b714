import type Database from 'better-sqlite3';

/*
 * The tables find_* are derived from pages and documents (migrations/local/0009_find.sql). Triggers keep out of them what is gone; these need what stands here of every
 * connection that changes rows.
 */

/** Also of a store that a copy takes the place of: what is derived is made anew from what came. */
export const isDerived = (table: string): boolean => table.startsWith('find_');

/** Shorter ones are not worth mending, longer ones are no words. */
const [fewestLetters, mostLetters] = [3, 32];

const [unknown, letter, number, mark, other] = [0, 1, 2, 3, 4];
/** What each character is, found out once: thousands of pages are cut into words, and a pattern would find it out at each letter. */
const kinds = new Uint8Array(0x10000);

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const known = kinds[unit] ?? unknown;
  if (known !== unknown) return known;
  const isHalf = unit >= 0xd800 && unit <= 0xdfff;
  const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const kind = /\p{L}/u.test(point) ? letter : /\p{N}/u.test(point) ? number : /\p{M}/u.test(point) ? mark : other;
  if (!isHalf) kinds[unit] = kind;
  return kind;
}

/** Calls `add` with each token of a text, in order, and whether it has a digit. */
function cut(text: string, add: (token: string, hasNumber: boolean) => void): void {
  // most pages have no letter with an accent: nothing to take off
  const bare = (/[\u00c0-\uffff]/.test(text) ? text.normalize('NFD') : text).toLowerCase();
  let [token, hasNumber, from] = ['', false, -1];
  for (let at = 0; at <= bare.length; at += 1) {
    const kind = at < bare.length ? kindAt(bare, at) : other;
    const width = kind !== other && (bare.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    if (kind === letter || kind === number) {
      if (from < 0) from = at;
      if (kind === number) hasNumber = true;
    } else {
      if (from >= 0) token += bare.slice(from, at);
      from = -1;
      // an accent is taken off, and its word goes on
      if (kind === other && token !== '') {
        add(token, hasNumber);
        [token, hasNumber] = ['', false];
      }
    }
    at += width - 1;
  }
}

/** Letters and digits that stand together, in small letters without accents: as the index's own tokenizer cuts them. */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  cut(text, (token) => tokens.push(token));
  return tokens;
}

/** The different words of a page that may be mistyped: of letters only, for a number that is like another is another. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  cut(text, (token, hasNumber) => {
    if (!hasNumber && token.length >= fewestLetters && token.length <= mostLetters) words.add(token);
  });
  return words;
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
