import { layOutNotes, noteLinesOf, putNotes, type NoteLines } from './pdf-notes.ts';
import { type Line, notesOn, wrapRuns } from './pdf-lines.ts';
import type { Pages, Structure } from './pdf-pages.ts';
import type { PrintBlock, PrintRun, TypedTable } from './printable.ts';

/** Points. */
const size = 9.5;
const leading = 12.5;
const padding = 3.5;
const gap = 8;
const itemIndent = 14;
/** Between the blocks of a cell. */
const between = 3;

/** A line in a row: how far from the left of the table and the top of the row it stands, and in which column. */
interface Placed {
  line: Line;
  x: number;
  y: number;
  column: number;
}
interface Row {
  lines: Placed[];
  height: number;
  isHead: boolean;
  notes: NoteLines;
}

/**
 * Sets a table that a person wrote: the head is repeated on each page, a row is split only where it is longer than a page, footnotes stand below the
 * row they belong to.
 */
export function drawTypedTable(pages: Pages, table: TypedTable): void {
  const columns = columnsOf(pages, table);
  const rows = table.rows.map((row) => layOut(pages, table, row, columns));
  // none where all of it is head
  const headRows = rows.slice(
    0,
    Math.max(
      0,
      rows.findIndex(({ isHead }) => !isHead),
    ),
  );
  const headHeight = headRows.reduce((sum, { height }) => sum + height, 0);
  const pageHeight = pages.page.bottom - pages.page.top;
  // a head that fills a page would leave none to its rows
  const repeated = headHeight < pageHeight / 3 ? headRows : [];
  const structure = pages.doc.struct('Table');
  pages.root.add(structure);
  pages.need(headHeight + Math.min(rows[headRows.length]?.height ?? 0, pageHeight / 2));
  pages.rule(pages.page.left, pages.page.right, pages.y, 0.8);
  for (const row of rows) {
    const again = headRows.includes(row) ? [] : repeated;
    drawRow(pages, row, structure, () => {
      pages.rule(pages.page.left, pages.page.right, pages.y, 0.8);
      for (const head of again) drawRow(pages, head, null, () => undefined);
    });
  }
  pages.rule(pages.page.left, pages.page.right, pages.y, 0.8);
}

/** `owner` null: the head said again, which is no content of its own. */
function drawRow(pages: Pages, { lines, height, isHead, notes }: Row, owner: Structure | null, onNewPage: () => void): void {
  const isLong = height > (pages.page.bottom - pages.page.top) * 0.8;
  if (
    !isLong &&
    owner &&
    pages.need(
      height,
      noteLinesOf(
        notes,
        lines.map(({ line }) => line),
      ),
    )
  )
    onNewPage();
  const structure = owner ? pages.doc.struct('TR') : null;
  if (structure) owner?.add(structure);
  const cells = new Map<number, Structure>();
  const cellOf = (column: number): Structure | null => {
    if (!structure) return null;
    const cell = cells.get(column) ?? pages.doc.struct(isHead ? 'TH' : 'TD');
    if (!cells.has(column)) structure.add(cell);
    cells.set(column, cell);
    return cell;
  };
  for (const column of new Set(lines.map((one) => one.column))) cellOf(column);
  let top = pages.y;
  for (const { line, x, y, column } of lines.toSorted((a, b) => a.y - b.y)) {
    const cell = cellOf(column);
    pages.y = top + y;
    if (isLong && owner && pages.need(leading, noteLinesOf(notes, [line]))) {
      onNewPage();
      top = pages.y - y + padding;
      pages.y += padding;
    }
    if (cell) putNotes(pages, notes, line, isLong ? leading + padding : height - y, cell);
    pages.drawLine(line, pages.page.left + x, pages.y, size, cell, isHead ? 'TH' : 'TD');
  }
  pages.y = top + height;
  pages.rule(pages.page.left, pages.page.right, pages.y, isHead ? 0.5 : 0.25);
}

function layOut(pages: Pages, table: TypedTable, { isHead, cells }: TypedTable['rows'][number], columns: Column[]): Row {
  const all: Placed[] = [];
  let height = leading + 2 * padding;
  for (const [column, { left, width }] of columns.entries()) {
    let y = padding;
    const put = (runs: readonly PrintRun[], indent: number, mark: string): void => {
      const lines = wrapRuns(runs, width - indent, pages.measure(size));
      const [label] = mark === '' ? [] : wrapRuns([plain(mark)], itemIndent, pages.measure(size));
      if (label) all.push({ line: label, x: left + indent - itemIndent, y, column });
      for (const line of lines) {
        const isRight = table.columns[column]?.align === 'right';
        all.push({ line, x: left + indent + (isRight ? width - indent - line.width : 0), y, column });
        y += leading;
      }
      y += between;
    };
    const walk = (blocks: readonly PrintBlock[], indent: number, mark: string): void => {
      for (const [nth, block] of blocks.entries()) {
        if (block.type === 'paragraph' || block.type === 'heading') put(block.runs, indent, nth === 0 ? mark : '');
        else if (block.type === 'list')
          for (const [item, own] of block.items.entries())
            walk(own, Math.min(indent + itemIndent, width / 2), block.ordered ? `${String(item + 1)}.` : '•');
      }
    };
    walk(cells[column] ?? [], 0, '');
    height = Math.max(height, y - between + padding);
  }
  return { lines: all, height, isHead, notes: layOutNotes(pages, notesOn(all.map(({ line }) => line))) };
}

interface Column {
  /** From the table's left edge. */
  left: number;
  width: number;
}

/** By their shares, but no word and no amount is broken where another column can give way. */
function columnsOf(pages: Pages, { columns, rows }: TypedTable): Column[] {
  const measure = pages.measure(size);
  const room = pages.page.right - pages.page.left - gap * (columns.length - 1);
  const words = (block: PrintBlock): string[] => {
    if (block.type === 'list') return block.items.flatMap((item) => item.flatMap(words));
    return block.type === 'paragraph' ? block.runs.flatMap(({ text }) => text.split(/\s+/)) : [];
  };
  const least = columns.map((_, column) => {
    const said = new Set(rows.flatMap(({ cells }) => (cells[column] ?? []).flatMap(words)));
    let most = 0;
    for (const word of said) most = Math.max(most, measure(word, 'latin bold'));
    return Math.min(room / 3, most);
  });
  let widths = columns.map(({ share }) => share * room);
  const wanted = widths.map((width, column) => Math.max(width, (least[column] ?? 0) + 1));
  const slack = wanted.map((width, column) => Math.max(0, width - (least[column] ?? 0) - 1));
  const [over, give] = [wanted.reduce((sum, width) => sum + width, 0) - room, slack.reduce((sum, one) => sum + one, 0)];
  if (give >= over && give > 0) widths = wanted.map((width, column) => width - (over * (slack[column] ?? 0)) / give);
  let left = 0;
  return widths.map((width) => {
    const own = { left, width };
    left += width + gap;
    return own;
  });
}

function plain(text: string): PrintRun {
  return { text, bold: false, italic: false, underline: false, missing: false };
}
