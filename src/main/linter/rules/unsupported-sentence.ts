import type { BlockFound, BlockRule, ReadLintBlock } from '../lint-rule.ts';
import type { Span } from '../lint-letter.ts';
import { chipMark, isOfFact } from '../statement.ts';

/**
 * A sentence of fact that cites nothing: it is cited, attested by an attorney, or struck before the letter goes out. Of Steno's own letters alone: one from outside cites by
 * other means.
 */
export const unsupportedSentence: BlockRule = {
  id: 'unsupported_sentence',
  severity: 'blocks',
  inBlock(block) {
    const { text, kind, isComputed } = block;
    if (isComputed || kind === 'heading' || kind === 'row') return [];
    return citedSentences(block).flatMap(({ start, end, isCited }): BlockFound[] => {
      const said = withoutCitations(block, { start, end }).trimEnd();
      const isFragment = !/[.!:]["”’)]*$/.test(said);
      // lines of an address or of the reference block are no sentences
      if (isFragment && kind === 'paragraph') return [];
      // what nobody knows yet blocks by its own name
      if (block.chips.some((chip) => chip.isMissing && chip.start < end && chip.end > start)) return [];
      if (isCited || !isOfFact(said, isFragment)) return [];
      const about = text.slice(start, end).replace(/\s+/g, ' ').trim();
      const reason = `No source: “${about.slice(0, 120)}${about.length > 120 ? '…' : ''}” Cite it, strike it, or let an attorney attest it.`;
      return [{ start, end, about, reason, mend: { replace: '' } }];
    });
  },
};

/** A block's sentences, and whether they cite. A citation behind the full stop is the sentence's before it, although it reads like the next one's beginning. */
function citedSentences({ reading, chips, text }: ReadLintBlock): (Span & { isCited: boolean })[] {
  const cites = chips.filter(({ is }) => is === 'citation');
  const sentences: (Span & { isCited: boolean })[] = [];
  for (const { start, end } of reading.sentences) {
    let from = start;
    for (const cite of cites) {
      if (cite.start < from || cite.start >= end || text.slice(from, cite.start).trim() !== '') continue;
      const before = sentences.at(-1);
      if (!before) break;
      before.isCited = true;
      from = cite.end;
    }
    while (from < end && /\s/.test(text.charAt(from))) from += 1;
    if (from < end) sentences.push({ start: from, end, isCited: cites.some((cite) => cite.start >= from && cite.end <= end) });
  }
  return sentences;
}

/** A sentence with its variables as marks. */
function withoutCitations({ text, chips }: ReadLintBlock, { start, end }: Span): string {
  let said = '';
  let from = start;
  for (const chip of chips.filter((one) => one.start < end && one.end > start).toSorted((a, b) => a.start - b.start)) {
    said += text.slice(from, Math.max(from, chip.start)) + (chip.is === 'variable' ? chipMark : '');
    from = Math.max(from, chip.end);
  }
  return said + text.slice(from, end);
}
