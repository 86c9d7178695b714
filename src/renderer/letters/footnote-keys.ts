import type { Editor } from '@tiptap/core';
import type { ResolvedPos } from '@tiptap/pm/model';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { footnoteAround, insertFootnote, isFootnote, openFootnote } from './footnote-places.ts';
import { undoOf } from './replace-hits.ts';

/** What keys do in a footnote and beside one. */
export function footnoteKeys(editor: Editor): Record<string, () => boolean> {
  const delBefore = (): boolean => deleteAt(editor, -1);
  const delBehind = (): boolean => deleteAt(editor, 1);
  return {
    'Mod-Alt-f': () => closeFootnote(editor) || insertFootnote(editor),
    Escape: () => closeFootnote(editor),
    Enter: () => closeFootnote(editor) || openSelected(editor),
    'Mod-Enter': () => footnoteAround(editor.state.selection.$head) !== null,
    ArrowRight: () => goAcross(editor, 1),
    ArrowLeft: () => goAcross(editor, -1),
    Backspace: delBefore,
    'Mod-Backspace': () => delBefore() || deleteWord(editor, -1),
    'Shift-Backspace': delBefore,
    Delete: delBehind,
    'Mod-Delete': () => delBehind() || deleteWord(editor, 1),
    End: () => goToEnd(editor, 'move'),
    'Shift-End': () => goToEnd(editor, 'extend'),
  };
}

function openSelected(editor: Editor): boolean {
  const { selection } = editor.state;
  if (!(selection instanceof NodeSelection) || !isFootnote(selection.node)) return false;
  openFootnote(editor, selection.from);
  return true;
}

/** The caret behind the footnote it is in; one that says nothing goes. False outside of footnotes. */
function closeFootnote(editor: Editor): boolean {
  const { tr, selection } = editor.state;
  const around = footnoteAround(selection.$head);
  if (!around) return false;
  const isEmpty = around.node.content.size === 0 && editor.isEditable;
  if (isEmpty) tr.delete(around.before, around.after);
  tr.setSelection(TextSelection.create(tr.doc, isEmpty ? around.before : around.after));
  editor.view.dispatch(tr.scrollIntoView());
  return true;
}

/** An arrow key beside a footnote takes its number in hand, as it does a chip; at the end of its words it leads out. */
function goAcross(editor: Editor, step: 1 | -1): boolean {
  const { tr, doc, selection } = editor.state;
  if (!selection.empty || !(selection instanceof TextSelection)) return false;
  const { $head } = selection;
  const around = footnoteAround($head);
  if (around) {
    if (step > 0 ? $head.parentOffset < around.node.content.size : $head.parentOffset > 0) return false;
    editor.view.dispatch(tr.setSelection(TextSelection.create(doc, step > 0 ? around.after : around.before)));
    return true;
  }
  return takeInHand(editor, step);
}

function takeInHand(editor: Editor, step: 1 | -1): boolean {
  const { tr, doc, selection } = editor.state;
  const { $head } = selection;
  const beside = step > 0 ? $head.nodeAfter : $head.nodeBefore;
  if (!beside || !isFootnote(beside)) return false;
  // taken away next, it is had back by itself and not with what was typed just before
  undoOf(editor)?.stopCapturing();
  editor.view.dispatch(tr.setSelection(NodeSelection.create(doc, step > 0 ? $head.pos : $head.pos - beside.nodeSize)));
  return true;
}

/** A key that deletes takes a footnote in hand first, so that none goes unseen; in one it never reaches beyond its words. */
function deleteAt(editor: Editor, step: 1 | -1): boolean {
  const { tr, selection } = editor.state;
  if (!selection.empty || !(selection instanceof TextSelection)) return false;
  const around = footnoteAround(selection.$head);
  if (!around) return takeInHand(editor, step);
  if (around.node.content.size === 0) {
    editor.view.dispatch(tr.delete(around.before, around.after));
    return true;
  }
  return step > 0 ? selection.$head.parentOffset === around.node.content.size : selection.$head.parentOffset === 0;
}

/** A browser that deletes a word takes a footnote along that stands at its end; this deletes the word, or what of it the caret has not passed, alone. */
function deleteWord(editor: Editor, step: 1 | -1): boolean {
  const { tr, doc, selection } = editor.state;
  const { $head, empty } = selection;
  const beside = placeOfFootnote($head, step);
  if (!empty || beside === null) return false;
  const [from, to] = step > 0 ? [$head.pos, beside] : [beside, $head.pos];
  const words = doc.textBetween(from, to, undefined, chipMark);
  const word = (step > 0 ? /^\s*\S*/ : /\S*\s*$/).exec(words)?.[0] ?? '';
  if (word.length < words.length || word.includes(chipMark)) return false;
  editor.view.dispatch(tr.delete(from, to));
  return true;
}

const chipMark = '\uFFFC';

/** Where the next footnote of a block begins, or the last one before ends; null where it has none on that side. */
function placeOfFootnote({ parent, parentOffset, pos }: ResolvedPos, step: 1 | -1): number | null {
  const places: number[] = [];
  parent.forEach((node, offset) => {
    const place = step > 0 ? offset : offset + node.nodeSize;
    if (isFootnote(node) && (step > 0 ? place >= parentOffset : place <= parentOffset)) places.push(pos - parentOffset + place);
  });
  return (step > 0 ? places[0] : places.at(-1)) ?? null;
}

/** At a line's end a browser stops before a footnote that ends it; this leads behind. */
function goToEnd(editor: Editor, how: 'move' | 'extend'): boolean {
  const { state, view } = editor;
  const shown = view.dom.ownerDocument.getSelection();
  if (!shown) return false;
  shown.modify(how, 'forward', 'lineboundary');
  if (!shown.focusNode || !view.dom.contains(shown.focusNode)) return false;
  const before = view.posAtDOM(shown.focusNode, shown.focusOffset);
  let behind = before;
  for (let node = state.doc.resolve(behind).nodeAfter; node && isFootnote(node); node = state.doc.resolve(behind).nodeAfter)
    behind += node.nodeSize;
  if (behind === before) return false;
  view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, how === 'move' ? behind : state.selection.anchor, behind)));
  return true;
}
