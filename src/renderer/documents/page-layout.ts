/** Height and width of a page in px as it lies on the desk. */
export interface Size {
  width: number;
  height: number;
}

/** Pages one below the other, counted from 0: where each begins, and how far it all goes. */
export interface PageLayout {
  sizes: readonly Size[];
  tops: readonly number[];
  /** Of the widest page. */
  width: number;
  height: number;
}

/** Around and between pages. */
export const gapPx = 16;

export function layOutPages(sizes: readonly Size[]): PageLayout {
  const tops: number[] = [];
  let [height, width] = [gapPx, 0];
  for (const size of sizes) {
    tops.push(height);
    height += size.height + gapPx;
    width = Math.max(width, size.width);
  }
  return { sizes, tops, width, height };
}

/** The page at a height; above the first it is the first, in a gap the one before it. */
export function pageAt({ tops }: PageLayout, y: number): number {
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** The pages that show between two heights; both are among them. */
export function pagesBetween(layout: PageLayout, from: number, to: number): { first: number; last: number } {
  const first = pageAt(layout, from);
  const reaches = (layout.tops[first] ?? 0) + (layout.sizes[first]?.height ?? 0) > from;
  const last = Math.max(pageAt(layout, to), first);
  return { first: reaches || first === layout.tops.length - 1 ? first : Math.min(first + 1, last), last };
}

/** The page a person would say she is on: the one in the middle, but the first and the last where nothing is above or below. */
export function pageInFront(layout: PageLayout, scrollTop: number, viewHeight: number): number {
  const last = layout.tops.length - 1;
  if (scrollTop <= 0) return 0;
  if (scrollTop + viewHeight >= layout.height - 1) return Math.max(0, last);
  return pageAt(layout, scrollTop + viewHeight / 2);
}

/** A point that stays with the paper whatever becomes of the page's size: a page and how far down and across it. */
export interface Anchor {
  page: number;
  down: number;
  across: number;
}

/** `x` is measured from the middle of the desk, where all pages are centred. */
export function anchorAt(layout: PageLayout, x: number, y: number): Anchor {
  const page = pageAt(layout, y);
  const { width, height } = layout.sizes[page] ?? { width: 0, height: 0 };
  return { page, down: height > 0 ? (y - (layout.tops[page] ?? 0)) / height : 0, across: width > 0 ? x / width : 0 };
}

/** The inverse of `anchorAt` in a layout that may be another by now. Gaps do not grow with the paper. */
export function placeOf(layout: PageLayout, { page, down, across }: Anchor): { x: number; y: number } {
  const at = Math.min(page, layout.tops.length - 1);
  const { width, height } = layout.sizes[at] ?? { width: 0, height: 0 };
  const into = down <= 1 ? down * height : height + Math.min((down - 1) * height, gapPx);
  return { x: across * width, y: (layout.tops[at] ?? 0) + Math.max(into, -gapPx) };
}
