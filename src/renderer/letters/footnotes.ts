import { Node, type Editor } from '@tiptap/core';
import { Fragment, type Node as DocNode, type ResolvedPos, type Slice } from '@tiptap/pm/model';
import { NodeSelection, Plugin, PluginKey, TextSelection, type EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView, type NodeView } from '@tiptap/pm/view';

const isFootnote = (node: DocNode | null | undefined): boolean => node?.type.name === 'footnote';

/**
 * A footnote is text within the text: its words are the letter's, with the same keys, chips, comments and undo. Its number is counted by the style sheet, so that
 * none is ever written anew. Its words show beside the number while the caret is in them, and at the foot of the letter always.
 */
export const footnote = Node.create({
  name: 'footnote',
  priority: 300,
  group: 'inline',
  inline: true,
  content: '(text | variable | citation | hardBreak)*',
  selectable: true,
  parseHTML: () => [{ tag: 'span[data-steno="footnote"]' }],
  renderHTML: () => ['span', { 'data-steno': 'footnote' }, 0],
  addNodeView:
    () =>
    ({ node, getPos, editor }) =>
      footnoteView(node, () => {
        const position = getPos();
        if (position !== undefined) openFootnote(editor, position);
      }),
  addKeyboardShortcuts() {
    const { editor } = this;
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
      'Mod-Backspace': delBefore,
      'Shift-Backspace': delBefore,
      Delete: delBehind,
      'Mod-Delete': delBehind,
    };
  },
  addProseMirrorPlugins: () => [open()],
});

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
  const shown = editor.view.nodeDOM(position);
  if (shown instanceof HTMLElement) shown.scrollIntoView({ block: 'center' });
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

const key = new PluginKey('footnotes');

function open(): Plugin {
  return new Plugin({
    key,
    props: {
      decorations: ({ doc, selection }) => {
        const around = footnoteAround(selection.$head);
        return around ? DecorationSet.create(doc, [Decoration.node(around.before, around.after, { class: 'is-open' })]) : null;
      },
      handleKeyPress: typeBeside,
      // what is pasted into a footnote becomes words of it: it has no paragraphs
      handlePaste(view, _event, slice) {
        const { $from, $to } = view.state.selection;
        if (!footnoteAround($from) || !$from.sameParent($to)) return false;
        view.dispatch(view.state.tr.replaceWith($from.pos, $to.pos, wordsOf(slice, view.state)).scrollIntoView());
        return true;
      },
      handleDrop(view, event) {
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        return at !== null && footnoteAround(view.state.doc.resolve(at.pos)) !== null;
      },
    },
  });
}

/** A browser puts a key typed beside a footnote, or into an empty one, where it likes; this puts it where the caret is. */
function typeBeside(view: EditorView, event: KeyboardEvent): boolean {
  const { selection, tr } = view.state;
  if (!view.editable || !selection.empty || !/^.$/su.test(event.key)) return false;
  const { $head } = selection;
  const around = footnoteAround($head);
  if (around ? around.node.content.size > 0 : !isFootnote($head.nodeBefore) && !isFootnote($head.nodeAfter)) return false;
  view.dispatch(tr.insertText(event.key).scrollIntoView());
  return true;
}

/** Text and chips of a slice in a row, its paragraphs parted by spaces. */
function wordsOf({ content }: Slice, { schema }: EditorState): Fragment {
  const words: DocNode[] = [];
  const walk = (nodes: Fragment): void => {
    nodes.forEach((node) => {
      if (node.isInline && !isFootnote(node)) words.push(node);
      else {
        if (node.isTextblock && words.length > 0) words.push(schema.text(' '));
        walk(node.content);
      }
    });
  };
  walk(content);
  return Fragment.from(words);
}

/** Points between the box of an open footnote and the edge of the page. */
const edge = 12;

function footnoteView(node: DocNode, onOpen: () => void): NodeView {
  const [dom, contentDOM, mark] = ['span', 'span', 'sup'].map((tag) => document.createElement(tag)) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  dom.className = 'footnote';
  contentDOM.className = 'footnote-text';
  mark.className = 'footnote-mark';
  mark.contentEditable = 'false';
  mark.setAttribute('role', 'button');
  mark.setAttribute('aria-label', 'Footnote');
  // the number last: a caret behind the footnote then stands beside something that cannot be typed into
  dom.append(contentDOM, mark);
  mark.addEventListener('mousedown', (event) => {
    event.preventDefault();
    onOpen();
  });
  const show = (now: DocNode): void => {
    mark.title = now.textContent;
    if (!dom.classList.contains('is-open')) return;
    // within the page, also at the end of a line
    const [page, own] = [dom.closest('.letter-text')?.getBoundingClientRect(), mark.getBoundingClientRect()];
    const over = page ? own.left + contentDOM.offsetWidth - page.right - edge : 0;
    contentDOM.style.marginLeft = `${String(-Math.max(0, over))}px`;
  };
  show(node);
  return {
    dom,
    contentDOM,
    update(now) {
      if (!isFootnote(now)) return false;
      // once the editor has drawn it
      requestAnimationFrame(() => {
        show(now);
      });
      return true;
    },
    stopEvent: ({ target }) => target instanceof globalThis.Node && mark.contains(target),
    ignoreMutation: (mutation) => mutation.type !== 'selection' && (mutation.target === dom || mark.contains(mutation.target)),
  };
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
