import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokensOf, wordsOf } from '../../../src/main/store/index-tables.ts';

/** The same in one pattern: what the index's own tokenizer does, slow. */
function byPattern(text: string): string[] {
  const bare = text.normalize('NFD').replaceAll(/\p{M}+/gu, '');
  return bare.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 1_000_000);
const letters = fc.constantFrom(...Array.from('abZ09 .,-éÅßİſK𐀝𝟘😀\u0301\u0327漢ｱ١½²\ud800\udc00\n“'));
const texts = fc.array(fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 20 }).map((parts) => parts.join(''));

test('a text is cut into words as a pattern of letters, digits and accents would', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(tokensOf(text)).toEqual(byPattern(text));
      const plain = byPattern(text).filter((token) => token.length >= 3 && token.length <= 32 && !/\p{N}/u.test(token));
      expect([...wordsOf(text)]).toEqual([...new Set(plain)]);
    }),
    { seed, numRuns: 3_000 },
  );
});
