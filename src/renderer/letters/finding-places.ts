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
 * Where a finding stands in the text as the editor has it now: in its block, at the words it quotes that are nearest to where they were. Null for what is computed (tables,
 * exhibits), and where the words are there no more, because somebody typed since.
 */
export function placeOfFinding(doc: Node, { place, quote }: Pick<FindingView, 'place' | 'quote'>, values: LetterValues): Span | null {
  const block = blockAt(doc, place.block);
  if (!block || quote === '') return null;
  const { text, at } = blockText(block.node, values);
  const near = text.lastIndexOf(quote, place.start);
  const index = near === place.start || near < 0 ? text.indexOf(quote, Math.max(0, place.start - 4)) : near;
  if (index < 0) return null;
  const [from, to] = [at[index], at[index + quote.length]];
  return from === undefined || to === undefined ? null : { from: block.start + from, to: block.start + to };
}

/** `path`: as `LintPlace.block` has it. */
function blockAt(doc: Node, path: readonly number[]): { node: Node; start: number } | null {
  let [node, start]: [Node, number] = [doc, 0];
  for (const index of path) {
    if (index >= node.childCount) return null;
    for (let before = 0; before < index; before += 1) start += node.child(before).nodeSize;
    node = node.child(index);
    start += 1;
  }
  return node.isTextblock ? { node, start } : null;
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
  if (!span || !mend) return false;
  if ('variable' in mend)
    return editor
      .chain()
      .insertContentAt(span, { type: 'variable', attrs: { name: mend.variable } })
      .focus()
      .run();
  return mend.replace === ''
    ? editor.chain().deleteRange(span).focus().run()
    : editor.chain().insertContentAt(span, { type: 'text', text: mend.replace }).focus().run();
}
