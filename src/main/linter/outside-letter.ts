import { dayPattern, readDay } from './block-reading.ts';
import { mostBlockChars, mostBlocks, type LintBlock, type LintLetter } from './lint-letter.ts';

export interface LetterPage {
  /** Counts from 1. */
  page: number;
  text: string;
}

/** Blocks at the foot of one page and the head of the next over which a table goes on. */
const mostBetween = 3;
/** Lines of the first page among which a letter's date stands. */
const headLines = 25;

/**
 * A letter that Steno did not write, from the text of its pages: an empty line ends a paragraph, a line with tabs is a row of a table, and so is a Markdown line between bars.
 * Everything in it counts as typed.
 */
export function outsideLetter(pages: readonly LetterPage[], { isMarkdown }: { isMarkdown: boolean }): LintLetter {
  const blocks: LintBlock[] = [];
  let at = -1;
  // the table that the last rows belong to, and how many blocks, such as a page's foot and head, came since
  let table = { at: -1, rows: 0, since: 0, head: '', cells: 0 };
  for (const { page, text } of pages) {
    let lines: string[] = [];
    let isFirst = true;
    const end = (): void => {
      if (lines.length === 0) return;
      at += 1;
      table.since += 1;
      const said = unwrapped(lines).slice(0, mostBlockChars);
      blocks.push({ path: [at], kind: isHeading(said) ? 'heading' : 'paragraph', text: said, chips: [], isComputed: false, page });
      lines = [];
    };
    for (const raw of text.split('\n')) {
      const line = isMarkdown ? unmarked(raw) : raw.trimEnd();
      if (line === null) continue;
      if (isRow(line)) {
        end();
        const cells = line.split('\t').length;
        const isSame = line.includes('$') ? cells === table.cells : line === table.head;
        const goesOn = table.at >= 0 && (isFirst ? isSame && table.since <= mostBetween : table.since === 0);
        if (!goesOn) table = { at: (at += 1), rows: 0, since: 0, head: line, cells };
        blocks.push({ path: [table.at, table.rows], kind: 'row', text: line.slice(0, mostBlockChars), chips: [], isComputed: false, page });
        table = { ...table, rows: table.rows + 1, since: 0, cells };
        isFirst = false;
        continue;
      }
      if (line.trim() === '') {
        end();
        if (!isFirst) table.since += 1;
      } else lines.push(line);
    }
    end();
  }
  const kept = blocks.slice(0, mostBlocks);
  return { isOurs: false, blocks: kept, letterDate: dateOf(pages[0]?.text ?? ''), demandCents: null, exhibits: listedExhibits(kept) };
}

/** A line as long as that was broken because it was full. */
const fullLine = 50;
const endsLine = /(?:[.:;!?]|\$[\d,.]+\)?)\s*$/;
const beginsLine = /^\s*(?:[-•·*–]|\(?\w{1,3}[.)]\s|[A-Z][^:]{0,40}:)/;

/** Lines of a sentence become one, its breaks spaces, so that no character moves; lines of an address or a list stay lines. */
function unwrapped(lines: readonly string[]): string {
  return lines.reduce((text, line, n) => {
    const before = lines[n - 1] ?? '';
    if (n === 0) return line;
    return `${text}${before.length >= fullLine && !endsLine.test(before) && !beginsLine.test(line) ? ' ' : '\n'}${line}`;
  }, '');
}

/** Cells parted by tabs. A tab also sets in a paragraph, or stands behind the number of a term. */
function isRow(line: string): boolean {
  const cells = line.trim().split('\t');
  if (cells.length < 2 || line.trim() === '') return false;
  return !(cells.length === 2 && /^(?:[([]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)\]]|[•·*o–-])$/.test(cells[0]?.trim() ?? ''));
}

/** A Markdown line without its marks; null for the line under a table's head. */
function unmarked(raw: string): string | null {
  const bare = raw.replace(/\*\*|(?<!_)__(?!_)|`/g, '').trimEnd();
  if (/^\s*\|?[\s:|-]{3,}\|?$/.test(bare) && bare.includes('|')) return null;
  const row = /^\s*\|(.*)\|\s*$/.exec(bare)?.[1];
  if (row !== undefined) return row.split('|').map((cell) => cell.trim()).join('\t'); // prettier-ignore
  return bare.replace(/^\s*#{1,6}\s+|^\s*[-*+>]\s+/, '');
}

const isHeading = (text: string): boolean => text.length <= 80 && !text.includes('\n') && !/[.:;,!?]$/.test(text) && !/\d{4}/.test(text);

const wholeLine = new RegExp(`^\\W{0,4}(?:(?:dated?|sent(?: on)?)\\s?:?\\s{1,3})?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(${dayPattern})\\W{0,4}$`, 'i'); // prettier-ignore

/** The first line that is a date and nothing else. */
function dateOf(text: string): string | null {
  for (const line of text
    .split('\n')
    .filter((one) => one.trim() !== '')
    .slice(0, headLines)) {
    const day = wholeLine.exec(line.replace(/\*\*/g, '').trim())?.[1];
    if (day !== undefined) return readDay(day);
  }
  return null;
}

/** Marks at the beginnings of lines, "Exhibit A: records of ...", of which a list has two or more. */
function listedExhibits(blocks: readonly LintBlock[]): string[] | null {
  const marks = blocks.flatMap(({ text }) => [...text.matchAll(/^\W{0,4}(?:exhibit|ex\.) ([A-Z]{1,2}|\d{1,3})\s{0,3}(?:[:.–—-]|\t)\s{0,3}\S/gim)].map(([, mark = '']) => mark)); // prettier-ignore
  return new Set(marks).size >= 2 ? [...new Set(marks)] : null;
}
