import { formatCents, parseCents, sumCents } from '../../../shared/money.ts';
import type { Columns, Header, Role } from './bill-columns.ts';
import { matchColumns, readHeader } from './bill-columns.ts';
import type { Heading } from './bill-providers.ts';
import { documentProvider, documentService, excludedWords, headingAbove, readHeading } from './bill-providers.ts';
import type { Row } from './bill-rows.ts';
import { isBlank, looksLikeAmount, readRows } from './bill-rows.ts';
import { readService, unreadDays, yearsIn, type Years } from './dates.ts';
import { notAnAmount } from './malformed.ts';
import type { BillExtraction, Place, ProposedBillLine, RuleDocument } from './proposals.ts';

const totalWords =
  /^(?:sub-?\s?totals?|grand totals?|sum|totals?)(?:\s+(?:past|medical|specials|expenses|charges?|billed|paid|due|amounts?|balance|owed|for|of|all|providers?|services?|bills?|this|page|account|statement|to|date|visits?|fees?|costs?))*\s*:?$|^(?:balance (?:due|forward)|amount due|previous balance)\s*:?$/i;
const maybeTotal = /^(?:sub-?\s?total|total)\b|\btotals?\s*:?$/i;

/**
 * Every line of a medical bill or ledger, by its tables. Totals the document prints are returned apart and never summed;
 * a table that repeats other tables' subtotals by provider yields totals only; rows that cannot be read without guessing are
 * `problems`. Amounts in cents. Property bills, estimates of future care and what a person called no bill yield nothing.
 */
export function extractBillLines(document: RuleDocument): BillExtraction {
  const out: BillExtraction = { lines: [], statedTotals: [], problems: [] };
  if (!mayHoldBills(document) || !isMedical(document)) return out;
  const years = yearsIn(document);
  const fallback = { provider: documentProvider(document), service: documentService(document, years), years };
  const rows = document.pages.flatMap(({ page, text }) => readRows(page, text));
  const byProviderLines: Table['byProviderLines'] = [];
  let table: Table | null = null;
  let afterRow = false;
  rows.forEach((row, index) => {
    const header = readHeader(row);
    if (header) {
      table = { ...startTable(header, rows, index, table, out, years), byProviderLines };
      afterRow = false;
    } else if (table && !table.heading.excluded) {
      const columns = matchColumns(table.header, row);
      if (columns) readRow(out, table, row, columns, fallback);
      else if (afterRow || row.cells.length > 1) readLoose(out, table, row, fallback);
      if (row.text.trim() !== '') afterRow = columns !== null || /:\s*\$[\d,.]+$/.test(row.text.trim());
    }
  });
  placeByProvider(out, byProviderLines);
  totalsApart(out, rows, fallback);
  return out;
}

/**
 * Rows of a table by provider are bills where the document itemises nothing. Beside itemised lines they repeat them: under a
 * heading that says so, or where a row's amount is one provider's sum; any other row stays a line for a person to check.
 */
function placeByProvider(out: BillExtraction, rows: Table['byProviderLines']): void {
  const itemised = new Map<string, number>();
  for (const line of out.lines) itemised.set(line.provider, (itemised.get(line.provider) ?? 0) + line.billedCents);
  const sums = new Set(itemised.values());
  for (const { line, summary } of rows) {
    const { page, start, end, quote, provider, billedCents, paidCents, owedCents } = line;
    if (sums.size > 0 && (summary || sums.has(billedCents)))
      out.statedTotals.push({ page, start, end, quote, label: provider, provider, billedCents, paidCents, owedCents });
    else if (sums.size > 0)
      out.lines.push({
        ...line,
        confidence: Math.min(line.confidence, 50),
        problem: line.problem ?? 'It may repeat lines that are itemised elsewhere in the document.',
      });
    else out.lines.push(line);
  }
  out.lines.sort(byPlace);
  out.statedTotals.sort(byPlace);
}

const byPlace = (a: Place, b: Place): number => a.page - b.page || a.start - b.start;

interface Table {
  header: Header;
  heading: Heading;
  /** The table lists providers and their totals only. */
  byProvider: boolean;
  /** Billed cents of the lines since the table began or its last total. */
  runningCents: number;
  /** Rows of all tables by provider so far: whether they are bills or repeat others is known at the document's end. */
  byProviderLines: { line: ProposedBillLine; summary: boolean }[];
}

interface Fallback {
  provider: string | null;
  service: { from: string; to: string } | null;
  /** What tells the century of "3/4/24". */
  years: Years;
}

const mostOfAName = 255;

function providerOf({ heading }: Table, fallback: Fallback): string | null {
  return heading.sure ? (heading.provider ?? fallback.provider) : (fallback.provider ?? heading.provider);
}

