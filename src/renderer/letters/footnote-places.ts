import type { Editor } from '@tiptap/core';
import type { Node as DocNode, ResolvedPos } from '@tiptap/pm/model';
import { TextSelection } from '@tiptap/pm/state';

export const isFootnote = (node: DocNode | null | undefined): boolean => node?.type.name === 'footnote';

/** Its place around a position; null outside footnotes. */
export function footnoteAround($at: ResolvedPos): { before: number; after: number; node: DocNode } | null {
  return isFootnote($at.parent) ? { before: $at.before(), after: $at.after(), node: $at.parent } : null;
}

/** Puts a footnote behind what is selected, and the caret in it. False where no text can stand. */
export function insertFootnote(editor: Editor): boolean {
  const { tr, schema } = editor.state;
  const { $to } = tr.selection;
  const type = schema.nodes['footnote'];
  if (!type || !$to.parent.isTextblock) return false;
  tr.insert($to.pos, type.create()).setSelection(TextSelection.create(tr.doc, $to.pos + 1));
  editor.view.dispatch(tr.scrollIntoView());
  editor.view.focus();
  return true;
}

/** The caret behind the last word of a footnote, whose text then shows. */
export function openFootnote(editor: Editor, position: number): void {
  const { doc, tr } = editor.state;
  const node = doc.nodeAt(position);
  if (!node || !isFootnote(node)) return;
  editor.view.dispatch(tr.setSelection(TextSelection.create(doc, position + node.nodeSize - 1)));
  editor.view.focus();
  editor.view.nodeDOM(position)?.parentElement?.scrollIntoView({ block: 'nearest' });
}

const known = new WeakMap<DocNode, DocNode[]>();
/** The letter's footnotes in order. A block is looked through again where it changed, not for each key. */
export function footnotesIn(doc: DocNode): DocNode[] {
  return doc.children.flatMap((block) => {
    const before = known.get(block);
    if (before) return before;
    const found: DocNode[] = [];
    block.descendants((node) => {
      if (isFootnote(node)) found.push(node);
      return !isFootnote(node);
    });
    known.set(block, found);
    return found;
  });
}

export function openNthFootnote(editor: Editor, nth: number): void {
  let [left, at] = [nth, -1];
  editor.state.doc.descendants((node, position) => {
    if (!isFootnote(node)) return at < 0;
    if (left === 0) at = position;
    left -= 1;
    return false;
  });
  if (at >= 0) openFootnote(editor, at);
}
