import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Inline } from '../../../src/shared/letters.ts';
import type { ComparedLine } from '../../../src/shared/versions.ts';
import { compareLetters } from '../../../src/main/letters/compare.ts';
import { lineText, linesOf } from '../../../src/main/letters/letter-lines.ts';
import { noValues } from '../../support/letter-values.ts';
import { anyLetter } from '../../support/random-letter.ts';

const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`compare-layout seed ${String(seed)} (repeat with STENO_SEED)`);

const say = (text: string): Inline => ({ type: 'text', text });
const paragraph = (...content: (string | Inline)[]): Block => ({
  type: 'paragraph',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const note = (text: string): Inline => ({ type: 'footnote', content: [say(text)] });
const tableOf = (...rows: string[][]): Block => ({
  type: 'table',
  rows: rows.map((cells, at) => ({ isHead: at === 0, cells: cells.map((cell) => [paragraph(cell)]) })),
});
const compared = (a: Block[], b: Block[]): ComparedLine[] =>
  compareLetters({ blocks: a, values: noValues }, { blocks: b, values: noValues }).lines;
const changes = (a: Block[], b: Block[]): string[] =>
  compared(a, b)
    .filter(({ kind }) => kind !== 'same')
    .map(({ type, cells }) =>
      [
        type,
        ...cells.map((cell) =>
          cell.map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `{-${text}-}`)).join(''),
        ),
      ].join(' | '),
    );

const costs = tableOf(['Item', 'Amount'], ['Rental car', '$412.50'], ['Towing', '$180.00']);

describe('a table', () => {
  test('a changed cell shows its changed words, and no other cell', () => {
    expect(changes([costs], [tableOf(['Item', 'Amount'], ['Rental car', '$415.50'], ['Towing', '$180.00'])])).toEqual([
      'tableRow | Rental car | {-$412.50-}{+$415.50+}',
    ]);
    expect(changes([costs], [costs])).toEqual([]);
  });

  test('rows that came and went', () => {
    const more = tableOf(['Item', 'Amount'], ['Rental car', '$412.50'], ['Storage', '$90.00'], ['Towing', '$180.00']);
    expect(changes([costs], [more])).toEqual(['tableRow | {+Storage+} | {+$90.00+}']);
    expect(changes([more], [costs])).toEqual(['tableRow | {-Storage-} | {-$90.00-}']);
  });

  test('a column that came, or went, and nothing else of its rows', () => {
    const wide = tableOf(['Item', 'Date', 'Amount'], ['Rental car', 'May 2', '$412.50'], ['Towing', 'May 3', '$180.00']);
    expect(changes([costs], [wide])).toEqual([
      'tableHead | Item | {+Date+} | Amount',
      'tableRow | Rental car | {+May 2+} | $412.50',
      'tableRow | Towing | {+May 3+} | $180.00',
    ]);
    expect(changes([wide], [costs])).toEqual([
      'tableHead | Item | {-Date-} | Amount',
      'tableRow | Rental car | {-May 2-} | $412.50',
      'tableRow | Towing | {-May 3-} | $180.00',
    ]);
  });
});

describe('footnotes, page breaks, numbers', () => {
  test('a footnote that came is marked in its sentence and at the foot; those behind it are the same ones', () => {
    const then = [paragraph('One.'), paragraph('Two', note('Second.'), '.')];
    const now = [paragraph('One', note('First.'), '.'), paragraph('Two', note('Second.'), '.')];
    expect(changes(then, now)).toEqual(['paragraph | One{+†+}.', 'footnote | {+First.+}']);
    expect(compared(then, now).flatMap(({ type, marker }) => (type === 'footnote' ? [marker] : []))).toEqual(['1', '2']);
  });

  test('a mark that was typed is no footnote', () => {
    expect(changes([paragraph('One†.')], [paragraph('One', note('First.'), '.')])).toEqual([
      'paragraph | One{-†-}{+†+}.',
      'footnote | {+First.+}',
    ]);
  });

  test('changed words of a footnote', () => {
    expect(changes([paragraph('One', note('See page two.'))], [paragraph('One', note('See page three.'))])).toEqual([
      'footnote | See page {-two-}{+three+}.',
    ]);
  });

  test('a page break that came; a paragraph that got a number', () => {
    expect(changes([paragraph('One.'), paragraph('Two.')], [paragraph('One.'), { type: 'pageBreak' }, paragraph('Two.')])).toEqual([
      'pageBreak | {+Page break+}',
    ]);
    const numbered = { ...paragraph('One.'), numbered: true } as Block;
    expect(compared([numbered], [numbered])[0]).toMatchObject({ type: 'item', marker: '1.', kind: 'same' });
    expect(changes([paragraph('One.')], [numbered])).toEqual(['paragraph | {-One.-}', 'item | {+One.+}']);
  });
});

test('of any two letters all of both is shown', () => {
  const side = (lines: readonly ComparedLine[], without: 'added' | 'removed'): string[] =>
    lines
      .filter(({ kind }) => kind !== without)
      .map(({ cells }) =>
        cells
          .flat()
          .filter(({ kind }) => kind !== without)
          .map(({ text }) => text)
          .join(''),
      );
  fc.assert(
    fc.property(anyLetter, anyLetter, (a, b) => {
      const lines = compared(a, b);
      const plain = (blocks: Block[]): string[] => linesOf(blocks, noValues).map((line) => lineText(line).replaceAll('\t', ''));
      expect(side(lines, 'added')).toEqual(plain(a));
      expect(side(lines, 'removed')).toEqual(plain(b));
    }),
    { seed, numRuns: 200 },
  );
});
