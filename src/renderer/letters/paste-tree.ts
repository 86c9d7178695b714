export interface PastedRun {
  /** '\n' alone is a line break. */
  text: string;
  bold: boolean;
  italic: boolean;
  underline: boolean;
}

/** Word writes a list as paragraphs that say where in which list they stand. */
export interface WordListMark {
  list: string;
  /** From 1. */
  level: number;
  /** What stood before the text: "1.", "(a)", "·". */
  marker: string;
}

export type PastedBlock =
  | { type: 'text'; heading: 0 | 1 | 2 | 3; runs: PastedRun[]; word: WordListMark | null }
  | { type: 'list'; ordered: boolean; start: number; items: PastedBlock[][] }
  | { type: 'quote'; blocks: PastedBlock[] }
  | { type: 'table'; rows: PastedCell[][] };

export interface PastedCell {
  isHead: boolean;
  colspan: number;
  rowspan: number;
  blocks: PastedBlock[];
}

export interface PasteOptions {
  /** Whether the letter can hold tables; where not, a row becomes a line with tabs. */
  hasTables: boolean;
  /** Whether the letter knows a variable of this name: "{{name}}" becomes its chip; any other stays what was typed. */
  isKnown: (name: string) => boolean;
}

/** Each block as clean HTML of its own, which the editor reads by its schema. */
export function blocksToHtml(blocks: readonly PastedBlock[], options: PasteOptions): string[] {
  return withWordLists(blocks).flatMap((block) => blockHtml(block, options));
}

function blockHtml(block: PastedBlock, options: PasteOptions): string[] {
  const inner = (blocks: readonly PastedBlock[]): string => blocksToHtml(blocks, options).join('') || '<p></p>';
  switch (block.type) {
    case 'text': {
      const name = block.heading === 0 ? 'p' : `h${String(block.heading)}`;
      return [`<${name}>${block.runs.map((run) => runHtml(run, block.heading > 0, options)).join('')}</${name}>`];
    }
    case 'list': {
      const items = block.items.map((item) => `<li>${inner(item)}</li>`).join('');
      const open = block.ordered ? (block.start > 1 ? `ol start="${String(block.start)}"` : 'ol') : 'ul';
      return [`<${open}>${items}</${block.ordered ? 'ol' : 'ul'}>`];
    }
    case 'quote':
      return [`<blockquote>${inner(block.blocks)}</blockquote>`];
    case 'table':
      return tableHtml(block.rows, options, inner);
  }
}

function tableHtml(rows: PastedCell[][], options: PasteOptions, inner: (blocks: readonly PastedBlock[]) => string): string[] {
  // mails are laid out in tables of one column: that is no table
  if (rows.every((cells) => cells.length <= 1)) return rows.flat().flatMap(({ blocks }) => blocksToHtml(blocks, options));
  if (!options.hasTables) return rows.flatMap((cells) => rowLines(cells, options));
  const cell = ({ isHead, colspan, rowspan, blocks }: PastedCell): string => {
    const name = isHead ? 'th' : 'td';
    const spans = `${colspan > 1 ? ` colspan="${String(colspan)}"` : ''}${rowspan > 1 ? ` rowspan="${String(rowspan)}"` : ''}`;
    return `<${name}${spans}>${inner(blocks)}</${name}>`;
  };
  return [`<table><tbody>${rows.map((cells) => `<tr>${cells.map(cell).join('')}</tr>`).join('')}</tbody></table>`];
}

/** A row as one line with tabs; where a cell holds more than a line, its cells one below the other. */
function rowLines(cells: readonly PastedCell[], options: PasteOptions): string[] {
  const lines = cells.map(({ blocks }) =>
    blocks.length === 0 ? [] : blocks.length === 1 && blocks[0]?.type === 'text' ? blocks[0].runs : null,
  );
  if (lines.some((line) => line === null)) return cells.flatMap(({ blocks }) => blocksToHtml(blocks, options));
  const tab = { text: '\t', bold: false, italic: false, underline: false };
  const runs = lines.flatMap((line, nth) => (nth === 0 ? (line ?? []) : [tab, ...(line ?? [])]));
  return blockHtml({ type: 'text', heading: 0, runs, word: null }, options);
}

const variable = /\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g;

function runHtml({ text, bold, italic, underline }: PastedRun, isHeading: boolean, { isKnown }: PasteOptions): string {
  if (text === '\n') return '<br>';
  const words = escaped(text).replace(variable, (all, name: string) =>
    isKnown(name) ? `<span data-steno="variable" data-name="${name}"></span>` : all,
  );
  const underlined = underline ? `<u>${words}</u>` : words;
  const italics = italic ? `<em>${underlined}</em>` : underlined;
  // a heading is bold by itself
  return bold && !isHeading ? `<strong>${italics}</strong>` : italics;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? character);

/** Makes lists of Word's list paragraphs that follow each other. */
function withWordLists(blocks: readonly PastedBlock[]): PastedBlock[] {
  const out: PastedBlock[] = [];
  /** The lists that are open, the outermost first. */
  let open: { level: number; list: PastedBlock & { type: 'list' } }[] = [];
  for (const block of blocks) {
    if (block.type !== 'text' || block.word === null) {
      open = [];
      out.push(block);
      continue;
    }
    const { level, marker } = block.word;
    const ordered = /[\p{L}\p{N}]/u.test(marker) && marker !== 'o';
    open = open.filter((each) => each.level <= level);
    let last = open.at(-1);
    if (last?.level === level && last.list.ordered !== ordered) {
      open.pop();
      last = open.at(-1);
    }
    if (last?.level !== level) {
      const list = { type: 'list' as const, ordered, start: ordered ? Number(/^\(?(\d{1,4})/.exec(marker)?.[1] ?? 1) : 1, items: [] };
      const parent = last?.list.items.at(-1);
      if (parent) parent.push(list);
      else out.push(list);
      open.push({ level, list });
      last = open.at(-1);
    }
    last?.list.items.push([{ ...block, word: null }]);
  }
  return out;
}
