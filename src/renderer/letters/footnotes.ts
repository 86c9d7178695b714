import { Node } from '@tiptap/core';
import { Fragment, type Node as DocNode, type Slice } from '@tiptap/pm/model';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type NodeView } from '@tiptap/pm/view';
import { footnoteKeys } from './footnote-keys.ts';
import { footnoteAround, isFootnote, openFootnote } from './footnote-places.ts';

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
    return footnoteKeys(this.editor);
  },
  addProseMirrorPlugins: () => [open()],
});

const key = new PluginKey('footnotes');

function open(): Plugin {
  return new Plugin({
    key,
    props: {
      decorations: ({ doc, selection }) => {
        const around = footnoteAround(selection.$head);
        return around ? DecorationSet.create(doc, [Decoration.node(around.before, around.after, { class: 'is-open' })]) : null;
      },
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
