import { sideOf, type ContradictionRule, type Found } from '../contradiction-rule.ts';

/** What records say was there before the loss, by part of the body. Not a contradiction of values, but of the claim: the drafter has to see it. */
export const earlierConditions: ContradictionRule = ({ facts }) => {
  const said = facts.filter(({ kind }) => kind === 'earlier_condition');
  return [...Map.groupBy(said, ({ normal }) => normal.split('|')[0] ?? '')].flatMap(([part, those]): Found[] => {
    if (part === '') return [];
    const sides = [...Map.groupBy(those, ({ normal }) => normal).values()].map((same) => sideOf(same[0]?.value ?? '', same));
    return [
      {
        kind: 'earlier_condition',
        about: [part, ...those.map(({ normal }) => normal).toSorted()].join('\n'),
        title: `The records speak of an earlier or age-related condition: ${part}.`,
        advice:
          'The other side will find it. Say in the letter what was there before and what the loss changed, with the records that show it.',
        sides,
        isChoice: false,
      },
    ];
  });
};
