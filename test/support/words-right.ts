/**
 * Which share of a text's words another text holds, in their order: both are cut at white space after curly quotes and dashes are made plain (a
 * dash by itself is no word), and the longest common subsequence is counted. A word with one wrong letter is wrong, as is one out of its place.
 */
export function wordsRight(truth: string, found: string): { share: number; total: number; missing: string[] } {
  const [a, b] = [wordsOf(truth), wordsOf(found)];
  const best = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = best[i];
    if (!row) continue;
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const missing: string[] = [];
  for (let i = 0, j = 0; i < a.length;) {
    if (j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j < b.length && at(i, j + 1) >= at(i + 1, j)) j++;
    else missing.push(a[i++] ?? '');
  }
  return { share: at(0, 0) / a.length, total: a.length, missing };
}

function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[—–‐]/g, '-')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-');
}