/** A demand or a pleading repeats the sums of bills; what a person called that asks for no money itself, whatever tables it has. */
const mayHoldBills = ({ kind, isKindSaid = false }: RuleDocument): boolean =>
  !isKindSaid || kind === 'Bill' || kind === 'Medical_Record' || kind === 'Insurance';

/** A medical context: without it a table of amounts (driving records, loss runs, car parts) is no bill. */
function isMedical(document: RuleDocument): boolean {
  const text = document.pages.map((page) => page.text).join('\n');
  const found = (pattern: RegExp): number => new Set((text.match(pattern) ?? []).map((word) => word.toLowerCase())).size;
  const medical = found(
    /\b(cpt|hcpcs|icd-?(?:9|10)|patient|physician|hospital|clinic|therapy|radiology|pharmacy|diagnosis|medical provider|medical|imaging|orthop\w+|treatment|x-ray|mri|ems)\b/gi,
  );
  const property = found(
    /\b(vin|bumper|auto body|part number|labor|repair estimate|mileage|clear coat|license plate|loss run|reserve|driving record)\b/gi,
  );
  const isCoded = /\b(?:cpt|hcpcs)\b/i.test(text);
  return medical > property && (isCoded || medical >= 2 || document.kind === 'Bill' || document.kind === 'Medical_Record');
}

/** A repeated header on the next page goes on with the table; otherwise the heading above tells the provider. */
function startTable(
  header: Header,
  rows: readonly Row[],
  index: number,
  before: Table | null,
  out: BillExtraction,
  years: Years,
): Omit<Table, 'byProviderLines'> {
  const lines = headingAbove(rows, index);
  const row = rows[index];
  const above = rowAbove(rows, index);
  const firstOfPage = row !== undefined && above?.page !== row.page;
  const open = before && out.statedTotals.at(-1)?.end !== above?.end;
  if (before && firstOfPage && open && before.header.texts.join('|') === header.texts.join('|') && !isFreshHeading(above)) return before;
  const heading = readHeading(lines, years);
  const byProvider =
    header.roles.includes('provider') && !header.roles.some((role) => role === 'date' || role === 'code' || role === 'description');
  if (heading.provider === null && lines.length === 0 && before && !byProvider && !before.byProvider)
    return { header, heading: before.heading, byProvider, runningCents: 0 };
  return { header, heading, byProvider, runningCents: 0 };
}

/** The nearest row above that says anything; of a document of headers alone, each looks at one row. */
function rowAbove(rows: readonly Row[], index: number): Row | undefined {
  let at = index - 1;
  while (at >= 0 && rows[at]?.text.trim() === '') at -= 1;
  return rows[at];
}

/** The last line before a page's first header is a heading of its own, not a row of the table. */
function isFreshHeading(last: Row | undefined): boolean {
  return last !== undefined && last.cells.length === 1 && /^\d{1,3}[.)]\s/.test(last.text.trim());
}

function readRow(out: BillExtraction, table: Table, row: Row, columns: Columns, fallback: Fallback): void {
  const place = placeOf(row);
  const label = row.cells.find((cell) => cell.text !== '')?.text ?? '';
  const amounts = readAmounts(columns);
  const bare = !columns.cells.get('code')?.text.match(/\d/) && !/\d/.test(columns.cells.get('date')?.text ?? '');
  if ('problem' in amounts) {
    if (!table.header.roles.includes('billed')) return;
    out.problems.push({ ...place, provider: providerOf(table, fallback), reason: amounts.problem });
    return;
  }
  const isTotal = bare && (totalWords.test(label) || (maybeTotal.test(label) && amounts.billed === table.runningCents));
  if (isTotal) {
    table.runningCents = 0;
    const provider = table.byProvider || table.heading.summary ? null : providerOf(table, fallback);
    const { paid, owed } = balanceAmounts(amounts);
    out.statedTotals.push({
      ...place,
      label: label.replace(/\s*:$/, ''),
      provider,
      billedCents: amounts.billed,
      paidCents: paid,
      owedCents: owed,
    });
    return;
  }
  table.runningCents += amounts.billed;
  const line = toLine(table, place, columns, amounts, fallback);
  const doubtful = bare && maybeTotal.test(label);
  const doubt = 'Its name speaks of a total, but it is not the sum of the lines above; check that it is a service.';
  const checked = doubtful ? { ...line, confidence: Math.min(line.confidence, 50), problem: line.problem ?? doubt } : line;
  if (table.byProvider) table.byProviderLines.push({ line: checked, summary: table.heading.summary });
  else out.lines.push(checked);
}

