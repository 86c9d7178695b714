import type { Editor } from '@tiptap/core';
import type { Node, NodeType, ResolvedPos } from '@tiptap/pm/model';
import { Selection, type EditorState, type Transaction } from '@tiptap/pm/state';
import { CellSelection } from '@tiptap/pm/tables';
import { mostColumns, mostRows } from '../../shared/letters.ts';
import { insertBlock } from './page-breaks.ts';

/** The table the caret or the selected cells are in, and which rows and columns of it. */
interface InTable {
  table: Node;
  /** Before the table. */
  at: number;
  rows: [first: number, last: number];
  columns: [first: number, last: number];
}

function inTable({ selection }: EditorState): InTable | null {
  const [$a, $b] = selection instanceof CellSelection ? [selection.$anchorCell, selection.$headCell] : [selection.$from, selection.$to];
  const [one, other] = [placeIn($a), placeIn($b)];
  if (!one || !other || one.at !== other.at) return null;
  const inOrder = (x: number, y: number): [number, number] => (x < y ? [x, y] : [y, x]);
  return { table: one.table, at: one.at, rows: inOrder(one.row, other.row), columns: inOrder(one.column, other.column) };
}

function placeIn($at: ResolvedPos): { table: Node; at: number; row: number; column: number } | null {
  for (let depth = $at.depth - 1; depth > 0; depth -= 1) {
    const table = $at.node(depth);
    if (table.type.name === 'table') return { table, at: $at.before(depth), row: $at.index(depth), column: $at.index(depth + 1) };
  }
  return null;
}

export const isInTable = (editor: Editor): boolean => inTable(editor.state) !== null;

const typeOf = ({ schema }: EditorState, name: 'table' | 'tableRow' | 'tableHeader' | 'tableCell' | 'paragraph'): NodeType => {
  const type = schema.nodes[name];
  if (!type) throw new Error(`the letter's schema has no ${name}`);
  return type;
};

const cellOf = (state: EditorState, name: 'tableHeader' | 'tableCell'): Node =>
  typeOf(state, name).create(null, typeOf(state, 'paragraph').create());
const rowOf = (state: EditorState, width: number, name: 'tableHeader' | 'tableCell' = 'tableCell'): Node =>
  typeOf(state, 'tableRow').create(
    null,
    Array.from({ length: width }, () => cellOf(state, name)),
  );
const widthOf = (table: Node): number => Math.max(1, ...table.children.map(({ childCount }) => childCount));
const isHead = (row: Node): boolean => row.childCount > 0 && row.children.every(({ type }) => type.name === 'tableHeader');

/** A table with a head, behind the block the caret is in. */
export function insertTable(editor: Editor, { rows, columns }: { rows: number; columns: number }): boolean {
  const { state } = editor;
  const all = [rowOf(state, columns, 'tableHeader'), ...Array.from({ length: rows - 1 }, () => rowOf(state, columns))];
  return insertBlock(editor, typeOf(state, 'table').create(null, all));
}

/** Before the row, counted from 0; the place of the table's end for one behind the last. */
function rowPlace({ table, at }: InTable, row: number): number {
  return at + 1 + table.children.slice(0, row).reduce((sum, { nodeSize }) => sum + nodeSize, 0);
}

function goTo(tr: Transaction, { at }: InTable, row: number, column: number): Transaction {
  const table = tr.doc.nodeAt(at);
  const own = table?.maybeChild(Math.min(row, table.childCount - 1));
  if (!table || !own) return tr;
  const cells = own.children.slice(0, Math.min(column, Math.max(0, own.childCount - 1)));
  const place = rowPlace({ table, at, rows: [0, 0], columns: [0, 0] }, table.children.indexOf(own));
  return tr.setSelection(Selection.near(tr.doc.resolve(place + 1 + cells.reduce((sum, { nodeSize }) => sum + nodeSize, 0) + 1), 1));
}

/** What a button of the table's menu does: false where the caret is in no table, or it has no room for more. */
type TableCommand = (editor: Editor) => boolean;
function command(change: (state: EditorState, tr: Transaction, found: InTable) => Transaction | null): TableCommand {
  return (editor) => {
    const found = inTable(editor.state);
    const tr = found && change(editor.state, editor.state.tr, found);
    if (!tr) return false;
    editor.view.dispatch(tr.scrollIntoView());
    return true;
  };
}

