import type { Line } from './letter-lines.ts';

/** Two lines with less in common are two lines, not one that was changed. */
const leastAlike = 0.4;
/** Beyond so many words looked at, lines are paired by their place alone. */
const mostWork = 4_000_000;

/**
 * Which of these lines became which of those, in order and each at most once: the pairing in which most words stay. A row of a table is known by its first
 * cell, the provider. Lines of different types are never paired.
 */
export function likeliestPairs(went: readonly Line[], came: readonly Line[]): [from: number, to: number][] {
  const [a, b] = [went.map(wordsOf), came.map(wordsOf)];
  const size = (words: Words[]): number => words.reduce((sum, { count }) => sum + count + 1, 0);
  const alike = (i: number, j: number): number => {
    const [one, other, ofOne, ofOther] = [went[i], came[j], a[i], b[j]];
    if (!one || !other || !ofOne || !ofOther || one.type !== other.type) return 0;
    const likeness = inCommon(ofOne, ofOther);
    return likeness >= leastAlike ? likeness : 0;
  };
  if (size(a) * came.length + size(b) * went.length > mostWork) {
    const places = Array.from({ length: Math.min(went.length, came.length) }, (_, n) => n);
    return places.filter((n) => alike(n, n) > 0).map((n) => [n, n]);
  }
  // best[i][j]: the most that stays of the lines from i and from j on
  const likeness = went.map((_, i) => came.map((__, j) => alike(i, j)));
  const best = Array.from({ length: went.length + 1 }, () => new Float64Array(came.length + 1));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = went.length - 1; i >= 0; i -= 1)
    for (let j = came.length - 1; j >= 0; j -= 1) {
      const paired = (likeness[i]?.[j] ?? 0) > 0 ? (likeness[i]?.[j] ?? 0) + at(i + 1, j + 1) : 0;
      const row = best[i];
      if (row) row[j] = Math.max(at(i + 1, j), at(i, j + 1), paired);
    }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < went.length && j < came.length;) {
    const stays = likeness[i]?.[j] ?? 0;
    if (stays > 0 && at(i, j) === stays + at(i + 1, j + 1)) pairs.push([i++, j++]);
    else if (at(i, j) === at(i + 1, j)) i += 1;
    else j += 1;
  }
  return pairs;
}

interface Words {
  count: number;
  times: Map<string, number>;
}

function wordsOf({ type, cells }: Line): Words {
  const times = new Map<string, number>();
  let count = 0;
  for (const { text } of type === 'row' ? (cells[0] ?? []) : cells.flat()) {
    if (text.trim() === '') continue;
    times.set(text, (times.get(text) ?? 0) + 1);
    count += 1;
  }
  return { count, times };
}

/** 0 to 1: twice the words of both, of all words (Dice). Two empty lines are alike. */
function inCommon(a: Words, b: Words): number {
  if (a.count + b.count === 0) return 1;
  const [few, many] = a.times.size <= b.times.size ? [a, b] : [b, a];
  let both = 0;
  for (const [word, times] of few.times) both += Math.min(times, many.times.get(word) ?? 0);
  return (2 * both) / (a.count + b.count);
}
