import { isSameBucket, summarize, type RowHashes, type SeenRows } from './row-hashes.ts';

/** What a restored table is, measured against what the backup recorded. */
export interface TableVerdict {
  table: string;
  /** changed: nothing compared differs, but some rows could not be compared, because others changed them after the rows were recorded. */
  verdict: 'equal' | 'changed' | 'differs';
  rows: number;
  /** Rows whose hashes were compared and are the same. */
  comparedRows: number;
  reason?: string;
}

export interface RecordedRows {
  hashes: RowHashes;
  /** Buckets that were different when a base backup looked again: their content at its end is known to nobody. */
  unsettled: Record<string, string[]>;
}

/**
 * Table by table. A bucket is proven when its rows are the recorded ones to the bit, or are once the rows written later are left out. Any
 * other bucket differs, unless it is unsettled, or `isReplayed` says that later WAL was replayed over it: then it counts as changed, never as equal.
 */
export function compareRows(recorded: RecordedRows, restored: SeenRows, isReplayed: boolean): TableVerdict[] {
  const tables = new Set([...Object.keys(recorded.hashes), ...Object.keys(restored.all)]);
  return [...tables].sort().map((table) => compareTable(table, recorded, restored, isReplayed));
}

function compareTable(table: string, recorded: RecordedRows, restored: SeenRows, isReplayed: boolean): TableVerdict {
  const [before, all, settled] = [recorded.hashes[table] ?? {}, restored.all[table] ?? {}, restored.settled[table] ?? {}];
  const unsettled = new Set(recorded.unsettled[table] ?? []);
  const { rows } = summarize(all);
  let comparedRows = 0;
  let wrong = 0;
  for (const bucket of new Set([...Object.keys(before), ...Object.keys(all)])) {
    if (unsettled.has(bucket)) continue;
    const isProven = isSameBucket(before[bucket], all[bucket]) || isSameBucket(before[bucket], settled[bucket]);
    if (isProven) comparedRows += before[bucket]?.[0] ?? 0;
    else if (!isReplayed) wrong += 1;
  }
  const seen = { table, rows, comparedRows };
  if (!(table in restored.all) && !isReplayed) return { ...seen, verdict: 'differs', reason: 'the table is missing' };
  if (wrong > 0) {
    const expected = summarize(before).rows;
    const reason =
      expected === rows ? `at least ${String(wrong)} of its rows have other content` : `${String(expected)} rows were recorded`;
    return { ...seen, verdict: 'differs', reason };
  }
  if (comparedRows === rows && unsettled.size === 0) return { ...seen, verdict: 'equal' };
  return {
    ...seen,
    verdict: 'changed',
    reason: `${String(rows - comparedRows)} rows changed after the rows were recorded, or stand beside such`,
  };
}
