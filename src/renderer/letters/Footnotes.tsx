import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { useEditorState } from '@tiptap/react';
import { chipText } from '../../shared/citations.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { footnotesIn, openNthFootnote } from './footnote-places.ts';

/** The footnotes at the foot of the letter, as they are printed at the foot of its pages; a click goes to one. */
export function Footnotes({ editor, values }: { editor: Editor; values: LetterValues }) {
  const footnotes = useEditorState({
    editor,
    selector: ({ editor: now }) => footnotesIn(now.state.doc),
    // typing elsewhere leaves them the same nodes
    equalityFn: (a, b) => a.length === b?.length && a.every((node, nth) => node === b[nth]),
  });
  if (footnotes.length === 0) return null;
  return (
    <section className="footnotes" aria-label="Footnotes">
      <ol>
        {footnotes.map((node, nth) => (
          <li key={nth}>
            <button
              type="button"
              onClick={() => {
                openNthFootnote(editor, nth);
              }}
            >
              <sup>{nth + 1}</sup> {node.childCount === 0 ? <span className="quiet">Nothing written yet</span> : wordsOf(node, values)}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function wordsOf(footnote: Node, values: LetterValues) {
  return footnote.children.map((node, nth) => {
    const has = (mark: string): boolean => node.marks.some(({ type }) => type.name === mark);
    const name: unknown = node.type.name === 'variable' ? node.attrs['name'] : node.type.name === 'citation' ? node.attrs['of'] : null;
    if (node.type.name === 'hardBreak') return <br key={nth} />;
    if (typeof name === 'string')
      return <span key={nth}>{chipText(values, { type: node.type.name === 'citation' ? 'citation' : 'variable', name })}</span>;
    const style = {
      ...(has('bold') && { fontWeight: 700 }),
      ...(has('italic') && { fontStyle: 'italic' }),
      ...(has('underline') && { textDecoration: 'underline' }),
    };
    return (
      <span key={nth} style={style}>
        {node.text}
      </span>
    );
  });
}
