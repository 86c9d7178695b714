import { formatCents } from '../../../shared/money.ts';
import { expectedTotal, type SumLine } from '../letter-sums.ts';
import { isLessLabel, isTotalLabel } from '../letter-tables.ts';
import type { LetterFound, LetterRule, ReadLintBlock } from '../lint-rule.ts';
import type { Span } from '../lint-letter.ts';

interface ListLine extends SumLine, Span {
  block: ReadLintBlock;
  label: string;
}

const mostChars = 160;
/** Between the name and the amount: what a list has, and a sentence has not. */
const leader = /(?:[:–—-]|\.{2,}|\s{2,}|=)\s*$/;
const sentence = /[.;]\s|\b(?:is|was|were|are|has|have|had|demands?|will|than|from)\b/i;

/** "Hospital: $1,200.00" line by line, and a line "Total: ..." below them that is not their sum. */
export const listSum: LetterRule = {
  id: 'list_sum',
  severity: 'blocks',
  inLetter({ blocks }) {
    const found: LetterFound[] = [];
    let run: ListLine[] = [];
    for (const block of blocks)
      for (const line of linesOf(block)) {
        if (line === null) {
          run = [];
          continue;
        }
        run.push(line);
        if (!line.isTotal || run.filter(({ isTotal }) => !isTotal).length < 2) continue;
        const expected = expectedTotal(run);
        if (expected === null) continue;
        found.push({
          block,
          start: line.start,
          end: line.end,
          about: [line.label, String(line.cents), String(expected)].join('\n'),
          reason: `The lines above add up to ${formatCents(expected)}, not ${formatCents(line.cents)}.`,
          mend: { replace: formatCents(expected) },
        });
      }
    return found;
  },
};

/** Each line that names one amount at its end; null for one that is none and so ends a list. An empty line ends nothing. */
function linesOf(block: ReadLintBlock): (ListLine | null)[] {
  if (block.kind === 'row') return [null];
  let at = 0;
  return block.text.split('\n').flatMap((text): (ListLine | null)[] => {
    const from = at;
    at += text.length + 1;
    if (text.trim() === '') return [];
    const [amount, more] = block.reading.amounts.filter(({ start }) => start >= from && start < from + text.length);
    if (!amount || more || text.length > mostChars) return [null];
    const [label, rest] = [text.slice(0, amount.start - from), text.slice(amount.end - from)];
    const name = label.replace(/^[\s*•·–-]+/, '');
    if (!/\p{L}{2}/u.test(name) || !/^[\s).;,*]*(?:\(Exs?\. [^)]{1,40}\))?[\s).;,*]*$/.test(rest)) return [null];
    if (!isTotalLabel(name) && !leader.test(label) && (sentence.test(label) || name.length > 70)) return [null];
    const { start, end, cents } = amount;
    return [{ block, label: name.trim(), start, end, cents, isTotal: isTotalLabel(name), isLess: isLessLabel(name) }];
  });
}
