import { Node, type Editor, type Extensions } from '@tiptap/core';
import type { Node as DocNode } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { CellSelection, tableEditing } from '@tiptap/pm/tables';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { chipText } from '../../shared/citations.ts';
import { amountColumns } from '../../shared/letter-tables.ts';
import type { LetterValues } from '../../shared/letters.ts';
import { deleteTable, goToCell } from './table-commands.ts';
import { unmergeTables } from './unmerge-tables.ts';

const roles: Partial<Record<string, string>> = { table: 'table', tableRow: 'row', tableHeader: 'header_cell', tableCell: 'cell' };

/** Cells reach over no others: a letter needs none that do, and rows that people change apart then always merge. */
function cell(name: 'tableHeader' | 'tableCell', tag: 'th' | 'td'): Node {
  return Node.create({
    name,
    content: '(paragraph | bulletList | orderedList)+',
    isolating: true,
    addAttributes: () => ({
      colspan: { default: 1, rendered: false, parseHTML: () => 1 },
      rowspan: { default: 1, rendered: false, parseHTML: () => 1 },
      colwidth: { default: null, rendered: false, parseHTML: () => null },
    }),
    parseHTML: () => [{ tag }],
    renderHTML: () => [tag, {}, 0],
  });
}

const row = Node.create({
  name: 'tableRow',
  content: '(tableHeader | tableCell)*',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', {}, 0],
});

const table = Node.create({
  name: 'table',
  priority: 200,
  content: 'tableRow+',
  isolating: true,
  parseHTML: () => [{ tag: 'table' }],
  renderHTML: () => ['table', { class: 'typed-table' }, ['tbody', 0]],
  extendNodeSchema: (extension) => (roles[extension.name] === undefined ? {} : { tableRole: roles[extension.name] }),
  addKeyboardShortcuts() {
    const { editor } = this;
    const deleteWhole = (): boolean => isWholeTable(editor) && deleteTable(editor);
    return {
      Tab: () => goToCell(editor, 1),
      'Shift-Tab': () => goToCell(editor, -1),
      Backspace: deleteWhole,
      'Mod-Backspace': deleteWhole,
      Delete: deleteWhole,
      'Mod-Delete': deleteWhole,
    };
  },
  addProseMirrorPlugins: () => [editing(), amounts()],
});

export const tables: Extensions = [table, row, cell('tableHeader', 'th'), cell('tableCell', 'td')];

function isWholeTable({ state: { selection } }: Editor): boolean {
  return selection instanceof CellSelection && selection.isRowSelection() && selection.isColSelection();
}

/**
 * Selecting cells, the keys in them, pasting cells into cells. What it would write by itself is left out: rows of different lengths, as people leave them who add
 * a row and a column apart, would be made equal by each laptop that sees them, and be longer with each.
 */
function editing(): Plugin {
  const plugin = tableEditing();
  const append = plugin.spec.appendTransaction;
  return new Plugin({
    ...plugin.spec,
    props: { ...plugin.spec.props, transformPastedHTML: unmergeTables },
    ...(append && { appendTransaction: (transactions, _old, state) => append.call(plugin, transactions, state, state) }),
  });
}

const key = new PluginKey<Amounts>('amounts');
interface Amounts {
  values: LetterValues | null;
  known: WeakMap<DocNode, boolean[]>;
  decorations: DecorationSet;
}

/** Columns of nothing but amounts stand right. A table is looked at again where it changed, not for each key. */
function amounts(): Plugin<Amounts> {
  return new Plugin<Amounts>({
    key,
    state: {
      init: () => ({ values: null, known: new WeakMap(), decorations: DecorationSet.empty }),
      apply(tr, before) {
        const news = tr.getMeta(key) as LetterValues | undefined;
        if (!tr.docChanged && !news) return before;
        const known = news ? new WeakMap<DocNode, boolean[]>() : before.known;
        const values = news ?? before.values;
        return { values, known, decorations: values ? drawn(tr.doc, values, known) : before.decorations };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}

function drawn(doc: DocNode, values: LetterValues, known: WeakMap<DocNode, boolean[]>): DecorationSet {
  const marks: Decoration[] = [];
  doc.forEach((node, position) => {
    if (node.type.name !== 'table') return;
    const columns = known.get(node) ?? amountColumns(rowsOf(node, values));
    known.set(node, columns);
    if (!columns.includes(true)) return;
    node.forEach((own, atRow) => {
      own.forEach((inner, atCell, column) => {
        const from = position + atRow + atCell + 2;
        if (columns[column]) marks.push(Decoration.node(from, from + inner.nodeSize, { class: 'amount' }));
      });
    });
  });
  return marks.length > 0 ? DecorationSet.create(doc, marks) : DecorationSet.empty;
}

function rowsOf(node: DocNode, values: LetterValues): { isHead: boolean; cells: string[] }[] {
  return node.children.map(({ children }) => ({
    isHead: children.length > 0 && children.every(({ type }) => type.name === 'tableHeader'),
    cells: children.map((inner) =>
      inner.textBetween(0, inner.content.size, ' ', ({ type, attrs }) => {
        const name: unknown = type.name === 'variable' ? attrs['name'] : type.name === 'citation' ? attrs['of'] : null;
        return typeof name === 'string' ? chipText(values, { type: type.name === 'citation' ? 'citation' : 'variable', name }) : ' ';
      }),
    ),
  }));
}

/** Tells the editor what chips read: an amount in a table may be one. */
export function alignAmounts(editor: Editor, values: LetterValues): void {
  editor.view.dispatch(editor.state.tr.setMeta(key, values).setMeta('addToHistory', false));
}
