import type { FactView } from '../../../shared/facts.ts';
import { sideOf, type ContradictionRule, type Found } from '../contradiction-rule.ts';

interface Measure {
  thing: string;
  aspect: string;
  unit: string;
  low: number;
  high: number;
  fact: FactView;
}

/** `normal` as src/main/facts/rules/find-measures.ts writes it; what a person corrected into something else measures nothing. */
function measuresIn(facts: readonly FactView[]): Measure[] {
  return facts.flatMap((fact): Measure[] => {
    if (fact.kind !== 'measure') return [];
    const [thing, aspect, unit, low, high] = fact.normal.split('|');
    const [least, most] = [Number(low), Number(high)];
    if (!thing || !aspect || !unit || low === undefined || high === undefined || !(least <= most)) return [];
    return [{ thing, aspect, unit, low: least, high: most, fact }];
  });
}

/** Two people, or a person and a picture, measure one thing differently. Ranges that touch agree: "15 to 20 inches" and "18 inches". */
export const measuresDiffer: ContradictionRule = ({ facts }) =>
  [...Map.groupBy(measuresIn(facts), ({ thing, aspect, unit }) => [thing, aspect, unit].join('|'))].flatMap(([what, measures]): Found[] => {
    const byRange = [...Map.groupBy(measures, ({ low, high }) => `${String(low)}-${String(high)}`)].toSorted(
      ([, a], [, b]) => (a[0]?.low ?? 0) - (b[0]?.low ?? 0),
    );
    const ranges = byRange.flatMap(([, [first]]) => (first ? [first] : []));
    const isApart = ranges.some((one) => ranges.some((other) => one.high < other.low));
    if (!isApart) return [];
    const sides = byRange.map(([, those]) =>
      sideOf(
        those[0]?.fact.value ?? '',
        those.map(({ fact }) => fact),
      ),
    );
    const thing = ranges[0]?.thing ?? '';
    return [
      {
        kind: 'measures_differ',
        about: [what, ...byRange.map(([range]) => range)].join('\n'),
        title: `The ${thing}: ${String(sides.length)} different ${ranges[0]?.unit === 'min' ? 'times' : 'distances'} are given.`,
        advice:
          'See who says which, and what each relies on: footage and photographs weigh more than recollection. Use the one you can prove.',
        sides,
        isChoice: false,
      },
    ];
  });

/** What is due every so often was last done longer ago than that. */
export const checkOverdue: ContradictionRule = ({ facts }) =>
  [...Map.groupBy(measuresIn(facts), ({ thing }) => thing)].flatMap(([thing, measures]): Found[] => {
    const [due, gaps] = [measures.filter(({ aspect }) => aspect === 'due'), measures.filter(({ aspect }) => aspect === 'gap')];
    const often = Math.max(0, ...due.map(({ high }) => high));
    const late = gaps.filter(({ low }) => due.length > 0 && low > often);
    const longest = Math.max(...late.map(({ high }) => high));
    if (late.length === 0) return [];
    return [
      {
        kind: 'check_overdue',
        about: [thing, String(often), String(longest)].join('\n'),
        title: `A ${thing} is due every ${String(often)} minutes; the last was ${String(longest)} minutes before.`,
        advice: 'The defendant’s own rule was not kept: quote the rule and the log side by side.',
        sides: [
          sideOf(
            `Due every ${String(often)} minutes`,
            due.map(({ fact }) => fact),
          ),
          sideOf(
            `${String(longest)} minutes before`,
            late.map(({ fact }) => fact),
          ),
        ],
        isChoice: false,
      },
    ];
  });
