import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';
import { chipText } from '../../shared/citations.ts';
import type { Anchor } from '../../shared/collaboration.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { findPlace, placeOf } from '../presence/place.ts';

/** What is selected, as a comment or suggestion names it; `isOneBlock`: within one paragraph or heading. */
export interface Selected {
  anchor: Anchor;
  text: string;
  isOneBlock: boolean;
}

/** The words that are selected; without a selection those of the paragraph the caret is in. Null where nothing can be named. */
export function selectedIn(editor: Editor, values: LetterValues): Selected | null {
  const { state } = editor;
  const { $from, $to, empty } = state.selection;
  if (empty) {
    if (!$from.parent.inlineContent || $from.parent.content.size === 0) return null;
    editor.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, $from.start(), $from.end())));
    return selectedIn(editor, values);
  }
  const place = placeOf(editor.state);
  if (place === null) return null;
  const text = textOf(state.doc, $from.pos, $to.pos, values);
  return { anchor: { place, quote: text.slice(0, 2_000) }, text, isOneBlock: $from.sameParent($to) && $from.parent.inlineContent };
}

/** The words between two places; those of a footnote only where both are in it, because around it they do not stand in the text. */
function textOf(doc: Node, from: number, to: number, values: LetterValues): string {
  const isInside = doc.resolve(from).parent.type.name === 'footnote';
  let text = '';
  doc.nodesBetween(from, to, (node, position) => {
    if (node.type.name === 'footnote') return isInside;
    if (node.isTextblock && position > from && text !== '') text += '\n';
    if (node.isText) text += (node.text ?? '').slice(Math.max(0, from - position), to - position);
    else if (node.type.name === 'hardBreak') text += '\n';
    else if (node.isLeaf) {
      const name: unknown = node.type.name === 'variable' ? node.attrs['name'] : node.type.name === 'citation' ? node.attrs['of'] : null;
      if (typeof name === 'string') text += chipText(values, { type: node.type.name === 'citation' ? 'citation' : 'variable', name });
    }
    return true;
  });
  return text;
}

/** The numbers of the paragraphs and headings that are selected, counted from 1; null where nothing is. */
export function selectedBlocks(editor: Editor): number[] | null {
  const { doc, selection } = editor.state;
  if (selection.empty) return null;
  const numbers: number[] = [];
  let number = 0;
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    number += 1;
    if (position < selection.to && position + node.nodeSize > selection.from) numbers.push(number);
    return false;
  });
  return numbers.length > 0 ? numbers : null;
}

/** The number of the paragraph or heading that the caret is in, or the selection ends in, counted from 1; null: in none. */
export function blockAtCaret(editor: Editor): number | null {
  const { doc, selection } = editor.state;
  let [number, found]: [number, number | null] = [0, null];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    number += 1;
    if (position < selection.to && selection.to <= position + node.nodeSize) found ??= number;
    return false;
  });
  return found;
}

/** Selects a place and brings it on screen; false where this letter has it no more. */
export function showIn(editor: Editor, place: string): boolean {
  const found = findPlace(editor.state, place);
  if (!found) return false;
  const [from, to] = [Math.min(found.anchor, found.head), Math.max(found.anchor, found.head)];
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, from, to)));
  const { node } = editor.view.domAtPos(from);
  const element = node instanceof Element ? node : node.parentElement;
  element?.scrollIntoView({ block: 'center' });
  return true;
}
