import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Inline, LetterValues } from '../../../src/shared/letters.ts';
import type { ComparedLine } from '../../../src/shared/versions.ts';
import { compareLetters } from '../../../src/main/letters/compare.ts';
import { lineText, linesOf } from '../../../src/main/letters/letter-lines.ts';
import { noValues, providerRow } from '../../support/letter-values.ts';

const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`compare seed ${String(seed)} (repeat with STENO_SEED)`);

const say = (text: string): Inline => ({ type: 'text', text });
const paragraph = (...content: (string | Inline)[]): Block => ({
  type: 'paragraph',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const letter = (blocks: Block[], values: LetterValues = noValues) => ({ blocks, values });
const textIn = (lines: ComparedLine[], without: 'added' | 'removed'): string[] =>
  lines
    .filter(({ kind }) => kind !== without)
    .map(({ cells }) =>
      cells
        .map((cell) =>
          cell
            .filter(({ kind }) => kind !== without)
            .map(({ text }) => text)
            .join(''),
        )
        .join('\t'),
    );
const marked = (lines: ComparedLine[]): string[] =>
  lines
    .filter(({ kind }) => kind !== 'same')
    .map(({ cells }) =>
      cells
        .map((cell) => cell.map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `{-${text}-}`)).join(''))
        .join(' | '),
    );
const changes = (a: Block[], b: Block[]) => marked(compareLetters(letter(a), letter(b)).lines);

describe('what a reader sees', () => {
  test('words of a paragraph, a paragraph that came, one that went', () => {
    const [dear, we, yours] = ['Dear Counsel:', 'We write for our client.', 'Very truly yours,'];
    expect(changes([paragraph(dear), paragraph(we)], [paragraph(dear), paragraph('We write again for our injured client.')])).toEqual([
      'We write {+again +}for our{+ injured+} client.',
    ]);
    expect(changes([paragraph(dear), paragraph(yours)], [paragraph(dear), paragraph(we), paragraph(yours)])).toEqual([`{+${we}+}`]);
    expect(changes([paragraph(dear), paragraph(we), paragraph(yours)], [paragraph(dear), paragraph(yours)])).toEqual([`{-${we}-}`]);
  });

  test('a paragraph that was rewritten is two, and one that was put before it does not make it another', () => {
    const liability = 'Your insured ran the red light at Fifth and Main.';
    expect(
      changes(
        [paragraph(liability)],
        [paragraph('Nothing here resembles that sentence.'), paragraph('Your insured ran the stop sign at Fifth and Main.')],
      ),
    ).toEqual(['{+Nothing here resembles that sentence.+}', 'Your insured ran the {-red light-}{+stop sign+} at Fifth and Main.']);
    expect(changes([paragraph('One two three.')], [paragraph('Quite other words')])).toEqual([
      '{-One two three.-}',
      '{+Quite other words+}',
    ]);
  });

  test('an amount changes as a whole; bold is a change; a heading is not a paragraph', () => {
    expect(changes([paragraph('We demand $95,000.00 today.')], [paragraph('We demand $120,000.00 today.')])).toEqual([
      'We demand {-$95,000.00-}{+$120,000.00+} today.',
    ]);
    expect(changes([paragraph('Pay now please')], [paragraph('Pay ', { type: 'text', text: 'now', bold: true }, ' please')])).toEqual([
      'Pay {-now-}{+now+} please',
    ]);
    expect(changes([paragraph('Damages')], [{ type: 'heading', level: 2, content: [say('Damages')] }])).toEqual([
      '{-Damages-}',
      '{+Damages+}',
    ]);
  });

  test('a list: its item that came, and no other because they are numbered anew', () => {
    const list = (...items: string[]): Block => ({ type: 'list', ordered: true, items: items.map((item) => [paragraph(item)]) });
    const { lines } = compareLetters(letter([list('First', 'Third')]), letter([list('First', 'Second', 'Third')]));
    expect(marked(lines)).toEqual(['{+Second+}']);
    expect(lines.map(({ marker }) => marker)).toEqual(['1.', '2.', '3.']);
  });
});

