import type { Word } from './pdf-words.ts';

/** One printed line, or one table row: its cells from left to right. Points from the top of the page. */
export interface Line {
  cells: Word[][];
  top: number;
  bottom: number;
  middle: number;
  height: number;
  isRow: boolean;
}

const amount = /^\(?-?\$?-?[\d,.]*\d[.,]\d{2}-?\)?$/;
const headerWord =
  /^(cpt|code|codes|hcpcs|description|service|services|date|dates|units|qty|billed|charge|charges|charged|amount|paid|payments?|balance|due|owed|total|price|rate|hours|provider|purpose|item|adjust\w*|outstanding|procedure|category)\b/i;

/**
 * Joins the wrapped cells of tables that hold amounts into one line per row. A row is known by its amounts; the wrapped lines
 * around it belong to it by symmetry (cells are centred on the row) or by following it closely (cells start at its top).
 * Lines outside such tables stay as they are.
 */
export function readTables(lines: readonly Line[]): Line[] {
  const out: Line[] = [];
  let index = 0;
  while (index < lines.length) {
    const end = tableEnd(lines, index);
    const groups = groupRows(lines.slice(index, end));
    const last = groups.at(-1);
    if (last) {
      const below = trailing(lines, end, last);
      last.parts.push(...lines.slice(end, end + below));
      const headers = lines
        .slice(index, end)
        .filter(isHeader)
        .map((line) => ({ ...line, isRow: true }));
      out.push(
        ...alignColumns(
          groups.map(({ row, parts }) => joinRow(row, parts)),
          headers,
        ),
      );
      index = end + below;
    } else {
      const line = lines[index];
      if (line) out.push(line);
      index++;
    }
  }
  return out;
}

/** Index after the table that starts at `from`, or `from` where none starts. */
function tableEnd(lines: readonly Line[], from: number): number {
  const first = lines[from];
  if (!first || !(isHeader(first) || isAmountRow(first))) return from;
  let end = from + 1;
  let rows = isAmountRow(first) ? 1 : 0;
  let last = first;
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at];
    if (!line || isHeader(line) || line.middle - last.middle > 3.2 * Math.max(line.height, 6)) break;
    if (isAmountRow(line)) {
      rows++;
      end = at + 1;
      last = line;
    } else if (!isFragment(line, amountLeft(lines, at)) || line.middle - (lines[at - 1]?.middle ?? 0) > 1.75 * line.height) break;
    else last = line;
  }
  return rows === 0 ? from : end;
}

/** How many wrapped lines below the last row are its own: as far below its middle as its own first line is above. */
function trailing(lines: readonly Line[], end: number, last: Group): number {
  const { row } = last;
  const reach = row.middle - (last.parts[0] ?? row).middle;
  let count = 0;
  for (let at = end; at < lines.length; at++) {
    const line = lines[at];
    if (!line || isAmountRow(line) || isHeader(line) || !isFragment(line, firstAmountX(row))) break;
    const inReach = reach > 1 ? line.middle - row.middle <= reach + 0.25 * line.height : followsInColumn(row, line, lines[at - 1]);
    if (!inReach) break;
    count++;
  }
  return count;
}

function followsInColumn(row: Line, line: Line, above: Line | undefined): boolean {
  const left = line.cells[0]?.[0]?.x ?? 0;
  const close = above !== undefined && line.middle - above.middle <= 1.15 * line.height;
  return close && line.cells.length === 1 && row.cells.slice(1).some((cell) => Math.abs((cell[0]?.x ?? -99) - left) < 3);
}

interface Group {
  row: Line;
  /** The row's lines from top to bottom, itself among them. */
  parts: Line[];
}

function groupRows(lines: readonly Line[]): Group[] {
  const groups: Group[] = [];
  let pending: Line[] = [];
  for (const line of lines) {
    if (isAmountRow(line)) {
      const above = groups.at(-1);
      const own = above ? takeBelow(above, pending, line) : 0;
      above?.parts.push(...pending.slice(0, own));
      groups.push({ row: line, parts: [...pending.slice(own), line] });
      pending = [];
    } else if (!isHeader(line)) pending.push(line);
  }
  return groups;
}

/** How many of the lines between two rows end the upper row's cells. */
function takeBelow(above: Group, between: readonly Line[], below: Line): number {
  const first = above.parts[0] ?? above.row;
  const reach = above.row.middle - first.middle;
  if (reach > 1) return between.filter((line) => line.middle - above.row.middle <= reach + 0.25 * line.height).length;
  const next = between[0];
  const last = between.at(-1);
  if (!next || !last || next.middle - above.row.middle > below.middle - last.middle + 1) return 0;
  let count = 0;
  let previous = above.row;
  for (const line of between) {
    if (line.middle - previous.middle > 1.15 * (next.middle - above.row.middle)) break;
    previous = line;
    count++;
  }
  return count;
}

