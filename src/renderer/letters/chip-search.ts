import type { Editor } from '@tiptap/core';

/** Puts the first chip of a variable in hand and on screen; false where the letter does not use it. */
export function selectChip(editor: Editor, variable: string): boolean {
  let found = -1;
  editor.state.doc.descendants((node, position) => {
    if (found >= 0) return false;
    if (
      (node.type.name === 'variable' && node.attrs['name'] === variable) ||
      (node.type.name === 'citation' && node.attrs['of'] === variable)
    )
      found = position;
    return true;
  });
  if (found < 0) return false;
  editor.chain().setNodeSelection(found).focus().run();
  const element = editor.view.nodeDOM(found);
  if (element instanceof HTMLElement) element.scrollIntoView({ block: 'center' });
  return true;
}

/** The variable of the chip in hand, or null while the caret is in text. */
export function chipInHand(editor: Editor): string | null {
  const { selection } = editor.state;
  const node = selection.$from.nodeAfter;
  if (!node || selection.to - selection.from !== node.nodeSize) return null;
  const name: unknown = node.type.name === 'variable' ? node.attrs['name'] : node.type.name === 'citation' ? node.attrs['of'] : null;
  return typeof name === 'string' ? name : null;
}
