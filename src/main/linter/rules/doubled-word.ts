import { isTyped, matchesOf, type BlockFound, type BlockRule } from '../lint-rule.ts';

const twice = /\b([a-z]{1,30})\s{1,3}\1\b/gi;
/** Words that English says twice. */
const fine = new Set(['had', 'that', 'so', 'very', 'no', 'ha', 'bye', 'knock', 'now']);
/** Part of a longer word for us, though no letter of ASCII. */
const joins = /[\p{L}\p{N}'’-]/u;

/** "the the". Names are let be: Walla Walla. */
export const doubledWord: BlockRule = {
  id: 'doubled_word',
  severity: 'asks',
  inBlock(block) {
    const { text, kind } = block;
    if (kind === 'row') return [];
    return matchesOf(twice, text).flatMap(({ match, start, end }): BlockFound[] => {
      const first = match[1] ?? '';
      const second = text.slice(end - first.length, end);
      if (second !== second.toLowerCase() || fine.has(second) || match[0].includes('\n\n')) return [];
      if (joins.test(text.charAt(start - 1)) || joins.test(text.charAt(end)) || !isTyped(block, { start, end })) return [];
      const about = `${second}\n${text.slice(end, end + 40)}`;
      return [{ start, end, about, reason: `“${second}” stands twice.`, mend: { replace: first } }];
    });
  },
};
