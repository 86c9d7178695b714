import * as Y from 'yjs';
import type { Chip } from '../../shared/citations.ts';
import { compare } from './differences.ts';
import { docFrom, fragmentName } from './letter-doc.ts';

/**
 * A suggestion is a Yjs update that nobody has applied yet: accepted on two laptops it is applied once, accepted late it merges with what was written meanwhile,
 * and it deletes only words that stood there when it was made.
 */
export interface SuggestedEdit {
  update: Uint8Array;
  /** What stands there now and what would, as a reader sees it: chips by their text. */
  was: string;
  becomes: string;
}

/** The text of a chip as the letter shows it. */
type ChipText = (chip: Chip) => string;

/** A word, a mark, a run of spaces; "{{total_billed}}" and "{{cite:total_billed}}" stand for chips. */
const words = /\{\{(?:cite:)?[A-Za-z0-9_]{1,100}\}\}|\d+(?:[.,:/-]\d+)*|\p{L}+|\s+|./gu;
const chipWord = /^\{\{(cite:)?([A-Za-z0-9_]{1,100})\}\}$/;

/**
 * An edit of the text between two places of one block. Only words that differ change, so that chips and marks of all others stay. `place` is two relative
 * positions as the editor gives them ("base64.base64"). Null where it is no such place, leads over several blocks, or nothing would change.
 */
export function suggestEdit(state: Uint8Array, place: string, becomes: string, shown: ChipText): SuggestedEdit | null {
  const doc = docFrom([state]);
  try {
    const range = rangeOf(doc, place);
    if (!range) return null;
    const cells = cellsOf(range, shown);
    const edits = editsBetween(cells, becomes.match(words) ?? []);
    if (edits.length === 0) return null;
    const before = Y.encodeStateVector(doc);
    // from the end: what was counted before stays true
    doc.transact(() => {
      for (const one of edits.toReversed()) take(one, range);
    });
    return {
      update: Y.encodeStateAsUpdate(doc, before),
      was: cells.map(({ text }) => text).join(''),
      becomes: (becomes.match(words) ?? []).map((word) => (chipIn(word) ? shown(chipIn(word) as Chip) : word)).join(''),
    };
  } finally {
    doc.destroy();
  }
}

/** A paragraph or heading as it is given to who shall write it otherwise: chips by name, "{{total_billed}}". `block` counts those of the letter from 1. */
export interface TextBlock {
  block: number;
  text: string;
}

export function textBlocks(state: Uint8Array): TextBlock[] {
  const doc = docFrom([state]);
  const blocks = blocksIn(doc).map((block, n) => ({ block: n + 1, text: namedText(cellsOf(wholeOf(block), () => '')) }));
  doc.destroy();
  return blocks;
}

/** The same edit, of words of one block as `textBlocks` gives them, with their place. Null where they do not stand there, or nothing would change. */
export function suggestWords(
  state: Uint8Array,
  { block: number, quote, becomes }: { block: number; quote: string; becomes: string },
  shown: ChipText,
): (SuggestedEdit & { place: string }) | null {
  const doc = docFrom([state]);
  const block = blocksIn(doc)[number - 1];
  const cells = block ? cellsOf(wholeOf(block), shown) : [];
  const at = namedText(cells).indexOf(quote);
  const found: Cell[] = [];
  let [from, before, behind] = [0, '', ''];
  for (const cell of at < 0 || quote === '' ? [] : cells) {
    const text = cell.named ?? cell.text;
    const end = from + text.length;
    if (end > at && from < at + quote.length) {
      // of a word that is quoted in part the rest stays
      if (found.length === 0) before = text.slice(0, Math.max(0, at - from));
      behind = text.slice(Math.min(text.length, at + quote.length - from));
      found.push(cell);
    }
    from = end;
  }
  const [first, last] = [found[0], found.at(-1)];
  const place = block && first && last ? `${encoded(block, first, false)}.${encoded(block, last, true)}` : null;
  doc.destroy();
  const edit = place === null ? null : suggestEdit(state, place, before + becomes + behind, shown);
  return edit && place !== null ? { ...edit, place } : null;
}

const namedText = (cells: readonly Cell[]): string => cells.map(({ named, text }) => named ?? text).join('');
const wholeOf = (block: Y.XmlElement): Range => ({
  block,
  from: { block, child: 0, offset: 0 },
  to: { block, child: block.length, offset: 0 },
});

/** Paragraphs and headings in reading order, those in lists and quotes too. */
function blocksIn(doc: Y.Doc): Y.XmlElement[] {
  const look = (node: unknown): Y.XmlElement[] => {
    if (isElement(node) && (node.nodeName === 'paragraph' || node.nodeName === 'heading')) return [node];
    return node instanceof Y.XmlFragment ? node.toArray().flatMap(look) : [];
  };
  return look(doc.getXmlFragment(fragmentName));
}

/** The place before a cell, or behind it, as the editor writes places. */
function encoded(block: Y.XmlElement, { node, offset, text }: Cell, isBehind: boolean): string {
  const position =
    node instanceof Y.XmlText
      ? Y.createRelativePositionFromTypeIndex(node, offset + (isBehind ? text.length : 0))
      : Y.createRelativePositionFromTypeIndex(block, block.toArray().indexOf(node) + (isBehind ? 1 : 0));
  return Buffer.from(Y.encodeRelativePosition(position)).toString('base64');
}

