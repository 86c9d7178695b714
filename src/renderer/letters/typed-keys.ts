import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

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
  const put = () => view.state.tr.insertText(event.key).scrollIntoView();
  const isTaken = view.someProp('handleTextInput', (take) => take(view, selection.from, selection.to, event.key, put));
  if (!isTaken) view.dispatch(put());
  return true;
}
