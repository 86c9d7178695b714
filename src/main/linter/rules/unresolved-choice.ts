import { isTyped, matchesOf, type BlockRule } from '../lint-rule.ts';

const choices = [
  /\ba\.?m\.? ?\/ ?p\.?m\b\.?/gi,
  /\b(?:he ?\/ ?she|she ?\/ ?he|him ?\/ ?her|her ?\/ ?him|his ?\/ ?hers?|hers? ?\/ ?his|himself ?\/ ?herself|s\/he|\(s\)he)\b/gi,
  /\b(?:Mr|Mrs|Ms)\.? ?\/ ?(?:Mrs|Ms|Mr|Miss)\b\.?/gi,
  /\b(?:is ?\/ ?are|was ?\/ ?were|has ?\/ ?have|does ?\/ ?do|its ?\/ ?their|plaintiff ?\/ ?plaintiffs|client ?\/ ?clients)\b/gi,
  /\[[^\][\n/]{1,40}\/[^\][\n/]{1,40}(?:\/[^\][\n/]{1,40})?\]/g,
];

/** Words that stand beside each other until somebody chooses. "And/or" is a word of the trade. */
export const unresolvedChoice: BlockRule = {
  id: 'unresolved_choice',
  severity: 'blocks',
  inBlock(block) {
    const { text } = block;
    if (!/[/(]/.test(text)) return [];
    const found = choices.flatMap((pattern) => matchesOf(pattern, text)).filter((place) => isTyped(block, place));
    return found
      .filter(({ match }) => !/^\[(?:X|\d|_)+\/|https?:/i.test(match[0]))
      .filter(({ start, end }) => !found.some((other) => other.start <= start && other.end >= end && other.end - other.start > end - start))
      .map(({ match, start, end }) => ({ start, end, about: `${match[0]}\n${text.slice(Math.max(0, start - 30), start)}`, reason: `Nobody has chosen yet: “${match[0]}”.` })); // prettier-ignore
  },
};
