import { formatCents } from '../../../shared/money.ts';
import type { BlockFound, BlockRule } from '../lint-rule.ts';

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const number = new Map([...units.map((word, n) => [word, n] as const), ...tens.map((word, n) => [word, n * 10] as const)]);
const scales = new Map([['thousand', 1_000], ['million', 1_000_000], ['billion', 1_000_000_000]]); // prettier-ignore
const most = 160;

/** "Two hundred fifty thousand" -> 250000; null where a word is none of a number. */
export function numberInWords(words: readonly string[]): number | null {
  let [total, group, isAny] = [0, 0, false];
  for (const word of words) {
    const value = number.get(word);
    if (value !== undefined) group += value;
    else if (word === 'hundred') group = Math.max(1, group) * 100;
    else if (scales.has(word)) [total, group] = [total + Math.max(1, group) * (scales.get(word) ?? 1), 0];
    else if (word === 'and' || word === 'a') continue;
    else return null;
    isAny = true;
  }
  return isAny ? total + group : null;
}

/** The number that ends a text, with the words that make it, as far back as they are some. */
function lastNumber(text: string): { dollars: number; start: number } | null {
  const words = [...text.matchAll(/[A-Za-z]+/g)];
  let from = words.length;
  const isPart = (word: string): boolean => number.has(word) || scales.has(word) || word === 'hundred' || word === 'and';
  while (from > 0 && isPart((words[from - 1]?.[0] ?? '').toLowerCase())) from -= 1;
  while (from < words.length && words[from]?.[0].toLowerCase() === 'and') from += 1;
  const dollars = numberInWords(words.slice(from).map(([word]) => word.toLowerCase()));
  return dollars === null ? null : { dollars, start: words[from]?.index ?? 0 };
}

/** "Two hundred thousand dollars ($250,000)": words and figures say different sums. */
export const amountWords: BlockRule = {
  id: 'amount_words',
  severity: 'blocks',
  inBlock({ text, reading }) {
    if (!/dollars/i.test(text)) return [];
    return reading.amounts.flatMap((amount): BlockFound[] => {
      const before = /^([\s\S]*?)(?:\s+and\s+(?:(\d{1,2})\/100|no\/100)(?:ths)?)?\s+dollars(?:\s+and\s+(\d{1,2}|zero|no)\s+cents)?,?\s*\($/i.exec(text.slice(Math.max(0, amount.start - most), amount.start)); // prettier-ignore
      if (!before) return [];
      const said = lastNumber(before[1] ?? '');
      if (!said) return [];
      const cents = said.dollars * 100 + Number(before[2] ?? (/^\d+$/.test(before[3] ?? '') ? before[3] : 0));
      if (cents === amount.cents) return [];
      const start = Math.max(0, amount.start - most) + said.start;
      return [{ start, end: amount.end, about: [cents, amount.cents].join('\n'), reason: `The words say ${formatCents(cents)}, the figures ${amount.text}.` }]; // prettier-ignore
    });
  },
};
