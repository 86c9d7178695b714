import type { ReadPage } from './reading.ts';

/** About thirty printed pages. What finds and shows a page works on all of it at once. */
const mostChars = 100_000;

/** Text without pages of its own (a mail, a long letter, a table) in parts that are no longer than that, cut at the end of a line or word. */
export function inPages(pages: readonly ReadPage[]): ReadPage[] {
  return pages.flatMap((page) => partsOf(page.text).map((text) => ({ ...page, text }))).map((page, n) => ({ ...page, page: n + 1 }));
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (text.length - at > mostChars) {
    const piece = text.slice(at, at + mostChars);
    const cut = [piece.lastIndexOf('\n'), piece.lastIndexOf(' ')].find((end) => end > mostChars / 2) ?? wholeCharacters(piece) - 1;
    parts.push(text.slice(at, at + cut + 1));
    at += cut + 1;
  }
  return [...parts, text.slice(at)];
}

/** A character of two halves is not parted. */
const wholeCharacters = (piece: string): number => (/[\uD800-\uDBFF]$/.test(piece) ? piece.length - 1 : piece.length);
