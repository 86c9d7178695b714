import { extractBillLines } from './bill-lines.ts';
import { factsIn } from './extract-facts.ts';
import { malformedIn, type Malformed } from './malformed.ts';
import type { RuleDocument } from './proposals.ts';

/** Rules run over text that strangers wrote: in a worker, so that a slow pattern costs its budget and nothing else. */
function extract(input: RuleDocument): Promise<Extraction> {
  return Promise.resolve(extraction(input));
}

/** Of one document: a table of a hundred thousand lines is no bill, and all that adds up a matter would have to go through it. */
const most = { lines: 5_000, totals: 1_000 };

export function extraction(input: RuleDocument): Extraction {
  const { facts, leftOut } = factsIn(input);
  const bills = extractBillLines(input);
  const { lines, statedTotals } = bills;
  return {
    facts,
    malformed: malformedIn(input, bills),
    bills: { ...bills, lines: lines.slice(0, most.lines), statedTotals: statedTotals.slice(0, most.totals) },
    left: [
      ...(lines.length > most.lines
        ? [`Of its ${inDigits(lines.length)} bill lines only the first ${inDigits(most.lines)} were taken: the others are in no total.`]
        : []),
      ...(statedTotals.length > most.totals
        ? [`Of its ${inDigits(statedTotals.length)} printed totals only the first ${inDigits(most.totals)} were compared.`]
        : []),
      ...(leftOut > 0 ? [`Of its ${inDigits(facts.length + leftOut)} facts only ${inDigits(facts.length)} were taken.`] : []),
    ],
  };
}

const inDigits = (count: number): string => count.toLocaleString('en-US');

export interface Extraction {
  facts: ReturnType<typeof factsIn>['facts'];
  bills: ReturnType<typeof extractBillLines>;
  /** What looks like an amount or a day and cannot be read without guessing, beside the rows of `bills.problems`. */
  malformed: { amounts: Malformed[]; days: Malformed[] };
  /** What was found and not taken, in sentences for the person. */
  left: string[];
}
export const tasks = { extract };
