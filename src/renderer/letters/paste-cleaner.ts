import { Parser } from 'htmlparser2';
import { blocksToHtml, type PastedBlock, type PastedCell, type PastedRun, type PasteOptions, type WordListMark } from './paste-tree.ts';

/** What stood in what was pasted and is not in the letter now. */
export interface LeftOut {
  pictures: number;
  /** Comments of reviewers. */
  comments: number;
  /** Whether text was left out that somebody deleted with changes tracked. */
  deleted: boolean;
  /** Whether text was left out that its document hides. */
  hidden: boolean;
}

export interface Cleaned {
  /** Clean HTML, one piece a block. */
  blocks: string[];
  /** Characters of text. */
  size: number;
  left: LeftOut;
}

/** Takes HTML in pieces, so that a long document need not be read in one go. */
export interface Cleaner {
  write(html: string): void;
  end(): Cleaned;
}

/** Headings, bold, italic, underline, lists, quotations, tables and text; nothing else of what Word, Outlook, a browser or a PDF viewer gives. */
export function cleanHtml(html: string, options: PasteOptions): Cleaned {
  const cleaner = createCleaner(options);
  cleaner.write(html);
  return cleaner.end();
}

interface Frame {
  name: string;
  isSkipped: boolean;
  bold: boolean;
  italic: boolean;
  underline: boolean;
  isPre: boolean;
  isLink: boolean;
  /** What is inside is Word's number or bullet, not text. */
  isMarker: boolean;
  /** Word's runs of spaces, and tabs. */
  spaces: 'run' | 'tab' | null;
  /** Whether it put a container on the stack. */
  contains: boolean;
}

interface Paragraph {
  heading: 0 | 1 | 2 | 3;
  runs: PastedRun[];
  word: WordListMark | null;
}

const blockTags = new Set(
  'p div h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tfoot tr td th caption blockquote section article header footer main aside nav address center dl dt dd hr pre form fieldset figure figcaption body html'.split(' '),
); // prettier-ignore
/** Neither they nor what is in them is text. */
const skippedTags = new Set(
  'style script head title meta link xml svg math object embed iframe video audio canvas noscript template select textarea button input img map area colgroup'.split(' '),
); // prettier-ignore
/** Deeper nesting than any letter has is flattened, so that no input can exhaust the stack. */
const [deepest, mostOpen] = [12, 400];