interface Point {
  block: Y.XmlElement;
  child: number;
  offset: number;
}
interface Range {
  block: Y.XmlElement;
  from: Point;
  to: Point;
}

function rangeOf(doc: Y.Doc, place: string): Range | null {
  const [one, other] = place.split('.').map((part) => pointOf(doc, part));
  if (!one || !other || one.block !== other.block) return null;
  const inOrder = one.child < other.child || (one.child === other.child && one.offset <= other.offset);
  return { block: one.block, from: inOrder ? one : other, to: inOrder ? other : one };
}

const isElement = (node: unknown): node is Y.XmlElement => node instanceof Y.XmlElement;

/** Another laptop may have written the place: anything may stand in it. */
function pointOf(doc: Y.Doc, encoded: string): Point | null {
  try {
    const relative = Y.decodeRelativePosition(new Uint8Array(Buffer.from(encoded, 'base64')));
    if (relative.tname !== null && relative.tname !== fragmentName) return null;
    const found = Y.createAbsolutePositionFromRelativePosition(relative, doc);
    if (!found) return null;
    const { type, index } = found;
    if (type instanceof Y.XmlText) {
      const block: unknown = type.parent;
      return isElement(block) ? { block, child: block.toArray().indexOf(type), offset: index } : null;
    }
    if (!isElement(type) || (type.nodeName !== 'paragraph' && type.nodeName !== 'heading')) return null;
    return { block: type, child: index, offset: 0 };
  } catch {
    return null;
  }
}

/** A word in a run of text, or a chip or line break, which lies between runs. */
interface Cell {
  node: Y.XmlText | Y.XmlElement;
  offset: number;
  text: string;
  /** How the new words may name it. */
  named: string | null;
}
type Delta = { insert: unknown; attributes?: Record<string, object> }[];
const deltaOf = (text: Y.XmlText): Delta => text.toDelta() as Delta;
const textOf = (text: Y.XmlText): string =>
  deltaOf(text)
    .map(({ insert }) => (typeof insert === 'string' ? insert : ' '))
    .join('');

function cellsOf({ block, from, to }: Range, shown: ChipText): Cell[] {
  return block.toArray().flatMap((node, child): Cell[] => {
    if (child < from.child || child > to.child) return [];
    if (node instanceof Y.XmlText) {
      const [start, end] = [child === from.child ? from.offset : 0, child === to.child ? to.offset : Infinity];
      const run = textOf(node).slice(start, end);
      return [...run.matchAll(words)].map(({ 0: text, index }) => ({ node, offset: start + index, text, named: null }));
    }
    // a place before an element does not hold it
    if (!(node instanceof Y.XmlElement) || child === to.child) return [];
    const chip = chipOf(node);
    if (!chip) return [{ node, offset: 0, text: '\n', named: null }];
    return [{ node, offset: 0, text: shown(chip), named: chip.type === 'citation' ? `{{cite:${chip.name}}}` : `{{${chip.name}}}` }];
  });
}

function chipOf(node: Y.XmlElement): Chip | null {
  const attributes: Record<string, unknown> = node.getAttributes();
  const nameOf = (attribute: string): string => (typeof attributes[attribute] === 'string' ? attributes[attribute] : '');
  if (node.nodeName === 'variable') return { type: 'variable', name: nameOf('name') };
  return node.nodeName === 'citation' ? { type: 'citation', name: nameOf('of') } : null;
}

function chipIn(word: string): Chip | null {
  const [, isCited, name = ''] = chipWord.exec(word) ?? [];
  return name === '' ? null : { type: isCited === undefined ? 'variable' : 'citation', name };
}

/** Cells that go, and words that come in their place: behind `after`, or at the range's beginning. */
interface Edit {
  after: Cell | null;
  gone: Cell[];
  come: string[];
}

function editsBetween(cells: readonly Cell[], next: readonly string[]): Edit[] {
  const named = new Set(next.filter((word) => chipWord.test(word)));
  // a chip is one word where the new ones name it, else as many as it shows
  const flat = cells.flatMap((cell) =>
    (cell.named !== null && named.has(cell.named) ? [cell.named] : (cell.text.match(words) ?? [''])).map((word) => ({ cell, word })),
  );
  const line: { cell: Cell | null; word: string; stays: boolean }[] = [];
  let at = 0;
  const steps = compare(
    flat.map(({ word }) => word),
    next,
  );
  for (const { kind, items } of steps)
    for (const word of items) {
      line.push(kind === 'added' ? { cell: null, word, stays: false } : { cell: flat[at]?.cell ?? null, word, stays: kind === 'same' });
      if (kind !== 'added') at += 1;
    }
  const broken = brokenChips(line);
  const edits: Edit[] = [];
  let [after, open]: [Cell | null, Edit | null] = [null, null];
  for (const { cell, word, stays } of line) {
    if (cell && stays && !broken.has(cell)) {
      [after, open] = [cell, null];
      continue;
    }
    if (!open) edits.push((open = { after, gone: [], come: [] }));
    if (cell && !open.gone.includes(cell)) open.gone.push(cell);
    // what stays of a chip that breaks is written out
    if (!cell || stays) open.come.push(word);
  }
  return edits;
}

