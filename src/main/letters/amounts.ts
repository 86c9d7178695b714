import { formatDayLong, formatMonthLong, isWholeMonths } from '../../shared/days.ts';
import type { SourceRef } from '../../shared/documents.ts';
import type { LedgerView } from '../../shared/facts.ts';
import type { LetterVariable } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import type { ChosenFact } from './fact-choice.ts';

/** Variables that rest on bill lines. While a line is not approved they are 'proposed', and their `working` says how many. */
export const billVariables: ReadonlySet<string> = new Set([
  'total_billed',
  'total_adjusted',
  'total_paid',
  'total_owed',
  'provider_count',
  'service_period',
  'first_service_date',
  'last_service_date',
  'economic_total',
]);

/**
 * Every amount a letter may state, as an expression over bill lines and facts; no amount is ever typed or copied from a
 * printed total. Without bill lines the bill variables are missing rather than $0.00.
 */
export function amountVariables(ledger: LedgerView, wageLoss: ChosenFact | null): LetterVariable[] {
  const lines = ledger.lines.filter((line) => line.state !== 'rejected' && line.sameAs === null);
  const open = lines.filter((line) => line.state === 'proposed').length;
  const working = `sum of ${count(lines.length, 'bill line')}${open > 0 ? `, ${String(open)} not yet approved` : ''}`;
  const sources = unique(ledger.providers.flatMap((provider) => provider.sources));
  const fromBills = (name: string, label: string, text: string | null, how = working): LetterVariable =>
    lines.length === 0 || text === null
      ? { name, label, text: '', state: 'missing', sources: [], working: null }
      : { name, label, text, state: open > 0 ? 'proposed' : 'computed', sources, working: how };

  const { billedCents, adjustedCents, paidCents, owedCents } = ledger.totals;
  const first = serviceEnd(ledger, 'first');
  const last = serviceEnd(ledger, 'last');
  const period = !first || !last ? null : first === last ? `on ${first}` : `from ${first} through ${last}`;
  const dates = `service dates of ${count(lines.length, 'bill line')}${open > 0 ? `, ${String(open)} not yet approved` : ''}`;
  return [
    fromBills('total_billed', 'Total billed', formatCents(billedCents)),
    fromBills('total_adjusted', 'Total adjusted', formatCents(adjustedCents)),
    fromBills('total_paid', 'Total paid', formatCents(paidCents)),
    fromBills('total_owed', 'Total owed', formatCents(owedCents)),
    fromBills('provider_count', 'Number of providers', count(ledger.providers.length, 'provider')),
    fromBills('service_period', 'Period of treatment', period, dates),
    fromBills('first_service_date', 'First date of service', first, dates),
    fromBills('last_service_date', 'Last date of service', last, dates),
    economicTotal(fromBills('economic_total', 'Economic losses', formatCents(billedCents)), billedCents, wageLoss),
  ];
}

/** The first or last date of service in words: a month where the bill that reaches furthest names months only. */
function serviceEnd({ lines }: LedgerView, end: 'first' | 'last'): string | null {
  const spans = lines
    .filter(({ state }) => state !== 'rejected')
    .flatMap(({ serviceFrom, serviceTo }) => (serviceFrom === null ? [] : [{ from: serviceFrom, to: serviceTo ?? serviceFrom }]));
  const day =
    end === 'first'
      ? spans.map(({ from }) => from).sort()[0]
      : spans
          .map(({ to }) => to)
          .sort()
          .at(-1);
  if (day === undefined) return null;
  const exact = spans.some(({ from, to }) => (end === 'first' ? from : to) === day && !(from !== to && isWholeMonths(from, to)));
  return exact ? formatDayLong(day) : formatMonthLong(day);
}

/** billed + wage loss; as little approved as the less approved of the two. */
function economicTotal(billed: LetterVariable, billedCents: number, wageLoss: ChosenFact | null): LetterVariable {
  if (!wageLoss || wageLoss.cents === null) return billed;
  const wages = `wage loss ${formatCents(wageLoss.cents)}`;
  if (billed.state === 'missing') {
    return {
      ...billed,
      text: formatCents(wageLoss.cents),
      state: wageLoss.state === 'proposed' ? 'proposed' : 'computed',
      sources: wageLoss.sources,
      working: wages,
    };
  }
  return {
    ...billed,
    text: formatCents(billedCents + wageLoss.cents),
    state: billed.state === 'proposed' || wageLoss.state === 'proposed' ? 'proposed' : 'computed',
    sources: unique([...billed.sources, ...wageLoss.sources]),
    working: `${billed.working ?? ''} + ${wages}`,
  };
}

function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** One source per page of a document. */
function unique(sources: readonly SourceRef[]): SourceRef[] {
  return [...Map.groupBy(sources, ({ documentId, page }) => `${documentId} ${String(page)}`).values()].flatMap((same) => same.slice(0, 1));
}
