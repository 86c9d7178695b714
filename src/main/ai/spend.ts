import { and, eq, gte, isNull, sql, type SQL } from 'drizzle-orm';
import { assistantCall } from '../store/assistant-schema.ts';
import type { Store } from '../store/store.ts';

/** Microdollars. `unknownCost`: calls whose cost nobody knows; they are in `calls` and not in the sum. */
export interface Spent {
  calls: number;
  costMicrodollars: number;
  unknownCost: number;
}

function sumOf(store: Store, where: SQL | undefined): Spent {
  const row = store.db
    .select({
      calls: sql<number>`count(*)`,
      costMicrodollars: sql<number>`coalesce(sum(${assistantCall.costMicrodollars}), 0)`,
      unknownCost: sql<number>`count(*) - count(${assistantCall.costMicrodollars})`,
    })
    .from(assistantCall)
    .where(and(where, isNull(assistantCall.deletedAt)))
    .get();
  return row ?? { calls: 0, costMicrodollars: 0, unknownCost: 0 };
}

/** The first moment of the calendar month (UTC, so that all laptops of a firm count the same). */
export function monthOf(now: number): number {
  const at = new Date(now);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

/** What the firm's calls of this month cost, as far as this laptop has heard of them. */
export function spentInMonth(store: Store, now: number): Spent {
  return sumOf(store, gte(assistantCall.calledAt, monthOf(now)));
}

export function spentOn(store: Store, matterId: string): Spent {
  return sumOf(store, eq(assistantCall.matterId, matterId));
}

const inDollars = (microdollars: number): string => {
  const cents = microdollars / 10_000;
  return cents > 0 && cents < 1 ? 'less than $0.01' : `$${(Math.ceil(cents) / 100).toFixed(2)}`;
};

export interface Limits {
  monthLimitMicrodollars: number | null;
  matterLimitMicrodollars: number | null;
}

/**
 * Why a call that may cost up to `estimate` must not be made, in words, or null where it may. An unknown cost keeps no limit. `reserved`: what calls that are on
 * their way may cost at most.
 */
export function overLimit(
  limits: Limits,
  estimate: number | null,
  spent: { month: number; matter: number },
  reserved: { month: number; matter: number },
): string | null {
  const { monthLimitMicrodollars: month, matterLimitMicrodollars: matter } = limits;
  if (month === null && matter === null) return null;
  if (estimate === null)
    return 'A limit is set, and Steno does not know what this model costs, so it could not keep to it. Enter the model’s price in Settings, or take the limit away.';
  const over = (limit: number | null, of: number, onTheWay: number): boolean => limit !== null && of + onTheWay + estimate > limit;
  const words = (limit: number | null, of: number, what: string): string =>
    `It may cost up to ${inDollars(estimate)}; of the limit of ${inDollars(limit ?? 0)} ${what} ${inDollars(of)} is spent. Nothing was sent.`;
  if (over(matter, spent.matter, reserved.matter)) return words(matter, spent.matter, 'for this matter');
  if (over(month, spent.month, reserved.month)) return words(month, spent.month, 'for the month');
  return null;
}
