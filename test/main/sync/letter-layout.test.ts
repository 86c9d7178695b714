import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Block, Inline } from '../../../src/shared/letters.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, docFrom, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { restoreLetterBody } from '../../../src/main/sync/letter-restore.ts';
import { letterText, variablesUsed } from '../../../src/main/sync/letter-text.ts';
import { noValues } from '../../support/letter-values.ts';
import { anyLetter } from '../../support/random-letter.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`letter-layout seed ${String(seed)} (repeat with STENO_SEED)`);

const say = (text: string): Inline => ({ type: 'text', text });
const paragraph = (text: string): Block => ({ type: 'paragraph', content: [say(text)] });
const tableOf = (...rows: string[][]): Block => ({
  type: 'table',
  rows: rows.map((cells, at) => ({ isHead: at === 0, cells: cells.map((cell) => [paragraph(cell)]) })),
});
const textOf = (blocks: readonly Block[]): string => letterText(blocks, noValues);

test('any letter with tables, footnotes, page breaks and numbers becomes any other by a restore', () => {
  fc.assert(
    fc.property(anyLetter, anyLetter, (was, is) => {
      const [old, now] = [letterBodyFromBlocks(was), letterBodyFromBlocks(is)];
      const edit = restoreLetterBody(now, old);
      if (edit) expect(isValidLetterUpdate(edit)).toBe(true);
      expect(blocksFromLetterBody(edit ? mergeLetterUpdates([now, edit]) : now)).toEqual(was);
    }),
    { seed, numRuns: 150 },
  );
});

test('a letter as text has the words of cells and footnotes, and the numbers of its paragraphs', () => {
  const blocks: Block[] = [
    { ...paragraph('First.'), numbered: true } as Block,
    { type: 'heading', level: 2, content: [say('Facts')] },
    { type: 'paragraph', numbered: true, content: [say('Second'), { type: 'footnote', content: [say('a note')] }, say('.')] },
    tableOf(['Provider', 'Billed'], ['Clinic', '$12.00']),
  ];
  expect(textOf(blocks)).toBe('1. First.\n\nFacts\n\n2. Second [Footnote: a note].\n\nProvider\tBilled\nClinic\t$12.00');
});

test('chips in cells and footnotes are used by the letter', () => {
  const cell: Block = { type: 'paragraph', content: [{ type: 'variable', name: 'total_billed' }] };
  const note: Inline = { type: 'footnote', content: [{ type: 'citation', of: 'date_of_loss' }] };
  const used = variablesUsed([
    { type: 'table', rows: [{ isHead: false, cells: [[cell]] }] },
    { type: 'paragraph', content: [note] },
  ]);
  expect(used).toMatchObject({ shown: ['total_billed'], cited: ['date_of_loss'] });
});

/** Elements as somebody writes them who does not keep to the editor. */
type Made = [name: string, attributes: Record<string, unknown>, ...children: (Made | string)[]];
function body(...made: Made[]): Uint8Array {
  const build = ([name, attributes, ...children]: Made): Y.XmlElement => {
    const element = new Y.XmlElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value as string);
    element.insert(
      0,
      children.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : build(child))),
    );
    return element;
  };
  const doc = new Y.Doc();
  doc.getXmlFragment('body').insert(0, made.map(build));
  return Y.encodeStateAsUpdate(doc);
}
const p = (...children: (Made | string)[]): Made => ['paragraph', {}, ...children];
const cell = (...children: Made[]): Made => ['tableCell', {}, ...children];
const rows = (...cells: Made[]): Made => ['table', {}, ['tableRow', {}, ...cells]];

describe('a hostile update', () => {
  const right = body(rows(cell(p('a')), ['tableCell', { colspan: 1, rowspan: 1 }, p('b')]), ['paragraph', { numbered: true }, 'c']);
  test('its right twin is let in', () => {
    expect(isValidLetterUpdate(right)).toBe(true);
  });

  test.each<[string, Uint8Array, string[]]>([
    ['a table in a table', body(rows(cell(p('out'), rows(cell(p('in')))))), ['out', 'in']],
    ['a table in a list', body(['bulletList', {}, ['listItem', {}, p('item'), rows(cell(p('in')))]]), ['item', 'in']],
    ['a cell without a table', body(cell(p('alone'))), ['alone']],
    ['a row in a cell', body(rows(cell(['tableRow', {}, cell(p('deep'))]))), ['deep']],
    ['words in a table between its rows', body(['table', {}, 'stray', ['tableRow', {}, cell(p('kept'))]]), ['stray', 'kept']],
    ['a heading in a cell', body(rows(cell(['heading', { level: 1 }, 'head']))), ['head']],
    ['a page break in a quotation', body(['blockquote', {}, p('quoted'), ['pageBreak', {}]]), ['quoted']],
    ['words in a page break', body(['pageBreak', {}, 'hidden']), ['hidden']],
    ['a footnote in a footnote', body(p('a', ['footnote', {}, 'one', ['footnote', {}, 'two']])), ['one', 'two']],
    ['a paragraph in a footnote', body(p('a', ['footnote', {}, p('block')])), ['block']],
    ['a footnote between paragraphs', body(['footnote', {}, 'loose']), ['loose']],
    ['a cell over a million others', body(rows(['tableCell', { colspan: 1_000_000 }, p('wide')])), ['wide']],
    ['a cell over rows', body(rows(['tableCell', { rowspan: 2 }, p('high')])), ['high']],
    ['a width', body(rows(['tableCell', { colwidth: 100 }, p('w')])), ['w']],
    ['a number that is text', body(['paragraph', { numbered: 'yes' }, 'n']), ['n']],
    ['a row of thousands of cells', body(['table', {}, ['tableRow', {}, ...Array.from({ length: 2_000 }, () => cell())]]), []],
  ])('%s is refused, and read without losing a word where it got in', (_, update, words) => {
    expect(isValidLetterUpdate(update)).toBe(false);
    const blocks = blocksFromLetterBody(update);
    for (const one of words) expect(textOf(blocks)).toContain(one);
    // what is read can be written, and is sound then
    const written = letterBodyFromBlocks(blocks);
    expect(isValidLetterUpdate(written)).toBe(true);
    expect(blocksFromLetterBody(written)).toEqual(blocksFromLetterBody(letterBodyFromBlocks(blocksFromLetterBody(written))));
  });
});

