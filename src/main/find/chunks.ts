/** A passage of a page: characters [start, end) of its text, and the same in code points from 1, as SQLite counts. */
export interface Chunk {
  start: number;
  end: number;
  fromPoint: number;
  points: number;
}

/** About half a dense page: what one thought takes, and what a model reads at once. */
const mostChars = 1_600;
/** A rest shorter than this goes with what is before it. */
const leastRest = 400;
/** Said twice, so that a phrase over the seam is found. */
const overlapChars = 120;

/** Cuts a page's text into passages that end where a paragraph or a sentence does, where there is one. All that is not white space is in one of them. */
export function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  const pointAt = pointCounter(text);
  let start = skipSpace(text, 0);
  while (start < text.length) {
    const end = text.length - start <= mostChars + leastRest ? text.length : endNear(text, start);
    const trimmed = start + text.slice(start, end).trimEnd().length;
    const fromPoint = pointAt(start);
    chunks.push({ start, end: trimmed, fromPoint: fromPoint + 1, points: pointAt(trimmed) - fromPoint });
    if (end >= text.length) break;
    start = skipSpace(text, beginAgain(text, start, end));
  }
  return chunks;
}

/** The last good place to stop in the second half of what may be taken. */
function endNear(text: string, start: number): number {
  const from = start + mostChars / 2;
  const window = text.slice(from, start + mostChars);
  for (const stop of [/\n[^\S\n]*\n/g, /[.!?]["')\]]*\s/g, /\n/g, /\s/g]) {
    const last = [...window.matchAll(stop)].at(-1);
    if (last) return from + last.index + last[0].length;
  }
  return wholePoint(text, start + mostChars);
}

/** Where the next passage begins: a little before the end of this one, at a sentence or else at a word. */
function beginAgain(text: string, start: number, end: number): number {
  const from = Math.max(start + 1, end - overlapChars);
  const window = text.slice(from, end);
  if (/\n[^\S\n]*\n\s*$/.test(window)) return end;
  const sentence = /[.!?]["')\]]*\s+(?=\S)/.exec(window);
  const word = sentence ?? /\s+(?=\S)/.exec(window);
  return word ? from + word.index + word[0].length : end;
}

function skipSpace(text: string, at: number): number {
  const rest = /\S/.exec(text.slice(at));
  return rest ? at + rest.index : text.length;
}

/** Never between the halves of one character. */
function wholePoint(text: string, at: number): number {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? '') ? at - 1 : at;
}

/** Code points before a place; places are asked for in order or a little back. */
function pointCounter(text: string): (at: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (at) => at;
  const pairs = [...text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)].map(({ index }) => index);
  return (at) => {
    let low = 0;
    for (let high = pairs.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((pairs[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return at - low;
  };
}
