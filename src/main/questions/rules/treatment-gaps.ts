import { formatDayLong } from '../../../shared/days.ts';
import type { BillLineView } from '../../../shared/facts.ts';
import type { Question, QuestionRule } from '../evidence.ts';

/** Days without treatment from which on adjusters argue that the injury had healed, and days after the loss that it was no injury of it. */
const longestGapDays = 30;
const longestDelayDays = 14;

const dayMs = 86_400_000;
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs);

/** Long times without any treatment between two services, and between the loss and the first. */
export const treatmentGaps: QuestionRule = ({ lines, lossDay }) => {
  const services = lines
    .flatMap((line) => (line.serviceFrom === null ? [] : [{ from: line.serviceFrom, to: line.serviceTo ?? line.serviceFrom, line }]))
    .toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const [first] = services;
  if (!first) return [];
  const found: Question[] = [];
  if (lossDay !== null && daysBetween(lossDay, first.from) > longestDelayDays) {
    const days = daysBetween(lossDay, first.from);
    found.push({
      key: `treatment_gap:${lossDay}:${first.from}`,
      kind: 'treatment_gap',
      title: `The first treatment is ${String(days)} days after the loss, on ${formatDayLong(first.from)}.`,
      advice: 'Say in the letter why the client came late, or look for earlier visits whose bills are not here.',
      places: [placeOf(first.line)],
    });
  }
  let last = first;
  for (const service of services) {
    const days = daysBetween(last.to, service.from);
    if (days > longestGapDays)
      found.push({
        key: `treatment_gap:${last.to}:${service.from}`,
        kind: 'treatment_gap',
        title: `No treatment for ${String(days)} days, from ${formatDayLong(last.to)} to ${formatDayLong(service.from)}.`,
        advice: 'Say in the letter why, or look for visits whose bills are not here.',
        places: [placeOf(last.line), placeOf(service.line)],
      });
    if (service.to > last.to) last = service;
  }
  return found;
};

function placeOf({ source: { documentId, documentName, page, start, end } }: BillLineView): Question['places'][number] {
  return { documentId, documentName, page, start, end };
}
