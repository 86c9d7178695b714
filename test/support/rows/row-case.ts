/**
 * What a row of a table needs to be whole, and how each CHECK of the table is broken.
 * `valid` names every parent and fills every column that a unique index covers, partial ones included (its row must be in them),
 * with values that differ from set to set. `broken` has one entry for each CHECK: the columns that break this one and no other.
 * NOT NULL, foreign keys, unique indexes and primary keys are tried by themselves; nothing is written about them here.
 */
export interface RowCase {
  valid: (ids: Ids) => Record<string, unknown>;
  broken: Record<string, Change | ((ids: Ids) => Change)>;
  /** Further rows of this table that a valid row, here or in another table, points to. */
  also?: (ids: Ids) => Change[];
}
type Change = Record<string, unknown>;

/** By table name; those of schema auth with `auth.` before it. */
export type RowCases = Record<string, RowCase>;

/** One set of rows that belong together: one of each table, all of one firm. */
export interface Ids {
  firm: string;
  /** The id of this set's row in that table; the same each time. */
  id: (table: string) => string;
  /** Lower-case letters, another word for each set. */
  word: string;
  /** 64 hexadecimal digits, as a SHA-256. */
  hash: string;
  /** At least 1001, so that it is taken by nothing that triggers wrote. */
  number: number;
}

/** Text of that length. */
export const long = (length: number): string => 'x'.repeat(length);
/** What most tables of a firm begin with. */
/** JSON that no laptop takes. */
export const tooDeep: unknown = Array.from({ length: 120 }).reduce<unknown>((inner) => [inner], []);

export const of = (ids: Ids) => ({ firm_id: ids.firm, created_by: ids.id('user') });
/** A place on a page. */
export const place = { page: 1, start_offset: 0, end_offset: 1, quote: 'x' };
