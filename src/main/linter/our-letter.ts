import { citationText } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import type { ProviderTotals } from '../../shared/facts.ts';
import type { Block, Inline, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { allBlocks, allInlines, variableText } from '../sync/letter-text.ts';
import { mostBlockChars, mostBlocks, type Chip, type LintBlock, type LintLetter } from './lint-letter.ts';

interface OurLetter {
  blocks: readonly Block[];
  values: LetterValues;
  /** ISO day. */
  letterDate: string | null;
  demandCents: number | null;
}

/** One of Steno's letters, with its chips as the editor shows them. A place's offsets count in what `inlineText` makes of the block. */
export function ourLetter({ blocks, values, letterDate, demandCents }: OurLetter): LintLetter {
  const out: LintBlock[] = [];
  const notes: LintBlock[] = [];
  walk(blocks, [], values, 'paragraph', out, notes);
  const hasList = out.some(({ isComputed, text }) => isComputed && text.startsWith('Exhibit '));
  const marks = values.exhibits.map(({ mark }) => mark);
  return {
    isOurs: true,
    blocks: [...out, ...notes].slice(0, mostBlocks),
    letterDate,
    demandCents,
    exhibits: hasList || marks.length > 0 ? marks : null,
  };
}

/** `notes`: the letter's footnotes, which stand behind everything else. */
function walk(
  blocks: readonly Block[],
  above: number[],
  values: LetterValues,
  kind: 'paragraph' | 'item',
  out: LintBlock[],
  notes: LintBlock[],
): void {
  for (const [index, block] of blocks.entries()) {
    const path = [...above, index];
    const footnote = (content: readonly Inline[], of: number[]): void => {
      notes.push({ path: of, kind: 'paragraph', ...visible(content, values), isComputed: false, page: null });
    };
    const computed = (texts: readonly string[], of: 'row' | 'item'): void => {
      for (const [row, text] of texts.entries())
        out.push({ path: [...path, row], kind: of, text, chips: [], isComputed: true, page: null });
    };
    if (block.type === 'list') for (const [item, own] of block.items.entries()) walk(own, [...path, item], values, 'item', out, notes);
    else if (block.type === 'quote') walk(block.content, path, values, kind, out, notes);
    else if (block.type === 'specialsTable') computed(specialsRows(values.specials), 'row');
    else if (block.type === 'exhibitList') computed(exhibitLines(values), 'item');
    else if (block.type === 'table') {
      for (const [row, { cells }] of block.rows.entries()) {
        out.push({ path: [...path, row], kind: 'row', ...rowOf(cells, values), isComputed: false, page: null });
        for (const [nth, note] of footnotesOf(...cells.flat()).entries()) footnote(note, [...path, row, nth]);
      }
    } else if (block.type !== 'pageBreak') {
      const { text, chips } = visible(block.content, values);
      out.push({ path, kind: block.type === 'heading' ? 'heading' : kind, text, chips, isComputed: false, page: null });
      for (const [nth, note] of footnotesOf(block).entries()) footnote(note, [...path, nth]);
    }
  }
}

/** A row of a table that was typed: its cells parted by tabs, each on one line. What they say is typed but for its chips, so that a total that does not add up is found. */
function rowOf(cells: readonly Block[][], values: LetterValues): { text: string; chips: Chip[] } {
  let text = '';
  const chips: Chip[] = [];
  for (const [nth, cell] of cells.entries()) {
    if (nth > 0) text += '\t';
    for (const [place, content] of wordsOf(cell).entries()) {
      if (place > 0) text += ' ';
      const said = visible(content, values);
      for (const chip of said.chips) chips.push({ ...chip, start: chip.start + text.length, end: chip.end + text.length });
      // a character for a character, so that places stay
      text += said.text.replace(/[\t\n]/g, ' ');
    }
  }
  return text.length > mostBlockChars ? cutOff(text, chips) : { text, chips };
}

/** What is written in the paragraphs and headings of some blocks, in order. */
const wordsOf = (blocks: readonly Block[]): Inline[][] =>
  [...allBlocks(blocks)].flatMap((block) => (block.type === 'paragraph' || block.type === 'heading' ? [block.content] : []));

const footnotesOf = (...blocks: readonly Block[]): Inline[][] =>
  wordsOf(blocks).flatMap((content) => content.flatMap((inline) => (inline.type === 'footnote' ? [inline.content] : [])));

const exhibitLines = ({ exhibits }: LetterValues): string[] => exhibits.map(({ mark, name }) => `Exhibit ${mark}: ${name}`);

function specialsRows({ providers, totals }: LetterValues['specials']): string[] {
  if (providers.length === 0) return [];
  const amounts = (of: Pick<ProviderTotals, 'billedCents' | 'adjustedCents' | 'paidCents' | 'owedCents'>): string[] =>
    [of.billedCents, of.adjustedCents, of.paidCents, of.owedCents].map(formatCents);
  return [
    ['Provider', 'Dates of service', 'Billed', 'Adjusted', 'Paid', 'Owed'],
    ...providers.map((row) => [row.provider, formatService(row.serviceFrom, row.serviceTo), ...amounts(row)]),
    ['Total', '', ...amounts(totals)],
  ].map((cells) => cells.join('\t'));
}

/** The same text as `inlineText` makes, and where its chips stand in it. */
function visible(content: readonly Inline[], values: LetterValues): { text: string; chips: Chip[] } {
  let text = '';
  const chips: Chip[] = [];
  for (const inline of content) {
    if (inline.type === 'text') text += inline.text;
    else if (inline.type === 'break') text += '\n';
    else if (inline.type === 'footnote') {
      // it takes no room in the text; what it cites proves the sentence it stands in, also behind that one's full stop
      const at = Math.max(0, text.length - 1);
      for (const inner of allInlines(inline.content))
        if (inner.type === 'citation')
          chips.push({ start: at, end: at, is: 'citation', name: inner.of, isMissing: isMissing(inner.of, values), isEntered: false });
    } else {
      const name = inline.type === 'variable' ? inline.name : inline.of;
      const said = inline.type === 'variable' ? variableText(values, name) : citationText(values, name);
      if (said === '' && inline.type === 'citation') text = text.replace(/ $/, '');
      chips.push({
        start: text.length,
        end: text.length + said.length,
        is: inline.type,
        name,
        isMissing: isMissing(name, values),
        isEntered: isEntered(name, values),
      });
      text += said;
    }
  }
  return text.length > mostBlockChars ? cutOff(text, chips) : { text, chips };
}

/** The letterhead's, the letter's own day and title, and the demand state nothing that happened. */
const ofTheLetter = new Set(['firm_name', 'firm_address', 'firm_phone', 'firm_email', 'letter_title', 'letter_date', 'demand_amount']);

function isEntered(name: string, { variables }: LetterValues): boolean {
  return !ofTheLetter.has(name) && Object.hasOwn(variables, name) && variables[name]?.state === 'entered';
}

function isMissing(name: string, { variables }: LetterValues): boolean {
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return !variable || variable.state === 'missing' || variable.text === '';
}

function cutOff(text: string, chips: readonly Chip[]): { text: string; chips: Chip[] } {
  return { text: text.slice(0, mostBlockChars), chips: chips.filter(({ end }) => end <= mostBlockChars) };
}
