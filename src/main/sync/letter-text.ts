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
      for (const inline of block.content) {
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
  }
}

/**
 * The letter as plain text, for search, previews and comparison: blocks separated by an empty line, list items with
 * "- " or "1. ", tables as one line per row. A variable without a value reads "[Label]".
 */
export function letterText(blocks: readonly Block[], values: LetterValues): string {
  return blocks
    .map((block) => blockText(block, values))
    .filter((text) => text !== '')
    .join('\n\n');
}

function blockText(block: Block, values: LetterValues): string {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return inlineText(block.content, values);
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
  }
}

/** The text of one run of a block, chips resolved; a citation without a source leaves no gap. */
export function inlineText(content: readonly Inline[], values: LetterValues): string {
  let text = '';
  for (const inline of content) {
    if (inline.type === 'text') text += inline.text;
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
