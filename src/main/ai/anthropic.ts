import Anthropic from '@anthropic-ai/sdk';
import { claudeEvents, claudeRequest } from './claude-stream.ts';
import type { Gate } from './gate.ts';
import type { Provider } from './provider.ts';

/**
 * Claude at Anthropic. What the environment of this process says (another address, a token, a log that writes bodies down) is not asked: only the firm's settings
 * decide where text goes.
 */
export function createAnthropic({ key, gate }: { key: string; gate: Gate }): Provider {
  const client = new Anthropic({
    apiKey: key,
    authToken: null,
    baseURL: gate.baseUrl,
    fetch: gate.fetch,
    maxRetries: 0,
    timeout: gate.timeoutMs * 2,
    logLevel: 'off',
  });
  return {
    name: 'anthropic',
    stream: (request, signal) => claudeEvents(() => client.messages.create(claudeRequest(request), { signal }), request.tool.name, signal),
  };
}
