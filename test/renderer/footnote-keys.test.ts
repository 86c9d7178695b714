import type { Editor } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import { EditorState, NodeSelection, TextSelection } from '@tiptap/pm/state';
import { expect, test } from 'vitest';
import { footnoteKeys } from '../../src/renderer/letters/footnote-keys.ts';
import { footnotesIn } from '../../src/renderer/letters/footnote-places.ts';
import { letterSchema as schema } from './letter-schema.ts';

const say = (text: string) => ({ type: 'text', text });
const note = (text: string) => ({ type: 'footnote', ...(text !== '' && { content: [say(text)] }) });

/** "It rained¹ b", the caret at a position; what keys need of an editor, without a page. */
function editorAt(position: number, ...content: object[]) {
  const doc = Node.fromJSON(schema, { type: 'doc', content: [{ type: 'paragraph', content }] });
  doc.check();
  const editor = {
    schema,
    isEditable: true,
    state: EditorState.create({ doc, selection: TextSelection.create(doc, position) }),
    view: {
      dispatch(tr: EditorState['tr']): void {
        editor.state = editor.state.apply(tr);
        editor.state.doc.check();
      },
      focus: () => undefined,
      nodeDOM: () => null,
    },
  };
  const keys = footnoteKeys(editor as unknown as Editor);
  const press = (key: string): boolean => keys[key]?.() ?? false;
  const said = (): string =>
    editor.state.doc
      .child(0)
      .children.map((node) => (node.type.name === 'footnote' ? `[${node.textContent}]` : (node.text ?? '')))
      .join('');
  return { press, said, selection: () => editor.state.selection, doc: () => editor.state.doc };
}

test('a footnote is taken in hand before it is taken away, from both sides', () => {
  for (const [at, key] of [
    [3, 'Delete'],
    [9, 'Backspace'],
  ] as const) {
    const { press, said, selection } = editorAt(at, say('It'), note('Note'), say(' b'));
    expect(press(key)).toBe(true);
    expect(said()).toBe('It[Note] b');
    expect(selection()).toBeInstanceOf(NodeSelection);
  }
});

test('a word goes without the footnote at its end; where none stands beside it, the browser deletes it', () => {
  const behind = editorAt(10, say('It'), note('Note'), say('b'));
  expect(behind.press('Mod-Backspace')).toBe(true);
  expect(behind.said()).toBe('It[Note]');
  const before = editorAt(1, say('It'), note('Note'), say(' b'));
  expect(before.press('Mod-Delete')).toBe(true);
  expect(before.said()).toBe('[Note] b');
  expect(editorAt(11, say('It'), note('Note'), say(' b')).press('Mod-Backspace')).toBe(false);
  expect(editorAt(7, say('It rained'), note('Note')).press('Mod-Backspace')).toBe(false);
  expect(editorAt(1, say('It rained'), note('Note')).press('Mod-Delete')).toBe(false);
});

test('in a footnote no key reaches beyond its words; an empty one goes', () => {
  for (const [at, key] of [
    [4, 'Backspace'],
    [8, 'Delete'],
  ] as const) {
    const { press, said } = editorAt(at, say('It'), note('Note'), say(' b'));
    expect(press(key)).toBe(true);
    expect(said()).toBe('It[Note] b');
  }
  for (const key of ['Backspace', 'Delete', 'Escape']) {
    const { press, said } = editorAt(4, say('It'), note(''), say(' b'));
    expect(press(key)).toBe(true);
    expect(said()).toBe('It b');
  }
});

test('arrows lead out of it and past it, Enter into the one in hand and out again', () => {
  const inside = editorAt(8, say('It'), note('Note'), say(' b'));
  inside.press('ArrowRight');
  expect(inside.selection().from).toBe(9);
  inside.press('ArrowLeft');
  expect(inside.selection()).toBeInstanceOf(NodeSelection);
  inside.press('Enter');
  expect(inside.selection().$head.parent.type.name).toBe('footnote');
  inside.press('Enter');
  expect(inside.selection().from).toBe(9);
  expect(inside.press('Enter')).toBe(false);
});

test('a new one stands behind what is selected; the same key leaves it', () => {
  const { press, said, selection, doc } = editorAt(3, say('It rained'));
  press('Mod-Alt-f');
  expect(said()).toBe('It[] rained');
  expect(selection().$head.parent.type.name).toBe('footnote');
  expect(footnotesIn(doc())).toHaveLength(1);
  press('Mod-Alt-f');
  expect(said()).toBe('It rained');
});
