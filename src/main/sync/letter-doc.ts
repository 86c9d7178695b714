import * as Y from 'yjs';
import { mostColumns, type Block, type Inline, type LetterTable } from '../../shared/letters.ts';
import { letterYDoc } from './y-doc.ts';

/**
 * The letter's body as a Yjs document, in the encoding TipTap's collaboration reads (@tiptap/y-tiptap): a node is an
 * XmlElement named like the ProseMirror node, its attributes are the node's, a run of text is one XmlText whose formats
 * are the marks. Node names: see `Block` in shared/letters.ts.
 */
export const fragmentName = 'body';

/** Deeper nesting than any letter has; below it only the text is kept, so that no input can exhaust the stack. */
const maxDepth = 100;

type Element = Y.XmlElement;

/**
 * Encodes blocks as one whole Yjs update. The same blocks and clientId give the same bytes. Leave `clientId` out except
 * in tests: two different bodies under one clientId cannot be merged.
 */
export function letterBodyFromBlocks(blocks: readonly Block[], clientId?: number): Uint8Array {
  const doc = letterYDoc();
  if (clientId !== undefined) doc.clientID = clientId;
  doc.getXmlFragment(fragmentName).insert(0, blockElements(blocks, true));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** Blocks as nodes. ProseMirror needs at least one in a document, a quote and a list item. */
export function blockElements(blocks: readonly Block[], isTop = false): Element[] {
  const elements = blocks.flatMap((block) => blockElement(block, isTop));
  return elements.length > 0 ? elements : [element('paragraph')];
}

function blockElement(block: Block, isTop: boolean): Element[] {
  switch (block.type) {
    case 'heading':
      return [element('heading', { level: block.level }, inlineNodes(block.content))];
    case 'paragraph':
      return [element('paragraph', isTop && block.numbered ? { numbered: true } : {}, inlineNodes(block.content))];
    case 'list': {
      const items = block.items.map((item) => element('listItem', {}, itemElements(item)));
      return items.length > 0 ? [element(block.ordered ? 'orderedList' : 'bulletList', {}, items)] : [];
    }
    case 'quote':
      return [element('blockquote', {}, blockElements(block.content))];
    case 'specialsTable':
    case 'exhibitList':
      return [element(block.type)];
    case 'pageBreak':
      return isTop ? [element('pageBreak')] : [];
    case 'table':
      return isTop ? tableElements(block) : cellBlocks([block]).flatMap((inner) => blockElement(inner, false));
  }
}

function tableElements({ rows }: LetterTable): Element[] {
  const elements = rows.map(({ isHead, cells }) =>
    element(
      'tableRow',
      {},
      cells.map((cell) => element(isHead ? 'tableHeader' : 'tableCell', {}, blockElements(cellBlocks(cell)))),
    ),
  );
  return elements.some((row) => row.length > 0) ? [element('table', {}, elements)] : [];
}

/** What a cell can hold of some blocks: paragraphs and lists with all their words. What Steno computes stands outside. */
function cellBlocks(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block): Block[] => {
    if (block.type === 'heading' || block.type === 'paragraph') return [{ type: 'paragraph', content: block.content }];
    if (block.type === 'list') return [block];
    if (block.type === 'quote') return cellBlocks(block.content);
    return block.type === 'table' ? block.rows.flatMap(({ cells }) => cells.flatMap(cellBlocks)) : [];
  });
}

/** TipTap's listItem starts with a paragraph; an editor deletes a node that breaks its schema. */
function itemElements(item: readonly Block[]): Element[] {
  const elements = blockElements(item);
  return elements[0]?.nodeName === 'paragraph' ? elements : [element('paragraph'), ...elements];
}

function inlineNodes(content: readonly Inline[]): (Element | Y.XmlText)[] {
  const nodes: (Element | Y.XmlText)[] = [];
  let run: { insert: string; attributes: Record<string, object> }[] = [];
  const endRun = (): void => {
    if (run.length > 0) {
      const text = new Y.XmlText();
      text.applyDelta(run);
      nodes.push(text);
    }
    run = [];
  };
  for (const inline of content) {
    if (inline.type === 'text') {
      if (inline.text !== '') run.push({ insert: inline.text, attributes: marks(inline) });
      continue;
    }
    endRun();
    if (inline.type === 'variable') nodes.push(element('variable', { name: inline.name }));
    else if (inline.type === 'citation') nodes.push(element('citation', { of: inline.of }));
    else if (inline.type === 'footnote') nodes.push(element('footnote', {}, inlineNodes(withoutNotes(inline.content))));
    else nodes.push(element('hardBreak'));
  }
  endRun();
  return nodes;
}

/** A footnote inside another: its words stand in the outer one. */
function withoutNotes(content: readonly Inline[]): Inline[] {
  return content.flatMap((inline) => (inline.type === 'footnote' ? withoutNotes(inline.content) : [inline]));
}

function marks({ bold, italic, underline }: Extract<Inline, { type: 'text' }>): Record<string, object> {
  return { ...(bold && { bold: {} }), ...(italic && { italic: {} }), ...(underline && { underline: {} }) };
}

