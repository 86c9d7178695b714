import type { LetterFound, LetterRule, ReadLintBlock } from '../lint-rule.ts';

const leastWords = 8;
/** Short lines at the head and foot of a page stand on each. */
const running = 2;
const mostRunning = 120;

/** The same paragraph twice. */
export const doubledParagraph: LetterRule = {
  id: 'doubled_paragraph',
  severity: 'blocks',
  inLetter({ blocks, letter }) {
    const seen = new Map<string, ReadLintBlock>();
    const edges = letter.isOurs ? new Set<ReadLintBlock>() : edgesOf(blocks);
    return blocks.flatMap((block): LetterFound[] => {
      if (block.kind === 'row' || block.kind === 'heading' || block.text.length < 40) return [];
      if (block.reading.words.length < leastWords) return [];
      const key = block.text.toLowerCase().replace(/\s+/g, ' ').trim();
      const before = seen.get(key);
      if (!before) {
        seen.set(key, block);
        return [];
      }
      if (edges.has(block) && edges.has(before) && block.page !== before.page) return [];
      return [{ block, start: 0, end: block.text.length, about: key, reason: 'This paragraph stands in the letter twice.' }];
    });
  },
};

function edgesOf(blocks: readonly ReadLintBlock[]): Set<ReadLintBlock> {
  return new Set(
    [...Map.groupBy(blocks, ({ page }) => page).values()].flatMap((own) =>
      [...own.slice(0, running), ...own.slice(-running)].filter(({ text }) => text.length <= mostRunning && !text.includes('\n')),
    ),
  );
}
