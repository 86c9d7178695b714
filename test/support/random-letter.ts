import fc from 'fast-check';
import type { Block, Inline } from '../../src/shared/letters.ts';

const word = fc.constantFrom('We ', 'paid $1,200.00 ', 'Dr. Raye', ' on May 1, 2024', '.', ' § 41', 'ü', '—');
const chip = fc.oneof(
  fc.constantFrom('total_billed', 'client_name').map((name): Inline => ({ type: 'variable', name })),
  fc.constantFrom('total_billed', 'date_of_loss').map((of): Inline => ({ type: 'citation', of })),
  fc.constant<Inline>({ type: 'break' }),
);
const typed = fc
  .tuple(word, fc.boolean(), fc.boolean())
  .map(([text, bold, italic]): Inline => ({ type: 'text', text, ...(bold && { bold: true }), ...(italic && { italic: true }) }));

/** Neighbours that look alike are one run, as a body gives them back. */
function joined(content: readonly Inline[]): Inline[] {
  const all: Inline[] = [];
  for (const inline of content) {
    const last = all.at(-1);
    if (inline.type === 'text' && last?.type === 'text' && last.bold === inline.bold && last.italic === inline.italic)
      all[all.length - 1] = { ...last, text: last.text + inline.text };
    else all.push(inline);
  }
  return all;
}

const words = fc.array(fc.oneof({ weight: 3, arbitrary: typed }, { weight: 1, arbitrary: chip }), { maxLength: 6 }).map(joined);
const footnote = words.map((content): Inline => ({ type: 'footnote', content }));
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: typed }, { weight: 1, arbitrary: chip }, { weight: 1, arbitrary: footnote }), { maxLength: 8 })
  .map(joined);
const paragraph = text.map((content): Block => ({ type: 'paragraph', content }));
const list = fc
  .tuple(fc.boolean(), fc.array(paragraph, { minLength: 1, maxLength: 3 }))
  .map(([ordered, items]): Block => ({ type: 'list', ordered, items: items.map((item) => [item]) }));

const table = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.boolean()).chain(([rows, columns, hasHead]) =>
  fc
    .array(
      fc.array(fc.array(fc.oneof({ weight: 4, arbitrary: paragraph }, { weight: 1, arbitrary: list }), { minLength: 1, maxLength: 2 }), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    )
    .map((all): Block => ({ type: 'table', rows: all.map((cells, at) => ({ isHead: hasHead && at === 0, cells })) })),
);

/** Any letter: each kind of block, tables and footnotes with chips among them, as a body gives it back. */
export const anyLetter: fc.Arbitrary<Block[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: paragraph },
    { weight: 2, arbitrary: text.map((content): Block => ({ type: 'paragraph', content, numbered: true })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(1, 2, 3), text).map(([level, content]): Block => ({ type: 'heading', level, content })),
    },
    { weight: 1, arbitrary: list },
    { weight: 1, arbitrary: fc.array(paragraph, { minLength: 1, maxLength: 2 }).map((content): Block => ({ type: 'quote', content })) },
    { weight: 2, arbitrary: table },
    { weight: 1, arbitrary: fc.constantFrom<Block>({ type: 'pageBreak' }, { type: 'specialsTable' }, { type: 'exhibitList' }) },
  ),
  { minLength: 1, maxLength: 10 },
);
