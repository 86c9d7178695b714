/** One thing that was looked at. */
export interface Finding {
  check: string;
  level: 'ok' | 'warn' | 'bad';
  /** What was measured, for a person or a graph. */
  value: string;
  /** What it means, one sentence. */
  sentence: string;
  /** What to do, one sentence; empty where nothing need be done. */
  todo: string;
}

/** What is not a fault of the set-up becomes one beyond these. */
export interface Limits {
  /** Of a statement's mean time (document 000). */
  slowMs: number;
  cacheHitRate: number;
  unusedAfterDays: number;
  /** Dead rows are bloat from this share of the live ones on, and from this number on. */
  deadShare: number;
  deadRows: number;
  monthsAhead: number;
  connectionShare: [warn: number, bad: number];
  idleInTransactionMs: [warn: number, bad: number];
  transactionMs: [warn: number, bad: number];
  lagBytes: [warn: number, bad: number];
  slotBytes: [warn: number, bad: number];
  archiveAgeMs: number;
  xidAge: [warn: number, bad: number];
}

const minute = 60_000;

export const defaultLimits: Limits = {
  slowMs: 1000,
  cacheHitRate: 0.95,
  unusedAfterDays: 7,
  deadShare: 0.2,
  deadRows: 1000,
  monthsAhead: 2,
  connectionShare: [0.7, 0.9],
  idleInTransactionMs: [minute, 10 * minute],
  transactionMs: [5 * minute, 60 * minute],
  lagBytes: [64e6, 1e9],
  slotBytes: [1e9, 10e9],
  archiveAgeMs: 15 * minute,
  xidAge: [500e6, 1.5e9],
};

export function fine(check: string, value: string, sentence: string): Finding {
  return { check, level: 'ok', value, sentence, todo: '' };
}

export function levelOf(value: number, [warn, bad]: [number, number]): Finding['level'] {
  return value >= bad ? 'bad' : value >= warn ? 'warn' : 'ok';
}
