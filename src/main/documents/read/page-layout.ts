import type { PageWord } from '../../../shared/documents.ts';
import type { Word } from './pdf-words.ts';
import type { Line } from './table-rows.ts';
import { readTables } from './table-rows.ts';

export interface LaidOutPage {
  text: string;
  words: PageWord[];
  /** `placed[i]` is what `words[i]` was made of. */
  placed: Word[];
}

/**
 * Rebuilds a page's text in reading order: one line of text per printed line, and one per table row even where its cells
 * wrap ("\t" between cells, empty cells kept). `words[i]` spans exactly its characters of `text`; boxes are fractions of the page.
 */
export function layOutPage(words: readonly Word[], widthPt: number, heightPt: number): LaidOutPage {
  const lines = readTables(groupLines(words));
  const out: PageWord[] = [];
  const placed: Word[] = [];
  let text = '';
  let previous: Line | null = null;
  for (const line of lines) {
    if (previous) text += startsBlock(previous, line) ? '\n\n' : '\n';
    line.cells.forEach((cell, index) => {
      if (index > 0) text += '\t';
      cell.forEach((word, at) => {
        const before = cell[at - 1];
        if (before && !isBrokenWord(before, word)) text += ' ';
        out.push({
          start: text.length,
          end: text.length + word.text.length,
          x: fraction(word.x, widthPt),
          y: fraction(word.y, heightPt),
          w: fraction(word.w, widthPt),
          h: fraction(word.h, heightPt),
        });
        placed.push(word);
        text += word.text;
      });
    });
    previous = line;
  }
  return { text, words: out, placed };
}

function startsBlock(previous: Line, line: Line): boolean {
  if (line.isRow || previous.isRow) return line.isRow !== previous.isRow;
  return line.top - previous.bottom > 0.6 * Math.min(line.height, previous.height);
}

/** A word broken by a hyphen at a line's end inside one table cell: its halves are joined, the hyphen stays. */
function isBrokenWord(before: Word, word: Word): boolean {
  return before.text.length > 1 && before.text.endsWith('-') && word.y > before.y + before.h / 2 && /^[a-z]/.test(word.text);
}

function fraction(value: number, of: number): number {
  return of > 0 ? Math.round(Math.min(1, Math.max(0, value / of)) * 1e5) / 1e5 : 0;
}

/** Words whose middles lie on one height form a line; lines from top to bottom, words from left to right. */
function groupLines(words: readonly Word[]): Line[] {
  const sorted = words.toSorted((a, b) => middle(a) - middle(b) || a.x - b.x);
  const groups: Word[][] = [];
  let anchor: Word | undefined;
  for (const word of sorted) {
    const group = groups.at(-1);
    if (anchor && group && middle(word) - middle(anchor) <= 0.3 * Math.min(anchor.h, word.h)) group.push(word);
    else {
      groups.push([word]);
      anchor = word;
    }
  }
  return groups.map((group) => {
    const ordered = group.toSorted((a, b) => a.x - b.x || a.y - b.y);
    const top = Math.min(...ordered.map((word) => word.y));
    const bottom = Math.max(...ordered.map((word) => word.y + word.h));
    const height = median(ordered.map((word) => word.h));
    return { cells: splitCells(ordered, height), top, bottom, height, middle: (top + bottom) / 2, isRow: false };
  });
}

/** Outside tables only a wide gap makes a new cell: justified text must stay whole. */
function splitCells(words: readonly Word[], height: number): Word[][] {
  const cells: Word[][] = [];
  let last: Word | null = null;
  for (const word of words) {
    const cell = cells.at(-1);
    if (last && cell && word.x - (last.x + last.w) <= 0.55 * height) cell.push(word);
    else cells.push([word]);
    last = word;
  }
  return cells;
}

function middle(word: Word): number {
  return word.y + word.h / 2;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
