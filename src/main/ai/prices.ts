import type { FirmPolicy } from '../../shared/ai.ts';
import { isNear } from './base-url.ts';
import type { Usage } from './provider.ts';

/** Microdollars for a million tokens of each sort: $3.00 is 3,000,000. */
export interface Price {
  input: number;
  output: number;
  cached: number;
  cacheWritten: number;
}

/** When the table below was copied from the providers' price lists (platform.claude.com/docs/about-claude/pricing and OpenAI's). A firm may say its own prices. */
export const pricesAsOf = '2026-11-06';

const dollars = (input: number, output: number, cached: number, cacheWritten = input): Price => ({
  input: Math.round(input * 1e6),
  output: Math.round(output * 1e6),
  cached: Math.round(cached * 1e6),
  cacheWritten: Math.round(cacheWritten * 1e6),
});
/** Claude: what is kept at hand for five minutes costs a quarter more to write, and mostly a tenth to read. */
const claude = (input: number, output: number, cached = input / 10): Price => dollars(input, output, cached, input * 1.25);

/** Dollars for a million tokens of prompts below 100,000: no longer ones are sent. A name matches where a version or a date may follow it. */
const claudes: Record<string, Price> = {
  'claude-fable-5-1': claude(10, 50, 0.25),
  'claude-fable-5': claude(10, 50),
  'claude-opus-5-5': claude(4, 20, 0.2),
  'claude-opus-5': claude(5, 25),
  'claude-opus-4-8': claude(5, 25),
  'claude-opus-4-7': claude(5, 25),
  'claude-opus-4-6': claude(5, 25),
  'claude-opus-4-5': claude(5, 25),
  'claude-opus-4-1': claude(15, 75),
  'claude-sonnet-5-5': claude(2, 10),
  'claude-sonnet-5': claude(2, 10),
  'claude-sonnet-4-6': claude(3, 15),
  'claude-sonnet-4-5': claude(3, 15),
  'claude-haiku-5-5': claude(0.1, 0.5),
  'claude-haiku-4-5': claude(1, 5),
};
const openAis: Record<string, Price> = {
  'gpt-5.4': dollars(2.5, 15, 0.25),
  'gpt-5.4-mini': dollars(0.75, 4.5, 0.075),
  'gpt-5.1': dollars(1.25, 10, 0.125),
  'gpt-5': dollars(1.25, 10, 0.125),
  'gpt-5-mini': dollars(0.25, 2, 0.025),
  'gpt-5-nano': dollars(0.05, 0.4, 0.005),
  'gpt-4.1': dollars(2, 8, 0.5),
  'gpt-4.1-mini': dollars(0.4, 1.6, 0.1),
  'gpt-4.1-nano': dollars(0.1, 0.4, 0.025),
  'gpt-4o': dollars(2.5, 10, 1.25),
  'gpt-4o-mini': dollars(0.15, 0.6, 0.075),
};

function find(table: Record<string, Price>, model: string): Price | null {
  // "claude-sonnet-4-5-20250929", "gpt-4o-2024-08-06", at Amazon "-v1:0" too; never "gpt-4o-audio" nor the next model, "claude-opus-5-6"
  const version = /^(?:-\d{8}|-\d{4}-\d{2}-\d{2}|-latest)?(?:-v\d+(?::\d+)?)?$/;
  const name = Object.keys(table).find((known) => model.startsWith(known) && version.test(model.slice(known.length)));
  return (name !== undefined && table[name]) || null;
}

/** What a model costs; null where Steno does not know: never a guess, and never 0 but where nothing is sent. */
export function priceOf(policy: Pick<FirmPolicy, 'provider' | 'baseUrl' | 'price'>, model: string | null): Price | null {
  const { provider, baseUrl, price } = policy;
  if (provider === 'offline') return dollars(0, 0, 0);
  if (price) return { input: price.input, output: price.output, cached: price.input, cacheWritten: price.input };
  if (model === null || (baseUrl && !isPublic(baseUrl))) return null;
  if (provider === 'openai') return find(openAis, model);
  // Amazon writes "us.anthropic.claude-...": inference profiles within regions cost a tenth more there, so only the plain and global names are known
  if (provider === 'bedrock') return find(claudes, model.replace(/^(?:global\.)?anthropic\./, ''));
  return find(claudes, model);
}

/** A gateway of somebody else's takes what it takes. */
function isPublic(baseUrl: string): boolean {
  return (
    !isNear(baseUrl) &&
    /^(?:api\.anthropic\.com|api\.openai\.com|bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com)$/.test(new URL(baseUrl).hostname)
  );
}

/** Microdollars, rounded up; null where the price or a count of tokens is not known. */
export function costOf(price: Price | null, usage: Usage): number | null {
  if (!price || usage.input === null || usage.output === null) return null;
  const { input, output, cached, cacheWritten } = usage;
  const millionth = BigInt(input) * BigInt(price.input) + BigInt(output) * BigInt(price.output);
  const kept = BigInt(cached ?? 0) * BigInt(price.cached) + BigInt(cacheWritten ?? 0) * BigInt(price.cacheWritten);
  return Number((millionth + kept + 999_999n) / 1_000_000n);
}

/**
 * Tokens of a text, rather too many than too few: English has four characters a token, numbers and names in records fewer; a character outside of ASCII may be
 * several by itself.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 2.5);
}
