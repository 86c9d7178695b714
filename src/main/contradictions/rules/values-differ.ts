import { factLabels, FactKind, listKinds } from '../../../shared/facts.ts';
import { documentsIn, sideOf, type ContradictionRule, type Found } from '../contradiction-rule.ts';

/** A file has several of each of these, and none of them is wrong. */
const severalAreFine: readonly FactKind[] = [...listKinds, 'witness', 'wage_loss', 'wage_rate', 'wage_hours', 'wage_days', 'policy_limits', 'plaintiff_counsel', 'opposing_counsel', 'firm_reference']; // prettier-ignore

/** Of what there is one in a case, several values, until a person says which holds; or several that people approved. */
export const valuesDiffer: ContradictionRule = ({ facts }) =>
  FactKind.options
    .filter((kind) => !severalAreFine.includes(kind))
    .flatMap((kind): Found[] => {
      const all = facts.filter((fact) => fact.kind === kind);
      const decided = all.filter(({ state }) => state !== 'proposed');
      const against = decided.length > 0 ? decided : all;
      const byNormal = Map.groupBy(against, ({ normal }) => normal.toLowerCase());
      if (byNormal.size < 2) return [];
      const sides = [...byNormal.values()]
        .map((those) => sideOf(those[0]?.value ?? '', those))
        .toSorted((a, b) => b.sources.length - a.sources.length || (a.value < b.value ? -1 : 1));
      const label = factLabels[kind];
      const where = documentsIn(sides) > 1 ? 'the documents do not agree' : 'one document says several things';
      return [
        {
          kind: 'values_differ',
          about: [kind, ...[...byNormal.keys()].toSorted()].join('\n'),
          title: `${label}: ${where}.`,
          advice: 'Say which holds, the others are then rejected; or accept with a note that both stand in the file.',
          sides,
          isChoice: true,
        },
      ];
    });
