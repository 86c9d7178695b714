import { expect, test } from 'vitest';
import { addressOf, readBaseUrl } from '../../../src/main/ai/base-url.ts';

test.each([
  ['https://models.firm.example/v1/', 'https://models.firm.example/v1'],
  ['http://localhost:11434/v1', 'http://localhost:11434/v1'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://192.168.1.20:8000/v1', 'http://192.168.1.20:8000/v1'],
  ['http://10.1.2.3', 'http://10.1.2.3'],
  ['http://172.16.0.1', 'http://172.16.0.1'],
])('%s is an address', (text, address) => {
  expect(readBaseUrl(text)).toEqual({ ok: true, value: address });
});

test.each([
  'http://models.example/v1',
  'http://8.8.8.8',
  'http://172.32.0.1',
  'http://10.evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'https://user:pass@models.example',
  'https://models.example/v1?key=1',
  'ftp://models.example',
  'file:///etc/passwd',
  'models.example',
  '',
])('%s is none', (text) => {
  expect(readBaseUrl(text)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
});

test('each provider has an address of its own, Amazon one in each region, offline none', () => {
  const none = { baseUrl: null, region: null };
  expect(addressOf({ provider: 'offline', ...none })).toEqual({ ok: true, value: null });
  expect(addressOf({ provider: 'anthropic', ...none })).toEqual({ ok: true, value: 'https://api.anthropic.com' });
  expect(addressOf({ provider: 'bedrock', baseUrl: null, region: 'us-gov-west-1' })).toEqual({
    ok: true,
    value: 'https://bedrock-runtime.us-gov-west-1.amazonaws.com',
  });
  expect(addressOf({ provider: 'bedrock', baseUrl: null, region: 'evil.example/' })).toMatchObject({ ok: false });
  expect(addressOf({ provider: 'bedrock', ...none })).toMatchObject({ ok: false });
});
