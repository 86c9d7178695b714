import type { PageWord } from '../../shared/documents.ts';
import type { Box } from './turn.ts';

/** A place between the first and the last page: characters of a page's text. */
export interface Spot {
  page: number;
  start: number;
  end: number;
}

/** What is selected, from where it began to where it goes; either may lie before the other. */
export interface Selected {
  from: Spot;
  to: Spot;
}

/** A line weighs more than a column: the pointer is mostly beside the word it means, seldom above it. */
const downWeighs = 3;
/** Farther from any word than this part of the page's width, nothing is meant. */
const farthest = 0.08;

/**
 * The word at a point, or the nearest. `x` and `y` and the boxes are fractions of the page as it is shown; `aspect` is its height by its width.
 */
export function wordAt(boxes: readonly Box[], x: number, y: number, aspect: number): { index: number; isNear: boolean } | null {
  let best: { index: number; distance: number; far: number } | null = null;
  boxes.forEach((box, index) => {
    const across = Math.max(box.x - x, x - box.x - box.w, 0);
    const down = Math.max(box.y - y, y - box.y - box.h, 0) * aspect;
    const distance = Math.hypot(across, down * downWeighs);
    if (best === null || distance < best.distance) best = { index, distance, far: Math.hypot(across, down) };
  });
  // the callback above is out of sight of the compiler
  const found = best as { index: number; far: number } | null;
  return found && { index: found.index, isNear: found.far <= farthest };
}

const isBefore = (a: Spot, b: Spot): boolean => a.page < b.page || (a.page === b.page && a.start < b.start);

/** Which characters of a page are selected; null where none are. Quotes take whole words: half a number must never look like the whole of it. */
export function rangeOn({ from, to }: Selected, page: number, length: number): { start: number; end: number } | null {
  const [first, last] = isBefore(to, from) ? [to, from] : [from, to];
  if (page < first.page || page > last.page) return null;
  const start = page === first.page ? first.start : 0;
  const end = page === last.page ? Math.max(last.end, page === first.page ? first.end : 0) : length;
  return start < end ? { start, end } : null;
}

/** The word after or before the one a selection ends with; on the same page. */
export function nextWord(words: readonly PageWord[], spot: Spot, by: 1 | -1): Spot {
  const at = words.findIndex((word) => word.start >= spot.start);
  const next = words[Math.max(0, Math.min(words.length - 1, (at < 0 ? words.length - 1 : at) + by))];
  return next ? { page: spot.page, start: next.start, end: next.end } : spot;
}
