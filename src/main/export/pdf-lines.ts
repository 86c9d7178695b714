import { type FontPiece, type FontStyle, piecesByFont } from './pdf-fonts.ts';
import type { PrintNote, PrintRun } from './printable.ts';

export interface LinePiece extends FontPiece {
  width: number;
  underline: boolean;
  missing: boolean;
  /** Set small and high: the number of a footnote. */
  note?: PrintNote;
}

/** Of a footnote's number against the words it stands behind. */
export const noteScale = 0.65;

/** One printed line: pieces from left to right; widths in points. */
export interface Line {
  pieces: LinePiece[];
  width: number;
  /** Ended by a person, not by the margin. */
  isEnded?: true;
}

/** Width in points of text in a font of `pdf-fonts.ts`, at the size the caller set. */
export type Measure = (text: string, font: string) => number;

/** Breaks runs into lines at spaces; a word wider than the line is broken where it must be. '\n' ends a line. */
export function wrapRuns(runs: readonly PrintRun[], maxWidth: number, measure: Measure): Line[] {
  const lines: Line[] = [{ pieces: [], width: 0 }];
  let space: LinePiece[] = [];
  for (const word of words(runs, measure)) {
    if (word.kind === 'break') {
      const ended = lines.at(-1);
      if (ended) ended.isEnded = true;
      lines.push({ pieces: [], width: 0 });
      space = [];
    } else if (word.kind === 'space') space = word.pieces;
    else {
      for (const part of fitting(word.pieces, maxWidth, measure)) {
        const line = lines.at(-1);
        if (line && line.width > 0 && line.width + widthOf(space) + widthOf(part) <= maxWidth) add(line, [...space, ...part]);
        else if (line && line.width === 0) add(line, part);
        else lines.push(add({ pieces: [], width: 0 }, part));
        space = [];
      }
    }
  }
  return lines.map((line) => joined(line, measure));
}

/** The footnotes whose numbers stand on some lines. */
export const notesOn = (lines: readonly Line[]): PrintNote[] => lines.flatMap(({ pieces }) => pieces.flatMap(({ note }) => note ?? []));

interface Word {
  kind: 'word' | 'space' | 'break';
  pieces: LinePiece[];
}

/** A word may span runs: a chip and the full stop after it stay together. */
function words(runs: readonly PrintRun[], measure: Measure): Word[] {
  const found: Word[] = [];
  for (const run of runs) {
    if (run.note) {
      const pieces = piecesByFont(run.text, 'regular').map((piece) => ({
        ...piece,
        width: measure(piece.text, piece.font) * noteScale,
        underline: false,
        missing: false,
        note: run.note,
      }));
      const last = found.at(-1);
      // it never stands on another line than its word
      if (last?.kind === 'word') last.pieces.push(...pieces);
      else found.push({ kind: 'word', pieces });
      continue;
    }
    const style: FontStyle = run.bold ? (run.italic ? 'boldItalic' : 'bold') : run.italic ? 'italic' : 'regular';
    for (const token of run.text.match(/\n|[ \t]+|[^ \t\n]+/g) ?? []) {
      const kind = token === '\n' ? 'break' : /[ \t]/.test(token) ? 'space' : 'word';
      const text = kind === 'space' ? token.replaceAll('\t', '    ') : token;
      const { underline, missing } = run;
      const pieces =
        kind === 'break'
          ? []
          : piecesByFont(text, style).map((piece) => ({ ...piece, width: measure(piece.text, piece.font), underline, missing }));
      const last = found.at(-1);
      if (last && last.kind === kind && kind !== 'break') last.pieces.push(...pieces);
      else found.push({ kind, pieces });
    }
  }
  return found;
}

/** The word itself, or, where it is wider than a line, parts that are not. */
function fitting(word: LinePiece[], maxWidth: number, measure: Measure): LinePiece[][] {
  if (widthOf(word) <= maxWidth) return [word];
  const parts: LinePiece[][] = [[]];
  for (const piece of word) {
    if (piece.note) {
      parts.at(-1)?.push(piece);
      continue;
    }
    for (const text of piece.text) {
      const width = measure(text, piece.font);
      if (widthOf(parts.at(-1) ?? []) + width > maxWidth) parts.push([]);
      parts.at(-1)?.push({ ...piece, text, width });
    }
  }
  return parts.filter((part) => part.length > 0);
}

function add(line: Line, pieces: LinePiece[]): Line {
  line.pieces.push(...pieces);
  line.width += widthOf(pieces);
  return line;
}

function widthOf(pieces: readonly LinePiece[]): number {
  return pieces.reduce((sum, { width }) => sum + width, 0);
}

/** Neighbours of one look become one piece, so that a reader of the PDF finds whole phrases. */
function joined({ pieces, isEnded }: Line, measure: Measure): Line {
  const out: LinePiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (
      last &&
      !last.note &&
      !piece.note &&
      last.font === piece.font &&
      last.underline === piece.underline &&
      last.missing === piece.missing
    )
      last.text += piece.text;
    else out.push({ ...piece });
  }
  for (const piece of out) piece.width = measure(piece.text, piece.font) * (piece.note ? noteScale : 1);
  return { pieces: out, width: widthOf(out), ...(isEnded && { isEnded }) };
}
