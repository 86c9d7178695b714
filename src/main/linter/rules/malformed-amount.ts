import { parseCents } from '../../../shared/money.ts';
import { isTyped, matchesOf, type BlockRule } from '../lint-rule.ts';

const withSign = /(?<![\w.,$])\$ {0,2}\d[\d.,]{0,30}(?![\w$%])/g;
/** "1.234,56": as other countries write amounts. */
const foreign = /(?<![\w.,$/-])\d{1,3}(?:\.\d{3}){1,4},\d{2}(?![\w,]|\.\d)/g;
const doubled = /\${2,4} ?\d[\d.,]{0,30}/g;
const scaled = /^\s?(?:million|billion|thousand|[kKmMbB]\b)/;

/** "$200,00", "$1,00.00", "1.234,56": nobody can say what sum is meant, so none is offered. */
export const malformedAmount: BlockRule = {
  id: 'malformed_amount',
  severity: 'blocks',
  inBlock(block) {
    const { text } = block;
    if (!/[$,]/.test(text)) return [];
    return [withSign, foreign, doubled].flatMap((pattern) =>
      matchesOf(pattern, text).flatMap(({ match, start }) => {
        const quote = match[0].replace(/[.,]+$/, '');
        const end = start + quote.length;
        if ((parseCents(quote) !== null && !quote.startsWith('$$')) || scaled.test(text.slice(end)) || !isTyped(block, { start, end }))
          return [];
        return [{ start, end, about: quote, reason: `“${quote}” is not written as an amount; say what sum is meant.` }];
      }),
    );
  },
};
