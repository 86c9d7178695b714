import { isUnreadable, type Store } from '../store/store.ts';

type Row = Record<string, unknown>;

/** Reads a store of which pages may be damaged: what cannot be read is counted and passed over, everything else comes. */
export interface Gently {
  /** Null where the row is not there or cannot be read. */
  one<R extends Row>(sql: string, ...values: unknown[]): R | null;
  /** Null where one of them cannot be read. */
  all<R extends Row>(sql: string, ...values: unknown[]): R[] | null;
  /**
   * Every row of a table that can be read, in the order of its rowid. `index` is one of its indexes: it knows the rowids when pages of the
   * table are lost; null for a table of one row.
   */
  each<R extends Row>(table: string, index: string | null): Generator<R>;
  /** How often a page could not be read; 0: the store is sound as far as it was looked at. */
  unreadable(): number;
}

/** Rowids that are tried where neither the table nor the index tells which there are; and how many in a row that cannot be read: then it is the root. */
const mostGuesses = 200_000;
const mostFailures = 2_000;

export function createGently(store: Store): Gently {
  let unreadable = 0;
  const prepare = (sql: string) => store.raw.prepare(sql);
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  const statement = (sql: string): ReturnType<typeof prepare> => {
    const made = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, made);
    return made;
  };

  function attempt<T>(read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable += 1;
      return null;
    }
  }

  function rowidsAfter(last: number, table: string, index: string | null): Iterable<number> {
    if (index === null) return last < 1 ? [1] : [];
    const known = attempt(() => store.raw.prepare(`select rowid from "${table}" indexed by "${index}"`).pluck().all() as number[]);
    if (known) return known.filter((rowid) => rowid > last).sort((a, b) => a - b);
    const counted = attempt(
      () => store.raw.prepare('select max(seq) from sqlite_sequence where name = ?').pluck().get(table) as number | null,
    );
    const end = Math.min(counted ?? Number.MAX_SAFE_INTEGER, last + mostGuesses);
    return (function* () {
      for (let rowid = last + 1; rowid <= end; rowid += 1) yield rowid;
    })();
  }

  return {
    one: <R extends Row>(sql: string, ...values: unknown[]) => attempt(() => statement(sql).get(...values) as R | undefined) ?? null,
    all: <R extends Row>(sql: string, ...values: unknown[]) => attempt(() => statement(sql).all(...values) as R[]),
    *each<R extends Row>(table: string, index: string | null) {
      const next = `select rowid as "rowid", * from "${table}" where rowid > ? order by rowid limit 1`;
      const exact = `select rowid as "rowid", * from "${table}" where rowid = ?`;
      let last = 0;
      for (;;) {
        const row = attempt(() => statement(next).get(last) as (R & { rowid: number }) | undefined);
        if (row === undefined) return;
        if (row === null) break;
        last = row.rowid;
        yield row;
      }
      let failures = 0;
      for (const rowid of rowidsAfter(last, table, index)) {
        const row = attempt(() => statement(exact).get(rowid) as (R & { rowid: number }) | undefined);
        failures = row === null ? failures + 1 : 0;
        if (failures === mostFailures) return;
        if (row) yield row;
      }
    },
    unreadable: () => unreadable,
  };
}
