/** One line of the table: a goal's number (P9), what was measured, and whether it met its limit (null: for comparison only). */
export interface Measured {
  goal: string;
  what: string;
  value: number;
  unit: string;
  limit: string;
  met: boolean | null;
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: number[]): number => percentile(values, 0.5);

/** Milliseconds of one call. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/**
 * Times several ways of doing the same, interleaved, so that whatever else the machine does strikes all of them alike.
 * Returns the milliseconds of each call, by way, after one call of each that is not counted.
 */
export async function interleaved<W extends string>(ways: Record<W, () => Promise<unknown>>, rounds: number): Promise<Record<W, number[]>> {
  const names = Object.keys(ways) as W[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<W, number[]>;
  for (const name of names) await ways[name]();
  for (let round = 0; round < rounds; round += 1) for (const name of names) times[name].push(await timed(ways[name]));
  return times;
}
