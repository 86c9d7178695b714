import { factLabels, FactKind, listKinds } from '../../../shared/facts.ts';
import { documentsIn, sideOf, type ContradictionRule, type Found } from '../contradiction-rule.ts';

/** A file has several of each of these, and none of them is wrong. */
const severalAreFine: readonly FactKind[] = [
  ...listKinds,
  'witness',
  'wage_loss',
  'wage_rate',
  'wage_hours',
  'wage_days',
  'policy_limits',
  'plaintiff_counsel',
  'opposing_counsel',
  'firm_reference',
  'defendant_name',
];

const nameKinds: readonly FactKind[] = ['client_name', 'carrier', 'adjuster'];
const numberKinds: readonly FactKind[] = ['claim_number', 'policy_number', 'court_case_number'];

/** Numbers without their separators; names without what stands behind a company's, and without initials between a person's names. */
function comparable(kind: FactKind, normal: string): string {
  const plain = normal.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  if (numberKinds.includes(kind)) return plain.replace(/[^\p{L}\p{N}]+/gu, '');
  if (!nameKinds.includes(kind)) return plain;
  return plain
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\b(?:inc|llc|llp|ltd|co|company|corp|corporation|the)\b/g, ' ')
    .replace(/(?<=\p{L} )\p{L} (?=\p{L})/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Of what there is one in a case, several values: until a person says which holds and the others are rejected. A new document that says something else than what was
 * approved is shown again. The sides stand in the order of their values, which no further document changes.
 */
export const valuesDiffer: ContradictionRule = ({ facts }) =>
  FactKind.options
    .filter((kind) => !severalAreFine.includes(kind))
    .flatMap((kind): Found[] => {
      const all = facts.filter((fact) => fact.kind === kind);
      const byNormal = Map.groupBy(all, ({ normal }) => comparable(kind, normal));
      if (byNormal.size < 2 || (kind === 'place_of_loss' && !arePlacesApart([...byNormal.keys()]))) return [];
      const sides = [...byNormal.values()]
        .map((those) => sideOf(those[0]?.value ?? '', those))
        .toSorted((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
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

/** What tells one place from another: the number of a house in its street, of a store, of a mile. */
const placeNumbers = [
  /\b(\d{1,6})\s+(?:[nsew]\.?\s+)?[a-z][\w'’]*(?:\s+[a-z][\w'’]*){0,2}\s+(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|highway|hwy|parkway|pkwy|place|pl)\b/i,
  /\bstore\s+(?:no\.?|number|#)\s*(\d+)/i,
  /\b(?:mile\s+(?:marker|post)|mm)\s*#?(\d+)/i,
  /\b(?:i-|interstate\s+|route\s+|us-?\s*)(\d+)/i,
];

/** "I-95" and "I-95 Northbound, Mile Marker 42" are one place told more and less closely; two houses of one street are two. */
function arePlacesApart(places: readonly string[]): boolean {
  return placeNumbers.some((pattern) => new Set(places.flatMap((place) => pattern.exec(place)?.[1] ?? [])).size > 1);
}
