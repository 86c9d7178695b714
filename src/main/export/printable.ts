import { citationText, exhibitPages } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import type { LedgerAmounts } from '../../shared/facts.ts';
import { ownStyle, type LetterStyle } from '../../shared/letter-style.ts';
import type { Letterhead } from '../../shared/letterhead.ts';
import { amountColumns } from '../../shared/letter-tables.ts';
import type { Block, Exhibit, Inline, LetterTable, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { cellText, variableText } from '../sync/letter-text.ts';

/** A letter with nothing left to compute: what the DOCX and PDF writers set in type. */
export interface PrintModel {
  title: string;
  letterhead: Letterhead;
  /** Over every page but the first: claimant, date. */
  runningHead: string[];
  /** Not finalized: both writers mark every page. */
  draft: boolean;
  style: LetterStyle;
  blocks: PrintBlock[];
}

export interface PrintRun {
  /** '\n' alone is a line break. */
  text: string;
  bold: boolean;
  italic: boolean;
  underline: boolean;
  /** A chip without a value, "[Claim number]": drafts only. */
  missing: boolean;
  /** The run is the number of a footnote and nothing else. */
  note?: PrintNote;
}

export interface PrintNote {
  /** Counts from 1 through the letter. */
  number: number;
  runs: PrintRun[];
}

export type PrintBlock =
  | { type: 'heading'; level: 1 | 2 | 3; runs: PrintRun[] }
  /** closing: "Sincerely," and its like, with room for a signature below. leadsIn: a list or table follows on the same page. number: of a numbered one. */
  | { type: 'paragraph'; runs: PrintRun[]; closing: boolean; leadsIn: boolean; number?: number }
  | { type: 'list'; ordered: boolean; items: PrintBlock[][] }
  | { type: 'quote'; blocks: PrintBlock[] }
  | PrintTable
  | { type: 'exhibits'; exhibits: Exhibit[] }
  | TypedTable
  /** Between two blocks of the letter; never first, last or twice. */
  | { type: 'pageBreak' };

/** A table that a person wrote. Each row has as many cells as there are columns. */
export interface TypedTable {
  type: 'typedTable';
  /** share: of the table's width, together 1. */
  columns: { align: 'left' | 'right'; share: number }[];
  rows: { isHead: boolean; cells: PrintBlock[][] }[];
}

export interface PrintTable {
  type: 'table';
  columns: { title: string; align: 'left' | 'right' }[];
  rows: string[][];
  totals: string[];
}

export interface PrintSource {
  blocks: readonly Block[];
  values: LetterValues;
  letterhead: Letterhead;
  title: string;
  finalized: boolean;
  /** null, or left out: as Steno's own letters. */
  style?: LetterStyle | null;
}

/** Resolves every variable, citation and table of a letter. Pure; amounts are the ledger's, formatted and never added up here. */
export function printableLetter({ blocks, values, letterhead, title, finalized, style = null }: PrintSource): PrintModel {
  const known = (name: string): string[] => (values.variables[name]?.text ? [values.variables[name].text] : []);
  return {
    title: printableText(title),
    letterhead,
    runningHead: [...known('client_name'), ...known('letter_date')].map(printableText),
    draft: !finalized,
    style: style ?? ownStyle,
    blocks: printBlocks(withoutIdleBreaks(blocks), { values, notes: 0, numbered: 0 }),
  };
}

/** A break before or behind everything, or behind another, would print an empty page. */
function withoutIdleBreaks(blocks: readonly Block[]): Block[] {
  const last = blocks.findLastIndex(({ type }) => type !== 'pageBreak');
  return blocks.slice(0, last + 1).filter(({ type }, at) => type !== 'pageBreak' || (at > 0 && blocks[at - 1]?.type !== 'pageBreak'));
}

/** What counts on through the letter. */
interface Printing {
  values: LetterValues;
  notes: number;
  numbered: number;
}

/** Text read from a damaged page may hold control characters; they print as nothing and make a DOCX unreadable. */
function printableText(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}

const closings = /^\s*(?:sincerely|respectfully|very truly yours|yours truly|best regards|regards)(?: yours| submitted)?,\s*$/i;

function printBlocks(blocks: readonly Block[], printing: Printing): PrintBlock[] {
  return blocks.map((block, index) => printBlock(block, blocks[index + 1]?.type, printing));
}

function printBlock(block: Block, next: Block['type'] | undefined, printing: Printing): PrintBlock {
  const { values } = printing;
  switch (block.type) {
    case 'heading':
      return { type: 'heading', level: block.level, runs: printRuns(block.content, printing) };
    case 'paragraph': {
      const runs = printRuns(block.content, printing);
      return {
        type: 'paragraph',
        runs,
        closing: closings.test(runs.map(({ text }) => text).join('')),
        leadsIn: next === 'list' || next === 'specialsTable' || next === 'table',
        ...(block.numbered && { number: (printing.numbered += 1) }),
      };
    }
    case 'list':
      return { type: 'list', ordered: block.ordered, items: block.items.map((item) => printBlocks(item, printing)) };
    case 'quote':
      return { type: 'quote', blocks: printBlocks(block.content, printing) };
    case 'specialsTable':
      return specialsTable(values);
    case 'exhibitList':
      return { type: 'exhibits', exhibits: values.exhibits.map((exhibit) => ({ ...exhibit, name: printableText(exhibit.name) })) };
    case 'pageBreak':
      return block;
    case 'table':
      return typedTable(block, printing);
  }
}

function typedTable({ rows }: LetterTable, printing: Printing): TypedTable {
  const said = rows.map(({ isHead, cells }) => ({ isHead, cells: cells.map((cell) => cellText(cell, printing.values)) }));
  // a column takes room by its longest cell, within bounds
  const lengths = (rows[0]?.cells ?? []).map((_, column) =>
    Math.min(40, Math.max(6, ...said.map(({ cells }) => cells[column]?.length ?? 0))),
  );
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const isAmounts = amountColumns(said);
  return {
    type: 'typedTable',
    columns: lengths.map((length, column) => ({ align: isAmounts[column] ? 'right' : 'left', share: length / whole })),
    rows: rows.map(({ isHead, cells }) => ({ isHead, cells: cells.map((cell) => bolder(printBlocks(cell, printing), isHead)) })),
  };
}

/** What stands in a table's head is bold. */
function bolder(blocks: PrintBlock[], isHead: boolean): PrintBlock[] {
  if (!isHead) return blocks;
  return blocks.map((block) => {
    if (block.type === 'paragraph') return { ...block, runs: block.runs.map((run) => ({ ...run, bold: true })) };
    return block.type === 'list' ? { ...block, items: block.items.map((item) => bolder(item, true)) } : block;
  });
}

function printRuns(content: readonly Inline[], printing: Printing): PrintRun[] {
  const { values } = printing;
  const runs: PrintRun[] = [];
  const plain = { bold: false, italic: false, underline: false, missing: false };
  for (const inline of content) {
    if (inline.type === 'text') {
      runs.push({
        ...plain,
        text: inline.text,
        bold: inline.bold === true,
        italic: inline.italic === true,
        underline: inline.underline === true,
      });
    } else if (inline.type === 'break') runs.push({ ...plain, text: '\n' });
    else if (inline.type === 'variable') {
      const variable = Object.hasOwn(values.variables, inline.name) ? values.variables[inline.name] : undefined;
      runs.push({ ...plain, text: variableText(values, inline.name), missing: !variable?.text || variable.state === 'missing' });
    } else if (inline.type === 'footnote') {
      const note = { number: (printing.notes += 1), runs: printRuns(inline.content, printing) };
      runs.push({ ...plain, text: String(note.number), note });
    } else {
      const text = citationText(values, inline.of);
      const last = runs.at(-1);
      if (text !== '') runs.push({ ...plain, text });
      // No source, no citation: nor the space before it.
      else if (last) last.text = last.text.replace(/ $/, '');
    }
  }
  return runs.map((run) => ({ ...run, text: printableText(run.text) })).filter(({ text }) => text !== '');
}

const columns: PrintTable['columns'] = [
  { title: 'Provider', align: 'left' },
  { title: 'Dates', align: 'left' },
  { title: 'Billed', align: 'right' },
  { title: 'Adjusted', align: 'right' },
  { title: 'Paid', align: 'right' },
  { title: 'Owed', align: 'right' },
  { title: 'Source', align: 'left' },
];

function specialsTable({ specials, exhibits }: LetterValues): PrintTable {
  return {
    type: 'table',
    columns,
    rows: specials.providers.map((row) => [
      printableText(row.provider),
      unbroken(formatService(row.serviceFrom, row.serviceTo)),
      ...amounts(row),
      exhibitPages(row.sources, exhibits),
    ]),
    totals: ['Total', '', ...amounts(specials.totals), ''],
  };
}

function amounts({ billedCents, adjustedCents, paidCents, owedCents }: LedgerAmounts): string[] {
  return [billedCents, adjustedCents, paidCents, owedCents].map(formatCents);
}

/** Spaces at which a narrow column does not break, but for those about the dash. */
function unbroken(dates: string): string {
  return dates.replaceAll(' ', '\u00a0').replace('\u00a0–\u00a0', '\u00a0– ');
}
