import { isTyped, type BlockRule } from '../lint-rule.ts';

/** "February 30, 2024", "06/31/2024". */
export const impossibleDate: BlockRule = {
  id: 'impossible_date',
  severity: 'blocks',
  inBlock(block) {
    return block.reading.days
      .filter((mention) => mention.day === null && isTyped(block, mention))
      .map(({ start, end, text }) => ({ start, end, about: text, reason: `“${text.replace(/\s+/g, ' ')}” is no day of the calendar.` }));
  },
};
