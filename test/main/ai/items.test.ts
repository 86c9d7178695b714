import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createItemReader } from '../../../src/main/ai/items.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000_007);
console.info(`items seed ${String(seed)} (repeat with STENO_SEED)`);

test('things come out as they become whole, however the answer is cut in pieces', () => {
  const thing = fc.record({
    text: fc.string({ unit: 'grapheme' }),
    sources: fc.array(fc.record({ mark: fc.integer(), quote: fc.string() })),
  });
  fc.assert(
    fc.property(fc.array(thing), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (paragraphs, cuts) => {
      const json = JSON.stringify({ paragraphs, more: [{ text: 'of another list' }] });
      const reader = createItemReader();
      const found: unknown[] = [];
      for (let [at, n] = [0, 0]; at < json.length; n += 1) {
        const to = at + (cuts[n % cuts.length] ?? 1);
        found.push(...reader.add(json.slice(at, to)));
        at = to;
      }
      expect(found).toEqual(JSON.parse(JSON.stringify(paragraphs)));
    }),
    { seed },
  );
});

test('of an answer that breaks off, what was whole; of nonsense, nothing', () => {
  const reader = createItemReader();
  expect(reader.add('{"paragraphs": [{"text": "one"}, {"text": "tw')).toEqual([{ text: 'one' }]);
  expect(reader.add('o"')).toEqual([]);
  expect(createItemReader().add('{"a": [{"text": }, "x", 3, {"text": "y"}]')).toEqual([{ text: 'y' }]);
  expect(createItemReader().add('Sure! Here [1] it is')).toEqual([]);
});