interface Amounts {
  billed: number;
  adjusted: number | null;
  paid: number | null;
  owed: number | null;
}

function readCell(text: string, role: Role): number | { problem: string } {
  if (isBlank(text)) return role === 'billed' ? { problem: 'The row has no billed amount.' } : 0;
  return parseCents(text) ?? { problem: notAnAmount(text) };
}

function readAmounts(columns: Columns): Amounts | { problem: string } {
  const read = (role: Role): number | null | { problem: string } => {
    const cell = columns.cells.get(role);
    return cell ? readCell(cell.text, role) : null;
  };
  const [billed, adjusted, owed] = [read('billed'), read('adjusted'), read('owed')];
  if (billed === null) return { problem: 'The row has no billed amount.' };
  const payments = columns.paid.map(({ cell }) => readCell(cell.text, 'paid'));
  for (const value of [billed, adjusted, owed, ...payments]) if (value !== null && typeof value === 'object') return value;
  // the insurer's payments and the patient's are both paid
  const paid = payments.length === 0 ? null : sumCents(payments as number[]);
  return { billed, adjusted, paid, owed } as Amounts;
}

function toLine(table: Table, place: Place, columns: Columns, amounts: Amounts, fallback: Fallback): ProposedBillLine {
  const text = (role: Role): string => columns.cells.get(role)?.text ?? '';
  const named = text('provider');
  // a longer text is nobody's name, and the firm would refuse the row
  const provider = [named, providerOf(table, fallback)].find((name) => name && name.length <= mostOfAName) ?? null;
  // where the row has a day of its own that cannot be read, no other day stands in for it
  const unread = unreadDays(text('date'), fallback.years)[0]?.reason ?? null;
  const inWords = table.header.roles.includes('date') ? null : dayIn(text('description'), fallback.years);
  const service =
    unread === null ? (readService(text('date'), fallback.years) ?? inWords ?? table.heading.service ?? fallback.service) : null;
  const balance = balanceAmounts(amounts);
  const unitsText = text('units');
  const code = isBlank(text('code')) ? null : text('code');
  const description = isBlank(text('description')) ? (named && !code ? named : (code ?? '')) : text('description');
  const problem =
    [balance.problem, unread, provider ? null : 'The bill does not say who the provider is.'].filter((part) => part !== null).join(' ') ||
    null;
  return {
    ...place,
    provider: provider ?? 'Unknown provider',
    serviceFrom: service?.from ?? null,
    serviceTo: service?.to ?? null,
    code,
    description,
    units: /^\d{1,6}$/.test(unitsText) ? Number(unitsText) : null,
    billedCents: amounts.billed,
    adjustedCents: balance.adjusted,
    paidCents: balance.paid,
    owedCents: balance.owed,
    paidBy: paidBy(columns),
    confidence: Math.max(10, 95 - (columns.sure ? 0 : 15) - (balance.problem ? 45 : 0) - (unread === null ? 0 : 35) - (provider ? 0 : 25)),
    method: 'rule:bill-table',
    problem,
  };
}

/** "Insurance Paid" and "Patient Paid", or one column of payments beside one that names the payer. */
function paidBy(columns: Columns): ProposedBillLine['paidBy'] {
  const named = columns.cells.get('payer')?.text ?? '';
  return columns.paid.flatMap(({ column, cell }) => {
    const cents = parseCents(cell.text);
    const who = columns.paid.length === 1 && !isBlank(named) ? named : payerIn(column);
    return cents === null || cents === 0 || who === '' ? [] : [{ payer: who.slice(0, 80), cents }];
  });
}

