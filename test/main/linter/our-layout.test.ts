import { describe, expect, test } from 'vitest';
import type { Block, Inline, LetterValues } from '../../../src/shared/letters.ts';
import type { Finding } from '../../../src/shared/linter.ts';
import { readBlock, sentenceAt } from '../../../src/main/linter/block-reading.ts';
import { createLinter, ourLetter } from '../../../src/main/linter/linter.ts';
import { noValues } from '../../support/letter-values.ts';

const say = (text: string): Inline => ({ type: 'text', text });
const paragraph = (...content: (string | Inline)[]): Block => ({
  type: 'paragraph',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const note = (...content: (string | Inline)[]): Inline => ({
  type: 'footnote',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const tableOf = (...rows: (string | Inline)[][]): Block => ({
  type: 'table',
  rows: rows.map((cells, at) => ({ isHead: at === 0, cells: cells.map((cell) => [paragraph(cell)]) })),
});
const variable = (name: string, text: string): LetterValues['variables'] => ({
  [name]: { name, label: name, text, state: 'computed', sources: [], working: null },
});
const letterOf = (blocks: Block[], values: LetterValues = noValues) =>
  ourLetter({ blocks, values, letterDate: '2024-06-10', demandCents: null });
const lint = (blocks: Block[], values?: LetterValues): Finding[] => createLinter().lint(letterOf(blocks, values), null);
const found = (blocks: Block[], values?: LetterValues) => lint(blocks, values).map(({ rule, quote }) => [rule, quote]);

describe('a table that was typed', () => {
  const costs = (total: string | Inline): Block[] => [
    paragraph('What it cost:'),
    tableOf(
      ['Item', 'Date', 'Amount'],
      ['Rental car', 'May 2, 2024', '$412.50'],
      ['Towing', 'May 3, 2024', '$180.00'],
      ['Total', '', total],
    ),
  ];

  test('whose total does not add up is found at its cell, with the right one; its right twin is not', () => {
    const [wrong, ...more] = lint(costs('$590.00'));
    expect(more).toEqual([]);
    expect(wrong).toMatchObject({
      rule: 'table_sum',
      quote: '$590.00',
      place: { block: [1, 3] },
      mend: { replace: '$592.50' },
    });
    expect(found(costs('$592.50'))).toEqual([]);
  });

  test('a total that Steno computes is held against the rows, and not mended in the text', () => {
    const chip: Inline = { type: 'variable', name: 'total_billed' };
    const values = (text: string): LetterValues => ({ ...noValues, variables: variable('total_billed', text) });
    expect(lint(costs(chip), values('$600.00'))).toMatchObject([{ rule: 'table_sum', quote: '$600.00', mend: null }]);
    expect(found(costs(chip), values('$592.50'))).toEqual([]);
  });

  test('words in a cell are linted like others', () => {
    expect(found([tableOf(['Item', 'What'], ['Car', 'It was towed on [DATE].'])])).toEqual([['placeholder', '[DATE]']]);
    expect(found([tableOf(['Item', 'What'], ['Car', 'It was towed on May 3.'])])).toEqual([]);
  });

  test('a cell of several paragraphs and a tab in one stay in their column', () => {
    const two: Block = {
      type: 'table',
      rows: [
        { isHead: false, cells: [[paragraph('a\tb'), paragraph('c')], [paragraph('$1.00')]] },
        { isHead: false, cells: [[paragraph('d')], [paragraph('$2.00')]] },
        { isHead: false, cells: [[paragraph('Total')], [paragraph('$3.00')]] },
      ],
    };
    expect(letterOf([two]).blocks.map(({ text }) => text)).toEqual(['a b c\t$1.00', 'd\t$2.00', 'Total\t$3.00']);
  });
});

describe('a footnote', () => {
  test('has its words linted, at a place of its own behind the letter', () => {
    const wrong = [paragraph('The store knew.', note('As the the clerk said.')), paragraph('It did nothing.')];
    expect(lint(wrong)).toMatchObject([{ rule: 'doubled_word', quote: 'the the', place: { block: [0, 0] } }]);
    expect(found([paragraph('The store knew.', note('As the clerk said.')), paragraph('It did nothing.')])).toEqual([]);
    expect(lint([tableOf(['Item'], ['Car']), tableOf(['Item'], [note('As the the clerk said.')])])).toMatchObject([
      { rule: 'doubled_word', place: { block: [1, 1, 0] } },
    ]);
  });

  test('parts no words: those around it are read as one sentence', () => {
    expect(found([paragraph('It was the', note('See below.'), ' the clerk who knew.')])).toEqual([['doubled_word', 'the the']]);
  });

  test('that cites proves the sentence it stands in, and no other', () => {
    const cite: Inline = { type: 'citation', of: 'date_of_loss' };
    const { blocks } = letterOf([paragraph('It rained that day.', note('See ', cite, '.'), ' Nobody came.')]);
    const [text] = blocks;
    const [chip] = text?.chips ?? [];
    if (!text || !chip) throw new Error('no citation');
    expect(chip).toMatchObject({ is: 'citation', name: 'date_of_loss' });
    const { start, end } = sentenceAt(readBlock(text), chip.start);
    expect(text.text.slice(start, end)).toBe('It rained that day.');
  });
});
