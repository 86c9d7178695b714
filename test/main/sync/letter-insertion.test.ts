import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { docFrom, blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { inlinesOf, insertsAsItSays, suggestBlocks, type Insertion } from '../../../src/main/sync/letter-insertion.ts';
import { missingIn } from '../../../src/main/sync/letter-suggestion-check.ts';
import type { Block } from '../../../src/shared/letters.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`insertion seed ${String(seed)} (repeat with STENO_SEED)`);

const heading = (text: string): Block => ({ type: 'heading', level: 2, content: [{ type: 'text', text }] });
const paragraph = (text: string): Block => ({ type: 'paragraph', content: inlinesOf(text) });
const letter = letterBodyFromBlocks([heading('Facts'), paragraph('She fell.'), heading('Damages'), paragraph('She paid.')], 7);
const drafted = (state: Uint8Array, after: number, ...texts: string[]): Insertion[] =>
  suggestBlocks(state, { after, firstClient: 1_000, nth: 0 }, texts.map(paragraph)) ?? [];
const said = (state: Uint8Array): string[] => {
  return blocksFromLetterBody(state).map((block) =>
    'content' in block
      ? (block.content as { text?: string; of?: string; name?: string }[])
          .map((one) => one.text ?? `{${one.of ?? one.name ?? ''}}`)
          .join('')
      : block.type,
  );
};

test('a paragraph comes behind another, with chips, and nothing else changes; accepted twice it stands once', () => {
  const [made] = drafted(letter, 2, 'On {{date_of_loss}} it was wet {{cite:date_of_loss}}.');
  if (!made) throw new Error('nothing was made');
  expect(isValidLetterUpdate(made.update)).toBe(true);
  expect(missingIn(letter)(made.update)).toBe(false);
  expect(made).toMatchObject({ was: '', becomes: 'On {{date_of_loss}} it was wet {{cite:date_of_loss}}.' });
  expect(insertsAsItSays(letter, made, made.place)).toBe(true);
  const once = mergeLetterUpdates([letter, made.update]);
  expect(said(once)).toEqual(['Facts', 'She fell.', 'On {date_of_loss} it was wet {date_of_loss}.', 'Damages', 'She paid.']);
  expect(said(mergeLetterUpdates([letter, made.update, made.update]))).toEqual(said(once));
});

test('paragraphs of a draft keep their order, whichever are accepted and in which order', () => {
  const texts = ['one', 'two', 'three', 'four', 'five'];
  const made = drafted(letter, 2, ...texts);
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4]), (order) => {
      let state = letter;
      for (const n of order) {
        const one = made[n];
        if (!one) throw new Error('not made');
        expect(insertsAsItSays(state, one, one.place)).toBe(true);
        state = mergeLetterUpdates([state, one.update]);
      }
      expect(said(state).slice(2, -2)).toEqual(order.toSorted((a, b) => a - b).map((n) => texts[n]));
    }),
    { seed },
  );
});

test('the paragraph it stood behind was deleted meanwhile: it comes where that stood', () => {
  const [made] = drafted(letter, 2, 'It was wet.');
  const doc = docFrom([letter]);
  doc.getXmlFragment('body').delete(1, 1);
  const shorter = Y.encodeStateAsUpdate(doc);
  if (!made) throw new Error('nothing was made');
  expect(insertsAsItSays(shorter, made, made.place)).toBe(true);
  expect(said(mergeLetterUpdates([shorter, made.update]))).toEqual(['Facts', 'It was wet.', 'Damages', 'She paid.']);
});

test('an edit that does something else than it says, or somewhere else, is none', () => {
  const [one, two] = drafted(letter, 2, 'It was wet.', 'It was dark.');
  const [elsewhere] = drafted(letter, 4, 'It was wet.');
  if (!one || !two || !elsewhere) throw new Error('nothing was made');
  expect(insertsAsItSays(letter, { ...one, becomes: 'It was dry.' }, one.place)).toBe(false);
  expect(insertsAsItSays(letter, { ...one, was: 'She fell.' }, one.place)).toBe(false);
  expect(insertsAsItSays(letter, { ...one, update: mergeLetterUpdates([one.update, two.update]) }, one.place)).toBe(false);
  // under another heading than the place that is shown
  expect(insertsAsItSays(letter, elsewhere, one.place)).toBe(false);
  expect(insertsAsItSays(letter, elsewhere, elsewhere.place)).toBe(true);
  // words of the letter that go with it
  const doc = docFrom([letter]);
  doc.getXmlFragment('body').delete(3, 1);
  expect(insertsAsItSays(letter, { ...one, update: mergeLetterUpdates([Y.encodeStateAsUpdate(doc), one.update]) }, one.place)).toBe(false);
});

test('a list, a quote and a table say what they are', () => {
  const list: Block = { type: 'list', ordered: true, items: [[paragraph('first')], [paragraph('second')]] };
  const made = suggestBlocks(letter, { after: 2, firstClient: 5_000, nth: 0 }, [
    list,
    { type: 'quote', content: [paragraph('so')] },
    { type: 'specialsTable' },
  ]);
  expect(made?.map(({ becomes }) => becomes)).toEqual(['1. first\n2. second', '> so', '{{specialsTable}}']);
  for (const one of made ?? []) expect(insertsAsItSays(letter, one, one.place)).toBe(true);
  expect(suggestBlocks(letter, { after: 9, firstClient: 1, nth: 0 }, [list])).toBeNull();
});
