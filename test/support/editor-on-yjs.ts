import type { Editor } from '@tiptap/core';
import { Schema, type Node } from '@tiptap/pm/model';
import { EditorState } from '@tiptap/pm/state';
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';

/** As much of the letter's schema (renderer/letters/schema.ts) as a test of words needs; the window's own draws with React. */
export const letterSchema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'inline*' },
    heading: { group: 'block', content: 'inline*', attrs: { level: { default: 1 } } },
    specialsTable: { group: 'block', atom: true },
    exhibitList: { group: 'block', atom: true },
    text: { group: 'inline' },
    hardBreak: { group: 'inline', inline: true },
    variable: { group: 'inline', inline: true, atom: true, attrs: { name: { default: '' } } },
  },
  marks: { bold: {}, italic: {}, underline: {} },
});

/** A paragraph's content: text, text with marks, or a chip by its variable. */
export type Said = string | { text: string; marks: string[] } | { chip: string };

export function letterOf(...paragraphs: Said[][]): Node {
  return letterSchema.node(
    'doc',
    null,
    paragraphs.map((said) => letterSchema.node('paragraph', null, said.map(inline))),
  );
}

function inline(said: Said): Node {
  if (typeof said === 'string') return letterSchema.text(said);
  if ('chip' in said) return letterSchema.node('variable', { name: said.chip });
  return letterSchema.text(
    said.text,
    said.marks.map((name) => letterSchema.mark(name)),
  );
}

/** A window's editor without a window: what it is told to do goes the way of the real one (y-tiptap) into a Yjs document. */
export function editorOnYjs(start: Node): { editor: Editor; doc: Doc; text(): string; dispatched(): number } {
  const doc = new Doc();
  const body = doc.getXmlFragment('body');
  updateYFragment(doc, body, start, { mapping: new Map(), isOMark: new Map() });
  const { doc: first, meta } = initProseMirrorDoc(body, letterSchema);
  let state = EditorState.create({ doc: first });
  let dispatched = 0;
  const editor = {
    get state() {
      return state;
    },
    view: {
      dispatch(tr: Parameters<EditorState['apply']>[0]) {
        state = state.apply(tr);
        dispatched += 1;
        updateYFragment(doc, body, state.doc, meta);
      },
    },
  } as unknown as Editor;
  return { editor, doc, text: () => textOf(doc), dispatched: () => dispatched };
}

/** What a Yjs letter says, a line a paragraph, chips as {name}. */
export function textOf(doc: Doc): string {
  const lines: string[] = [];
  initProseMirrorDoc(doc.getXmlFragment('body'), letterSchema).doc.forEach((block) => {
    lines.push(block.textBetween(0, block.content.size, '\n', (leaf) => `{${String(leaf.attrs['name'])}}`));
  });
  return lines.join('\n');
}

/** A colleague's copy of a letter. */
export function copyOf(doc: Doc): Doc {
  const copy = new Doc();
  applyUpdate(copy, encodeStateAsUpdate(doc));
  return copy;
}

/** Both get what the other wrote. */
export function meet(a: Doc, b: Doc): void {
  const [fromA, fromB] = [encodeStateAsUpdate(a), encodeStateAsUpdate(b)];
  applyUpdate(a, fromB);
  applyUpdate(b, fromA);
}
