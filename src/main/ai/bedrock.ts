import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { claudeEvents, claudeRequest } from './claude-stream.ts';
import type { Gate } from './gate.ts';
import type { Provider } from './provider.ts';

/** An Amazon key: "ACCESS_KEY_ID:SECRET" or "ACCESS_KEY_ID:SECRET:SESSION_TOKEN", which sign each request; anything else is a Bedrock API key. */
export function readAwsKey(key: string): { access: string; secret: string; session: string | null } | null {
  const match = /^((?:AKIA|ASIA)[A-Z0-9]{12,}):([A-Za-z0-9/+=]{20,})(?::(\S+))?$/.exec(key);
  return match?.[1] && match[2] ? { access: match[1], secret: match[2], session: match[3] ?? null } : null;
}

/** Claude at Amazon Bedrock. Credentials are this person's own from the keychain; what else the machine knows of AWS is not looked for. */
export function createBedrock({ key, region, gate }: { key: string; region: string; gate: Gate }): Provider {
  const aws = readAwsKey(key);
  const line = {
    awsRegion: region,
    baseURL: gate.baseUrl,
    fetch: gate.fetch,
    maxRetries: 0,
    timeout: gate.timeoutMs * 2,
    logLevel: 'off' as const,
  };
  const client = aws
    ? new AnthropicBedrock({ ...line, apiKey: null, awsAccessKey: aws.access, awsSecretKey: aws.secret, awsSessionToken: aws.session })
    : new AnthropicBedrock({ ...line, apiKey: key });
  return {
    name: 'bedrock',
    stream: (request, signal) => claudeEvents(() => client.messages.create(claudeRequest(request), { signal }), request.tool.name, signal),
  };
}
