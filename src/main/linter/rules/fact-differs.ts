import { formatDayLong } from '../../../shared/days.ts';
import { factLabels, type FactKind, type FactView } from '../../../shared/facts.ts';
import type { Labelled } from '../letter-head.ts';
import { isTyped, matchesOf, type LetterFound, type LetterRule, type LintMaterial } from '../lint-rule.ts';
import { isSameCompany, lastWord, lettersApart, plain } from '../parties.ts';

const makes =
  'Acura|Audi|BMW|Buick|Cadillac|Chevrolet|Chevy|Chrysler|Dodge|Ford|Freightliner|GMC|Honda|Hyundai|Infiniti|Jeep|Kia|Lexus|Lincoln|Mazda|Mercedes(?:-Benz)?|Mercury|Mini|Mitsubishi|Nissan|Peterbilt|Pontiac|Porsche|Ram|Saturn|Scion|Subaru|Tesla|Toyota|Volkswagen|Volvo';
const vehicle = new RegExp(`\\b((?:19|20)\\d{2}) (${makes}) ([A-Z][\\w-]{1,20})`, 'g');

/** A number, day or vehicle that somebody typed and no document of the matter says. */
export const factDiffers: LetterRule = {
  id: 'fact_differs',
  severity: 'blocks',
  inLetter(material) {
    const { head, matter } = material;
    if (!matter) return [];
    const factsOf = (kind: FactKind): FactView[] => matter.facts.filter((fact) => fact.kind === kind && fact.state !== 'rejected');
    const days = new Set(head.lossDays.map(({ value }) => value));
    return [
      ...differing(head.claimNumbers, factsOf('claim_number'), 'claim_number'),
      ...differing(head.policyNumbers, factsOf('policy_number'), 'policy_number'),
      // two days in one letter are told by `two_loss_dates`
      ...(days.size === 1 ? differing(head.lossDays, factsOf('date_of_loss'), 'date_of_loss') : []),
      ...parties(
        head.clients,
        factsOf('client_name'),
        'client_name',
        (a, b) => lastWord(a) === lastWord(b) || lettersApart(lastWord(a), lastWord(b)) === 1,
      ),
      ...parties(head.carriers, factsOf('carrier'), 'carrier', isSameCompany).map((one) => ({ ...one, severity: 'asks' as const })),
      ...vehicles(material, factsOf('vehicle')),
    ];
  },
};

const compact = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]+/gu, '');

function differing(said: readonly Labelled[], facts: readonly FactView[], kind: FactKind): LetterFound[] {
  const known = new Set(facts.flatMap(({ value, normal }) => [compact(value), compact(normal)]));
  const [first] = facts.toSorted((a, b) => b.confidence - a.confidence);
  if (!first) return [];
  const right = kind === 'date_of_loss' ? formatDayLong(first.normal) : first.value;
  return said
    .filter(({ value, isTyped: typed }) => typed && !known.has(compact(value)))
    .map(({ block, start, end, value }) => ({
      block,
      start,
      end,
      about: [kind, compact(value), ...known].join('\n'),
      reason: `${factLabels[kind]}: the documents say ${right}.`,
      evidence: facts.map(({ source }) => source).slice(0, 20),
      ...(known.size <= 2 && { mend: { replace: right } }),
    }));
}

/** Somebody else than the documents name, in the letter's head; a name misspelled is told by `name_spelling`. */
function parties(
  said: readonly Labelled[],
  facts: readonly FactView[],
  kind: FactKind,
  isSame: (a: string, b: string) => boolean,
): LetterFound[] {
  const [first] = facts;
  if (!first) return [];
  return said
    .filter(({ value, isTyped: typed }) => typed && !facts.some((fact) => isSame(fact.value, value)))
    .map(({ block, start, end, value }) => ({
      block,
      start,
      end,
      about: [kind, plain(value)].join('\n'),
      reason: `${factLabels[kind]}: the documents say ${first.value}.`,
      evidence: facts.map(({ source }) => source).slice(0, 20),
    }));
}

/** Another year or model of a make that the documents name. A make they do not name may be a third car. */
function vehicles({ blocks }: LintMaterial, facts: readonly FactView[]): LetterFound[] {
  if (facts.length === 0) return [];
  return blocks.flatMap((block) =>
    matchesOf(vehicle, block.text).flatMap(({ match, start, end }): LetterFound[] => {
      const [said, year = '', make = '', model = ''] = match;
      const ofMake = facts.filter(({ value }) => plain(value).includes(plain(make)));
      const says = (part: string): boolean => ofMake.some(({ value }) => plain(value).includes(plain(part)));
      const isKnown = ofMake.some(
        ({ value }) => plain(value).includes(plain(model)) && (plain(value).includes(year) || !/\b(?:19|20)\d{2}\b/.test(value)),
      );
      if (ofMake.length === 0 || isKnown || (!says(model) && !says(year)) || !isTyped(block, { start, end })) return [];
      return [
        {
          block,
          start,
          end,
          about: ['vehicle', plain(said)].join('\n'),
          reason: `The documents speak of a ${ofMake[0]?.value ?? ''}, not of a ${said}.`,
          evidence: ofMake.map(({ source }) => source).slice(0, 20),
        },
      ];
    }),
  );
}
