import { citationText } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import type { LedgerAmounts } from '../../shared/facts.ts';
import type { Block, Inline, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import type { ComparedLine, ComparedPiece } from '../../shared/versions.ts';
import { variableText } from '../sync/letter-text.ts';

type Look = Omit<ComparedPiece, 'kind' | 'text'>;
/** A word, a space or a mark of punctuation, with how it looks. */
export interface Token {
  text: string;
  look: Look;
}
export interface Line extends Pick<ComparedLine, 'type' | 'level' | 'marker'> {
  cells: Token[][];
}

/** A letter as the lines a reader sees, chips and tables by the values given. Pure. */
export function linesOf(blocks: readonly Block[], values: LetterValues): Line[] {
  let numbered = 0;
  const notes: Line[] = [];
  const tokens: Tokens = (content) => tokensOf(content, values, (note) => notes.push(footnoteLine(note, values, notes.length + 1)));
  const lines = blocks.flatMap((block) => {
    const isNumbered = block.type === 'paragraph' && block.numbered === true;
    return linesOfBlock(block, values, isNumbered ? 1 : 0, isNumbered ? `${String((numbered += 1))}.` : null, tokens);
  });
  return [...lines, ...notes];
}

/** The words of a block; its footnotes go to the foot of the letter. */
type Tokens = (content: readonly Inline[]) => Token[];

function footnoteLine(content: readonly Inline[], values: LetterValues, number: number): Line {
  return { type: 'footnote', level: 0, marker: String(number), cells: [tokensOf(content, values, () => undefined)] };
}

/** What a line says and looks like: equal keys, equal lines. A list item's number follows from those before it and is not in it. */
export function lineKey({ type, level, cells }: Line): string {
  return [type, level, ...cells.map((cell) => cell.map(tokenKey).join('\u0001'))].join('\u0002');
}

/** A word that is a chip here and typed there reads the same. */
export function tokenKey({ text, look: { bold, italic, underline, note } }: Token): string {
  // which number it has follows from those before it
  if (note) return '\u0003note';
  return bold || italic || underline ? `${text}\u0003${bold ? 'b' : ''}${italic ? 'i' : ''}${underline ? 'u' : ''}` : text;
}

export function lineText({ cells }: Line): string {
  return cells.map((cell) => cell.map(({ text }) => text).join('')).join('\t');
}

function linesOfBlock(block: Block, values: LetterValues, level: number, marker: string | null, tokens: Tokens): Line[] {
  switch (block.type) {
    case 'heading':
      return [{ type: 'heading', level: block.level, marker: null, cells: [tokens(block.content)] }];
    case 'paragraph':
      return [{ type: marker === null ? 'paragraph' : 'item', level, marker, cells: [tokens(block.content)] }];
    case 'quote':
      return block.content.flatMap((inner) => linesOfBlock(inner, values, level + 1, null, tokens));
    case 'list':
      return block.items.flatMap((item, nth) => {
        const mark = block.ordered ? `${String(nth + 1)}.` : '•';
        const lines = item.flatMap((inner, place) => linesOfBlock(inner, values, level + 1, place === 0 ? mark : null, tokens));
        return lines.length > 0 ? lines : [{ type: 'item' as const, level: level + 1, marker: mark, cells: [[]] }];
      });
    case 'specialsTable':
      return specialsLines(values, level);
    case 'exhibitList':
      return values.exhibits.map(({ mark, name }) => ({
        type: 'exhibit',
        level,
        marker: null,
        cells: [`Exhibit ${mark}`, name].map(plain),
      }));
    case 'table':
      return block.rows.map(({ isHead, cells }) => ({
        type: isHead ? 'tableHead' : 'tableRow',
        level,
        marker: null,
        cells: cells.map((cell) => cellTokens(cell, values, tokens)),
      }));
    case 'pageBreak':
      return [{ type: 'pageBreak', level, marker: null, cells: [plain('Page break')] }];
  }
}

/** What stands in a cell as one text: its paragraphs and items on lines of their own. */
function cellTokens(cell: readonly Block[], values: LetterValues, tokens: Tokens): Token[] {
  return cell
    .flatMap((block) => linesOfBlock(block, values, 0, null, tokens))
    .flatMap(({ marker, cells }, nth) => [...plain(`${nth > 0 ? '\n' : ''}${marker === null ? '' : `${marker} `}`), ...cells.flat()]);
}

function specialsLines({ specials: { providers, totals } }: LetterValues, level: number): Line[] {
  const row = (type: 'head' | 'row' | 'total', ...texts: string[]): Line => ({ type, level, marker: null, cells: texts.map(plain) });
  const amounts = ({ billedCents, adjustedCents, paidCents, owedCents }: LedgerAmounts): string[] =>
    [billedCents, adjustedCents, paidCents, owedCents].map(formatCents);
  return [
    row('head', 'Provider', 'Dates of service', 'Billed', 'Adjusted', 'Paid', 'Owed'),
    ...providers.map((one) => row('row', one.provider, formatService(one.serviceFrom, one.serviceTo), ...amounts(one))),
    row('total', 'Total', '', ...amounts(totals)),
  ];
}

function tokensOf(content: readonly Inline[], values: LetterValues, onFootnote: (content: readonly Inline[]) => void): Token[] {
  return content.flatMap((inline, nth): Token[] => {
    if (inline.type === 'footnote') {
      onFootnote(inline.content);
      return [{ text: noteMark, look: { note: true } }];
    }
    if (inline.type === 'break') return [{ text: '\n', look: {} }];
    if (inline.type === 'variable') return inWords(variableText(values, inline.name), { chip: true });
    if (inline.type === 'citation') return inWords(citationText(values, inline.of), { chip: true });
    const { bold, italic, underline } = inline;
    const next = content[nth + 1];
    // as in the letter's text: a citation without a source leaves no gap
    const text = next?.type === 'citation' && citationText(values, next.of) === '' ? inline.text.replace(/ $/, '') : inline.text;
    return inWords(text, { ...(bold && { bold }), ...(italic && { italic }), ...(underline && { underline }) });
  });
}

/** Stands for a footnote's number, which the reader's window counts. */
const noteMark = '†';

function plain(text: string): Token[] {
  return inWords(text, {});
}

/** Words with what stands inside them ($19,748.00, 3-5, O’Brien), spaces, and every other mark by itself: joined they are the text. */
function inWords(text: string, look: Look): Token[] {
  const words = text.match(/\s|[\p{L}\p{N}$](?:[\p{L}\p{N}\p{M}]|['’/-](?=[\p{L}\p{N}])|[.,](?=\p{N}))*%?|[^\s]/gu) ?? [];
  return words.map((word) => ({ text: word, look }));
}
