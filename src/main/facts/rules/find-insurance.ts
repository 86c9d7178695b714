import type { Candidate, FactRule } from './fact-rule.ts';
import { flatten, matches } from './fact-rule.ts';
import { people } from './find-parties.ts';
import { nameOnALine } from './names.ts';

const insurer = "[A-Z][A-Za-z'’&-]*(?:[ ]+(?:&|of|[A-Z][A-Za-z'’&-]*)){0,5}";

/** The insurance company: labelled, or named with the policy it wrote. */
export const findCarrier: FactRule = ({ text }, document) => {
  if (document.kind === 'Testimony') return [];
  const labelled = matches(
    text,
    new RegExp(`\\b(?:Insurance (?:Company|Carrier)|Carrier|Insurer|Liability Carrier|Insured By)\\s*:\\s*(${insurer})`, 'dg'),
  );
  const verified = matches(text, new RegExp(`\\bInsurance\\s*:\\s*Policy[^\\n(]{0,30}\\((${insurer})\\)`, 'dg'));
  const named = matches(
    text,
    /\b([A-Z][A-Za-z'’&-]*(?: (?:&|of|[A-Z][A-Za-z'’&-]*)){0,4} (?:Insurance|Casualty|Indemnity|Assurance)(?: (?:Company|Co\.|Group|Corporation|Exchange))(?:,? Inc\.)?)/dg,
  );
  return [
    ...labelled.map((match) => ({ match, confidence: 90 })),
    ...verified.map((match) => ({ match, confidence: 80 })),
    ...named.map((match) => ({ match, confidence: 66 })),
  ].flatMap(({ match, confidence }): Candidate[] => {
    const name = flatten(match.groups[1] ?? '');
    if (name.length < 3 || /^(?:Unknown|None|Auto|Policy|Bill|The)\b/.test(name)) return [];
    return [{ kind: 'carrier', value: name, normal: name, confidence, ...match.span(0), method: 'rule:carrier' }];
  });
};

/** The insurer's person on the claim. */
export const findAdjuster: FactRule = ({ text }) => {
  const name = nameOnALine;
  return people(
    'adjuster',
    text,
    [
      {
        pattern: new RegExp(
          `\\b(?:(?:Claims?|Insurance)\\s+)?(?:Adjuster|Claims? (?:Representative|Examiner|Specialist|Handler))(?: Name)?\\s*:\\s*(${name})`,
          'dg',
        ),
        confidence: 92,
      },
      {
        pattern: new RegExp(
          `\\b(${name}),\\s+(?:Senior\\s+)?(?:Claims?\\s+(?:Adjuster|Representative|Examiner|Specialist)|Adjuster)\\b`,
          'dg',
        ),
        confidence: 86,
      },
      { pattern: new RegExp(`\\b[Aa]djuster (?:is|for this claim is|assigned is)\\s+(${name})`, 'dg'), confidence: 82, needs: /djuster/ },
    ],
    'rule:adjuster',
  );
};
