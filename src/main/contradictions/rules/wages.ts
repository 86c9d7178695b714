import type { FactView } from '../../../shared/facts.ts';
import { formatCents } from '../../../shared/money.ts';
import { hoursNeeded, lossesOf } from '../../facts/facts.ts';
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
  const losses = of('wage_loss');
  const [formula] = lossesOf(facts).wages;
  if (!formula || losses.length === 0) return [];
  const factors = [...of('wage_rate'), ...of('wage_days'), ...of('wage_hours')];
  const about = factors.map(({ normal }) => normal).toSorted();
  if (formula.cents !== null) {
    const { working, cents } = formula;
    if (losses.some((loss) => numberOf(loss) === cents)) return [];
    return [
      {
        kind: 'wage_arithmetic',
        about: ['known', ...about, ...losses.map(({ normal }) => normal)].join('\n'),
        title: `${working} is ${formatCents(cents)}, which is not the wage loss that is said.`,
        advice: 'Work the loss out anew from the employer’s papers.',
        sides: [sideOf(`${working}: ${formatCents(cents)}`, factors), ...losses.map((loss) => sideOf(formatCents(numberOf(loss)), [loss]))],
        isChoice: false,
      },
    ];
  }
  const [rate, days] = [of('wage_rate')[0], of('wage_days')[0]];
  if (formula.needs !== hoursNeeded || !rate || !days) return [];
  const aDay = numberOf(rate) * numberOf(days);
  const working = `${days.value} days at ${formatCents(numberOf(rate))} an hour`;
  const fitting = losses.flatMap((loss) => {
    const hours = Math.round((numberOf(loss) / aDay) * 2) / 2;
    return hours >= 1 && hours <= 16 && Math.round(aDay * hours) === numberOf(loss) ? [{ loss, hours }] : [];
  });
  // a part of the loss stands beside its days; the one that is nearest to a working day is meant
  const [best] = fitting.toSorted((a, b) => Math.abs(a.hours - 8) - Math.abs(b.hours - 8));
  if (best)
    return [
      {
        kind: 'wage_arithmetic',
        about: ['hours', ...about, best.loss.normal].join('\n'),
        title: `${working} gives ${formatCents(numberOf(best.loss))} only at ${String(best.hours)} hours a day, which the document does not say.`,
        advice: 'Ask the employer for the hours of a working day before the letter claims the amount.',
        sides: [sideOf(working, [days, rate]), sideOf(formatCents(numberOf(best.loss)), [best.loss])],
        isChoice: false,
      },
    ];
  return [
    {
      kind: 'wage_arithmetic',
      about: ['none', ...about, ...losses.map(({ normal }) => normal)].join('\n'),
      title: `No hours a day give the wage loss from ${working}.`,
      advice: 'Work the loss out anew from the employer’s papers.',
      sides: [sideOf(working, [days, rate]), ...losses.map((loss) => sideOf(formatCents(numberOf(loss)), [loss]))],
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
