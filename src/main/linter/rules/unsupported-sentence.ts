import type { BlockFound, BlockRule, ReadLintBlock } from '../lint-rule.ts';
import { mostBlockChars, type Span } from '../lint-letter.ts';
import { chipMark, isOfFact } from '../statement.ts';

/**
 * A sentence of fact that cites nothing: it is cited, attested by an attorney, or struck before the letter goes out. Of Steno's own letters alone: one from outside cites by
 * other means.
 */
export const unsupportedSentence: BlockRule = {
  id: 'unsupported_sentence',
  severity: 'blocks',
  // what is behind the fiftieth of a paragraph is a fact, too
  isWhole: true,
  inBlock(block) {
    const { text, isComputed } = block;
    if (isComputed) return [];
    const found = citedSentences(block).flatMap(({ start, end, isCited }): BlockFound[] => {
      const said = withoutCitations(block, { start, end }).trimEnd();
      // what nobody knows yet blocks by its own name
      if (block.chips.some((chip) => chip.isMissing && chip.start < end && chip.end > start)) return [];
      if (isCited || !isOfFact(said, isFragment(block, said))) return [];
      const about = text.slice(start, end).replace(/\s+/g, ' ').trim();
      const reason = `No source: “${about.slice(0, 120)}${about.length > 120 ? '…' : ''}” Cite it, strike it, or let an attorney attest it.`;
      return [{ start, end, about, reason, mend: { replace: '' } }];
    });
    if (text.length < mostBlockChars) return found;
    const reason = 'This paragraph is longer than Steno can check. Split it.';
    return [...found, { start: text.length - 1, end: text.length, about: `too long\n${text.slice(0, 200)}`, reason }];
  },
};

/** Lines of an address, headings, what stands in a cell: of these only what happened is told, for figures are what they are made of. */
const isFragment = ({ kind }: ReadLintBlock, said: string): boolean =>
  kind === 'heading' || kind === 'row' || !/[.!?:…][\])”"’»*]*$/.test(said);

/** A full stop, whatever was short before it; and one that nobody put a space behind. */
const moreEnds =
  /(?<=(?<!\b(?:Mr|Mrs|Ms|Dr|Nos?|vs?|St|Ex|Exs|Rev|Hon|Sgt|Lt|Capt|[A-Z]))[.!?][)”"’»\]]{0,2})\s+(?=(?:\uFFFC|[A-Z][a-z’']+\b))|(?<=[a-z]{2}[.!?])(?=[A-Z][a-z])|\t/gu;

function piecesOf(text: string, { start, end }: Span): Span[] {
  const pieces: Span[] = [];
  let from = start;
  for (const { index, 0: gap } of text.slice(start, end).matchAll(moreEnds)) {
    pieces.push({ start: from, end: start + index });
    from = start + index + gap.length;
  }
  return [...pieces, { start: from, end }];
}

/** A block's sentences, and whether they cite. A citation behind the full stop is the sentence's before it, although it reads like the next one's beginning. */
function citedSentences({ reading, chips, text }: ReadLintBlock): (Span & { isCited: boolean })[] {
  const cites = chips.filter(({ is }) => is === 'citation');
  const sentences: (Span & { isCited: boolean })[] = [];
  for (const { start, end } of reading.sentences.flatMap((sentence) => piecesOf(text, sentence))) {
    let from = start;
    for (const cite of cites) {
      if (cite.start < from || cite.start >= end || text.slice(from, cite.start).trim() !== '') continue;
      const before = sentences.at(-1);
      if (!before) break;
      before.isCited = true;
      from = cite.end;
    }
    while (from < end && /[\s.,;]/.test(text.charAt(from))) from += 1;
    if (from < end) sentences.push({ start: from, end, isCited: cites.some((cite) => cite.start >= from && cite.end <= end) });
  }
  return sentences;
}

/** A sentence with its variables as marks, but for what a person entered: that is her words. */
function withoutCitations({ text, chips }: ReadLintBlock, { start, end }: Span): string {
  let said = '';
  let from = start;
  for (const chip of chips.filter((one) => one.start < end && one.end > start).toSorted((a, b) => a.start - b.start)) {
    said +=
      text.slice(from, Math.max(from, chip.start)) +
      (chip.is === 'citation' ? '' : chip.isEntered ? text.slice(chip.start, chip.end) : chipMark);
    from = Math.max(from, chip.end);
  }
  return said + text.slice(from, end);
}
