import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { footnoteAround, isFootnote } from './footnote-places.ts';

/**
 * A key's letter is put in by the editor, not by the browser: that is quicker, since nothing has to be read back from the page, and beside a footnote, or in an empty
 * one, a browser puts it where it likes. What is composed (accents, other scripts) and dictated still comes by way of the page. Input rules see each letter first.
 */
export const typedKeys = Extension.create({
  name: 'typedKeys',
  // after whoever has a use for the key itself
  priority: 1,
  addProseMirrorPlugins: () => [new Plugin({ key: new PluginKey('typedKeys'), props: { handleKeyPress: putIn } })],
});

function putIn(view: EditorView, event: KeyboardEvent): boolean {
  const { selection } = view.state;
  if (!(selection instanceof TextSelection) || !/^[^\p{Cc}]$/u.test(event.key)) return false;
  if (!isWhereSeen(view, selection) && !isBesideFootnote(selection)) return false;
  const put = () => view.state.tr.insertText(event.key).scrollIntoView();
  const isTaken = view.someProp('handleTextInput', (take) => take(view, selection.from, selection.to, event.key, put));
  if (!isTaken) view.dispatch(put());
  return true;
}

/** Of a caret that the browser has just moved (End, an arrow) the editor may not have heard yet: the letter then goes where the typist sees it, by way of the page. */
function isWhereSeen(view: EditorView, { anchor, head }: TextSelection): boolean {
  const seen = view.dom.ownerDocument.getSelection();
  if (!seen?.anchorNode || !seen.focusNode || !view.dom.contains(seen.anchorNode) || !view.dom.contains(seen.focusNode)) return false;
  return view.posAtDOM(seen.anchorNode, seen.anchorOffset) === anchor && view.posAtDOM(seen.focusNode, seen.focusOffset) === head;
}

function isBesideFootnote({ empty, $head }: TextSelection): boolean {
  const around = footnoteAround($head);
  return empty && (around ? around.node.content.size === 0 : isFootnote($head.nodeBefore) || isFootnote($head.nodeAfter));
}
