import type { PageWord } from '../../shared/documents.ts';

/** A rectangle in fractions of the page, from its top left. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Range {
  start: number;
  end: number;
}

/** Two words stand on one line when they share more than half of the lower one's height. */
function isOnLine(line: Box, word: Box): boolean {
  const shared = Math.min(line.y + line.h, word.y + word.h) - Math.max(line.y, word.y);
  return shared > Math.min(line.h, word.h) / 2;
}

function join(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y };
}

/**
 * One box per printed line under the characters [start, end) of a page. A word that the range cuts is marked whole:
 * half a number must never look like the whole of it. A word left of the one before it begins another line or column.
 */
export function boxesOfRange(words: readonly PageWord[], range: Range): Box[] {
  const boxes: Box[] = [];
  for (const word of words) {
    if (word.end <= range.start || word.start >= range.end) continue;
    const last = boxes.at(-1);
    const gap = last ? word.x - (last.x + last.w) : 0;
    if (last && isOnLine(last, word) && gap > -word.h) boxes[boxes.length - 1] = join(last, word);
    else boxes.push({ x: word.x, y: word.y, w: word.w, h: word.h });
  }
  return boxes;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/**
 * The part of a page to show around some boxes: their bounds with air, never beyond the paper; null without boxes.
 * Not wider than can be read in a narrow pane: of a long line it shows the beginning.
 */
export function cropAround(boxes: readonly Box[], { minWidth = 0.4, maxWidth = 0.55, minHeight = 0.06 } = {}): Box | null {
  const [first, ...rest] = boxes;
  if (!first) return null;
  const bounds = rest.reduce(join, first);
  const w = clamp(bounds.w + 0.06, minWidth, maxWidth);
  const h = clamp(bounds.h + 0.03, minHeight, 0.4);
  return {
    x: clamp(bounds.x + Math.min(bounds.w, w - 0.06) / 2 - w / 2, 0, 1 - w),
    y: clamp(bounds.y + Math.min(bounds.h, h) / 2 - h / 2, 0, 1 - h),
    w,
    h,
  };
}

/** The page's text cut into what stands before, under and after a range; the range may lie beyond the text. */
export function splitAtRange(text: string, range: Range | null): { before: string; marked: string; after: string } {
  if (!range) return { before: text, marked: '', after: '' };
  const start = clamp(range.start, 0, text.length);
  const end = clamp(range.end, start, text.length);
  return { before: text.slice(0, start), marked: text.slice(start, end), after: text.slice(end) };
}
