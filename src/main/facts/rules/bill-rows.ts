/** One cell of a printed row: its trimmed text, at [start, end) of the page. */
export interface Cell {
  text: string;
  start: number;
  end: number;
}

/** One line of a page. `cells` has one entry for running text. */
export interface Row {
  page: number;
  start: number;
  end: number;
  text: string;
  cells: Cell[];
}

const amountWord = /^(?:\(?-?\$\s?-?|\(?-?)[\d.,]*\d[.,]\d{2}-?\)?$/;

/** Whether a cell is meant as an amount, well-formed or not: "$2,140.00", "200,00", "$15". A bare whole number is not. */
export function looksLikeAmount(text: string): boolean {
  return amountWord.test(text) || /^\(?-?\$\s*-?[\d.,]+-?\)?$/.test(text);
}

/** A cell that says "nothing here". */
export function isBlank(text: string): boolean {
  return /^(?:|[—–-]+|n\/?a|none|nil)$/i.test(text);
}

/** Every line of a page with its cells: by tabs, by "|" (Markdown), else by two or more spaces. Rules of a Markdown table are left out. */
export function readRows(page: number, text: string): Row[] {
  const rows: Row[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (!/^[\s|:+=-]*-{3,}[\s|:+=-]*$/.test(line))
      rows.push({ page, start: at, end: at + line.length, text: line, cells: splitCells(line, at) });
    at += line.length + 1;
  }
  return rows;
}

function splitCells(line: string, at: number): Cell[] {
  if (line.includes('\t')) return cut(line, at, /\t/g);
  if (/^\s*\|.*\|\s*$/.test(line)) return cut(line, at, /\|/g).slice(1, -1);
  if (/\S\s+\|\s+\S.*\s\|\s/.test(line)) return cut(line, at, /\|/g);
  const lead = line.length - line.trimStart().length;
  return cut(line.trim(), at + lead, / {2,}/g).flatMap(splitTrailingAmounts);
}

function cut(line: string, at: number, separator: RegExp): Cell[] {
  const cells: Cell[] = [];
  let from = 0;
  const breaks = [...line.matchAll(separator)].map((found) => ({ index: found.index, length: found[0].length }));
  for (const match of [...breaks, { index: line.length, length: 0 }]) {
    const raw = line.slice(from, match.index);
    const start = at + from + (raw.length - raw.trimStart().length);
    const trimmed = raw.trim();
    cells.push({ text: trimmed, start, end: start + trimmed.length });
    from = match.index + match.length;
  }
  return cells;
}

/** "BLS transport $1,410.00 $940.00" in a text file without columns: the amounts at the end are cells of their own. */
function splitTrailingAmounts(cell: Cell): Cell[] {
  const tail: Cell[] = [];
  let rest = cell.text;
  for (;;) {
    const match = /(?:^|\s)(\(?-?\$\s?[\d.,]+\)?)$/.exec(rest);
    if (!match?.[1] || match.index === 0) break;
    const start = cell.start + rest.length - match[1].length;
    tail.unshift({ text: match[1], start, end: start + match[1].length });
    rest = rest.slice(0, match.index).trimEnd();
  }
  return tail.length === 0 || rest === '' || rest.endsWith(':')
    ? [cell]
    : [{ text: rest, start: cell.start, end: cell.start + rest.length }, ...tail];
}
