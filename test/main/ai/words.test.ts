import { expect, test } from 'vitest';
import { whoAnswers } from '../../../src/main/ai/words.ts';
import type { ProviderName } from '../../../src/shared/ai.ts';

test.each<[ProviderName, string | null, string]>([
  ['offline', null, 'Steno'],
  ['anthropic', 'https://api.anthropic.com', 'Anthropic'],
  ['openai', 'https://api.openai.com/v1', 'OpenAI'],
  ['bedrock', 'https://bedrock-runtime.us-gov-west-1.amazonaws.com', 'Amazon Bedrock'],
])('%s at %s is %s', (provider, address, who) => {
  expect(whoAnswers(provider, address)).toBe(who);
});

test.each<[ProviderName, string]>([
  ['openai', 'x1.execute-api.us-east-1.amazonaws.com'],
  ['anthropic', 'bucket.s3.amazonaws.com'],
  ['anthropic', 'bedrock-runtime.us-east-1.amazonaws.com'],
  ['bedrock', 'ec2-1-2-3-4.compute-1.amazonaws.com'],
  ['bedrock', 'bedrock-runtime.x.us-east-1.amazonaws.com'],
  ['anthropic', 'api.openai.com'],
  ['openai', 'proxy.openai.com'],
  ['openai', 'api.openai.com:8443'],
  ['openai', 'api.openai.com.example.org'],
])('%s at somebody else’s server is that server: %s', (provider, host) => {
  expect(whoAnswers(provider, `https://${host}/v1`)).toBe(host);
});
