import type { Cell, Row } from './bill-rows.ts';
import { isBlank, looksLikeAmount } from './bill-rows.ts';
import { namesADay, readService } from './dates.ts';

export type Role =
  'date' | 'payer' | 'code' | 'description' | 'units' | 'unitPrice' | 'provider' | 'billed' | 'adjusted' | 'paid' | 'owed' | 'other';

/** A table's header: one role per column. */
export interface Header {
  roles: Role[];
  texts: string[];
}

const roleRules: readonly [Role, RegExp][] = [
  ['unitPrice', /\b(unit (price|cost|charge)|rate|price each)\b/i],
  ['adjusted', /\b(adj(?:ust\w*)?|write-?offs?|discounts?|contractual|reductions?)\b/i],
  ['payer', /\b(payers?|payors?|paid by|source of payment)\b/i],
  ['paid', /\b(paid|payments?|pmts?|receipts?)\b/i],
  ['owed', /\b(balance|owed|owing|outstanding|due|unpaid|remaining)\b/i],
  ['date', /\b(dates?|dos|from|visit date)\b/i],
  ['units', /^(units?|qty|quantity|visits|count|no\.? of (units|visits))$/i],
  ['code', /\b(cpt|hcpcs|codes?|rev\.?)\b/i],
  ['provider', /\b(provider|facility|physician|practice|doctor|vendor)\b/i],
  ['billed', /\b(billed|charges?|charged|total|amount|gross|fee)\b/i],
  ['description', /\b(description|services?|purpose|procedure|treatment|item|details?|service rendered|visit)\b/i],
];

/** A row of column names, or null. It names the billed amount and holds no amount itself. */
export function readHeader(row: Row): Header | null {
  if (row.cells.length < 2 || row.cells.some((cell) => looksLikeAmount(cell.text) || cell.text.length > 40 || /\d{3}/.test(cell.text)))
    return null;
  const texts = row.cells.map((cell) => cell.text);
  const roles = texts.map((text): Role => roleRules.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other');
  if (roles.filter((role) => role !== 'other').length < 2) return null;
  // beside another description, a column called a visit holds its day
  const visit = texts.findIndex((text) => /^visits?$/i.test(text));
  if (visit >= 0 && !roles.includes('date') && roles.filter((role) => role === 'description').length > 1) roles[visit] = 'date';
  // beside a description, what is called a procedure is its code
  const procedure = texts.findIndex((text) => /^procedures?$/i.test(text));
  if (procedure >= 0 && !roles.includes('code') && texts.some((text) => /^descriptions?$/i.test(text))) roles[procedure] = 'code';
  keepOneBilled(roles, texts);
  keepOneCode(roles, texts);
  return roles.includes('billed') && !(roles.length === 2 && roles[0] === 'other') ? { roles, texts } : null;
}

/** Where several columns could be the billed one, "Billed" or "Charge" wins, else the last ("Amount", "Total"). */
function keepOneBilled(roles: Role[], texts: readonly string[]): void {
  const candidates = roles.flatMap((role, index) => (role === 'billed' ? [index] : []));
  const chosen = candidates.find((index) => /\b(billed|charges?|charged)\b/i.test(texts[index] ?? '')) ?? candidates.at(-1);
  for (const index of candidates)
    if (index !== chosen) roles[index] = /\btotal|amount\b/i.test(texts[index] ?? '') ? 'unitPrice' : 'description';
}

/** A hospital's revenue codes stand beside the codes of what was done, which tell more. */
function keepOneCode(roles: Role[], texts: readonly string[]): void {
  const codes = roles.flatMap((role, index) => (role === 'code' ? [index] : []));
  const chosen = codes.find((index) => /\b(?:cpt|hcpcs)\b/i.test(texts[index] ?? '')) ?? codes[0];
  for (const index of codes) if (index !== chosen) roles[index] = 'other';
}

const moneyRoles: readonly Role[] = ['unitPrice', 'billed', 'adjusted', 'paid', 'owed'];

/** A row's cells by role; `sure` is false where columns had to be told by their content. */
export interface Columns {
  cells: Map<Role, Cell>;
  /** Each column of payments with its name: a bill may tell the insurer's from the patient's. */
  paid: { column: string; cell: Cell }[];
  sure: boolean;
}

/** Matches a row's cells to the header's columns, or null where it is no row of that table. */
export function matchColumns(header: Header, row: Row): Columns | null {
  if (!row.cells.some((cell) => looksLikeAmount(cell.text))) return null;
  if (row.cells.length === header.roles.length) {
    const cells = new Map<Role, Cell>();
    row.cells.forEach((cell, index) => {
      put(cells, header.roles[index] ?? 'other', cell);
    });
    const paid = row.cells.flatMap((cell, index) => (header.roles[index] === 'paid' ? [{ column: header.texts[index] ?? '', cell }] : []));
    const moneyInPlace = row.cells.every(
      (cell, index) => !looksLikeAmount(cell.text) || moneyRoles.includes(header.roles[index] ?? 'other'),
    );
    return moneyInPlace ? { cells, paid, sure: true } : null;
  }
  return row.cells.length > 1 ? matchByContent(header, row) : null;
}

/** A missing or extra cell: amounts fill the money columns only where their number is exact, the rest goes by its look. */
function matchByContent(header: Header, row: Row): Columns | null {
  const money = header.roles.filter((role) => moneyRoles.includes(role));
  const filled = row.cells.filter((cell) => cell.text !== '');
  const amounts = filled.slice(-money.length);
  if (
    amounts.length !== money.length ||
    !amounts.every((cell) => looksLikeAmount(cell.text) || isBlank(cell.text)) ||
    !amounts.some((cell) => looksLikeAmount(cell.text))
  )
    return null;
  const rest = filled.slice(0, -money.length);
  if (rest.some((cell) => looksLikeAmount(cell.text))) return null;
  const cells = new Map<Role, Cell>();
  const paid: Columns['paid'] = [];
  const names = header.texts.filter((_text, index) => moneyRoles.includes(header.roles[index] ?? 'other'));
  money.forEach((role, index) => {
    const cell = amounts[index];
    if (cell) put(cells, role, cell);
    if (cell && role === 'paid') paid.push({ column: names[index] ?? '', cell });
  });
  for (const cell of rest) {
    if (header.roles.includes('date') && !cells.has('date') && (readService(cell.text) ?? namesADay(cell.text))) cells.set('date', cell);
    else if (header.roles.includes('code') && !cells.has('code') && isCode(cell.text)) cells.set('code', cell);
    else if (header.roles.includes('units') && !cells.has('units') && /^\d{1,4}$/.test(cell.text)) cells.set('units', cell);
    else if (!isBlank(cell.text)) put(cells, 'description', cell);
  }
  return { cells, paid, sure: false };
}

/** CPT and HCPCS codes with modifiers, revenue codes. */
export function isCode(text: string): boolean {
  return /^(?:\d{5}|[A-Z]\d{4}|\d{4}[A-Z]|0\d{3})(?:[-\s]\w{2}){0,3}$/.test(text);
}

function put(cells: Map<Role, Cell>, role: Role, cell: Cell): void {
  const before = cells.get(role);
  if (!before) cells.set(role, cell);
  else if (role === 'description') cells.set(role, { text: `${before.text} ${cell.text}`.trim(), start: before.start, end: cell.end });
}
