import * as Y from 'yjs';
import type { Chip } from '../../shared/citations.ts';
import { fragmentName } from './letter-doc.ts';

/** Places in a letter's text as editors write them, and the words and chips between two of them. */

/** The text of a chip as the letter shows it. */
export type ChipText = (chip: Chip) => string;

/** A word, a mark, a run of spaces; "{{total_billed}}" and "{{cite:total_billed}}" stand for chips. */
export const words = /\{\{(?:cite:)?[A-Za-z0-9_]{1,100}\}\}|\d+(?:[.,:/-]\d+)*|\p{L}+|\s+|./gu;
export const chipWord = /^\{\{(cite:)?([A-Za-z0-9_]{1,100})\}\}$/;

export const nothing = (): string => '';
/** A block's text before a place, at it and behind it, chips by name. */
export function aroundOf(range: Range, note?: NoteText): [ahead: string, at: string, behind: string] {
  const { block, from, to } = range;
  const whole = wholeOf(block);
  const parts = [{ ...whole, to: from }, range, { ...whole, from: to }];
  const [ahead = '', at = '', behind = ''] = parts.map((part) => namedText(cellsOf(part, nothing, note)));
  return [ahead, at, behind];
}

export const namedText = (cells: readonly Cell[]): string => cells.map(({ named, text }) => named ?? text).join('');
export const wholeOf = (block: Y.XmlElement): Range => ({
  block,
  from: { block, child: 0, offset: 0 },
  to: { block, child: block.length, offset: 0 },
});

/** Paragraphs and headings in reading order, those in lists, quotes and tables too. */
export function blocksIn(doc: Y.Doc): Y.XmlElement[] {
  const look = (node: unknown): Y.XmlElement[] => {
    if (isElement(node) && (node.nodeName === 'paragraph' || node.nodeName === 'heading')) return [node];
    return node instanceof Y.XmlFragment ? node.toArray().flatMap(look) : [];
  };
  return look(doc.getXmlFragment(fragmentName));
}

/** The same, and footnotes, each behind the block its number stands in. */
export function textsIn(doc: Y.Doc): Y.XmlElement[] {
  return blocksIn(doc).flatMap((block) => [block, ...footnotesIn(block)]);
}

export const footnotesIn = (block: Y.XmlElement): Y.XmlElement[] =>
  block.toArray().filter((node): node is Y.XmlElement => isElement(node) && node.nodeName === 'footnote');

/** The place before a cell, or behind it, as the editor writes places. */
export function encoded(block: Y.XmlElement, { node, offset, text }: Cell, isBehind: boolean): string {
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
export interface Range {
  block: Y.XmlElement;
  from: Point;
  to: Point;
}

export function rangeOf(doc: Y.Doc, place: string): Range | null {
  const [one, other] = place.split('.').map((part) => pointOf(doc, part));
  if (!one || !other || one.block !== other.block) return null;
  const inOrder = one.child < other.child || (one.child === other.child && one.offset <= other.offset);
  return { block: one.block, from: inOrder ? one : other, to: inOrder ? other : one };
}

export const isElement = (node: unknown): node is Y.XmlElement => node instanceof Y.XmlElement;

/** What words stand in. */
const textNames = new Set(['paragraph', 'heading', 'footnote']);

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
    if (!isElement(type) || !textNames.has(type.nodeName)) return null;
    return { block: type, child: index, offset: 0 };
  } catch {
    return null;
  }
}

/** A word in a run of text, or a chip or line break, which lies between runs. */
export interface Cell {
  node: Y.XmlText | Y.XmlElement;
  offset: number;
  text: string;
  /** How the new words may name it. */
  named: string | null;
}
export type Delta = { insert: unknown; attributes?: Record<string, object> }[];
export const deltaOf = (text: Y.XmlText): Delta => text.toDelta() as Delta;
export const textOf = (text: Y.XmlText): string =>
  deltaOf(text)
    .map(({ insert }) => (typeof insert === 'string' ? insert : ' '))
    .join('');

/** What a footnote is called among the words it stands in, where they are held against others. */
export type NoteText = (note: Y.XmlElement) => string;

export function cellsOf({ block, from, to }: Range, shown: ChipText, note?: NoteText): Cell[] {
  return block.toArray().flatMap((node, child): Cell[] => {
    if (child < from.child || child > to.child) return [];
    if (node instanceof Y.XmlText) {
      const [start, end] = [child === from.child ? from.offset : 0, child === to.child ? to.offset : Infinity];
      const run = textOf(node).slice(start, end);
      return [...run.matchAll(words)].map(({ 0: text, index }) => ({ node, offset: start + index, text, named: null }));
    }
    // a place before an element does not hold it
    if (!(node instanceof Y.XmlElement) || child === to.child) return [];
    // words around a footnote change, it stays; its own words are a place of their own
    if (node.nodeName === 'footnote') return note ? [{ node, offset: 0, text: note(node), named: null }] : [];
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

export function chipIn(word: string): Chip | null {
  const [, isCited, name = ''] = chipWord.exec(word) ?? [];
  return name === '' ? null : { type: isCited === undefined ? 'variable' : 'citation', name };
}
