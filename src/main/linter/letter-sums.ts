import { sumCents } from '../../shared/money.ts';

/** One line that a total adds up, in order; a line that is a total itself closes the lines above it. */
export interface SumLine {
  cents: number;
  isTotal: boolean;
  isLess: boolean;
}

/**
 * Null where the last line is a sum of the lines above: of those since the total before it, of all that are no totals, or of the totals; what is marked as taken off may
 * count either way. Else what the lines since the total before it come to, in cents.
 */
export function expectedTotal(lines: readonly SumLine[]): number | null {
  const last = lines.at(-1);
  const above = lines.slice(0, -1);
  if (!last) return null;
  const from = above.findLastIndex(({ isTotal }) => isTotal) + 1;
  const since = above.slice(from);
  const items = above.filter(({ isTotal }) => !isTotal);
  const totals = above.filter(({ isTotal }) => isTotal);
  // a total of the totals and of what stands behind the last of them
  const groups = [since, items, totals, [...totals, ...since]].filter(({ length }) => length > 0);
  const fits = groups.some((group) => sum(group, 1) === last.cents || sum(group, -1) === last.cents);
  return fits || groups.length === 0 ? null : sum(since.length > 0 ? since : items, 1);
}

const sum = (lines: readonly SumLine[], less: 1 | -1): number =>
  sumCents(lines.map(({ cents, isLess }) => (isLess ? less * cents : cents)));
