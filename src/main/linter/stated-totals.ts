import { sentenceAt, type AmountMention } from './block-reading.ts';
import type { ReadLintBlock } from './lint-rule.ts';

export type Figure = 'billed' | 'adjusted' | 'paid' | 'owed';

/** A sentence's amount that it calls the total of the medical bills, or of what was paid or is owed of them. */
export interface StatedSum extends AmountMention {
  block: ReadLintBlock;
  figure: Figure;
}

const isTotal =
  /\b(?:total(?:s|ed|led|ing|ling)?|in all|altogether|aggregate|add(?:s|ed)? up to|come(?:s)? to|amount(?:s|ed|ing)? to|sum of)\b/i;
const figures: readonly [Figure, RegExp][] = [
  ['adjusted', /\b(?:adjusted|adjustments?|written off)\b/i],
  ['paid', /\b(?:paid|payments?)\b/i],
  ['owed', /\b(?:owed|owing|outstanding|unpaid|balances?)\b/i],
  ['billed', /\b(?:billed|charged|charges|specials|(?:medical|treatment|health ?care) (?:expenses|bills|costs|specials|charges))\b/i],
];
const otherSums =
  /\b(?:future|wages?|earnings?|income|lost|property|limits?|demand\w*|settle\w*|liens?|per|hourly|estimat\w+|economic|non-?economic|general|pain|damages|range|verdicts?|rental|repair|hospital|ambulance|chiropract\w*|physical therapy|imaging|surg\w+|emergency|clinic|pharmacy|radiology|orthop\w+)\b/i;
const before = 110;
const after = 40;

/** In sentences only: rows of tables say their sums by their place. */
export function statedTotals(block: ReadLintBlock): StatedSum[] {
  if (block.kind === 'row') return [];
  const { text, reading } = block;
  return reading.amounts.flatMap((amount): StatedSum[] => {
    const sentence = sentenceAt(reading, amount.start);
    if (reading.amounts.some((one) => one !== amount && one.start >= sentence.start && one.end <= sentence.end)) return [];
    const words = text.slice(Math.max(sentence.start, amount.start - before), Math.min(sentence.end, amount.end + after));
    if (!isTotal.test(words) || otherSums.test(words)) return [];
    const figure = figures.find(([, pattern]) => pattern.test(words))?.[0];
    return figure ? [{ ...amount, block, figure }] : [];
  });
}
