import { parseCents } from '../../shared/money.ts';
import type { ReadLintBlock } from './lint-rule.ts';
import type { Span } from './lint-letter.ts';

export interface TableCell extends Span {
  text: string;
  /** Integer cents; null where it is no amount. */
  cents: number | null;
  /** Written as money: with a sign, a comma or cents. "24" may be visits. */
  isMoney: boolean;
  /** Nothing, a dash or "N/A": counts as nothing in a sum. */
  isBlank: boolean;
}

export interface TableRow {
  block: ReadLintBlock;
  cells: TableCell[];
  /** What its first cell with words says. */
  label: string;
  isTotal: boolean;
  /** Its amounts are taken off: "Less insurance payments". */
  isLess: boolean;
}

export interface LetterTable {
  rows: TableRow[];
  isComputed: boolean;
}

const total = /^\W{0,4}(?:grand\s{1,3}|sub-?\s?)?totals?\b/i;
const less =
  /^\W{0,4}(?:less|minus|credits?|deduct\w*|discounts?|write-?offs?|adjustments?|insurance pa(?:id|yments?)|payments?|offsets?)\b/i;

export const isTotalLabel = (label: string): boolean => total.test(label);
export const isLessLabel = (label: string): boolean => less.test(label);

/** Rows that follow each other in one table of the letter. */
export function tablesOf(blocks: readonly ReadLintBlock[]): LetterTable[] {
  const rows = blocks.filter(({ kind }) => kind === 'row');
  return [...Map.groupBy(rows, ({ path }) => path.slice(0, -1).join('.')).values()].map((own) => ({
    rows: own.map(rowOf),
    isComputed: own.every(({ isComputed }) => isComputed),
  }));
}

function rowOf(block: ReadLintBlock): TableRow {
  let at = 0;
  const cells = block.text.split('\t').map((raw): TableCell => {
    const [start, text] = [at + (raw.length - raw.trimStart().length), raw.trim()];
    at += raw.length + 1;
    const cents = parseCents(text);
    const isMoney = cents !== null && /[$.,]/.test(text);
    return { start, end: start + text.length, text, cents, isMoney, isBlank: /^(?:[-–—]{0,3}|n\/?a|none|\$\s?-{1,2})$/i.test(text) };
  });
  const label = cells.find(({ text }) => /\p{L}/u.test(text))?.text ?? '';
  return { block, cells, label, isTotal: isTotalLabel(label), isLess: isLessLabel(label) };
}

/** The cell of a row that stands in the column of another row's cell: amounts stand at the right, whatever was joined at the left. */
export function cellBelow(row: TableRow, column: number, of: TableRow): TableCell | undefined {
  return row.cells[row.cells.length === of.cells.length ? column : row.cells.length - (of.cells.length - column)];
}