describe('values as they stood', () => {
  const chip = (name: string, text: string) => ({
    [name]: { name, label: name, text, state: 'approved' as const, sources: [], working: null },
  });
  test('a corrected fact is a change of its chip; the same words typed in its place are none', () => {
    const blocks = [paragraph('The loss of ', { type: 'variable', name: 'incident_date' }, ' was yours.')];
    const then = letter(blocks, { ...noValues, variables: chip('incident_date', 'February 15, 2024') });
    const now = letter(blocks, { ...noValues, variables: chip('incident_date', 'February 16, 2024') });
    const compared = compareLetters(then, now);
    expect(marked(compared.lines)).toEqual(['The loss of February {-15-}{+16+}, 2024 was yours.']);
    expect(compared.lines[0]?.cells[0]?.find(({ kind }) => kind === 'added')?.chip).toBe(true);
    expect(
      compareLetters(then, letter([paragraph('The loss of February 15, 2024 was yours.')])).lines.every(({ kind }) => kind === 'same'),
    ).toBe(true);
  });

  test('the specials table, row by row and amount by amount; the exhibits', () => {
    const table: Block[] = [{ type: 'specialsTable' }, { type: 'exhibitList' }];
    const mercy = providerRow('Mercy General Hospital', 812_000);
    const valley = providerRow('Valley Physical Therapy', 141_000);
    const specials = (...providers: (typeof mercy)[]): LetterValues['specials'] => {
      const sum = providers.reduce((total, { billedCents }) => total + billedCents, 0);
      return { providers, totals: { billedCents: sum, adjustedCents: 0, paidCents: 0, owedCents: sum } };
    };
    const exhibit = { mark: 'A', documentId: '1', name: 'Ledger.pdf' };
    const was = letter(table, { ...noValues, specials: specials(mercy, valley), exhibits: [exhibit] });
    const is = letter(table, {
      ...noValues,
      specials: specials(providerRow('City Ambulance', 95_000), { ...mercy, billedCents: 820_000 }, valley),
      exhibits: [exhibit, { mark: 'B', documentId: '2', name: 'Bill.pdf' }],
    });
    const { lines } = compareLetters(was, is);
    expect(marked(lines)).toEqual([
      '{+City Ambulance+} |  | {+$950.00+} | {+$0.00+} | {+$0.00+} | {+$950.00+}',
      'Mercy General Hospital |  | {-$8,120.00-}{+$8,200.00+} | $0.00 | $0.00 | $8,120.00',
      'Total |  | {-$9,530.00-}{+$10,560.00+} | $0.00 | $0.00 | {-$9,530.00-}{+$10,560.00+}',
      '{+Exhibit B+} | {+Bill.pdf+}',
    ]);
  });
});

