import type { FactView } from '../../shared/facts.ts';
import type { FutureItem, LossesView, StatedLoss, WageFormula } from '../../shared/losses.ts';
import { formatCents, sumCents } from '../../shared/money.ts';

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
  const future = standing.flatMap(futureItem);
  const counted = future.filter(({ per }) => per === null);
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
    future: future.filter(({ per }) => per !== 'sum'),
    futureLowCents,
    futureHighCents,
    statedFuture: future.flatMap(({ item, lowCents, highCents, per, source }): StatedLoss[] =>
      per === 'sum'
        ? [{ label: item, lowCents, highCents, agrees: lowCents === futureLowCents && highCents === futureHighCents, source }]
        : [],
    ),
  };
}

function wageFormula(facts: readonly FactView[]): WageFormula[] {
  const of = (kind: FactView['kind'], fits: (fact: FactView) => boolean = () => true): FactView | undefined =>
    facts.find((fact) => fact.kind === kind && fits(fact));
  const rate = of('wage_rate', ({ normal }) => /^\d{1,9}$/.test(normal));
  const days = of('wage_days', ({ normal }) => hundredths(normal) !== null);
  const aDay = of('wage_hours', ({ normal }) => normal.endsWith('/day') && hundredths(normal.slice(0, -4)) !== null);
  const hours = of('wage_hours', ({ normal }) => hundredths(normal) !== null);
  if (!rate || !(days ?? hours)) return [];
  const rateText = formatCents(Number(rate.normal));
  const formula = (working: string, cents: number | null, needs: string | null, from: (FactView | undefined)[]): WageFormula => {
    const used = from.flatMap((fact) => (fact ? [fact.source] : []));
    return { documentName: rate.source.documentName, working, cents, needs, sources: used };
  };
  if (hours) {
    const cents = Math.floor(((hundredths(hours.normal) ?? 0) * Number(rate.normal) + 50) / 100);
    return [formula(`${hours.normal} hours × ${rateText}`, cents, null, [hours, rate])];
  }
  if (!days) return [];
  if (!aDay) return [formula(`${days.normal} days × hours a day × ${rateText}`, null, 'the hours of a working day', [days, rate])];
  const aDayHours = aDay.normal.slice(0, -4);
  const cents = Math.floor(((hundredths(days.normal) ?? 0) * (hundredths(aDayHours) ?? 0) * Number(rate.normal) + 5_000) / 10_000);
  return [formula(`${days.normal} days × ${aDayHours} hours × ${rateText}`, cents, null, [days, aDay, rate])];
}

/** `normal` as rules/find-future-care.ts writes it. */
function futureItem(fact: FactView): FutureItem[] {
  if (fact.kind !== 'future_care') return [];
  const [, low = '', high = '', per = ''] = fact.normal.split('|');
  if (!/^\d{1,13}$/.test(low) || !/^\d{1,13}$/.test(high)) return [];
  const item = fact.value.split(':')[0] ?? fact.value;
  return [{ item, lowCents: Number(low), highCents: Number(high), per: per === '' ? null : per, source: fact.source }];
}
