import type { FactView } from '../../../shared/facts.ts';
import { formatCents } from '../../../shared/money.ts';
import { sideOf, type ContradictionRule, type Found } from '../contradiction-rule.ts';

const numberOf = ({ normal }: FactView): number => Number(normal);

/**
 * A wage loss is days x hours a day x rate. Where a page says an amount, days and a rate but not the hours, the amount follows from an assumption, which the
 * other side will ask for; where no whole or half number of hours gives it, it does not follow at all. Parts of a loss must add up to its total. Integer cents.
 */
export const wageArithmetic: ContradictionRule = ({ facts }) =>
  [...Map.groupBy(facts, ({ source }) => source.documentId).values()].flatMap((of) => [...assumedHours(of), ...partsAndTotal(of)]);

function assumedHours(facts: readonly FactView[]): Found[] {
  const of = (kind: FactView['kind']): FactView[] => facts.filter((fact) => fact.kind === kind);
  const [rate] = of('wage_rate');
  const [days] = of('wage_days');
  const losses = of('wage_loss');
  const [hours] = of('wage_hours');
  if (rate && hours && losses.length > 0) return knownHours(rate, days, hours, losses);
  if (!rate || !days || losses.length === 0) return [];
  const aDay = numberOf(rate) * numberOf(days);
  if (!(aDay > 0)) return [];
  const working = `${days.value} days at ${formatCents(numberOf(rate))} an hour`;
  const fitting = losses.flatMap((loss) => {
    const hours = numberOf(loss) / aDay;
    return Number.isInteger(Math.round(hours * 1e9) / 5e8) && hours >= 1 && hours <= 16 ? [{ loss, hours }] : [];
  });
  // a part of the loss stands beside its days; the one that is nearest to a working day is meant
  const [best] = fitting.toSorted((a, b) => Math.abs(a.hours - 8) - Math.abs(b.hours - 8));
  if (best)
    return [
      {
        kind: 'wage_arithmetic',
        about: ['hours', days.normal, rate.normal, best.loss.normal].join('\n'),
        title: `${working} gives ${formatCents(numberOf(best.loss))} only at ${String(best.hours)} hours a day, which the document does not say.`,
        advice: 'Ask the employer for the hours of a working day before the letter claims the amount.',
        sides: [sideOf(working, [days, rate]), sideOf(formatCents(numberOf(best.loss)), [best.loss])],
        isChoice: false,
      },
    ];
  return [
    {
      kind: 'wage_arithmetic',
      about: ['none', days.normal, rate.normal, ...losses.map(({ normal }) => normal)].join('\n'),
      title: `No hours a day give the wage loss from ${working}.`,
      advice: 'Work the loss out anew from the employer’s papers.',
      sides: [sideOf(working, [days, rate]), ...losses.map((loss) => sideOf(formatCents(numberOf(loss)), [loss]))],
      isChoice: false,
    },
  ];
}

/** Hours of all days together, or of each of them. */
function knownHours(rate: FactView, days: FactView | undefined, hours: FactView, losses: readonly FactView[]): Found[] {
  const isADay = hours.normal.endsWith('/day');
  if (isADay && !days) return [];
  const count = isADay ? Number(hours.normal.slice(0, -4)) * (days ? numberOf(days) : 0) : numberOf(hours);
  const cents = Math.round(count * numberOf(rate));
  if (!Number.isFinite(cents) || losses.some((loss) => numberOf(loss) === cents)) return [];
  const working = `${isADay ? `${days?.value ?? ''} days of ${hours.value}` : `${hours.value} hours`} at ${formatCents(numberOf(rate))} an hour`;
  return [
    {
      kind: 'wage_arithmetic',
      about: ['known', rate.normal, days?.normal ?? '', hours.normal, ...losses.map(({ normal }) => normal)].join('\n'),
      title: `${working} is ${formatCents(cents)}, which is not the wage loss that is said.`,
      advice: 'Work the loss out anew from the employer’s papers.',
      sides: [
        sideOf(`${working}: ${formatCents(cents)}`, [rate, ...(days ? [days] : []), hours]),
        ...losses.map((loss) => sideOf(formatCents(numberOf(loss)), [loss])),
      ],
      isChoice: false,
    },
  ];
}

function partsAndTotal(facts: readonly FactView[]): Found[] {
  const totals = facts.filter(({ method }) => method === 'rule:wage-loss-total');
  const parts = facts.filter(({ method }) => method === 'rule:wage-loss-part');
  const sum = parts.reduce((cents, part) => cents + numberOf(part), 0);
  const [total] = totals;
  if (!total || parts.length < 2 || numberOf(total) === sum) return [];
  return [
    {
      kind: 'wage_arithmetic',
      about: ['parts', total.normal, ...parts.map(({ normal }) => normal)].join('\n'),
      title: `The parts of the wage loss add up to ${formatCents(sum)}; its total is said to be ${formatCents(numberOf(total))}.`,
      advice: 'A sum is never copied: correct the part that is wrong, or note what the total has besides.',
      sides: [sideOf(`Parts: ${formatCents(sum)}`, parts), sideOf(`Total: ${formatCents(numberOf(total))}`, [total])],
      isChoice: false,
    },
  ];
}
