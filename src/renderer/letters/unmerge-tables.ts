import { mostColumns, mostRows } from '../../shared/letters.ts';

export interface SpanningCell<T> {
  cell: T;
  colspan: number;
  rowspan: number;
}

/** Rows of a table as a grid: a cell that reaches over others stands where it begins, null where it reached. No row is wider than a letter's table may be, and nothing is left out. */
export function unmerged<T>(rows: readonly (readonly SpanningCell<T>[])[]): (T | null)[][] {
  const grid: (T | null | undefined)[][] = rows.map(() => []);
  for (const [at, row] of rows.entries()) {
    let column = 0;
    for (const { cell, colspan, rowspan } of row) {
      const own = grid[at] ?? [];
      while (own[column] !== undefined) column += 1;
      const [right, below] = [Math.min(column + Math.max(1, colspan), mostColumns), Math.min(at + Math.max(1, rowspan), rows.length)];
      for (let y = at; y < below; y += 1) for (let x = column; x < right; x += 1) (grid[y] ?? [])[x] ??= null;
      own[column] = cell;
      column = Math.max(column + 1, right);
    }
  }
  // a column in which none begins is only reached over
  const width = Math.max(0, ...grid.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) => column).filter((column) =>
    grid.some((row) => (row[column] ?? null) !== null),
  );
  return grid.map((row) => columns.map((column) => row[column] ?? null));
}

/** Pasted tables as a letter can hold them: none inside another, no cell over others. Everything else stays as it came. */
export function unmergeTables(html: string): string {
  if (!/<table\b/i.test(html)) return html;
  const page = new DOMParser().parseFromString(html, 'text/html');
  // the inner ones first: what stands in their cells stays in the outer one's
  for (const inner of [...page.querySelectorAll('table table')].reverse()) {
    const words = page.createElement('div');
    for (const cell of inner.querySelectorAll('td, th')) {
      const part = page.createElement('div');
      part.append(...cell.childNodes);
      words.append(part);
    }
    inner.replaceWith(words);
  }
  for (const table of page.querySelectorAll('table')) shorten(page, table);
  for (const table of page.querySelectorAll('table')) {
    const rows = [...table.rows];
    const head = rows.filter((row) => row.parentElement?.tagName === 'THEAD');
    const grid = unmerged(
      rows.map((row) => [...row.cells].map((cell) => ({ cell, colspan: cell.colSpan, rowspan: cell.rowSpan || rows.length }))),
    );
    for (const [at, row] of rows.entries()) {
      const isHead = head.includes(row) || [...row.cells].every(({ tagName }) => tagName === 'TH');
      const made: HTMLElement[] = [];
      for (const cell of grid[at] ?? []) {
        // what is wider than a letter's table stands in its last cell
        const own = made[mostColumns - 1] ?? page.createElement(isHead ? 'th' : 'td');
        if (made.length < mostColumns) made.push(own);
        if (cell) own.append(...cell.childNodes);
      }
      row.replaceChildren(...made);
    }
    // what stands above a table is a line of the letter
    if (table.caption) {
      const line = page.createElement('p');
      line.append(...table.caption.childNodes);
      table.before(line);
      table.caption.remove();
    }
  }
  return page.body.innerHTML;
}

/** What a letter's table has no room for goes on in tables of its own behind it. */
function shorten(page: Document, table: HTMLTableElement): void {
  const rows = [...table.rows];
  const more: HTMLTableElement[] = [];
  for (let at = mostRows; at < rows.length; at += mostRows) {
    const next = page.createElement('table');
    next.append(...rows.slice(at, at + mostRows));
    more.push(next);
  }
  table.after(...more);
}
