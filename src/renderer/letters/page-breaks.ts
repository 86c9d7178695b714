import { Node, type Editor } from '@tiptap/core';
import type { Node as DocNode } from '@tiptap/pm/model';
import { Selection } from '@tiptap/pm/state';

/** Where a new page begins, between two blocks of the letter. */
export const pageBreak = Node.create({
  name: 'pageBreak',
  priority: 200,
  atom: true,
  selectable: true,
  draggable: true,
  parseHTML: () => [{ tag: 'div[data-steno="pageBreak"]' }, { tag: 'br[style*="page-break-before"]', priority: 60 }],
  renderHTML: () => ['div', { 'data-steno': 'pageBreak', class: 'page-break', role: 'separator', 'aria-label': 'Page break' }],
  addKeyboardShortcuts() {
    return { 'Mod-Enter': () => breakPage(this.editor) };
  },
});

/** Breaks the page at the caret; behind the list, quotation or table it stands in. */
export function breakPage(editor: Editor): boolean {
  const { tr, schema } = editor.state;
  const type = schema.nodes['pageBreak'];
  if (!type) return false;
  if (!tr.selection.empty && tr.selection.$from.depth === 1) tr.deleteSelection();
  const { $from } = tr.selection;
  let at = $from.depth === 0 ? $from.pos : $from.after(1);
  if ($from.depth === 1 && $from.parentOffset === 0) at = $from.before(1);
  else if ($from.depth === 1 && $from.parentOffset < $from.parent.content.size) {
    tr.split($from.pos);
    at = $from.pos + 1;
  }
  tr.insert(at, type.create());
  goBehind(editor, tr, at + 1);
  return true;
}

/** Puts a block at the caret, or behind what the caret stands in where that cannot hold it. */
export function insertBlock(editor: Editor, block: DocNode): boolean {
  const { tr } = editor.state;
  const { $from } = tr.selection;
  const own = $from.depth === 1 ? $from.parent : null;
  const isEmptyLine = own?.type.name === 'paragraph' && own.content.size === 0;
  const at = $from.depth === 0 ? $from.pos : isEmptyLine ? $from.before(1) : $from.after(1);
  tr.replaceWith(at, isEmptyLine ? $from.after(1) : at, block);
  // a caret finds a place in it, or behind it
  if (block.isTextblock || block.type.name === 'table') tr.setSelection(Selection.near(tr.doc.resolve(at + 1), 1));
  if (at + block.nodeSize < tr.doc.content.size && block.type.name === 'table') editor.view.dispatch(tr.scrollIntoView());
  else goBehind(editor, tr, at + block.nodeSize, block.type.name === 'table');
  return true;
}

/** The caret into the block behind a place; one is made where the letter ends there. */
function goBehind(editor: Editor, tr: Editor['state']['tr'], at: number, staysInside = false): void {
  const paragraph = editor.schema.nodes['paragraph'];
  if (at >= tr.doc.content.size && paragraph) tr.insert(at, paragraph.create());
  if (!staysInside) tr.setSelection(Selection.near(tr.doc.resolve(at), 1));
  editor.view.dispatch(tr.scrollIntoView());
}