const addRow = (isBelow: boolean): TableCommand =>
  command((state, tr, found) => {
    if (found.table.childCount >= mostRows) return null;
    const row = isBelow ? found.rows[1] + 1 : found.rows[0];
    tr.insert(rowPlace(found, row), rowOf(state, widthOf(found.table)));
    return goTo(tr, found, row, found.columns[0]);
  });
export const [addRowAbove, addRowBelow] = [addRow(false), addRow(true)];

const addColumn = (isRight: boolean): TableCommand =>
  command((state, tr, found) => {
    if (widthOf(found.table) >= mostColumns) return null;
    const column = isRight ? found.columns[1] + 1 : found.columns[0];
    // from the last row on: what was counted before stays true
    for (let row = found.table.childCount - 1; row >= 0; row -= 1) {
      const own = found.table.child(row);
      const name = isHead(own) ? 'tableHeader' : 'tableCell';
      const before = own.children.slice(0, column);
      const place = rowPlace(found, row) + 1 + before.reduce((sum, { nodeSize }) => sum + nodeSize, 0);
      // a row that people left short gets the cells it lacks, so that the new one stands below its head
      tr.insert(
        place,
        Array.from({ length: column - before.length + 1 }, () => cellOf(state, name)),
      );
    }
    return goTo(tr, found, found.rows[0], column);
  });
export const [addColumnLeft, addColumnRight] = [addColumn(false), addColumn(true)];

export const deleteRows = command((_state, tr, found) => {
  const [first, last] = found.rows;
  if (last - first + 1 >= found.table.childCount) return takeTable(tr, found);
  tr.delete(rowPlace(found, first), rowPlace(found, last + 1));
  return goTo(tr, found, first, found.columns[0]);
});

export const deleteColumns = command((_state, tr, found) => {
  const [first, last] = found.columns;
  if (last - first + 1 >= widthOf(found.table)) return takeTable(tr, found);
  for (let row = found.table.childCount - 1; row >= 0; row -= 1) {
    const cells = found.table.child(row).children;
    const sizeOf = (some: readonly Node[]): number => some.reduce((sum, { nodeSize }) => sum + nodeSize, 0);
    const from = rowPlace(found, row) + 1 + sizeOf(cells.slice(0, first));
    tr.delete(from, from + sizeOf(cells.slice(first, last + 1)));
  }
  return goTo(tr, found, found.rows[0], Math.max(0, first - 1));
});

export const deleteTable = command((_state, tr, found) => takeTable(tr, found));

function takeTable(tr: Transaction, { table, at }: InTable): Transaction {
  const paragraph = tr.doc.type.schema.nodes['paragraph'];
  const isAll = tr.doc.childCount === 1;
  tr.replaceWith(at, at + table.nodeSize, isAll && paragraph ? [paragraph.create()] : []);
  return tr.setSelection(Selection.near(tr.doc.resolve(Math.min(at, tr.doc.content.size)), -1));
}

/** Makes the first row the table's head, which is repeated on each page, or a row like the others. */
export const toggleHead = command((state, tr, found) => {
  const [first] = found.table.children;
  if (!first) return null;
  const type = typeOf(state, isHead(first) ? 'tableCell' : 'tableHeader');
  first.forEach((_cell, offset) => tr.setNodeMarkup(found.at + 2 + offset, type));
  return tr;
});

/** Into the next cell, or the one before; behind the last a row begins. False outside a table. */
export function goToCell(editor: Editor, step: 1 | -1): boolean {
  const found = inTable(editor.state);
  if (!found) return false;
  const { table } = found;
  let [row, column]: [number, number] = [found.rows[1], found.columns[1] + step];
  if (column < 0) {
    row -= 1;
    column = (table.maybeChild(row)?.childCount ?? 0) - 1;
  } else if (column >= table.child(row).childCount) {
    row += 1;
    column = 0;
  }
  if (row < 0) return true;
  if (row >= table.childCount) {
    if (!addRowBelow(editor)) return true;
    const grown = inTable(editor.state);
    if (grown) editor.view.dispatch(goTo(editor.state.tr, grown, row, 0).scrollIntoView());
    return true;
  }
  editor.view.dispatch(goTo(editor.state.tr, found, row, column).scrollIntoView());
  return true;
}
