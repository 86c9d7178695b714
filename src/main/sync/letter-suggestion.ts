import * as Y from 'yjs';
import type { Chip } from '../../shared/citations.ts';
import { compare } from './differences.ts';
import { changeOf, docFrom } from './letter-doc.ts';
import {
  aroundOf,
  blocksIn,
  cellsOf,
  chipIn,
  chipWord,
  deltaOf,
  encoded,
  namedText,
  nothing,
  rangeOf,
  textOf,
  wholeOf,
  words,
  type Cell,
  type ChipText,
  type Delta,
  type Range,
} from './letter-places.ts';

/**
 * A suggestion is a Yjs update that nobody has applied yet: accepted on two laptops it is applied once, accepted late it merges with what was written meanwhile,
 * and it deletes only words that stood there when it was made.
 */
export interface SuggestedEdit {
  update: Uint8Array;
  /** What stands there now and what would; chips by name, so that it says the same when a fact is corrected: see `readable`. */
  was: string;
  becomes: string;
}

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
    const [ahead, was, behind] = aroundOf(range);
    // from the end: what was counted before stays true
    const update = changeOf(doc, () => {
      for (const one of edits.toReversed()) take(one, range);
    });
    const all = namedText(cellsOf(wholeOf(range.block), nothing));
    return { update, was, becomes: all.slice(ahead.length, all.length - behind.length) };
  } finally {
    doc.destroy();
  }
}

/** What `was` and `becomes` say to a reader: chips by their text. */
export function readable(named: string, shown: ChipText): string {
  return named.replace(/\{\{(?:cite:)?[A-Za-z0-9_]{1,100}\}\}/g, (word) => shown(chipIn(word) as Chip));
}

/** A paragraph or heading as it is given to who shall write it otherwise: chips by name, "{{total_billed}}". `block` counts those of the letter from 1. */
export interface TextBlock {
  block: number;
  text: string;
  isHeading: boolean;
}

export function textBlocks(state: Uint8Array): TextBlock[] {
  const doc = docFrom([state]);
  const blocks = blocksIn(doc).map((block, n) => ({
    block: n + 1,
    text: namedText(cellsOf(wholeOf(block), () => '')),
    isHeading: block.nodeName === 'heading',
  }));
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
    if (cell && open.gone.at(-1) !== cell) open.gone.push(cell);
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
  // neighbours in a run go at once
  let [end, until]: [Cell | null, number] = [null, 0];
  for (const [nth, cell] of gone.toReversed().entries()) {
    if (!(cell.node instanceof Y.XmlText)) {
      block.delete(block.toArray().indexOf(cell.node), 1);
      continue;
    }
    if (end?.node !== cell.node) [end, until] = [cell, cell.offset + cell.text.length];
    if (gone.at(-2 - nth)?.node !== cell.node) {
      cell.node.delete(cell.offset, until - cell.offset);
      end = null;
    }
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
