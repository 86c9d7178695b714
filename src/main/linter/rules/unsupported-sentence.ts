import type { BlockFound, BlockRule, ReadLintBlock } from '../lint-rule.ts';
import type { Span } from '../lint-letter.ts';
import { chipMark, isOfFact } from '../statement.ts';

/**
 * A sentence of fact that cites nothing: it is cited, attested by an attorney, or struck before the letter goes out. Of Steno's own letters alone: one from outside cites by
 * other means. A citation behind the full stop is the sentence's before it.
 */
export const unsupportedSentence: BlockRule = {
  id: 'unsupported_sentence',
  severity: 'blocks',
  inBlock(block) {
    const { text, kind, reading, isComputed } = block;
    if (isComputed || kind === 'heading' || kind === 'row') return [];
    return reading.sentences.flatMap((sentence, at): BlockFound[] => {
      const said = withoutCitations(block, sentence).trimEnd();
      const isFragment = !/[.!:]["”’)]*$/.test(said);
      // lines of an address or of the reference block are no sentences
      if (isFragment && kind === 'paragraph') return [];
      // what nobody knows yet blocks by its own name
      if (block.chips.some(({ isMissing, start, end }) => isMissing && start < sentence.end && end > sentence.start)) return [];
      if (isCited(block, sentence) || isCited(block, citationsBehind(block, at)) || !isOfFact(said, isFragment)) return [];
      const about = text.slice(sentence.start, sentence.end).replace(/\s+/g, ' ').trim();
      const reason = `No source: “${about.slice(0, 120)}${about.length > 120 ? '…' : ''}” Cite it, strike it, or let an attorney attest it.`;
      return [{ ...sentence, about, reason, mend: { replace: '' } }];
    });
  },
};

const isCited = ({ chips }: ReadLintBlock, { start, end }: Span): boolean =>
  chips.some((chip) => chip.is === 'citation' && chip.start >= start && chip.end <= end && start < end);

/** What follows a sentence and is nothing but citations. */
function citationsBehind(block: ReadLintBlock, at: number): Span {
  const next = block.reading.sentences[at + 1];
  const nothing = { start: 0, end: 0 };
  return next && withoutCitations(block, next).replace(/[\s.,;()]/g, '') === '' ? next : nothing;
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
