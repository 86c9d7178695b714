import { formatCents, sumCents } from '../../../shared/money.ts';
import type { AmountMention } from '../block-reading.ts';
import type { BlockFound, BlockRule } from '../lint-rule.ts';

const totalWords = /\b(?:for a (?:grand |combined )?(?:total|sum) of|totall?ing|which (?:totals?|add up to|come to)|together (?:come|amount|add up) to|in total,?|a (?:grand |combined )?total of|add(?:s|ing)? up to)\s{0,3}$/i; // prettier-ignore
/** Amounts that are part of others, prices of one, or no addends at all. */
const noAddends =
  /\bof which\b|\bincluding\b|\bless\b|\bminus\b|\breduc|\bpaid\b|\badjust|\bwrit(?:e|ten)[ -]?off|\bper\b|\beach\b|\bbetween\b|[×*]|\bx\b|\bor\b|\bmultipl|\btimes\b|\blimits?\b|\bto \$|%/i;

const product = /[×*/]|\bx\b/;

/** "$1,200.00 + $800.00 = $2,100.00", and "$1,200.00 for the hospital and $800.00 for therapy, for a total of $2,100.00". */
export const sentenceSum: BlockRule = {
  id: 'sentence_sum',
  severity: 'blocks',
  inBlock({ kind, text, reading: { sentences, amounts } }) {
    if (kind === 'row' || amounts.length < 3) return [];
    return sentences.flatMap(({ start, end }) => {
      const own = amounts.filter((amount) => amount.start >= start && amount.end <= end);
      return own.length < 3 ? [] : [...equation(text, start, own), ...inWords(text.slice(start, end), start, own)];
    });
  },
};

function equation(text: string, from: number, own: readonly AmountMention[]): BlockFound[] {
  if (product.test(text.slice(from, own[0]?.start))) return [];
  let [sum, terms] = [own[0]?.cents ?? 0, 1];
  const found: BlockFound[] = [];
  for (const [index, amount] of own.entries()) {
    const before = own[index - 1];
    if (!before) continue;
    const between = text.slice(before.end, amount.start);
    if (product.test(between)) return found;
    if (between.length < 60 && /^[^=]*[+][^=]*$/.test(between)) [sum, terms] = [sum + amount.cents, terms + 1];
    else if (between.length < 60 && /^[^=+]*\s[-–−]\s[^=+]*$/.test(between)) [sum, terms] = [sum - amount.cents, terms + 1];
    else if (between.includes('=') && !between.includes('+')) {
      if (terms > 1 && sum !== amount.cents) found.push(wrong(amount, sum));
      [sum, terms] = [amount.cents, 1];
    } else [sum, terms] = [amount.cents, 1];
  }
  return found;
}

function inWords(sentence: string, from: number, own: readonly AmountMention[]): BlockFound[] {
  if (noAddends.test(sentence)) return [];
  return own.flatMap((amount, index): BlockFound[] => {
    if (index < 2 || !totalWords.test(sentence.slice(Math.max(0, amount.start - from - 40), amount.start - from))) return [];
    const addends = own.slice(0, index).map(({ cents }) => cents);
    // a sum of the last few of them is one, too
    const fits = addends.some((_, first) => sumCents(addends.slice(first)) === amount.cents);
    return fits ? [] : [wrong(amount, sumCents(addends))];
  });
}

const wrong = ({ start, end, text, cents }: AmountMention, sum: number): BlockFound => ({
  start,
  end,
  about: [String(cents), String(sum)].join('\n'),
  reason: `The amounts named here come to ${formatCents(sum)}, not ${text}.`,
  mend: { replace: formatCents(sum) },
});
