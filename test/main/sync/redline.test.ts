import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redline } from '../../../src/main/sync/redline.ts';

const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`redline seed ${String(seed)} (repeat with STENO_SEED)`);

const text = (pieces: ReturnType<typeof redline>, without: 'added' | 'removed'): string =>
  pieces
    .map((paragraph) => paragraph.filter(({ kind }) => kind !== without).map((piece) => piece.text))
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join(''))
    .join('\n\n');

test('a word that was added, one that went, one that was replaced', () => {
  expect(
    redline('Dear Counsel\n\nWe write for our client.\n\nYours', 'Dear Counsel\n\nWe write again for our injured client.\n\nYours'),
  ).toEqual([
    [{ kind: 'same', text: 'Dear Counsel' }],
    [
      { kind: 'same', text: 'We write ' },
      { kind: 'added', text: 'again ' },
      { kind: 'same', text: 'for our' },
      { kind: 'added', text: ' injured' },
      { kind: 'same', text: ' client.' },
    ],
    [{ kind: 'same', text: 'Yours' }],
  ]);
  expect(redline('We ask $95,000 today', 'We demand $120,000 today')).toEqual([
    [
      { kind: 'same', text: 'We ' },
      { kind: 'removed', text: 'ask $95,000' },
      { kind: 'added', text: 'demand $120,000' },
      { kind: 'same', text: ' today' },
    ],
  ]);
  expect(redline('It ends here.', 'It ends here. And goes on.')).toEqual([
    [
      { kind: 'same', text: 'It ends here.' },
      { kind: 'added', text: ' And goes on.' },
    ],
  ]);
  expect(redline('', 'New')).toEqual([[{ kind: 'added', text: 'New' }]]);
  expect(redline('One\n\nTwo', 'One')).toEqual([[{ kind: 'same', text: 'One' }], [{ kind: 'removed', text: 'Two' }]]);
});

test('whatever was written: what stays and goes is the one text, what stays and comes the other', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'the', 'client', '$95,000', 'und');
  const paragraph = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));
  const letter = fc.array(paragraph, { maxLength: 12 }).map((paragraphs) => paragraphs.join('\n\n'));
  fc.assert(
    fc.property(letter, letter, (before, after) => {
      const pieces = redline(before, after);
      expect(text(pieces, 'added')).toBe(before);
      expect(text(pieces, 'removed')).toBe(after);
      if (before === after) expect(pieces.flat().every(({ kind }) => kind === 'same')).toBe(true);
    }),
    { seed, numRuns: 500 },
  );
});

test('a letter that was rewritten from end to end is answered all the same', () => {
  const before = Array.from({ length: 6_000 }, (_, n) => `old${String(n)}`).join(' ');
  const after = Array.from({ length: 6_000 }, (_, n) => `new${String(n)}`).join(' ');
  expect(redline(before, after)).toEqual([
    [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ],
  ]);
});
