import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Block } from '../../../src/shared/letters.ts';
import { isValidLetterUpdate } from '../../../src/main/sync/letter-check.ts';
import { blocksFromLetterBody, letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { restoreLetterBody } from '../../../src/main/sync/letter-restore.ts';

const seed = Number(process.env['STENO_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`letter-restore seed ${String(seed)} (repeat with STENO_SEED)`);

const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const bodyOf = (...texts: string[]) => letterBodyFromBlocks(texts.map(paragraph));
const textsOf = (state: Uint8Array) =>
  blocksFromLetterBody(state).map((block) =>
    block.type === 'paragraph' ? block.content.map((one) => (one.type === 'text' ? one.text : '')).join('') : block.type,
  );
const restored = (state: Uint8Array, old: Uint8Array): Uint8Array => {
  const update = restoreLetterBody(state, old);
  return update ? mergeLetterUpdates([state, update]) : state;
};

const word = fc.constantFrom('the ', 'client ', 'paid ', '$1,200.00 ', 'and ', '👩‍⚖️ ');
const inline = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => ({ type: 'text' as const, text: words.join('') })),
  },
  { weight: 1, arbitrary: word.map((text) => ({ type: 'text' as const, text, bold: true })) },
  { weight: 1, arbitrary: fc.constant({ type: 'variable' as const, name: 'demand_amount' }) },
  { weight: 1, arbitrary: fc.constant({ type: 'break' as const }) },
);
const content = fc.array(inline, { maxLength: 4 });
const blocks = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: content.map((inlines): Block => ({ type: 'paragraph', content: inlines })) },
    fc.record({ type: fc.constant('heading' as const), level: fc.constantFrom(1 as const, 2 as const, 3 as const), content }),
    fc.record({
      type: fc.constant('list' as const),
      ordered: fc.boolean(),
      items: fc.array(
        content.map((inlines): Block[] => [{ type: 'paragraph', content: inlines }]),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    fc.constant<Block>({ type: 'specialsTable' }),
    content.map((inlines): Block => ({ type: 'quote', content: [{ type: 'paragraph', content: inlines }] })),
  ),
  { minLength: 1, maxLength: 8 },
);

test('whatever a letter says, it says afterwards what the other said, by an edit that every laptop takes', () => {
  fc.assert(
    fc.property(blocks, blocks, (is, was) => {
      const [state, old] = [letterBodyFromBlocks(is), letterBodyFromBlocks(was)];
      const update = restoreLetterBody(state, old);
      if (update) expect(isValidLetterUpdate(update)).toBe(true);
      expect(blocksFromLetterBody(restored(state, old))).toEqual(blocksFromLetterBody(old));
      expect(restoreLetterBody(restored(state, old), old)).toBe(null);
    }),
    { seed, numRuns: 300 },
  );
});

test('what a colleague types meanwhile beside what changes stays', () => {
  const first = bodyOf('Dear Counsel', 'We write for our client.', 'Yours');
  const later = mergeLetterUpdates([first, insertParagraph(first, 'Dear', 'A paragraph that was put in.')]);
  const meanwhile = insertParagraph(later, 'Yours', 'cc: Ames');
  const update = restoreLetterBody(later, first);
  expect(update).not.toBe(null);
  for (const order of [
    [later, update, meanwhile],
    [later, meanwhile, update],
  ])
    expect(textsOf(mergeLetterUpdates(order as Uint8Array[]))).toEqual(['Dear Counsel', 'We write for our client.', 'Yours', 'cc: Ames']);
});

test('a paragraph that was put in goes, and the one after it stays the one a colleague writes in', () => {
  const first = bodyOf('Dear Counsel', 'We write for our client.', 'Yours');
  const later = mergeLetterUpdates([first, insertParagraph(first, 'Dear', 'A paragraph that was put in.')]);
  const colleague = restoreLetterBody(
    later,
    bodyOf('Dear Counsel', 'A paragraph that was put in.', 'We write for our client.', 'Yours truly'),
  );
  const back = restoreLetterBody(later, first);
  expect(textsOf(mergeLetterUpdates([later, colleague as Uint8Array, back as Uint8Array]))).toEqual([
    'Dear Counsel',
    'We write for our client.',
    'Yours truly',
  ]);
});

test('in a paragraph that changed only its words change: a colleague’s in the same paragraph stay', () => {
  const first = bodyOf('We write for our client, who was hurt.');
  const later = restored(first, bodyOf('We write for our injured client, who was hurt.'));
  const colleague = restoreLetterBody(later, bodyOf('We write for our injured client, who was hurt badly.'));
  const back = restoreLetterBody(later, first);
  expect(textsOf(mergeLetterUpdates([later, colleague as Uint8Array, back as Uint8Array]))).toEqual([
    'We write for our client, who was hurt badly.',
  ]);
});

test('what one restore took out, another brings back', () => {
  const first = bodyOf('Dear Counsel', 'A secret of the case.');
  const after = restored(first, bodyOf('Dear Counsel'));
  expect(textsOf(after)).toEqual(['Dear Counsel']);
  expect(textsOf(restored(after, first))).toEqual(['Dear Counsel', 'A secret of the case.']);
});
