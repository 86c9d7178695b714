import { citationText, exhibitPages } from '../../shared/citations.ts';
import { formatService } from '../../shared/days.ts';
import type { LedgerAmounts } from '../../shared/facts.ts';
import type { Letterhead } from '../../shared/letterhead.ts';
import type { Block, Exhibit, Inline, LetterValues } from '../../shared/letters.ts';
import { formatCents } from '../../shared/money.ts';
import { variableText } from '../sync/letter-text.ts';

/** A letter with nothing left to compute: what the DOCX and PDF writers set in type. */
export interface PrintModel {
  title: string;
  letterhead: Letterhead;
  /** Over every page but the first: claimant, date. */
  runningHead: string[];
  /** Not finalized: both writers mark every page. */
  draft: boolean;
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
}

export type PrintBlock =
  | { type: 'heading'; level: 1 | 2 | 3; runs: PrintRun[] }
  /** closing: "Sincerely," and its like, with room for a signature below. leadsIn: a list or table follows on the same page. */
  | { type: 'paragraph'; runs: PrintRun[]; closing: boolean; leadsIn: boolean }
  | { type: 'list'; ordered: boolean; items: PrintBlock[][] }
  | { type: 'quote'; blocks: PrintBlock[] }
  | PrintTable
  | { type: 'exhibits'; exhibits: Exhibit[] };

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
}

/** Resolves every variable, citation and table of a letter. Pure; amounts are the ledger's, formatted and never added up here. */
export function printableLetter({ blocks, values, letterhead, title, finalized }: PrintSource): PrintModel {
  const known = (name: string): string[] => (values.variables[name]?.text ? [values.variables[name].text] : []);
  return {
    title: printableText(title),
    letterhead,
    runningHead: [...known('client_name'), ...known('letter_date')].map(printableText),
    draft: !finalized,
    blocks: printBlocks(blocks, values),
  };
}

/** Text read from a damaged page may hold control characters; they print as nothing and make a DOCX unreadable. */
function printableText(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}

const closings = /^\s*(?:sincerely|respectfully|very truly yours|yours truly|best regards|regards)(?: yours| submitted)?,\s*$/i;

function printBlocks(blocks: readonly Block[], values: LetterValues): PrintBlock[] {
  return blocks.map((block, index) => printBlock(block, blocks[index + 1]?.type, values));
}

function printBlock(block: Block, next: Block['type'] | undefined, values: LetterValues): PrintBlock {
  switch (block.type) {
    case 'heading':
      return { type: 'heading', level: block.level, runs: printRuns(block.content, values) };
    case 'paragraph': {
      const runs = printRuns(block.content, values);
      return {
        type: 'paragraph',
        runs,
        closing: closings.test(runs.map(({ text }) => text).join('')),
        leadsIn: next === 'list' || next === 'specialsTable',
      };
    }
    case 'list':
      return { type: 'list', ordered: block.ordered, items: block.items.map((item) => printBlocks(item, values)) };
    case 'quote':
      return { type: 'quote', blocks: printBlocks(block.content, values) };
    case 'specialsTable':
      return specialsTable(values);
    case 'exhibitList':
      return { type: 'exhibits', exhibits: values.exhibits.map((exhibit) => ({ ...exhibit, name: printableText(exhibit.name) })) };
  }
}

function printRuns(content: readonly Inline[], values: LetterValues): PrintRun[] {
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
