import { formatCents, parseCents } from '../../../shared/money.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const heading =
  /^[^\n]{0,12}\b(?:FUTURE (?:MEDICAL|CARE|TREATMENT)|Future (?:Medical|Care|Treatment)|LIFE[- ]CARE PLAN|Life[- ]Care Plan)\b[^\n:$]{0,60}$/m;
/** A heading that is about something else ends the section. */
const nextHeading = /\n(?=[A-Z][A-Z &/—-]{6,}\n)/;
const amount = '\\$\\d[\\d,]*(?:\\.\\d{2})?';
const unit = '(?:\\s*(?:/|per|each|for each)\\s*([a-z]+(?: [a-z]+)?))?';
const item = new RegExp(
  `^[ \\t]*(?:[-•*«] ?)?([A-Z][^\\n:$]{2,90}):[^\\n$]{0,80}?(${amount})(?:\\s*(?:-|–|—|to)\\s*(${amount}))?${unit}`,
  'dgm',
);
const isSum = /\b(?:total|estimated future|future (?:medical|care))\b/i;

/**
 * What care is expected to cost, item by item: "Repeat facet injection: est. $2,100 per injection". Normal form: item|least|most|per, in cents; `per` is the unit of a
 * price for each, empty for the whole, "sum" for what the document itself adds up.
 */
export const findFutureCare: FactRule = ({ text }) => {
  const opened = heading.exec(text);
  if (!opened) return [];
  const from = opened.index + opened[0].length;
  const rest = text.slice(from, from + 2_000);
  const end = nextHeading.exec(rest)?.index ?? rest.length;
  return matches(rest.slice(0, end), item).flatMap((match): Candidate[] => {
    const name = (match.groups[1] ?? '').trim();
    const low = parseCents(match.groups[2] ?? '');
    const high = match.groups[3] === undefined ? low : parseCents(match.groups[3]);
    if (low === null || high === null || low > high) return [];
    const per = isSum.test(name) ? 'sum' : (match.groups[4] ?? '').toLowerCase();
    const many = low === high ? formatCents(low) : `${formatCents(low)} to ${formatCents(high)}`;
    const { start, end: stop } = match.span(0);
    const value = `${name}: ${many}${per === '' || per === 'sum' ? '' : ` per ${per}`}`;
    return [{ kind: 'future_care', value, normal: [name.toLowerCase().replaceAll('|', ' '), String(low), String(high), per].join('|'), confidence: 72, start: from + start, end: from + stop, method: 'rule:future-care' }]; // prettier-ignore
  });
};
