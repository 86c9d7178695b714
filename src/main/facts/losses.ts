import type { FactView } from '../../shared/facts.ts';
import type { FutureItem, LossesView, StatedLoss, WageFormula } from '../../shared/losses.ts';
import { formatCents, sumCents } from '../../shared/money.ts';

/** What is most often missing. */
export const hoursNeeded = 'the hours of a working day';

/** Hundredths: 5.5 days and 7.25 hours are whole numbers of them, so that no sum is a fraction of a cent off. */
const hundredths = (text: string): number | null => (/^\d{1,5}(?:\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : null);

/**
 * Wage loss and future care, worked out from facts that nobody rejected, in integer cents, rounded half up at the last step. An amount that a document states is held
 * against what follows, and never copied; a factor that no page says is named, never assumed.
 */
export function lossesOf(facts: readonly FactView[]): LossesView {
  const standing = facts.filter(({ state }) => state !== 'rejected');
  const wages = [...Map.groupBy(standing, ({ source }) => source.documentId).values()].flatMap(wageFormula);
  const computed = new Set(wages.flatMap(({ cents }) => (cents === null ? [] : [cents])));
  // the same item in two documents is one; one item with two prices is in no sum until a person says which holds
  const future = [
    ...Map.groupBy(standing.flatMap(futureItem), ({ item, lowCents, highCents, per }) =>
      [item.toLowerCase(), lowCents, highCents, per].join('|'),
    ).values(),
  ].flatMap(([first]) => (first ? [first] : []));
  const prices = Map.groupBy(future, ({ item }) => item.toLowerCase());
  const isDisputed = ({ item }: FutureItem): boolean => (prices.get(item.toLowerCase())?.length ?? 0) > 1;
  const counted = future.filter((item) => item.per === null && !isDisputed(item));
  const [futureLowCents, futureHighCents] = [
    sumCents(counted.map(({ lowCents }) => lowCents)),
    sumCents(counted.map(({ highCents }) => highCents)),
  ];
  return {
    wages,
    statedWages: standing.flatMap((fact): StatedLoss[] => {
      const cents = Number(fact.normal);
      if (fact.kind !== 'wage_loss' || !Number.isSafeInteger(cents)) return [];
      return [
        {
          label: 'Wage loss',
          lowCents: cents,
          highCents: cents,
          agrees: computed.size === 0 ? null : computed.has(cents),
          source: fact.source,
        },
      ];
    }),
    future: future.filter(({ per }) => per !== 'sum').map((item) => ({ ...item, isDisputed: isDisputed(item) })),
    futureLowCents,
    futureHighCents,
    statedFuture: future.flatMap(({ item, lowCents, highCents, per, source }): StatedLoss[] =>
      per === 'sum'
        ? [{ label: item, lowCents, highCents, agrees: lowCents === futureLowCents && highCents === futureHighCents, source }]
        : [],
    ),
  };
}

/** What of a kind counts: what a person decided, else all that fits. One value, several, or none. */
function valueOf(
  facts: readonly FactView[],
  kind: FactView['kind'],
  fits: (fact: FactView) => boolean,
): { fact: FactView | null; isOne: boolean } {
  const fitting = facts.filter((fact) => fact.kind === kind && fits(fact));
  const decided = fitting.filter(({ state }) => state !== 'proposed');
  const counting = (decided.length > 0 ? decided : fitting).toSorted((a, b) => b.confidence - a.confidence);
  return { fact: counting[0] ?? null, isOne: new Set(counting.map(({ normal }) => normal)).size <= 1 };
}

/** Hundredths of days and of hours, cents an hour: cents, rounded half up once. */
const wageCents = (days: number, hours: number, rate: number): number => Math.floor((days * hours * rate + 5_000) / 10_000);

function wageFormula(facts: readonly FactView[]): WageFormula[] {
  const rates = valueOf(facts, 'wage_rate', ({ normal }) => /^\d{1,9}$/.test(normal));
  const allDays = valueOf(facts, 'wage_days', ({ normal }) => hundredths(normal) !== null);
  const hoursADay = valueOf(facts, 'wage_hours', ({ normal }) => normal.endsWith('/day') && hundredths(normal.slice(0, -4)) !== null);
  const allHours = valueOf(facts, 'wage_hours', ({ normal }) => hundredths(normal) !== null);
  const [rate, days, aDay, hours] = [rates.fact, allDays.fact, hoursADay.fact, allHours.fact];
  if (!rate || !(days ?? hours)) return [];
  const rateText = formatCents(Number(rate.normal));
  const formula = (working: string, cents: number | null, needs: string | null, from: (FactView | null)[]): WageFormula[] => {
    const used = from.flatMap((fact) => (fact ? [fact.source] : []));
    return [{ documentName: rate.source.documentName, working, cents, needs, sources: used }];
  };
  const used = hours ? [rates, allHours] : [rates, allDays, hoursADay];
  if (used.some(({ isOne }) => !isOne))
    return formula(`days × hours × rate`, null, 'which of several days, hours or rates holds: reject those that do not', [
      hours ?? days,
      rate,
    ]);
  if (hours)
    return formula(`${hours.normal} hours × ${rateText}`, wageCents(hundredths(hours.normal) ?? 0, 100, Number(rate.normal)), null, [
      hours,
      rate,
    ]);
  if (!days) return [];
  if (!aDay) return formula(`${days.normal} days × hours a day × ${rateText}`, null, hoursNeeded, [days, rate]);
  const aDayHours = aDay.normal.slice(0, -4);
  const cents = wageCents(hundredths(days.normal) ?? 0, hundredths(aDayHours) ?? 0, Number(rate.normal));
  return formula(`${days.normal} days × ${aDayHours} hours × ${rateText}`, cents, null, [days, aDay, rate]);
}

/** `normal` as rules/find-future-care.ts writes it. */
function futureItem(fact: FactView): FutureItem[] {
  if (fact.kind !== 'future_care') return [];
  const [, low = '', high = '', per = ''] = fact.normal.split('|');
  if (!/^\d{1,13}$/.test(low) || !/^\d{1,13}$/.test(high)) return [];
  const item = fact.value.split(':')[0] ?? fact.value;
  return [{ item, lowCents: Number(low), highCents: Number(high), per: per === '' ? null : per, isDisputed: false, source: fact.source }];
}