function joinRow(row: Line, parts: readonly Line[]): Line {
  const columns: { left: number; right: number; words: Word[] }[] = [];
  const ordered = [row, ...parts.filter((part) => part !== row)];
  for (const part of ordered) {
    for (const cell of part.cells.flatMap(splitAmounts)) {
      const left = Math.min(...cell.map((word) => word.x));
      const right = Math.max(...cell.map((word) => word.x + word.w));
      const column = columns.find((candidate) => left < candidate.right + 1 && right > candidate.left - 1);
      if (!column) columns.push({ left, right, words: [...cell] });
      else {
        column.words.push(...cell);
        column.left = Math.min(column.left, left);
        column.right = Math.max(column.right, right);
      }
    }
  }
  const cells = columns.toSorted((a, b) => a.left - b.left).map((column) => readingOrder(column.words));
  const top = Math.min(...parts.map((part) => part.top));
  const bottom = Math.max(...parts.map((part) => part.bottom));
  return { cells, top, bottom, middle: row.middle, height: row.height, isRow: true };
}

/** Every amount is a cell of its own, however close the column beside it stands. A "$" of its own joins the digits after it. */
function splitAmounts(cell: readonly Word[]): Word[][] {
  const cells: Word[][] = [];
  let open = false;
  for (const [index, word] of cell.entries()) {
    const starts = amount.test(word.text) ? cell[index - 1]?.text !== '$' : word.text === '$' && amount.test(cell[index + 1]?.text ?? '');
    if (starts || !open) cells.push([]);
    cells.at(-1)?.push(word);
    open = !amount.test(word.text);
  }
  return cells;
}

function readingOrder(words: readonly Word[]): Word[] {
  return words.toSorted((a, b) => (Math.abs(a.y - b.y) > 0.4 * Math.min(a.h, b.h) ? a.y - b.y : a.x - b.x));
}

/**
 * Puts an empty cell where a row has nothing under a column, so that all rows of the table count the same. Columns come from
 * the rows alone: headers are often centred over cells that are not.
 */
function alignColumns(rows: readonly Line[], headers: readonly Line[]): Line[] {
  const spans = rows
    .flatMap((row) => row.cells)
    .map((cell) => ({ left: Math.min(...cell.map((word) => word.x)), right: Math.max(...cell.map((word) => word.x + word.w)) }))
    .toSorted((a, b) => a.left - b.left);
  const columns: { left: number; right: number }[] = [];
  for (const span of spans) {
    const last = columns.at(-1);
    if (last && span.left < last.right) last.right = Math.max(last.right, span.right);
    else columns.push({ ...span });
  }
  const expected = headers[0]?.cells.length ?? Math.max(...rows.map((row) => row.cells.length));
  if (columns.length < expected) return [...headers, ...rows];
  return [
    ...headers,
    ...rows.map((row) => ({ ...row, cells: columns.map((column) => row.cells.find((cell) => covers(column, cell)) ?? []) })),
  ];
}

function covers(column: { left: number; right: number }, cell: readonly Word[]): boolean {
  const left = cell[0]?.x ?? -1;
  return left >= column.left - 0.01 && left <= column.right;
}

function isHeader(line: Line): boolean {
  const texts = line.cells.map((cell) => cell.map((word) => word.text).join(' '));
  return (
    texts.length >= 2 &&
    texts.every((text) => text.length <= 40 && !/\d\.\d\d\b/.test(text)) &&
    texts.filter((text) => headerWord.test(text) || headerWord.test(text.split(' ').at(-1) ?? '')).length >= 2
  );
}

function isAmountRow(line: Line): boolean {
  const amounts = line.cells.flat().filter((word) => amount.test(word.text)).length;
  const last = line.cells.at(-1);
  return amounts >= 2
    ? line.cells.length >= 2
    : amounts === 1 && line.cells.length >= 2 && last?.length === 1 && amount.test(last[0]?.text ?? '');
}

function firstAmountX(row: Line): number {
  return Math.min(
    ...row.cells
      .flat()
      .filter((word) => amount.test(word.text))
      .map((word) => word.x),
  );
}

function amountLeft(lines: readonly Line[], at: number): number {
  const row = lines.slice(at, at + 8).find(isAmountRow);
  return row ? firstAmountX(row) : 0;
}

/** Part of a wrapped cell: it ends before the amounts begin. */
function isFragment(line: Line, amountX: number): boolean {
  const right = Math.max(...line.cells.flat().map((word) => word.x + word.w));
  return right <= amountX;
}
