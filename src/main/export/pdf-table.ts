import { type Line, wrapRuns } from './pdf-lines.ts';
import type { Pages, Structure } from './pdf-pages.ts';
import type { PrintTable } from './printable.ts';

/** Points. */
const size = 8.5;
const leading = 11.5;
const padding = 3.5;
const gap = 8;

interface Row {
  cells: Line[][];
  height: number;
}

/** Sets the table: no row is split, the head is repeated on each page, the totals stand with the last row. */
export function drawTable(pages: Pages, table: PrintTable): void {
  const { widths, lefts } = columnsOf(pages, table);
  const layOut = (texts: readonly string[], bold: boolean): Row => {
    const cells = texts.map((text, index) => wrapRuns([run(text, bold)], widths[index] ?? 0, pages.measure(size)));
    return { cells, height: Math.max(1, ...cells.map((lines) => lines.length)) * leading + 2 * padding };
  };
  const head = layOut(
    table.columns.map(({ title }) => title),
    true,
  );
  const rows = table.rows.map((texts) => layOut(texts, false));
  const totals = layOut(table.totals, true);

  const structure = pages.doc.struct('Table');
  pages.root.add(structure);
  const draw = (row: Row, cellTag: 'TH' | 'TD', owner: Structure | null): void => {
    const rowStructure = owner ? pages.doc.struct('TR') : null;
    if (rowStructure) owner?.add(rowStructure);
    for (const [index, lines] of row.cells.entries()) {
      const cell = rowStructure ? pages.doc.struct(cellTag) : null;
      if (cell) rowStructure?.add(cell);
      for (const [at, line] of lines.entries()) {
        const left = lefts[index] ?? pages.page.left;
        const x = table.columns[index]?.align === 'right' ? left + (widths[index] ?? 0) - line.width : left;
        pages.drawLine(line, x, pages.y + padding + at * leading, size, cell, cellTag);
      }
    }
    pages.y += row.height;
  };
  const drawHead = (owner: Structure | null): void => {
    pages.rule(pages.page.left, pages.page.right, pages.y, 0.8);
    draw(head, 'TH', owner);
    pages.rule(pages.page.left, pages.page.right, pages.y, 0.5);
  };

  pages.need(head.height + (rows[0] ?? totals).height + (rows.length < 2 ? totals.height : 0));
  drawHead(structure);
  for (const [index, row] of rows.entries()) {
    const withTotals = index === rows.length - 1 ? totals.height : 0;
    if (pages.need(row.height + withTotals)) drawHead(null);
    draw(row, 'TD', structure);
  }
  pages.rule(pages.page.left, pages.page.right, pages.y, 0.5);
  draw(totals, 'TD', structure);
  pages.rule(pages.page.left, pages.page.right, pages.y, 0.8);
}

/** Money takes what it needs; the provider takes what the others leave. */
function columnsOf(pages: Pages, { columns, rows, totals }: PrintTable): { widths: number[]; lefts: number[] } {
  const measure = pages.measure(size);
  const limits = [Infinity, 72, Infinity, Infinity, Infinity, Infinity, 64];
  const widths = columns.map(({ title }, index) => {
    const texts = [title, totals[index] ?? '', ...rows.map((row) => row[index] ?? '')];
    return Math.min(limits[index] ?? 72, Math.ceil(Math.max(...texts.map((text) => measure(text, 'latin bold')))));
  });
  const others = widths.slice(1).reduce((sum, width) => sum + width + gap, 0);
  widths[0] = Math.max(80, pages.page.right - pages.page.left - others);
  let { left } = pages.page;
  const lefts = widths.map((width) => {
    const own = left;
    left += width + gap;
    return own;
  });
  return { widths, lefts };
}

function run(text: string, bold: boolean): { text: string; bold: boolean; italic: boolean; underline: boolean; missing: boolean } {
  return { text, bold, italic: false, underline: false, missing: false };
}
