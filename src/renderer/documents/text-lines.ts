/** Characters [start, end) of a page's text. */
export interface Span {
  start: number;
  end: number;
}

/** A piece of a page of text: words as they run, or a row of a table with its cells. Pieces and cells follow each other without a gap, tabs and line ends included. */
export type TextPart = Span & { cells: Span[] | null };

/** Column widths of a page, in characters. */
export interface TextLayout {
  parts: TextPart[];
  columns: number[];
}

/** A cell that is longer wraps. Where there is no room for all columns, none is narrower than a day; then the page grows. */
const [narrowest, widest, leastShown] = [4, 42, 10];
/** More elements than a window lays out at once: the page is shown as it runs. */
const mostCells = 30_000;

/**
 * A page of text with its rows apart, where lines have tabs between cells. Columns are as wide on the whole page as their longest cell, up to a limit, so that
 * they stand straight whatever stands in them.
 */
export function layOutText(text: string): TextLayout {
  const whole = { parts: [{ start: 0, end: text.length, cells: null }], columns: [] };
  if (!text.includes('\t')) return whole;
  const parts: TextPart[] = [];
  const columns: number[] = [];
  let count = 0;
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(start, end);
    const last = parts.at(-1);
    if (line.includes('\t')) {
      const cells = cellsOf(line, start);
      count += cells.length;
      if (count > mostCells) return whole;
      cells.forEach((cell, column) => {
        // a last cell has no tab behind it
        const length = cell.end - cell.start - 1;
        columns[column] = Math.max(columns[column] ?? narrowest, Math.min(widest, length));
      });
      parts.push({ start, end, cells });
    } else if (last && !last.cells) last.end = end;
    else parts.push({ start, end, cells: null });
    start = end;
  }
  return { parts, columns };
}

function cellsOf(line: string, from: number): Span[] {
  const cells: Span[] = [];
  let start = 0;
  for (let tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', start)) {
    cells.push({ start: from + start, end: from + tab + 1 });
    start = tab + 1;
  }
  return [...cells, { start: from + start, end: from + line.length }];
}

/** Of the columns of a page, as CSS: as wide as they are where they fit, else by their share, wrapping their cells. */
export const columnsText = (columns: readonly number[]): string =>
  columns.map((width) => `minmax(${String(Math.min(width, leastShown))}ch, ${String(width)}ch)`).join(' ');

/** A piece of a page that is marked, as `markedPieces` cuts it. */
export interface Piece {
  text: string;
  start: number;
  kind: string | null;
}

/** For each part of a page the pieces that lie on it; null where none does. Both come in order. */
export function piecesOn(pieces: readonly Piece[], parts: readonly Span[]): (Piece[] | null)[] {
  let first = 0;
  return parts.map(({ start, end }) => {
    while (first < pieces.length && endOf(pieces[first]) <= start) first += 1;
    const on: Piece[] = [];
    for (let at = first; at < pieces.length && (pieces[at]?.start ?? end) < end; at += 1) {
      const piece = pieces[at];
      if (piece) on.push(piece);
    }
    return on.length > 0 ? on : null;
  });
}

const endOf = (piece: Piece | undefined): number => (piece ? piece.start + piece.text.length : 0);
