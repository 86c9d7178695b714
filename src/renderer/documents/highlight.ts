import type { PageWord } from '../../shared/documents.ts';
import { turnBox, type Box } from './turn.ts';

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
 * half a number must never look like the whole of it. A word left of the one before it begins another line or column: seen upright, so a
 * picture that lies otherwise is first turned by `upright` degrees, and the boxes are those of the picture turned so.
 */
export function boxesOfRange(words: readonly PageWord[], range: Range, upright = 0): Box[] {
  const boxes: Box[] = [];
  for (const { start, end, ...flat } of words) {
    if (end <= range.start || start >= range.end) continue;
    const word = turnBox(flat, upright);
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
