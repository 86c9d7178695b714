import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf, estimateTokens, priceOf } from '../../../src/main/ai/prices.ts';
import { monthOf, overLimit } from '../../../src/main/ai/spend.ts';
import type { FirmPolicy } from '../../../src/shared/ai.ts';

const at = (provider: FirmPolicy['provider'], model: string, over: Partial<FirmPolicy> = {}) =>
  priceOf({ provider, baseUrl: null, price: null, ...over }, model);

test('a model is found under its dated names and at Amazon, and its neighbours are not taken for it', () => {
  const sonnet = at('anthropic', 'claude-sonnet-4-5');
  expect(sonnet).toMatchObject({ input: 3_000_000, output: 15_000_000, cached: 300_000, cacheWritten: 3_750_000 });
  expect(at('anthropic', 'claude-sonnet-4-5-20250929')).toEqual(sonnet);
  expect(at('bedrock', 'anthropic.claude-sonnet-4-5-20250929-v1:0')).toEqual(sonnet);
  expect(at('openai', 'gpt-4o-2024-08-06')).toMatchObject({ input: 2_500_000 });
  expect(at('openai', 'gpt-4o-mini')).toMatchObject({ input: 150_000 });
});

test.each<[string, FirmPolicy['provider'], string, Partial<FirmPolicy>]>([
  ['a model that is newer than the table', 'anthropic', 'claude-opus-5-6', {}],
  ['another product of a known name', 'openai', 'gpt-4o-audio-preview', {}],
  ['a server of one’s own', 'openai', 'gpt-4o', { baseUrl: 'http://127.0.0.1:8080/v1' }],
  ['somebody’s gateway', 'anthropic', 'claude-opus-5', { baseUrl: 'https://gateway.example' }],
  ['a regional profile at Amazon, which costs more', 'bedrock', 'us.anthropic.claude-opus-4-5-20251101-v1:0', {}],
])('%s: unknown', (_what, provider, model, over) => {
  expect(at(provider, model, over)).toBe(null);
  expect(costOf(null, { input: 1, output: 1, cached: 0, cacheWritten: 0 })).toBe(null);
});

test('what the firm says it costs goes before the table, 0 too', () => {
  const own = at('openai', 'any', { price: { input: 0, output: 0 }, baseUrl: 'http://localhost:1' });
  expect(costOf(own, { input: 1000, output: 1000, cached: 0, cacheWritten: 0 })).toBe(0);
});

test('whole microdollars, rounded up, of any number of tokens', () => {
  const price = at('openai', 'gpt-5-nano');
  expect(costOf(price, { input: 1, output: 0, cached: 0, cacheWritten: 0 })).toBe(1);
  expect(costOf(price, { input: 1, output: null, cached: 0, cacheWritten: 0 })).toBe(null);
  const count = fc.integer({ min: 0, max: 2_000_000_000 });
  fc.assert(
    fc.property(count, count, count, (input, output, cached) => {
      const cost = costOf(price, { input, output, cached, cacheWritten: 0 }) ?? -1;
      const exact = BigInt(input) * 50_000n + BigInt(output) * 400_000n + BigInt(cached) * 5_000n;
      expect(BigInt(cost) * 1_000_000n >= exact && BigInt(cost - 1) * 1_000_000n < exact).toBe(true);
    }),
  );
});

test('tokens are reckoned rather too many than too few', () => {
  expect(estimateTokens('word '.repeat(100))).toBeGreaterThan(130);
  expect(estimateTokens('🚑')).toBeGreaterThanOrEqual(2);
});

test('the month begins on the same day for every laptop of the firm', () => {
  expect(new Date(monthOf(Date.parse('2026-11-30T23:30:00-05:00'))).toISOString()).toBe('2026-12-01T00:00:00.000Z');
});

test('without a limit nothing is refused, not even an unknown price', () => {
  const none = { month: 0, matter: 0 };
  expect(overLimit({ monthLimitMicrodollars: null, matterLimitMicrodollars: null }, null, none, none)).toBe(null);
  expect(overLimit({ monthLimitMicrodollars: 0, matterLimitMicrodollars: null }, 0, none, none)).toBe(null);
  expect(
    overLimit({ monthLimitMicrodollars: 10, matterLimitMicrodollars: null }, 5, { month: 3, matter: 0 }, { month: 3, matter: 0 }),
  ).toContain('for the month');
});
