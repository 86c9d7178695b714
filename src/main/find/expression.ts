import type { Part, Query } from './parse.ts';

/** A part with what the index knows of it: words it may become, words it may have been meant as. */
export interface OpenedPart extends Part {
  begun: string[];
  typos: string[];
}

/** Words in a row, as the index takes them; quoted, so that nothing a person types is a command. */
export const row = (words: string): string => `"${words.replaceAll('"', '""')}"`;

const anyOf = (rows: string[]): string => (rows.length === 1 ? (rows[0] ?? '""') : `(${rows.join(' OR ')})`);

/** What was asked, in its equal spellings. */
export function plainly({ words, told, begun }: OpenedPart): string {
  const ways: string[] = [...(told === null ? [] : [told]), ...begun].map(row);
  if (words.length > 0) ways.unshift(words.length === 1 ? row(words[0] ?? '') : `(${words.map(row).join(' AND ')})`);
  return anyOf(ways);
}

/** And whatever may be meant by it. */
export function widely(part: OpenedPart): string {
  return anyOf([plainly(part), ...[...part.synonyms, ...part.typos].map(row)]);
}

/** The whole question; `say` decides how widely each part is taken. Null: nothing is asked. */
export function expressionOf(parts: OpenedPart[], without: Query['without'], say: (part: OpenedPart) => string): string | null {
  if (parts.length === 0) return null;
  const all = parts.map(say).join(' AND ');
  return without.length === 0 ? all : `(${all}) NOT ${anyOf(without.map(row))}`;
}
