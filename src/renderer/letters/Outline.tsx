import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import type { LetterValues } from '../../shared/letters.ts';

interface Heading {
  /** Which block of the letter it is. Where it stands moves with each key that is pressed above it, and is asked for when it is wanted. */
  block: number;
  level: number;
  /** Words and chips in order; a chip as its variable's name. */
  parts: { text?: string; variable?: string }[];
}

/** The letter's headings, to jump by. */
export function Outline({ editor, values }: { editor: Editor; values: LetterValues }) {
  const headings = useEditorState({
    editor,
    selector: ({ editor: now }) => headingsOf(now),
    equalityFn: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  return (
    <nav className="outline" aria-label="Outline">
      <h2>Outline</h2>
      {headings.length === 0 && <p className="quiet">Headings appear here.</p>}
      <ul>
        {headings.map((heading) => (
          <li key={heading.block} data-level={heading.level}>
            <button
              type="button"
              onClick={() => {
                goTo(editor, heading.block);
              }}
            >
              {heading.parts.map((part) => part.text ?? values.variables[part.variable ?? '']?.text ?? '').join('') || 'Untitled'}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function headingsOf(editor: Editor): Heading[] {
  const headings: Heading[] = [];
  editor.state.doc.forEach((node, _position, block) => {
    if (node.type.name !== 'heading') return;
    const parts: Heading['parts'] = [];
    node.forEach((child) => {
      if (child.isText) parts.push({ text: child.text ?? '' });
      else if (child.type.name === 'variable') parts.push({ variable: String(child.attrs['name']) });
    });
    headings.push({ block, level: Number(node.attrs['level']), parts });
  });
  return headings;
}

function goTo(editor: Editor, block: number): void {
  let position = 0;
  for (let before = 0; before < Math.min(block, editor.state.doc.childCount); before += 1)
    position += editor.state.doc.child(before).nodeSize;
  editor
    .chain()
    .setTextSelection(position + 1)
    .focus()
    .run();
  const element = editor.view.nodeDOM(position);
  if (element instanceof HTMLElement) element.scrollIntoView({ block: 'start' });
}