export function createCleaner(options: PasteOptions): Cleaner {
  const left: LeftOut = { pictures: 0, comments: 0, deleted: false, hidden: false };
  const root: PastedBlock[] = [];
  const containers: PastedBlock[][] = [root];
  const tables: PastedCell[][][] = [];
  const lists: (PastedBlock & { type: 'list' })[] = [];
  const frames: Frame[] = [];
  let paragraph: Paragraph | null = null;
  let size = 0;

  const top = (): Frame | undefined => frames.at(-1);
  const container = (): PastedBlock[] => containers.at(-1) ?? root;

  function endParagraph(): void {
    const ended = paragraph;
    paragraph = null;
    if (!ended) return;
    const runs = tidied(ended.runs);
    if (runs.length > 0) container().push({ type: 'text', heading: ended.heading, runs, word: ended.word });
  }
  const inParagraph = (): Paragraph => (paragraph ??= { heading: 0, runs: [], word: null });

  function say(text: string): void {
    const frame = top();
    if (frame?.isSkipped || frame?.spaces === 'tab') return;
    if (frame?.isMarker) {
      if (paragraph?.word) paragraph.word.marker += text.replace(/[\s\u00a0]+/g, '');
      return;
    }
    const words = frame?.spaces === 'run' ? text.replace(/[\s\u00a0]/g, ' ') : frame?.isPre ? text : text.replace(/[ \t\r\n\f]+/g, ' ');
    if (paragraph === null && words.trim() === '') return;
    const { bold = false, italic = false, underline = false } = frame ?? {};
    // lines of preformatted text are lines
    for (const part of words.split(/(\n)/)) if (part !== '') inParagraph().runs.push({ text: part, bold, italic, underline });
    size += words.length;
  }

  function open(name: string, given: Record<string, string>): void {
    const outer = top();
    if (frames.length >= mostOpen) return;
    const style = styleOf(given['style'] ?? '');
    const isBlock = blockTags.has(name);
    if (isBlock) endParagraph();
    const frame: Frame = {
      name,
      isSkipped: (outer?.isSkipped ?? false) || isLeftOut(name, given, style),
      ...marksOf(name, style, outer),
      isPre: (outer?.isPre ?? false) || name === 'pre' || /^(?:pre|pre-wrap|break-spaces)$/.test(style['white-space'] ?? ''),
      isLink: (outer?.isLink ?? false) || name === 'a',
      isMarker: (outer?.isMarker ?? false) || style['mso-list'] === 'ignore',
      spaces: style['mso-tab-count'] !== undefined ? 'tab' : style['mso-spacerun'] === 'yes' ? 'run' : (outer?.spaces ?? null),
      contains: false,
    };
    frames.push(frame);
    if (frame.isSkipped) return;
    // Word draws a tab with spaces that are none
    if (style['mso-tab-count'] !== undefined) inParagraph().runs.push({ text: '\t', bold: false, italic: false, underline: false });
    if (name === 'br') inParagraph().runs.push({ text: '\n', bold: false, italic: false, underline: false });
    else if (isBlock) openBlock(frame, given, style);
  }

  function openBlock(frame: Frame, given: Record<string, string>, style: Record<string, string>): void {
    const { name } = frame;
    const isShallow = containers.length < deepest;
    if (/^h[1-6]$/.test(name) || /\bMso(?:Title|Heading\d)\b/.test(given['class'] ?? '')) {
      const level = name.startsWith('h') && name !== 'header' && name !== 'html' && name !== 'hr' ? Number(name[1]) : 1;
      paragraph = { heading: level === 1 ? 1 : level === 2 ? 2 : 3, runs: [], word: null };
    } else if (name === 'p' || name === 'div') {
      const [, list = '', level = '1'] = /^(l\d+)\s+level(\d)/.exec(style['mso-list'] ?? '') ?? [];
      if (list !== '') paragraph = { heading: 0, runs: [], word: { list, level: Number(level), marker: '' } };
    } else if ((name === 'ul' || name === 'ol') && isShallow) {
      const list = {
        type: 'list' as const,
        ordered: name === 'ol',
        start: Number(/^\d{1,4}$/.exec(given['start'] ?? '')?.[0] ?? 1),
        items: [],
      };
      // a list straight inside a list belongs to the item before it
      const parent = lists.at(-1);
      const isLoose = parent !== undefined && isDirectlyInList();
      const item = isLoose ? (parent.items.at(-1) ?? newItem(parent)) : container();
      item.push(list);
      lists.push(list);
      frame.contains = true;
    } else if (name === 'li' && lists.length > 0 && isShallow) {
      const list = lists.at(-1);
      if (list) containers.push(newItem(list));
      frame.contains = true;
    } else if (name === 'blockquote' && isShallow) {
      const quote: PastedBlock & { type: 'quote' } = { type: 'quote', blocks: [] };
      container().push(quote);
      containers.push(quote.blocks);
      frame.contains = true;
    } else if (name === 'table' && isShallow) {
      const rows: PastedCell[][] = [];
      container().push({ type: 'table', rows });
      tables.push(rows);
      frame.contains = true;
    } else if (name === 'tr') tables.at(-1)?.push([]);
    else if ((name === 'td' || name === 'th') && tables.length > 0 && isShallow) {
      const span = (of: string): number => Math.min(100, Math.max(1, Number(/^\d{1,3}$/.exec(given[of] ?? '')?.[0] ?? 1)));
      const cell: PastedCell = { isHead: name === 'th', colspan: span('colspan'), rowspan: span('rowspan'), blocks: [] };
      const rows = tables.at(-1) ?? [];
      (rows.at(-1) ?? newRow(rows)).push(cell);
      containers.push(cell.blocks);
      frame.contains = true;
    }
  }

  /** Whether the innermost open list or item is a list. */
  function isDirectlyInList(): boolean {
    const inner = frames.slice(0, -1).findLast(({ name, contains }) => contains && /^(?:ul|ol|li|td|th|blockquote)$/.test(name));
    return inner?.name === 'ul' || inner?.name === 'ol';
  }

  function close(name: string): void {
    const index = frames.findLastIndex((frame) => frame.name === name);
    if (index < 0) return;
    for (const frame of frames.splice(index).toReversed()) {
      if (blockTags.has(frame.name)) endParagraph();
      if (!frame.contains) continue;
      if (frame.name === 'table') tables.pop();
      else if (frame.name === 'ul' || frame.name === 'ol') lists.pop();
      else containers.pop();
    }
  }

  function isLeftOut(name: string, given: Record<string, string>, style: Record<string, string>): boolean {
    const named = given['class'] ?? '';
    if (name === 'img') {
      // a web page counts its readers by pictures of one point
      if (!(given['width'] === '1' && given['height'] === '1')) left.pictures += 1;
      return true;
    }
    if (skippedTags.has(name) || /^(?:v|w|o):(?!p$|sdt)/.test(name)) return true;
    if (name === 'del' || /\bmsoDel\b/.test(named)) {
      left.deleted = true;
      return true;
    }
    if (/\bmsocom(?:anchor|txt)\b|\bMsoCommentReference\b/i.test(named) || /^comment/.test(style['mso-element'] ?? '')) {
      if (/\bMsoCommentReference\b/.test(named)) left.comments += 1;
      return true;
    }
    if (style['mso-hide'] === 'all' || style['display'] === 'none' || style['visibility'] === 'hidden') {
      left.hidden = true;
      return true;
    }
    return false;
  }

  const parser = new Parser(
    {
      onopentag: open,
      ontext: say,
      onclosetag: close,
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  return {
    write: (html) => {
      parser.write(html);
    },
    end() {
      parser.end();
      endParagraph();
      return { blocks: blocksToHtml(root, options), size, left };
    },
  };
}

function newItem(list: PastedBlock & { type: 'list' }): PastedBlock[] {
  const item: PastedBlock[] = [];
  list.items.push(item);
  return item;
}
function newRow(rows: PastedCell[][]): PastedCell[] {
  const row: PastedCell[] = [];
  rows.push(row);
  return row;
}

/** Declarations by name, in small letters. */
function styleOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .toLowerCase()
      .split(';')
      .flatMap((one) => {
        const at = one.indexOf(':');
        return at < 0 ? [] : [[one.slice(0, at).trim(), one.slice(at + 1).trim()] as const];
      }),
  );
}

