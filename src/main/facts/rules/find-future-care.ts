import { formatCents, parseCents } from '../../../shared/money.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';

const heading =
  /^[^\n]{0,12}\b(?:FUTURE (?:MEDICAL|CARE|TREATMENT)|Future (?:Medical|Care|Treatment)|LIFE[- ]CARE PLAN|Life[- ]Care Plan)\b[^\n:$]{0,60}$/m;
/** A heading that is about something else ends the section. */
const nextHeading = /\n(?=[A-Z][A-Z &/—-]{6,}\n)/;
/** Whole: "$1.5 million" and "$60 thousand" are read by nobody but a person. */
const amount = '\\$\\d[\\d,]*(?:\\.\\d{2})?(?![\\d,]*\\.?\\d|\\s*(?:thousand|million|k\\b|m\\b))';
const unit = '(?:\\s*(?:/\\s*|(?:per|an?|each|for each)\\s+)([a-z]+)|\\s+(annually|yearly|monthly|weekly|daily))?';
const item = new RegExp(
  `^[ \\t]*(?:[-•*«] ?)?([A-Z][^\\n:$]{2,90}):[^\\n$]{0,80}?(${amount})(?:\\s*(?:-|–|—|to)\\s*(${amount}))?${unit}`,
  'dgm',
);
const isSum = /\b(?:(?:sub-?)?totals?|sum|estimated future|future (?:medical|care))\b/i;
/** "24 visits at $150", "3 x $1,500": a price for each, however it is said. */
const isEach = /\d\s*(?:x|×|\*)\s*$|\b(?:at|@)\s*$/i;

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
    const said = (match.groups[4] ?? match.groups[5] ?? '').toLowerCase();
    const before = match.all.slice(0, match.all.indexOf('$'));
    const per = isSum.test(name) ? 'sum' : said === '' && isEach.test(before) ? 'unit' : said;
    const many = low === high ? formatCents(low) : `${formatCents(low)} to ${formatCents(high)}`;
    const { start, end: stop } = match.span(0);
    const value = `${name}: ${many}${per === '' || per === 'sum' ? '' : ` per ${per}`}`;
    return [
      {
        kind: 'future_care',
        value,
        normal: [name.toLowerCase().replaceAll('|', ' '), String(low), String(high), per].join('|'),
        confidence: 72,
        start: from + start,
        end: from + stop,
        method: 'rule:future-care',
      },
    ];
  });
};