function element(
  name: string,
  attributes: Record<string, string | number | boolean> = {},
  children: (Element | Y.XmlText)[] = [],
): Element {
  const node = new Y.XmlElement(name);
  // Yjs types attributes as strings; ProseMirror's are any JSON, and a heading's level must stay a number.
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value as string);
  node.insert(0, children);
  return node;
}

/**
 * Joins updates of one body into one: in any order, with repeats, the result holds the same letter. Updates that still
 * miss an earlier one are kept inside and take effect when it arrives. Words that were deleted are in it still. Throws on bytes `isValidLetterUpdate` refuses.
 */
export function mergeLetterUpdates(updates: readonly Uint8Array[]): Uint8Array {
  let parts = updates.map(ownBytes);
  while (parts.length > 1) parts = inParts(parts).map((some) => Y.mergeUpdates(some));
  return parts[0] ?? emptyUpdate;
}

const emptyUpdate = Y.encodeStateAsUpdate(letterYDoc());

/**
 * Reads a body (a whole state) as blocks. A node this version does not know gives its text; text never gets lost.
 * Throws on bytes that are no Yjs update.
 */
export const blocksFromLetterBody = (state: Uint8Array): Block[] => readLetterBody([state]).blocks;

/** The letter that updates make, read once: as blocks, and as one state without the words that were deleted. Throws on bytes that are no Yjs update. */
export function readLetterBody(updates: readonly Uint8Array[]): { state: Uint8Array; blocks: Block[] } {
  const doc = docFrom(updates);
  const read = { state: Y.encodeStateAsUpdate(doc), blocks: readBlocks(doc.getXmlFragment(fragmentName).toArray(), 0) };
  doc.destroy();
  return read;
}

/** The words somebody typed in one update, where it stands or not; null where there are none, or the bytes are no update. */
export function writtenText(update: Uint8Array): string | null {
  try {
    const { structs } = Y.decodeUpdate(new Uint8Array(update));
    const typed = structs.flatMap((struct) =>
      struct instanceof Y.Item && struct.content instanceof Y.ContentString ? [struct.content.str] : [],
    );
    return typed.length > 0 ? typed.join(' ') : null;
  } catch {
    return null;
  }
}

/**
 * What this work changes in a document, and nothing else. Said by Yjs itself as it happens: asked for afterwards, an update brings along every deletion that ever was, as
 * if whoever made it had meant them all.
 */
export function changeOf(doc: Y.Doc, work: () => void): Uint8Array {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', note);
  doc.transact(work);
  doc.off('update', note);
  return Y.mergeUpdates(updates);
}

/** Whether a body still misses updates that others of it lean on. */
export function hasLooseText(state: Uint8Array): boolean {
  const doc = docFrom([state]);
  const { pendingStructs } = doc.store;
  doc.destroy();
  return pendingStructs !== null;
}

export function docFrom(updates: readonly Uint8Array[]): Y.Doc {
  const doc = letterYDoc();
  // One by one, many writers at one place cost the square of their number (20,000 took 26 seconds), and one hostile laptop can be many. Merged before, Yjs
  // takes them in the order in which each finds its place at once.
  const parts = updates.length > mostOneByOne ? [mergeLetterUpdates(updates)] : updates.map(ownBytes);
  doc.transact(() => {
    for (const update of parts) Y.applyUpdate(doc, update);
  });
  return doc;
}

/** A copy: a small Buffer is a window on a pool, and Yjs, given a false length, would read its neighbours' bytes. */
const ownBytes = (update: Uint8Array): Uint8Array => new Uint8Array(update);
const mostOneByOne = 500;
/** Merging compares all with all. */
const mergedAtOnce = 64;
function inParts<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / mergedAtOnce) }, (_, n) => list.slice(n * mergedAtOnce, (n + 1) * mergedAtOnce));
}

function readBlocks(nodes: readonly unknown[], depth: number): Block[] {
  const blocks: Block[] = [];
  let stray: Inline[] = [];
  const endStray = (): void => {
    if (stray.length > 0) blocks.push({ type: 'paragraph', content: joinRuns(stray) });
    stray = [];
  };
  for (const node of nodes) {
    if (isElement(node) && !inlineNames.has(node.nodeName)) {
      endStray();
      blocks.push(...readBlock(node, depth));
    } else stray.push(...readInline(node, depth));
  }
  endStray();
  return blocks;
}

const inlineNames = new Set(['variable', 'citation', 'hardBreak', 'footnote']);

