import { citationText } from '../../shared/citations.ts';
import { formatCents } from '../../shared/money.ts';
import type { Block, Inline, LetterValues } from '../../shared/letters.ts';

/** What a letter asks of its facts: names in order of first use, each once. */
export interface VariablesUsed {
  /** Names shown by variable chips. */
  shown: string[];
  /** Names that citation chips point to. */
  cited: string[];
  specialsTable: boolean;
  exhibitList: boolean;
}

/** Walks the letter once, in reading order. */
export function variablesUsed(blocks: readonly Block[]): VariablesUsed {
  const shown = new Set<string>();
  const cited = new Set<string>();
  let specialsTable = false;
  let exhibitList = false;
  for (const block of allBlocks(blocks)) {
    if (block.type === 'specialsTable') specialsTable = true;
    else if (block.type === 'exhibitList') exhibitList = true;
    else if (block.type === 'heading' || block.type === 'paragraph') {
      for (const inline of allInlines(block.content)) {
        if (inline.type === 'variable') shown.add(inline.name);
        else if (inline.type === 'citation') cited.add(inline.of);
      }
    }
  }
  return { shown: [...shown], cited: [...cited], specialsTable, exhibitList };
}

/** Every block in reading order, a container before what it holds. */
export function* allBlocks(blocks: readonly Block[]): Generator<Block> {
  for (const block of blocks) {
    yield block;
    if (block.type === 'list') for (const item of block.items) yield* allBlocks(item);
    else if (block.type === 'quote') yield* allBlocks(block.content);
    else if (block.type === 'table') for (const { cells } of block.rows) for (const cell of cells) yield* allBlocks(cell);
  }
}

/** What stands in a block's text in reading order, a footnote before what it holds: a citation in it is one of its sentence. */
export function* allInlines(content: readonly Inline[]): Generator<Inline> {
  for (const inline of content) {
    yield inline;
    if (inline.type === 'footnote') yield* allInlines(inline.content);
  }
}

/**
 * The letter as plain text, for search, previews and comparison: blocks separated by an empty line, list items with
 * "- " or "1. ", tables as one line per row, its cells parted by tabs, a footnote's words where its number stands. A variable without a value reads "[Label]".
 */
export function letterText(blocks: readonly Block[], values: LetterValues): string {
  let numbered = 0;
  return blocks
    .map((block) => {
      const text = blockText(block, values);
      return block.type === 'paragraph' && block.numbered ? `${String((numbered += 1))}. ${text}` : text;
    })
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockText(block: Block, values: LetterValues): string {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return inlineText(block.content, values, (note) => ` [Footnote: ${inlineText(note, values)}]`);
    case 'list':
      return block.items
        .map((item, index) => `${block.ordered ? `${String(index + 1)}.` : '-'} ${letterText(item, values).replaceAll('\n', '\n  ')}`)
        .join('\n');
    case 'quote':
      return letterText(block.content, values);
    case 'specialsTable':
      return values.specials.providers.map(({ provider, billedCents }) => `${provider} ${formatCents(billedCents)}`).join('\n');
    case 'exhibitList':
      return values.exhibits.map(({ mark, name }) => `Exhibit ${mark}: ${name}`).join('\n');
    case 'table':
      return block.rows.map(({ cells }) => cells.map((cell) => cellText(cell, values)).join('\t')).join('\n');
    case 'pageBreak':
      return '';
  }
}

/** A cell's text on one line. */
export function cellText(cell: readonly Block[], values: LetterValues): string {
  return letterText(cell, values).replace(/\s+/g, ' ').trim();
}

/** The text of one run of a block, chips resolved; a citation without a source leaves no gap, nor does a footnote, if it is not said what it reads. */
export function inlineText(
  content: readonly Inline[],
  values: LetterValues,
  noteText: (note: readonly Inline[]) => string = () => '',
): string {
  let text = '';
  for (const inline of content) {
    if (inline.type === 'text') text += inline.text;
    else if (inline.type === 'footnote') text += noteText(inline.content);
    else if (inline.type === 'break') text += '\n';
    else if (inline.type === 'variable') text += variableText(values, inline.name);
    else text = joinCitation(text, citationText(values, inline.of));
  }
  return text;
}

/** What a variable chip reads: its text, or "[Label]" where nothing is known. */
export function variableText(values: LetterValues, name: string): string {
  const variable = Object.hasOwn(values.variables, name) ? values.variables[name] : undefined;
  if (!variable) return `[${name}]`;
  return variable.state === 'missing' || variable.text === '' ? `[${variable.label}]` : variable.text;
}

function joinCitation(text: string, citation: string): string {
  return citation === '' ? text.replace(/ $/, '') : text + citation;
}