/** Chips of which a word goes, or between whose words one comes. */
function brokenChips(line: readonly { cell: Cell | null; stays: boolean }[]): Set<Cell> {
  const broken = new Set<Cell>();
  let [last, isParted]: [Cell | null, boolean] = [null, false];
  for (const { cell, stays } of line) {
    if (!cell) isParted = true;
    else {
      if (!stays || (isParted && cell === last)) broken.add(cell);
      [last, isParted] = [cell, false];
    }
  }
  return broken;
}

function take({ after, gone, come }: Edit, { block, from }: Range): void {
  const [first] = gone;
  const [node, offset] = first
    ? [first.node, first.offset]
    : after
      ? [after.node, after.offset + (after.node instanceof Y.XmlText ? after.text.length : 1)]
      : [block.get(from.child), from.offset];
  const marks = node instanceof Y.XmlText ? marksAt(node, first ? offset : offset - 1) : {};
  // where new text goes, once what goes is gone; none is made for nothing
  const begins: [Y.XmlText, number] | null =
    come.length === 0 ? null : node instanceof Y.XmlText ? [node, offset] : runBeside(block, node, offset);
  for (const cell of gone.toReversed()) {
    if (cell.node instanceof Y.XmlText) cell.node.delete(cell.offset, cell.text.length);
    else block.delete(block.toArray().indexOf(cell.node), 1);
  }
  if (!begins) return;
  let [run, place] = begins;
  for (const piece of pieces(come)) {
    if (typeof piece === 'string') {
      run.insert(place, piece, marks);
      place += piece.length;
    } else [run, place] = [putChip(block, run, place, piece), 0];
  }
}

/** A run of text before or behind an element of a block, made where there is none. `offset` 1: behind it. */
function runBeside(block: Y.XmlElement, node: unknown, offset: number): [Y.XmlText, number] {
  const children = block.toArray();
  const index = children.indexOf(node as Y.XmlElement);
  const at = index < 0 ? children.length : index + offset;
  const [before, behind] = [children[at - 1], children[at]];
  if (before instanceof Y.XmlText) return [before, textOf(before).length];
  if (behind instanceof Y.XmlText) return [behind, 0];
  const made = new Y.XmlText();
  block.insert(at, [made]);
  return [made, 0];
}

/** Puts a chip into a run of text, which it parts in two; the second of them. */
function putChip(block: Y.XmlElement, run: Y.XmlText, place: number, { type, name }: Chip): Y.XmlText {
  const element = new Y.XmlElement(type);
  element.setAttribute(type === 'variable' ? 'name' : 'of', name);
  const rest = new Y.XmlText();
  block.insert(block.toArray().indexOf(run) + 1, [element, rest]);
  let from = 0;
  const tail: Delta = [];
  for (const part of deltaOf(run)) {
    const text = typeof part.insert === 'string' ? part.insert : ' ';
    if (from + text.length > place) tail.push({ ...part, insert: text.slice(Math.max(0, place - from)) });
    from += text.length;
  }
  if (from > place) run.delete(place, from - place);
  rest.applyDelta(tail);
  return rest;
}

function marksAt(text: Y.XmlText, offset: number): Record<string, object> {
  let from = 0;
  for (const { insert, attributes } of deltaOf(text)) {
    from += typeof insert === 'string' ? insert.length : 1;
    if (offset < from) return attributes ?? {};
  }
  return {};
}

/** Runs of text, and chips. */
function pieces(come: readonly string[]): (string | Chip)[] {
  const all: (string | Chip)[] = [];
  for (const word of come) {
    const chip = chipIn(word);
    const last = all.at(-1);
    if (chip) all.push(chip);
    else if (typeof last === 'string') all[all.length - 1] = last + word;
    else all.push(word);
  }
  return all;
}

/**
 * Tells of an edit whether it changes words that a body does not have: then it could be applied, and would show nothing until they come. The body is looked at once,
 * each edit costs no more than its own length. Edits must be such as `isValidLetterUpdate` lets pass.
 */
export function missingIn(state: Uint8Array): (update: Uint8Array) => boolean {
  const here = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state));
  return (update) => {
    const { structs, ds } = Y.decodeUpdate(new Uint8Array(update));
    const there = new Map(here);
    for (const { id, length } of structs) {
      const known = there.get(id.client) ?? 0;
      if (id.clock > known) return true;
      there.set(id.client, Math.max(known, id.clock + length));
    }
    const isMissing = (id: unknown): boolean => id instanceof Y.ID && id.clock >= (there.get(id.client) ?? 0);
    return (
      structs.some((struct) => struct instanceof Y.Item && [struct.origin, struct.rightOrigin, struct.parent].some(isMissing)) ||
      [...ds.clients].some(([client, gone]) => gone.some(({ clock, len }) => clock + len > (there.get(client) ?? 0)))
    );
  };
}
