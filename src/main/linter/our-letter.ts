import { citationText } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import type { ProviderTotals } from '../../shared/facts.ts';
import type { Block, Inline, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { variableText } from '../sync/letter-text.ts';
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
  walk(blocks, [], values, 'paragraph', out);
  const hasList = out.some(({ isComputed, text }) => isComputed && text.startsWith('Exhibit '));
  const marks = values.exhibits.map(({ mark }) => mark);
  return { isOurs: true, blocks: out.slice(0, mostBlocks), letterDate, demandCents, exhibits: hasList || marks.length > 0 ? marks : null };
}

function walk(blocks: readonly Block[], above: number[], values: LetterValues, kind: 'paragraph' | 'item', out: LintBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    const path = [...above, index];
    const computed = (texts: readonly string[], of: 'row' | 'item'): void => {
      for (const [row, text] of texts.entries())
        out.push({ path: [...path, row], kind: of, text, chips: [], isComputed: true, page: null });
    };
    if (block.type === 'list') for (const [item, own] of block.items.entries()) walk(own, [...path, item], values, 'item', out);
    else if (block.type === 'quote') walk(block.content, path, values, kind, out);
    else if (block.type === 'specialsTable') computed(specialsRows(values.specials), 'row');
    else if (block.type === 'exhibitList') computed(exhibitLines(values), 'item');
    else {
      const { text, chips } = visible(block.content, values);
      out.push({ path, kind: block.type === 'heading' ? 'heading' : kind, text, chips, isComputed: false, page: null });
    }
  }
}

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
    else {
      const name = inline.type === 'variable' ? inline.name : inline.of;
      const said = inline.type === 'variable' ? variableText(values, name) : citationText(values, name);
      if (said === '' && inline.type === 'citation') text = text.replace(/ $/, '');
      const variable = Object.hasOwn(values.variables, name) ? values.variables[name] : undefined;
      const isMissing = !variable || variable.state === 'missing' || variable.text === '';
      chips.push({ start: text.length, end: text.length + said.length, is: inline.type, name, isMissing });
      text += said;
    }
  }
  return text.length > mostBlockChars ? cutOff(text, chips) : { text, chips };
}

function cutOff(text: string, chips: readonly Chip[]): { text: string; chips: Chip[] } {
  return { text: text.slice(0, mostBlockChars), chips: chips.filter(({ end }) => end <= mostBlockChars) };
}