describe('two people in one table', () => {
  const start = letterBodyFromBlocks([
    paragraph('Before'),
    tableOf(['Provider', 'Billed'], ['Clinic', '$12.00'], ['Hospital', '$30.00']),
    paragraph('After'),
  ]);
  type Edit = (table: Y.XmlElement) => void;
  const apart = (...edits: Edit[]): { all: Block[]; orders: Block[][] } => {
    const updates = edits.map((edit, n) => {
      const doc = docFrom([start]);
      doc.clientID = n + 10;
      const before = Y.encodeStateVector(doc);
      edit(doc.getXmlFragment('body').get(1) as Y.XmlElement);
      return Y.encodeStateAsUpdate(doc, before);
    });
    expect(updates.every(isValidLetterUpdate)).toBe(true);
    const orders = [updates, updates.toReversed()].map((some) => blocksFromLetterBody(mergeLetterUpdates([start, ...some])));
    return { all: orders[0] ?? [], orders };
  };
  const cellAt = (table: Y.XmlElement, row: number, column: number): Y.XmlText =>
    (((table.get(row) as Y.XmlElement).get(column) as Y.XmlElement).get(0) as Y.XmlElement).get(0) as Y.XmlText;
  const newCell = (text: string): Y.XmlElement => {
    const made = new Y.XmlElement('tableCell');
    const inner = new Y.XmlElement('paragraph');
    inner.insert(0, [new Y.XmlText(text)]);
    made.insert(0, [inner]);
    return made;
  };

  test('who type in different cells, or in one, keep all of it', () => {
    const { all, orders } = apart(
      (table) => {
        cellAt(table, 1, 0).insert(6, ' of Toledo');
      },
      (table) => {
        cellAt(table, 1, 1).insert(6, ' (est.)');
        cellAt(table, 1, 0).insert(0, 'Lake ');
      },
    );
    expect(textOf(all)).toContain('Lake Clinic of Toledo\t$12.00 (est.)');
    expect(orders[0]).toEqual(orders[1]);
  });

  test('one deletes a row while the other types in it and beside it: the row goes, nothing else', () => {
    const { all, orders } = apart(
      (table) => {
        table.delete(1, 1);
      },
      (table) => {
        cellAt(table, 1, 0).insert(6, ' gone');
        cellAt(table, 2, 0).insert(8, ' kept');
      },
    );
    expect(textOf(all)).toBe('Before\n\nProvider\tBilled\nHospital kept\t$30.00\n\nAfter');
    expect(orders[0]).toEqual(orders[1]);
  });

  test('one adds a row, the other a column: both are there, the row ends with an empty cell', () => {
    const { all, orders } = apart(
      (table) => {
        const row = new Y.XmlElement('tableRow');
        row.insert(0, [newCell('Pharmacy'), newCell('$5.00')]);
        table.insert(3, [row]);
      },
      (table) => {
        for (const row of table.toArray()) (row as Y.XmlElement).insert(2, [newCell('Ex. A')]);
      },
    );
    expect(textOf(all)).toContain('Hospital\t$30.00\tEx. A\nPharmacy\t$5.00\t');
    expect(all.find(({ type }) => type === 'table')).toMatchObject({ rows: [3, 3, 3, 3].map((length) => ({ cells: { length } })) });
    expect(orders[0]).toEqual(orders[1]);
  });

  test('each takes another column of two: no words are left, and no table', () => {
    const column =
      (at: number): Edit =>
      (table) => {
        for (const row of table.toArray()) (row as Y.XmlElement).delete(at, 1);
      };
    expect(textOf(apart(column(0), column(1)).all)).toBe('Before\n\nAfter');
  });
});

test('a paragraph gets a number while a colleague types in it: both stay', () => {
  const start = letterBodyFromBlocks([paragraph('It rained.')]);
  const edit = (change: (of: Y.XmlElement) => void): Uint8Array => {
    const doc = docFrom([start]);
    const before = Y.encodeStateVector(doc);
    change(doc.getXmlFragment('body').get(0) as Y.XmlElement);
    return Y.encodeStateAsUpdate(doc, before);
  };
  const numbered = edit((of) => {
    of.setAttribute('numbered', true as unknown as string);
  });
  const typed = edit((of) => {
    (of.get(0) as Y.XmlText).insert(9, ' all day');
  });
  expect(blocksFromLetterBody(mergeLetterUpdates([start, numbered, typed]))).toEqual([
    { ...paragraph('It rained all day.'), numbered: true },
  ]);
});
