import { formatCents, parseCents } from '../../../shared/money.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const amount = '(\\$\\d[\\d,]*(?:\\.\\d{2})?)(?![\\d,]*\\.?\\d|\\s*(?:million|thousand|[kKmM]\\b))';
const limits = new RegExp(
  `\\b((?:(?:policy|liability|bodily injury|BI|property damage|combined single|coverage|underinsured|uninsured|UIM|UM|motorist|general aggregate|each (?:person|accident|occurrence)|per (?:person|accident|occurrence))[ /]+){0,4}limits?)\\b(?: of (?:liability|insurance|coverage))?[^.$\\n]{0,50}\\n?[^.$\\n]{0,30}?${amount}(?:\\s*\\/\\s*${amount})?`,
  'dgi',
);
const medical = new RegExp(
  `\\b(?:med(?:ical)?[ -]?pay(?:ments?)?|personal injury protection|PIP)(?: (?:coverage|benefits?|limits?))?\\s*(?::|of|is)\\s*${amount}`,
  'dgi',
);

/** What the policy pays at most, in cents; "$100,000/$300,000" is two limits. A deductible is none. */
export const findPolicyLimits: FactRule = ({ text }) => [
  ...matches(text, limits, /limits?/i).flatMap((match) => {
    const demanded = /\b(?:demand|offer|settle|within|exceeds?|excess of)\b[^.]{0,60}$/i.test(
      text.slice(Math.max(0, match.span(0).start - 80), match.span(0).start),
    );
    const { start } = match.span(0);
    return [2, 3].flatMap((group) => {
      const raw = match.groups[group];
      return raw === undefined || demanded
        ? []
        : limit(raw, 88, group === 2 ? start : match.span(group).start, match.span(group).end, 'rule:policy-limits');
    });
  }),
  ...matches(text, medical, /\$/).flatMap((match) =>
    limit(match.groups[1] ?? '', 64, match.span(0).start, match.span(1).end, 'rule:medical-payments'),
  ),
];

function limit(raw: string, confidence: number, start: number, end: number, method: string): Candidate[] {
  const cents = parseCents(raw);
  return cents === null || cents <= 0
    ? []
    : [{ kind: 'policy_limits', value: formatCents(cents), normal: String(cents), confidence, start, end, method }];
}