/** What a column of payments says beside that it is one. */
const payerIn = (column: string): string =>
  column
    .replace(/\b(?:paid|payments?|pmts?|receipts?|amounts?|total|by|to date|received)\b/gi, '')
    .replace(/\bins\b\.?/i, 'Insurance')
    .replace(/\bpt\b\.?/i, 'Patient')
    .replace(/[^\p{L}\p{N}& .'-]/gu, '')
    .trim();

/** "Follow-up, 2024-05-17" in a table without a column of days. */
function dayIn(text: string, years: Years): { from: string; to: string } | null {
  const service = readService(text, years);
  return service !== null && service.from === service.to ? service : null;
}

/** Fills the columns the table lacks so that owed = billed - adjusted - paid; printed amounts are never changed. */
function balanceAmounts({ billed, adjusted, paid, owed }: Amounts): {
  adjusted: number;
  paid: number;
  owed: number;
  problem: string | null;
} {
  if (owed === null) return { adjusted: adjusted ?? 0, paid: paid ?? 0, owed: billed - (adjusted ?? 0) - (paid ?? 0), problem: null };
  if (paid === null && adjusted === null)
    return { adjusted: 0, paid: billed - owed, owed, problem: owed > billed ? 'The balance is more than was billed.' : null };
  if (paid === null) return { adjusted: adjusted ?? 0, paid: billed - (adjusted ?? 0) - owed, owed, problem: null };
  const rest = billed - paid - owed;
  if (adjusted === null) {
    if (rest === 0) return { adjusted: 0, paid, owed, problem: null };
    if (rest > 0)
      return {
        adjusted: rest,
        paid,
        owed,
        problem: `Billed less paid is not the balance; ${formatCents(rest)} was taken as an adjustment.`,
      };
    return { adjusted: 0, paid, owed, problem: `Paid and balance are ${formatCents(-rest)} more than was billed.` };
  }
  const problem =
    rest === adjusted
      ? null
      : `Billed less adjusted and paid is ${formatCents(billed - adjusted - paid)}, but the balance printed is ${formatCents(owed)}.`;
  return { adjusted, paid, owed, problem };
}

const namedAmount = /^\W*([A-Za-z][^:$]{2,60}?)\s*:\s*(\$[\d.,]+)\.?$/;
/** What a statement calls a sum of its lines, on a line of its own. */
const loneTotal =
  /\b(?:sub-?\s?total|total|amount (?:due|owed|billed)|(?:balance|new balance|account balance) due|(?:new|current|account|outstanding) balance|balance(?= due|$)|insurance billed|please pay(?: this amount)?)\b/i;

/** Totals that stand away from every table, of a document that has bill lines: "Insurance Billed: $515.00" at its end, "Amount due" at its head. */
function totalsApart(out: BillExtraction, rows: readonly Row[], fallback: Fallback): void {
  if (out.lines.length === 0) return;
  const providers = new Set(out.lines.map(({ provider }) => provider));
  const [only = null] = providers.size === 1 ? providers : [];
  const read = new Set([...out.statedTotals, ...out.lines, ...out.problems].map(({ page, start }) => `${String(page)} ${String(start)}`));
  for (const row of rows) {
    const match = namedAmount.exec(row.text.trim());
    const place = placeOf(row);
    if (!match?.[1] || !match[2] || read.has(`${String(place.page)} ${String(place.start)}`)) continue;
    if (!loneTotal.test(match[1]) || excludedWords.test(match[1])) continue;
    const cents = parseCents(match[2]);
    if (cents === null) out.problems.push({ ...place, provider: only ?? fallback.provider, reason: notAnAmount(match[2]) });
    else out.statedTotals.push({ ...place, label: match[1], provider: only, billedCents: cents, paidCents: 0, owedCents: cents });
  }
  out.statedTotals.sort(byPlace);
}

/** Under a table of one amount column: "Facility Fee: $85.00" is a line, "Total Charges: $515.00" a total. */
function readLoose(out: BillExtraction, table: Table, row: Row, fallback: Fallback): void {
  const match = namedAmount.exec(row.text.trim());
  const place = placeOf(row);
  if (!match?.[1] || !match[2]) {
    const broken =
      row.cells.length > 1 && row.cells.filter((cell) => looksLikeAmount(cell.text)).length >= Math.min(2, table.header.roles.length - 1);
    if (broken)
      out.problems.push({
        ...place,
        provider: providerOf(table, fallback),
        reason: 'The row does not fit the columns of its table; read it from the page.',
      });
    return;
  }
  const cents = parseCents(match[2]);
  const isTotal = loneTotal.test(match[1]);
  if (!isTotal && !/\b(fees?|charges?|supplies|tax|surcharge)\b/i.test(match[1])) return;
  if (cents === null) {
    out.problems.push({
      ...place,
      provider: providerOf(table, fallback),
      reason: notAnAmount(match[2]),
    });
  } else if (isTotal) {
    out.statedTotals.push({
      ...place,
      label: match[1],
      provider: providerOf(table, fallback),
      billedCents: cents,
      paidCents: 0,
      owedCents: cents,
    });
  } else {
    const start = row.start + row.text.indexOf(match[1]);
    const cell = { text: match[1], start, end: start + match[1].length };
    const line = toLine(
      table,
      place,
      { cells: new Map([['description', cell]]), paid: [], sure: false },
      { billed: cents, adjusted: null, paid: null, owed: null },
      fallback,
    );
    out.lines.push({ ...line, method: 'rule:bill-fee' });
  }
}

function placeOf(row: Row): Place {
  const start = row.start + (row.text.length - row.text.trimStart().length);
  const end = row.start + row.text.trimEnd().length;
  return { page: row.page, start, end, quote: row.text.trim() };
}
