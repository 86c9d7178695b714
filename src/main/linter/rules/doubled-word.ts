import { isTyped, type BlockFound, type BlockRule } from '../lint-rule.ts';

const twice = /(?<![\p{L}\p{N}'’-])(\p{L}{1,30})(\s{1,3})(\p{Ll}{1,30})(?![\p{L}\p{N}'’-])/gu;
/** Words that English says twice. */
const fine = new Set(['had', 'that', 'so', 'very', 'no', 'ha', 'bye', 'knock', 'now']);

/** "the the". Names are let be: Walla Walla. */
export const doubledWord: BlockRule = {
  id: 'doubled_word',
  severity: 'asks',
  inBlock(block) {
    const { text, kind } = block;
    if (kind === 'row') return [];
    const found: BlockFound[] = [];
    // neighbours overlap, so each pair is looked at from its first word
    for (let at = 0; at < text.length;) {
      twice.lastIndex = at;
      const match = twice.exec(text);
      if (!match) break;
      const [all, first = '', gap = '', second = ''] = match;
      at = match.index + first.length;
      const place = { start: match.index, end: match.index + all.length };
      if (first.toLowerCase() !== second || fine.has(second) || gap.includes('\n\n') || !isTyped(block, place)) continue;
      found.push({
        ...place,
        about: `${second}\n${text.slice(place.end, place.end + 40)}`,
        reason: `“${second}” stands twice.`,
        mend: { replace: first },
      });
    }
    return found;
  },
};