const word = fc.constantFrom('the', 'client', 'Dr.', '$1,200.00', 'lane', 'of', 'pain', '2024', '—', ' ', 'naïve', '👩‍⚖️');
const inline: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 6, arbitrary: fc.array(word, { maxLength: 12 }).map((words) => say(words.join(' '))) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('text' as const), text: word, bold: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('variable' as const), name: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.constant({ type: 'break' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('citation' as const), of: fc.constantFrom('a', 'b') }) },
);
const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(inline, { maxLength: 4 }).map((content): Block => ({ type: 'paragraph', content })),
    fc.record({
      type: fc.constant('heading' as const),
      level: fc.constantFrom(1 as const, 2 as const),
      content: fc.array(inline, { maxLength: 2 }),
    }),
    fc.constant<Block>({ type: 'specialsTable' }),
    fc.constant<Block>({ type: 'exhibitList' }),
    fc.record({
      type: fc.constant('list' as const),
      ordered: fc.boolean(),
      items: fc.array(fc.array(tie('block'), { maxLength: 2 }), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant('quote' as const), content: fc.array(tie('block'), { maxLength: 2 }) }),
  ),
}));
const values = fc.tuple(word, word, fc.array(fc.tuple(word, fc.nat(100_000)), { maxLength: 4 })).map(([a, b, providers]): LetterValues => {
  const variable = (name: string, text: string) => ({ name, label: name, text, state: 'approved' as const, sources: [], working: null });
  return {
    ...noValues,
    variables: { a: variable('a', a), b: variable('b', b) },
    specials: { ...noValues.specials, providers: providers.map(([name, cents]) => providerRow(name, cents)) },
    exhibits: providers.map(([name], n) => ({ mark: 'AB'[n % 2] ?? '', documentId: String(n), name })),
  };
});
const side = fc.record({ blocks: fc.array(block, { maxLength: 8 }), values });
/** A letter and what became of it: some of its blocks gone, moved or followed by others. */
const edited = fc
  .tuple(side, fc.array(fc.tuple(fc.nat(8), fc.constantFrom('out', 'twice', 'other'), block), { maxLength: 4 }), values, fc.boolean())
  .map(([before, edits, otherValues, hasOtherValues]) => {
    const blocks = [...before.blocks];
    for (const [at, what, other] of edits)
      blocks.splice(at, what === 'twice' ? 0 : 1, ...(what === 'out' ? [] : what === 'other' ? [other] : blocks.slice(at, at + 1)));
    return [before, { blocks, values: hasOtherValues ? otherValues : before.values }] as const;
  });
const two = fc.oneof(edited, fc.tuple(side, side));

describe('any two letters', () => {
  test('what was not added is the one, what was not removed the other', () => {
    fc.assert(
      fc.property(two, ([a, b]) => {
        const { lines } = compareLetters(a, b);
        expect(textIn(lines, 'added')).toEqual(linesOf(a.blocks, a.values).map(lineText));
        expect(textIn(lines, 'removed')).toEqual(linesOf(b.blocks, b.values).map(lineText));
      }),
      { seed, numRuns: 300 },
    );
  });

  test('a letter and itself have no change; from the other side what came is what went', () => {
    fc.assert(
      fc.property(two, ([a, b]) => {
        const itself = compareLetters(a, structuredClone(a));
        expect(itself.lines.every(({ kind }) => kind === 'same') && itself.added + itself.removed === 0).toBe(true);
        const [there, back] = [compareLetters(a, b), compareLetters(b, a)];
        expect([there.added, there.removed]).toEqual([back.removed, back.added]);
        expect(there.lines.length).toBe(back.lines.length);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('what nobody would write', () => {
  const words = (count: number, of: string) => Array.from({ length: count }, (_, n) => `${of}${String(n)}`).join(' ');
  const hostile: [string, Block[], Block[]][] = [
    ['one paragraph of other words', [paragraph(words(60_000, 'a'))], [paragraph(words(60_000, 'b'))]],
    [
      'thousands of short lines that are all alike and none the same',
      Array.from({ length: 4_000 }, (_, n) => paragraph(`the same words but ${String(n)}`)),
      Array.from({ length: 4_000 }, (_, n) => paragraph(`the same words and ${String(n)}`)),
    ],
    [
      'hundreds of long lines, each a little changed',
      Array.from({ length: 200 }, (_, n) => paragraph(`${words(300, 'x')} ${String(n)}`)),
      Array.from({ length: 200 }, (_, n) => paragraph(`${String(n)} ${words(150, 'x')} ${words(150, 'y')}`)),
    ],
    ['marks without end', [paragraph(`a${'.'.repeat(200_000)}`)], [paragraph('a.'.repeat(100_000))]],
  ];
  test.each(hostile)('%s: the effort has an end, and no word is lost', (_name, a, b) => {
    const { lines } = compareLetters(letter(a), letter(b));
    expect(textIn(lines, 'added').join('\n')).toBe(linesOf(a, noValues).map(lineText).join('\n'));
    expect(textIn(lines, 'removed').join('\n')).toBe(linesOf(b, noValues).map(lineText).join('\n'));
  });
});
