import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import type { FindingView } from '../../shared/linter.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { blockText } from './block-text.ts';

/** Positions [from, to) in the editor's document. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Where a finding stands in the text as the editor has it now: in its block, at the words it quotes that are nearest to where they were. Null for what is computed (the damages table,
 * exhibits), and where the words are there no more, because somebody typed since.
 */
export function placeOfFinding(doc: Node, { place, quote }: Pick<FindingView, 'place' | 'quote'>, values: LetterValues): Span | null {
  const block = blockAt(doc, place.block);
  if (!block || quote === '') return null;
  const { text, at } = blockText(block.node, values);
  const near = text.lastIndexOf(quote, place.start);
  const index = near === place.start || near < 0 ? text.indexOf(quote, Math.max(0, place.start - 4)) : near;
  if (index < 0) return null;
  // behind the last of the words: what follows may be a footnote, or the next cell
  const [from, last] = [at[index], at[index + quote.length - 1]];
  if (from === undefined || last === undefined) return null;
  return { from: block.start + from, to: block.start + last + 1 };
}

/** `path`: as `LintPlace.block` has it; a row of a table is a block, too. */
function blockAt(doc: Node, path: readonly number[]): { node: Node; start: number } | null {
  let [node, start]: [Node, number] = [doc, 0];
  for (const index of path) {
    if (isText(node)) return nthFootnote(node, start, index);
    if (index >= node.childCount) return null;
    for (let before = 0; before < index; before += 1) start += node.child(before).nodeSize;
    node = node.child(index);
    start += 1;
  }
  return isText(node) ? { node, start } : null;
}

const isText = ({ isTextblock, type }: Node): boolean => isTextblock || type.name === 'tableRow';

function nthFootnote(block: Node, start: number, nth: number): { node: Node; start: number } | null {
  let found: { node: Node; start: number } | null = null;
  let left = nth;
  block.descendants((node, position) => {
    if (node.type.name !== 'footnote') return true;
    if (left === 0) found = { node, start: start + position + 1 };
    left -= 1;
    return false;
  });
  return found;
}

/** Puts a finding's words in hand and on screen; false where they stand nowhere. */
export function showFinding(editor: Editor, finding: FindingView, values: LetterValues): boolean {
  const span = placeOfFinding(editor.state.doc, finding, values);
  if (!span) return false;
  editor.chain().setTextSelection(span).focus().run();
  const { node } = editor.view.domAtPos(span.from);
  (node instanceof Element ? node : node.parentElement)?.scrollIntoView({ block: 'center' });
  return true;
}

/** Does what the finding offers; false where its words are there no more. */
export function mendFinding(editor: Editor, finding: FindingView, values: LetterValues): boolean {
  const span = placeOfFinding(editor.state.doc, finding, values);
  const { mend } = finding;
  if (!span || !mend || isTypedOn(editor.state.doc, span)) return false;
  if ('variable' in mend)
    return editor
      .chain()
      .insertContentAt(span, { type: 'variable', attrs: { name: mend.variable } })
      .focus()
      .run();
  return mend.replace === ''
    ? editor.chain().deleteRange(withSpace(editor.state.doc, span)).focus().run()
    : editor.chain().insertContentAt(span, { type: 'text', text: mend.replace }).focus().run();
}

/** A span and the space behind it, so that what stands around it does not end up two spaces apart. */
function withSpace(doc: Node, { from, to }: Span): Span {
  const { parent } = doc.resolve(to);
  const before = from === doc.resolve(from).start() ? ' ' : doc.textBetween(from - 1, from, '', ' ');
  const behind = to < doc.resolve(to).end() && parent.isTextblock ? doc.textBetween(to, to + 1) : '';
  return { from, to: before === ' ' && behind === ' ' ? to + 1 : to };
}

/** Whether the last word of a span goes on behind it: somebody typed since it was found, and half a word is nobody's to mend. */
function isTypedOn(doc: Node, { to }: Span): boolean {
  const [before, behind] = [doc.textBetween(to - 1, to), to < doc.resolve(to).end() ? doc.textBetween(to, to + 1) : ''];
  return [before, behind].every((letter) => /[\p{L}\p{N}]/u.test(letter));
}
