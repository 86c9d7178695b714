import { Extension, type Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import type { EditorState } from '@tiptap/pm/state';

/**
 * Paragraphs that count on through the letter. The number is an attribute of the paragraph and no list around it: giving one or taking it away leaves the
 * paragraph itself in place, so that what a colleague types in it meanwhile stays.
 */
export const numberedParagraphs = Extension.create({
  name: 'numberedParagraphs',
  priority: 200,
  addGlobalAttributes: () => [
    {
      types: ['paragraph'],
      attributes: {
        numbered: {
          default: null,
          parseHTML: (element: HTMLElement) => element.hasAttribute('data-numbered') || null,
          renderHTML: ({ numbered }: Record<string, unknown>) => (numbered === true ? { 'data-numbered': '' } : {}),
        },
      },
    },
  ],
  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      'Mod-Shift-9': () => toggleNumbered(editor),
      // as in a list: a number without words, or before which the caret stands, goes
      Enter: () => editor.state.selection.$from.parent.content.size === 0 && takeNumber(editor),
      Backspace: () => editor.state.selection.$from.parentOffset === 0 && takeNumber(editor),
    };
  },
});

const isParagraph = (node: Node): boolean => node.type.name === 'paragraph';

/** Paragraphs that are selected in whole or in part and may have a number: those that stand in nothing else. */
function selectedParagraphs({ doc, selection: { from, to } }: EditorState): { node: Node; position: number }[] {
  const found: { node: Node; position: number }[] = [];
  doc.forEach((node, position) => {
    if (isParagraph(node) && position < to && position + node.nodeSize > from) found.push({ node, position });
  });
  return found;
}

export function areNumbered(editor: Editor): boolean {
  const found = selectedParagraphs(editor.state);
  return found.length > 0 && found.every(({ node }) => node.attrs['numbered'] === true);
}

/** Gives the selected paragraphs numbers, or takes them where all have one; false where there is none. */
export function toggleNumbered(editor: Editor): boolean {
  const found = selectedParagraphs(editor.state);
  if (found.length === 0) return false;
  const numbered = areNumbered(editor) ? null : true;
  const { tr } = editor.state;
  for (const { position } of found) tr.setNodeAttribute(position, 'numbered', numbered);
  editor.view.dispatch(tr.scrollIntoView());
  return true;
}

function takeNumber(editor: Editor): boolean {
  const { $from, empty } = editor.state.selection;
  return empty && $from.depth === 1 && $from.parent.attrs['numbered'] === true && toggleNumbered(editor);
}
