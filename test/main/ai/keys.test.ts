import { expect, test } from 'vitest';
import { createKeys } from '../../../src/main/ai/keys.ts';
import { makeHost } from '../../support/fake-host.ts';

test('a key is for one provider at one address; another path there is the same server, another server is not', async () => {
  const { secrets } = makeHost();
  const keys = createKeys(secrets, 'assistant-keys:x');
  await keys.set('openai', 'https://models.firm.example/v1', 'first');
  await keys.set('anthropic', 'https://api.anthropic.com', 'second');
  expect(await keys.get('openai', 'https://models.firm.example/v2')).toEqual({ key: 'first', isElsewhere: false });
  for (const other of ['https://models.other.example/v1', 'http://models.firm.example/v1', 'https://models.firm.example:8443/v1'])
    expect(await keys.get('openai', other), other).toEqual({ key: null, isElsewhere: true });
  expect(await keys.get('bedrock', 'https://bedrock-runtime.us-east-1.amazonaws.com')).toEqual({ key: null, isElsewhere: false });
  await keys.forget('openai');
  expect(await keys.get('openai', 'https://models.firm.example/v1')).toEqual({ key: null, isElsewhere: false });
  expect(await keys.get('anthropic', 'https://api.anthropic.com')).toEqual({ key: 'second', isElsewhere: false });
  await keys.forget('anthropic');
  expect(await secrets.get('assistant-keys:x')).toBe(null);
});

test('a secret that is damaged is no key, and can be entered again', async () => {
  const { secrets } = makeHost();
  const keys = createKeys(secrets, 'x');
  for (const damaged of ['{"openai": 7}', '{"openai": {"key": "k"}}', 'not json', '']) {
    await secrets.set('x', damaged);
    expect(await keys.get('openai', 'https://a.example'), damaged).toEqual({ key: null, isElsewhere: false });
  }
  await keys.set('openai', 'https://a.example', 'k');
  expect(await keys.get('openai', 'https://a.example')).toEqual({ key: 'k', isElsewhere: false });
});