function readBlock(node: Y.XmlElement, depth: number): Block[] {
  const children = node.toArray();
  if (depth >= maxDepth) return [{ type: 'paragraph', content: [{ type: 'text', text: allText(node) }] }];
  switch (node.nodeName) {
    case 'heading':
      return [{ type: 'heading', level: headingLevel(node.getAttributes()['level']), content: readInlines(children, depth) }];
    case 'paragraph': {
      const attributes: Record<string, unknown> = node.getAttributes();
      const isNumbered = depth === 0 && attributes['numbered'] === true;
      return [{ type: 'paragraph', content: readInlines(children, depth), ...(isNumbered && { numbered: true }) }];
    }
    case 'bulletList':
    case 'orderedList': {
      const items = children.map((child) =>
        isNamed(child, 'listItem') ? readBlocks(child.toArray(), depth + 1) : readBlocks([child], depth + 1),
      );
      return items.length > 0 ? [{ type: 'list', ordered: node.nodeName === 'orderedList', items }] : [];
    }
    case 'blockquote':
      return [{ type: 'quote', content: readBlocks(children, depth + 1) }];
    case 'specialsTable':
    case 'exhibitList':
      return [{ type: node.nodeName }, ...readBlocks(children, depth + 1)];
    case 'pageBreak':
      return [...(depth === 0 ? [{ type: node.nodeName } as const] : []), ...readBlocks(children, depth + 1)];
    case 'table':
      return readTable(children, depth);
    default:
      return readBlocks(children, depth + 1);
  }
}

/** People who add a column while others add a row leave rows of different lengths: the short ones end with empty cells. Inside something else no table stands. */
function readTable(children: readonly unknown[], depth: number): Block[] {
  const rows = children.map((row) => {
    const cells = isNamed(row, 'tableRow') ? row.toArray() : [row];
    return {
      isHead: cells.length > 0 && cells.every((cell) => isNamed(cell, 'tableHeader')),
      cells: cells.map((cell) =>
        cellBlocks(readBlocks(isNamed(cell, 'tableHeader') || isNamed(cell, 'tableCell') ? cell.toArray() : [cell], depth + 1)),
      ),
    };
  });
  if (depth > 0) return rows.flatMap(({ cells }) => cells.flat());
  const width = Math.min(mostColumns, Math.max(0, ...rows.map(({ cells }) => cells.length)));
  if (width === 0) return [];
  return [
    {
      type: 'table',
      rows: rows.map(({ isHead, cells }) => ({
        isHead,
        cells: Array.from({ length: width }, (_, at) => (at < width - 1 ? (cells[at] ?? []) : cells.slice(at).flat())),
      })),
    },
  ];
}

function isElement(node: unknown): node is Element {
  return node instanceof Y.XmlElement;
}

function isNamed(node: unknown, name: string): node is Element {
  return isElement(node) && node.nodeName === name;
}

function readInlines(nodes: readonly unknown[], depth: number): Inline[] {
  return joinRuns(nodes.flatMap((node) => readInline(node, depth)));
}

function readInline(node: unknown, depth: number): Inline[] {
  if (node instanceof Y.XmlText) return readText(node);
  if (!isElement(node)) return [];
  const below = depth >= maxDepth ? textInline(allText(node), {}) : node.toArray().flatMap((child) => readInline(child, depth + 1));
  const attributes: Record<string, unknown> = node.getAttributes();
  if (node.nodeName === 'hardBreak') return [{ type: 'break' }, ...below];
  if (node.nodeName === 'variable') return [{ type: 'variable', name: attributeText(attributes['name']) }, ...below];
  if (node.nodeName === 'citation') return [{ type: 'citation', of: attributeText(attributes['of']) }, ...below];
  if (node.nodeName === 'footnote') return [{ type: 'footnote', content: joinRuns(withoutNotes(below)) }];
  return below;
}

function readText(text: Y.XmlText): Inline[] {
  const delta = text.toDelta() as { insert?: unknown; attributes?: Record<string, unknown> }[];
  return delta.flatMap(({ insert, attributes }) => (typeof insert === 'string' ? textInline(insert, attributes ?? {}) : []));
}

function textInline(text: string, attributes: Record<string, unknown>): Inline[] {
  if (text === '') return [];
  const on = (mark: string): boolean => Object.hasOwn(attributes, mark) && Boolean(attributes[mark]);
  return [
    {
      type: 'text',
      text,
      ...(on('bold') && { bold: true }),
      ...(on('italic') && { italic: true }),
      ...(on('underline') && { underline: true }),
    },
  ];
}

/** Two XmlTexts side by side are left by concurrent edits; readers see one run. */
function joinRuns(content: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const inline of content) {
    const last = joined.at(-1);
    if (
      inline.type === 'text' &&
      last?.type === 'text' &&
      last.bold === inline.bold &&
      last.italic === inline.italic &&
      last.underline === inline.underline
    ) {
      joined[joined.length - 1] = { ...last, text: last.text + inline.text };
    } else joined.push(inline);
  }
  return joined;
}

/** All text below a node, in order, without recursion. */
function allText(node: Y.XmlElement): string {
  const stack: unknown[] = [node];
  let text = '';
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next instanceof Y.XmlText)
      text += readText(next)
        .map((inline) => (inline.type === 'text' ? inline.text : ''))
        .join('');
    else if (isElement(next)) stack.push(...next.toArray().reverse());
  }
  return text;
}

function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function headingLevel(value: unknown): 1 | 2 | 3 {
  return value === 2 || value === 3 ? value : typeof value === 'number' && value > 3 ? 3 : 1;
}
