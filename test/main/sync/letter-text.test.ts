import { describe, expect, test } from 'vitest';
import type { Block, LetterValues } from '../../../src/shared/letters.ts';
import { citationText, exhibitMark, pageRanges } from '../../../src/shared/citations.ts';
import { inlineText, letterText, variablesUsed } from '../../../src/main/sync/letter-text.ts';
import { draft, place } from '../export/letter-fixture.ts';

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [52, 'BA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('exhibit number %i is lettered %s', (index, mark) => {
  expect(exhibitMark(index)).toBe(mark);
});

test.each([
  [[], ''],
  [[4], '4'],
  [[3, 1, 2, 2], '1-3'],
  [[9, 1, 2, 7, 8], '1-2, 7-9'],
])('pages %j read %s', (pages, text) => {
  expect(pageRanges(pages)).toBe(text);
});

describe('what a citation reads', () => {
  const sources = [place(2, 5), place(1, 1), place(3, 9)].map((source) => source as LetterValues['variables'][string]['sources'][number]);
  const exhibits = [1, 2, 3].map((n) => ({ mark: 'ABC'.charAt(n - 1), documentId: place(n as 1 | 2 | 3, 1).documentId, name: 'x' }));
  const values = (working: string | null): LetterValues => ({
    variables: { fact: { name: 'fact', label: 'Fact', text: 'x', state: 'approved', sources, working } },
    specials: { providers: [], totals: { billedCents: 0, adjustedCents: 0, paidCents: 0, owedCents: 0 } },
    exhibits,
  });

  test('a fact names its best source and one more, a computed amount all of them', () => {
    expect(citationText(values(null), 'fact')).toBe('(Ex. A at 1; Ex. B at 5)');
    expect(citationText(values('sum of 3 bill lines'), 'fact')).toBe('(Ex. A at 1; Ex. B at 5; Ex. C at 9)');
  });

  test('nothing where nothing proves it, and no gap before the full stop', () => {
    expect(citationText(values(null), 'toString')).toBe('');
    const content = [
      { type: 'text', text: 'It rained ' },
      { type: 'citation', of: 'other' },
      { type: 'text', text: '.' },
    ] as const;
    expect(inlineText(content, values(null))).toBe('It rained.');
  });
});

test('variables are found in every corner of a letter, each once, in reading order', () => {
  const blocks: Block[] = [
    { type: 'heading', level: 1, content: [{ type: 'variable', name: 'a' }] },
    {
      type: 'quote',
      content: [
        {
          type: 'list',
          ordered: true,
          items: [
            [
              {
                type: 'paragraph',
                content: [
                  { type: 'variable', name: 'b' },
                  { type: 'citation', of: 'c' },
                ],
              },
            ],
          ],
        },
      ],
    },
    { type: 'paragraph', content: [{ type: 'variable', name: 'a' }] },
    { type: 'specialsTable' },
  ];
  expect(variablesUsed(blocks)).toEqual({ shown: ['a', 'b'], cited: ['c'], specialsTable: true, exhibitList: false });
});

test('a letter as text reads in order with its sums and exhibits', () => {
  const { blocks, values } = draft();
  const text = letterText(blocks, values);
  const places = [
    'October 4, 2024',
    'Claim number: LM-2024-0788',
    'Facts',
    '- video, photographs',
    'Lake County Physical Therapy $8,000.00',
    '$20,058.00',
    '2. In exchange',
    'Exhibit A: incident-report.txt',
  ].map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
