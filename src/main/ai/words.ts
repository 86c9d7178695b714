import type { CallOutcome, ProviderName } from '../../shared/ai.ts';
import type { AppError } from '../../shared/errors.ts';

export const names: Record<ProviderName, string> = {
  offline: 'Steno',
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  bedrock: 'Amazon Bedrock',
};

/** The providers' own servers. Of other names under theirs, a bucket or a gateway at amazonaws.com, anybody may be the owner. */
const hosts: Record<Exclude<ProviderName, 'offline'>, RegExp> = {
  anthropic: /^api\.anthropic\.com$/,
  openai: /^api\.openai\.com$/,
  bedrock: /^bedrock-runtime\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com$/,
};

/** Who is asked, as a person knows it: the provider where the server is its own, or else the server. */
export function whoAnswers(provider: ProviderName, address: string | null): string {
  if (address === null || provider === 'offline') return names.offline;
  const { host } = new URL(address);
  return hosts[provider].test(host) ? names[provider] : host;
}

const reasons: Record<Exclude<CallOutcome, 'answered' | 'cancelled'>, (who: string) => string> = {
  declined: (who) => `${who} would not answer about this text. Read it yourself; nothing was taken from it.`,
  cut_short: () => 'The answer ran out of room and broke off, so none of it was used. Ask about fewer pages.',
  no_answer: (who) => `${who} answered in words instead of the form that was asked for, so nothing was used. Another model may do better.`,
  wrong_schema: (who) => `${who} answered in another form than was asked for, so nothing was used. Another model may do better.`,
  rate_limited: (who) => `${who} takes no more requests just now. Try again in a few minutes.`,
  overloaded: (who) => `${who} is too busy or down. Nothing was changed; try again later.`,
  unreachable: (who) => `${who} could not be reached. Nothing was changed; try again once the network is back.`,
  cut_stream: () => 'The line broke in the middle of the answer, so none of it was used. Try again.',
  timed_out: (who) => `${who} took too long, and was not waited for any longer. Nothing was changed.`,
  too_large: () => 'The answer was larger than any answer can be, so it was stopped. Nothing was changed.',
  unauthorized: (who) => `${who} did not accept the key. Enter it again in Settings.`,
  refused: (who) => `${who} refused the request. Check the name of the model in Settings.`,
  redirected: (who) => `${who} wanted to send the request on to another address, which Steno does not do. Check the address in Settings.`,
};

/** A failed call in words. */
export function errorOf(outcome: Exclude<CallOutcome, 'answered'>, who: string): AppError {
  if (outcome === 'cancelled') return { code: 'cancelled', what: 'asking the assistant' };
  return { code: 'provider_failed', what: 'asking the assistant', reason: reasons[outcome](who) };
}
