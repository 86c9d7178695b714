import { Editor } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import { EditorState, TextSelection } from '@tiptap/pm/state';
import { describe, expect, test } from 'vitest';
import {
  addColumnLeft,
  addColumnRight,
  addRowAbove,
  addRowBelow,
  deleteColumns,
  deleteRows,
  deleteTable,
  goToCell,
  insertTable,
  toggleHead,
} from '../../src/renderer/letters/table-commands.ts';
import { unmerged } from '../../src/renderer/letters/unmerge-tables.ts';
import { letterNodes, letterSchema as schema } from './letter-schema.ts';

/** What commands need of an editor, without a page. */
function editorOf(doc: Node, at: string): Editor {
  const editor = {
    schema,
    state: EditorState.create({ doc }),
    view: {
      dispatch(tr: EditorState['tr']): void {
        editor.state = editor.state.apply(tr);
      },
    },
  };
  let position = 0;
  doc.descendants((node, place) => {
    if (node.isText && node.text === at) position = place + 1;
  });
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(doc, position)));
  return editor as unknown as Editor;
}
const paragraph = (text: string) => ({ type: 'paragraph', ...(text !== '' && { content: [{ type: 'text', text }] }) });
const docOf = (...rows: string[][]): Node => {
  const doc = Node.fromJSON(schema, {
    type: 'doc',
    content: [
      {
        type: 'table',
        content: rows.map((cells, at) => ({
          type: 'tableRow',
          content: cells.map((text) => ({ type: at === 0 ? 'tableHeader' : 'tableCell', content: [paragraph(text)] })),
        })),
      },
      paragraph('after'),
    ],
  });
  doc.check();
  return doc;
};
const rowsIn = ({ state: { doc } }: Editor): string[][] => {
  doc.check();
  const table = doc.children.find(({ type }) => type.name === 'table');
  return table?.children.map((row) => row.children.map(({ textContent }) => textContent)) ?? [];
};
const at = ({ state: { selection } }: Editor): string => selection.$head.parent.textContent;

describe('a table’s commands', () => {
  const rows = [
    ['a', 'b'],
    ['c', 'd'],
  ];

  test('rows come above and below, columns at the left and right, and keep the kind of their row', () => {
    for (const [command, wanted] of [
      [
        addRowAbove,
        [
          ['a', 'b'],
          ['', ''],
          ['c', 'd'],
        ],
      ],
      [
        addRowBelow,
        [
          ['a', 'b'],
          ['c', 'd'],
          ['', ''],
        ],
      ],
      [
        addColumnLeft,
        [
          ['a', '', 'b'],
          ['c', '', 'd'],
        ],
      ],
      [
        addColumnRight,
        [
          ['a', 'b', ''],
          ['c', 'd', ''],
        ],
      ],
    ] as const) {
      const editor = editorOf(docOf(...rows), 'd');
      expect(command(editor)).toBe(true);
      expect(rowsIn(editor)).toEqual(wanted);
      expect(
        editor.state.doc
          .child(0)
          .child(0)
          .children.every(({ type }) => type.name === 'tableHeader'),
      ).toBe(true);
    }
  });

  test('a row that is short gets the cells it lacks before a new column, so that it stands below its head', () => {
    const editor = editorOf(docOf(['a', 'b', 'c'], ['d']), 'c');
    addColumnRight(editor);
    expect(rowsIn(editor)).toEqual([
      ['a', 'b', 'c', ''],
      ['d', '', '', ''],
    ]);
  });

  test('what goes takes nothing else with it; with the last row or column the table goes', () => {
    const editor = editorOf(docOf(...rows, ['e']), 'd');
    deleteColumns(editor);
    expect(rowsIn(editor)).toEqual([['a'], ['c'], ['e']]);
    deleteRows(editor);
    expect(rowsIn(editor)).toEqual([['a'], ['e']]);
    deleteColumns(editor);
    expect(rowsIn(editor)).toEqual([]);
    expect(editor.state.doc.textContent).toBe('after');
    const other = editorOf(docOf(...rows), 'a');
    deleteTable(other);
    expect(other.state.doc.textContent).toBe('after');
  });

  test('Tab leads through the cells and adds a row behind the last; Shift and Tab leads back', () => {
    const editor = editorOf(docOf(...rows), 'a');
    const way: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      goToCell(editor, 1);
      way.push(at(editor));
    }
    expect(way).toEqual(['b', 'c', 'd']);
    goToCell(editor, 1);
    expect(rowsIn(editor)).toEqual([...rows, ['', '']]);
    goToCell(editor, -1);
    expect(at(editor)).toBe('d');
    const outside = editorOf(docOf(...rows), 'after');
    expect(goToCell(outside, 1)).toBe(false);
    expect(addRowBelow(outside)).toBe(false);
  });

  test('the head becomes a row and a head again', () => {
    const editor = editorOf(docOf(...rows), 'd');
    const kinds = (): string[] =>
      editor.state.doc
        .child(0)
        .child(0)
        .children.map(({ type }) => type.name);
    toggleHead(editor);
    expect(kinds()).toEqual(['tableCell', 'tableCell']);
    toggleHead(editor);
    expect(kinds()).toEqual(['tableHeader', 'tableHeader']);
  });

  test('a new one stands behind what the caret is in, never inside it', () => {
    const doc = Node.fromJSON(schema, {
      type: 'doc',
      content: [
        { type: 'bulletList', content: ['x', 'y'].map((text) => ({ type: 'listItem', content: [paragraph(text)] })) },
        paragraph('after'),
      ],
    });
    const editor = editorOf(doc, 'x');
    insertTable(editor, { rows: 2, columns: 2 });
    editor.state.doc.check();
    expect(editor.state.doc.children.map(({ type }) => type.name)).toEqual(['bulletList', 'table', 'paragraph']);
    const inCell = editorOf(docOf(...rows), 'd');
    insertTable(inCell, { rows: 1, columns: 1 });
    inCell.state.doc.check();
    expect(inCell.state.doc.children.map(({ type }) => type.name)).toEqual(['table', 'table', 'paragraph']);
  });
});

test('rows of different lengths stay so until somebody changes the table: laptops that each made them equal would make them longer for ever', () => {
  const editor = new Editor({ element: null, extensions: letterNodes, content: docOf(['a', 'b', 'c'], ['d']).toJSON() as object });
  const before = EditorState.create({ doc: editor.state.doc, plugins: editor.extensionManager.plugins });
  // what a colleague wrote, in the table and beside it
  const { tr } = before;
  const { state, transactions } = before.applyTransaction(tr.insertText('x', 4).insertText('y', tr.doc.content.size - 1));
  expect(transactions).toHaveLength(1);
  expect(state.doc.child(0).children.map(({ childCount }) => childCount)).toEqual([3, 1]);
  editor.destroy();
});

test('cells that reach over others stand where they begin, and none is lost', () => {
  const cell = (name: string, colspan = 1, rowspan = 1) => ({ cell: name, colspan, rowspan });
  expect(
    unmerged([[cell('a', 2), cell('b')], [cell('c', 1, 2), cell('d'), cell('e')], [cell('f', 2)], [cell('g', 9_999_999, 9_999_999)]]),
  ).toEqual([
    ['a', null, 'b'],
    ['c', 'd', 'e'],
    [null, 'f', null],
    ['g', null, null],
  ]);
});
