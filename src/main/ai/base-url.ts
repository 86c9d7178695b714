import { err, ok, type Outcome } from '../../shared/result.ts';
import type { FirmPolicy } from '../../shared/ai.ts';

const refuse = (reason: string): Outcome<never> => err({ code: 'invalid_input', what: 'the address of the assistant', reason });

/** Loopback or a private network (RFC 1918, RFC 4193), written as a number: a name may lead anywhere tomorrow. */
function isOwnMachine(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  if (/^\[f[cd][0-9a-f]{2}:/.test(hostname)) return true;
  return /^(127\.\d+|10\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+$/.test(hostname);
}

/**
 * The address requests go to, without a slash at its end. https anywhere; http only to this machine or a private network, where the text of a client's papers
 * crosses nobody else's wires. Errors: invalid_input.
 */
export function readBaseUrl(text: string): Outcome<string> {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return refuse('Write it in full, as https://models.firm.example/v1.');
  }
  if (url.username !== '' || url.password !== '') return refuse('Leave name and password out of it; a key is entered below.');
  if (url.search !== '' || url.hash !== '') return refuse('Leave out what follows ? or #.');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isOwnMachine(url.hostname))) return ok(url.href.replace(/\/+$/, ''));
  if (url.protocol === 'http:')
    return refuse(
      'Without https the text could be read on its way. Only a server on this computer or in your own network (by its number, as 192.168.1.20) may go without.',
    );
  return refuse('It has to begin with https://.');
}

/** Whether the server is on this machine or in the firm's own network. */
export function isNear(baseUrl: string): boolean {
  return isOwnMachine(new URL(baseUrl).hostname);
}

/** Where a firm's assistant is asked; null: nowhere, for it is offline. Errors: invalid_input. */
export function addressOf({ provider, baseUrl, region }: Pick<FirmPolicy, 'provider' | 'baseUrl' | 'region'>): Outcome<string | null> {
  if (provider === 'offline') return ok(null);
  if (provider === 'bedrock' && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region ?? ''))
    return refuse('Amazon Bedrock needs a region, such as us-east-1.');
  if (baseUrl !== null && baseUrl !== '') return readBaseUrl(baseUrl);
  if (provider === 'anthropic') return ok('https://api.anthropic.com');
  return ok(provider === 'openai' ? 'https://api.openai.com/v1' : `https://bedrock-runtime.${region ?? ''}.amazonaws.com`);
}
