import { formatDayLong } from '../../../shared/days.ts';
import { billsOf, daysOfCare, facilityOf, isOfCare } from './care.ts';
import { datePattern, readDay, readService, yearsIn } from './dates.ts';
import type { Candidate, FactRule } from './fact-rule.ts';
import { matches } from './fact-rule.ts';
import type { ProposedBillLine } from './proposals.ts';

const discharge = new RegExp(`\\bDischarged?(?: date)?\\s*(?::|on)\\s*(${datePattern})`, 'dgi');

/** A day on which a provider rendered a service: by the bill, or by the record of the visit. A span of days names none. */
export const findVisits: FactRule = (page, document) => {
  if (!isOfCare(document)) return [];
  const lines = billsOf(document).lines.filter((line) => line.page === page.page && line.provider !== 'Unknown provider');
  const facility = facilityOf(document).name;
  const own = facility ?? lines[0]?.provider ?? null;
  const billed = lines.flatMap((line): Candidate[] =>
    line.serviceFrom !== null && line.serviceFrom === line.serviceTo
      ? [visit(line.serviceFrom, line.provider, 84, placeOfDay(page.text, line, line.serviceFrom), 'rule:visit-bill')]
      : [],
  );
  const recorded =
    own === null || new Set(lines.map((line) => line.provider)).size > 1
      ? []
      : daysOfCare(page, document).map(({ day, ...place }) => visit(day, own, 90, place, 'rule:visit-record'));
  return [...billed, ...recorded, ...discharged(page.text, lines, document)];
};

function visit(day: string, provider: string, confidence: number, place: { start: number; end: number }, method: string): Candidate {
  return { kind: 'visit', value: `${formatDayLong(day)} — ${provider}`, normal: `${day}|${provider}`, confidence, ...place, method };
}

/** The row where it holds the day, else the heading above that does: a quote has to show what it proves. */
function placeOfDay(text: string, line: ProposedBillLine, day: string): { start: number; end: number } {
  const row = { start: line.start, end: line.end };
  if (readService(line.quote)?.from === day) return row;
  const start = text.lastIndexOf(line.provider, line.start);
  if (start < 0) return row;
  const heading = /^[^\n]*(?:\n[^\n]*)?/.exec(text.slice(start, line.start))?.[0] ?? '';
  return readService(heading)?.from === day ? { start, end: start + heading.trimEnd().length } : row;
}

/** "Discharge: 2024-08-20" below a provider's lines ends the care of that provider. */
function discharged(text: string, lines: readonly ProposedBillLine[], document: Parameters<FactRule>[1]): Candidate[] {
  const years = yearsIn(document);
  return matches(text, discharge).flatMap((match): Candidate[] => {
    const day = readDay(match.groups[1] ?? '', years);
    const above = lines.findLast((line) => line.end <= match.span(0).start);
    return day && above ? [visit(day, above.provider, 72, match.span(0), 'rule:visit-discharge')] : [];
  });
}
