import { formatDayLong } from '../../../shared/days.ts';
import type { BillLineView } from '../../../shared/facts.ts';
import { gapsBetween } from '../../facts/facts.ts';
import type { Question, QuestionRule } from '../evidence.ts';

/** Long times without any treatment between two services, and between the loss and the first. */
export const treatmentGaps: QuestionRule = ({ lines, lossDay }) => {
  const services = lines.flatMap((line) =>
    line.serviceFrom === null ? [] : [{ from: line.serviceFrom, to: line.serviceTo ?? line.serviceFrom, line }],
  );
  return gapsBetween(services, lossDay).map(({ from, to, days, last, next }): Question => ({
    key: `treatment_gap:${from}:${to}`,
    kind: 'treatment_gap',
    title: last
      ? `No treatment for ${String(days)} days, from ${formatDayLong(from)} to ${formatDayLong(to)}.`
      : `The first treatment is ${String(days)} days after the loss, on ${formatDayLong(to)}.`,
    advice: last
      ? 'Say in the letter why, or look for visits whose bills are not here.'
      : 'Say in the letter why the client came late, or look for earlier visits whose bills are not here.',
    places: [...(last ? [placeOf(last.line)] : []), placeOf(next.line)],
  }));
};

function placeOf({ source: { documentId, documentName, page, start, end } }: BillLineView): Question['places'][number] {
  return { documentId, documentName, page, start, end };
}