function marksOf(name: string, style: Record<string, string>, outer: Frame | undefined): Pick<Frame, 'bold' | 'italic' | 'underline'> {
  const weight = style['font-weight'];
  const slant = style['font-style'];
  const line = style['text-decoration'] ?? style['text-decoration-line'];
  const isLink = name === 'a' || (outer?.isLink ?? false);
  return {
    // a table's head is bold by itself, and so is none of what is in it
    bold: weight === undefined ? (outer?.bold ?? false) || name === 'b' || name === 'strong' : /^(?:bold|bolder|[6-9]00)$/.test(weight),
    italic: slant === undefined ? (outer?.italic ?? false) || name === 'i' || name === 'em' : /^(?:italic|oblique)/.test(slant),
    underline: !isLink && (line === undefined ? (outer?.underline ?? false) || name === 'u' : line.includes('underline')),
  };
}

/** Neighbours of one look become one run; spaces at the ends and doubled ones go, as on a page. */
function tidied(runs: readonly PastedRun[]): PastedRun[] {
  const out: PastedRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    const isSame =
      last &&
      last.text !== '\n' &&
      run.text !== '\n' &&
      last.bold === run.bold &&
      last.italic === run.italic &&
      last.underline === run.underline;
    if (last && isSame) last.text += run.text;
    else out.push({ ...run });
  }
  for (const [nth, run] of out.entries()) {
    const [before, after] = [out[nth - 1]?.text, out[nth + 1]?.text];
    if (run.text === '\n') continue;
    run.text = run.text.replace(/ {2,}/g, ' ');
    if (before === undefined || before === '\n' || before.endsWith(' ')) run.text = run.text.replace(/^ +/, '');
    if (after === undefined || after === '\n') run.text = run.text.replace(/[ \t]+$/, '');
  }
  const said = out.filter(({ text }) => text !== '');
  const isText = ({ text }: PastedRun): boolean => text.replace(/[\s\u00a0]/g, '') !== '';
  const [first, last] = [said.findIndex(isText), said.findLastIndex(isText)];
  return first < 0 ? [] : said.slice(first, last + 1);
}
