import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createAnthropic } from '../../../src/main/ai/anthropic.ts';
import { createBedrock, readAwsKey } from '../../../src/main/ai/bedrock.ts';
import { createGate } from '../../../src/main/ai/gate.ts';
import { createOffline } from '../../../src/main/ai/offline.ts';
import { createOpenAi } from '../../../src/main/ai/openai.ts';
import { ProviderFailure, type Provider, type ProviderEvent, type ProviderRequest, type Usage } from '../../../src/main/ai/provider.ts';
import { startModelServer, type Reply } from '../../support/model-server.ts';

const server = await startModelServer();
const elsewhere = await startModelServer();
afterAll(() => Promise.all([server.stop(), elsewhere.stop()]));
beforeEach(() => {
  server.received.length = 0;
  elsewhere.received.length = 0;
});

const aws = `AKIA${'A'.repeat(16)}:${'s'.repeat(40)}`;
const gate = (over: Partial<Parameters<typeof createGate>[0]> = {}) => createGate({ baseUrl: server.origin, ...over });
type Made = (over?: Partial<Parameters<typeof createGate>[0]>) => Provider;
const real: Record<string, Made> = {
  anthropic: (over) => createAnthropic({ key: 'key-of-anthropic', gate: gate(over) }),
  'bedrock with an AWS key': (over) => createBedrock({ key: aws, region: 'us-east-1', gate: gate(over) }),
  'bedrock with its own key': (over) => createBedrock({ key: 'key-of-bedrock', region: 'us-east-1', gate: gate(over) }),
  openai: (over) => createOpenAi({ key: 'key-of-openai', gate: gate(over) }),
  'a compatible server without a key': (over) => createOpenAi({ key: null, gate: gate(over) }),
};

const request: ProviderRequest = {
  model: 'a-model',
  system: 'Read the pages.',
  user: 'Page 1 says … «ü» 🚑',
  tool: {
    name: 'facts',
    description: 'Facts found.',
    schema: { type: 'object', properties: { facts: { type: 'array' } }, required: ['facts'] },
  },
  maxOutputTokens: 500,
};

interface Heard {
  text: string;
  json: string;
  usage: Partial<Usage>;
  model: string | null;
  stop: string | null;
}
async function hear(provider: Provider, signal = new AbortController().signal): Promise<Heard> {
  const heard: Heard = { text: '', json: '', usage: {}, model: null, stop: null };
  for await (const event of provider.stream(request, signal)) take(heard, event);
  return heard;
}
function take(heard: Heard, event: ProviderEvent): void {
  expect(heard.stop).toBe(null); // nothing comes after the end
  if (event.type === 'text') heard.text += event.text;
  else if (event.type === 'tool') heard.json += event.json;
  else if (event.type === 'model') heard.model = event.model;
  else if (event.type === 'stop') heard.stop = event.reason;
  else heard.usage = { ...heard.usage, ...Object.fromEntries(Object.entries(event.usage).filter(([, count]) => count !== null)) };
}
const failing = async (provider: Provider, signal?: AbortSignal): Promise<unknown> => {
  try {
    return await hear(provider, signal);
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderFailure);
    // what a provider's error says may repeat what it was asked
    expect(JSON.stringify(error) + String(error)).not.toMatch(/secret words|key-of/);
    return (error as ProviderFailure).kind;
  }
};

const facts = { facts: [{ value: 'Łódź 🚑', quote: 'a\nb "c"' }] };

/** What each way to a model must do alike. */
describe.each(Object.entries(real))('%s', (_name, make) => {
  test('a tool call arrives piece by piece, with its tokens and the model that answered', async () => {
    server.script({ does: 'tool', input: facts, usage: { input: 70, output: 30, cached: 900 } });
    const heard = await hear(make());
    expect(JSON.parse(heard.json)).toEqual(facts);
    expect(heard).toMatchObject({ model: 'model-that-answered', stop: 'done', text: '', usage: { input: 70, output: 30, cached: 900 } });
    const [sent] = server.received;
    expect(sent?.body).toContain('Page 1 says … «ü» 🚑');
    expect(sent?.body).toContain('"facts"');
  });

  test('another tool than the one that was asked for is no answer', async () => {
    server.script({ does: 'tool', name: 'send_mail', input: facts });
    expect(await hear(make())).toMatchObject({ json: '', stop: 'done' });
  });

  test('words instead of a tool call', async () => {
    server.script({ does: 'text', text: 'I found nothing.' });
    expect(await hear(make())).toMatchObject({ text: 'I found nothing.', json: '', stop: 'done' });
  });

  test('a refusal, and an answer that ran out of room', async () => {
    server.script({ does: 'decline' }, { does: 'tool-json', json: '{"facts": [{"va', stop: 'max_tokens' });
    expect(await hear(make())).toMatchObject({ stop: 'declined' });
    expect(await hear(make())).toMatchObject({ stop: 'length', json: '{"facts": [{"va' });
  });

  test.each<[string, Reply, string]>([
    ['a rate limit', { does: 'status', status: 429 }, 'rate_limited'],
    ['a server that is down', { does: 'status', status: 503 }, 'overloaded'],
    ['a wrong key', { does: 'status', status: 401 }, 'unauthorized'],
    ['a request that is refused', { does: 'status', status: 400 }, 'refused'],
    ['a line that breaks before the answer', { does: 'break-before' }, 'unreachable'],
    ['a line that breaks within the answer', { does: 'cut' }, 'cut_stream'],
    ['an answer that ends without its end', { does: 'stop-short' }, 'cut_stream'],
    ['an error within the answer', { does: 'overloaded' }, 'cut_stream'],
    ['a reply that does not end', { does: 'flood', bytes: 300_000 }, 'too_large'],
  ])('%s', async (_what, reply, kind) => {
    server.script(reply);
    expect(await failing(make({ mostBytes: 100_000 }))).toBe(kind);
    expect(server.received).toHaveLength(1); // an SDK that tried again by itself would spend unseen
  });

  test('how long a rate limit lasts', async () => {
    server.script({ does: 'status', status: 429, headers: { 'retry-after': '7' } });
    await expect(hear(make())).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 7000 });
  });

  test('neither text nor key follows a redirect', async () => {
    server.script({ does: 'redirect', to: `${elsewhere.origin}/v1/messages` });
    expect(await failing(make())).toBe('redirected');
    expect(elsewhere.received).toEqual([]);
  });

  test('no answer in time, and a person who does not wait', async () => {
    server.script({ does: 'hang' });
    expect(await failing(make({ timeoutMs: 30 }))).toBe('timed_out');
    const stopping = new AbortController();
    const asked = failing(make(), stopping.signal);
    await server.asked(2);
    stopping.abort();
    expect(await asked).toBe('cancelled');
  });

  test('nobody is there', async () => {
    const gone = await startModelServer();
    await gone.stop();
    expect(await failing(make({ baseUrl: gone.origin }))).toBe('unreachable');
  });
});

test('what the environment says of addresses, keys and logs is not asked', async () => {
  const before = { ...process.env };
  const logged: unknown[] = [];
  const { debug, info, warn, error } = console;
  const listen = (...words: unknown[]) => void logged.push(words);
  Object.assign(console, { debug: listen, info: listen, warn: listen, error: listen });
  Object.assign(process.env, {
    ANTHROPIC_BASE_URL: elsewhere.origin,
    ANTHROPIC_AUTH_TOKEN: 'stray-token',
    ANTHROPIC_LOG: 'debug',
    ANTHROPIC_BEDROCK_BASE_URL: elsewhere.origin,
    AWS_BEARER_TOKEN_BEDROCK: 'stray-token',
    OPENAI_BASE_URL: elsewhere.origin,
    OPENAI_ORG_ID: 'stray-token',
    OPENAI_PROJECT_ID: 'stray-token',
    OPENAI_LOG: 'debug',
  });
  try {
    server.script({ does: 'tool', input: facts });
    for (const make of Object.values(real)) await hear(make());
  } finally {
    process.env = before;
    Object.assign(console, { debug, info, warn, error });
  }
  expect(elsewhere.received).toEqual([]);
  expect(JSON.stringify(server.received)).not.toContain('stray-token');
  expect(logged).toEqual([]);
});

test('each provider is told who asks in its own way, and a server without a key nothing', async () => {
  server.script({ does: 'tool', input: facts });
  for (const make of Object.values(real)) await hear(make());
  const said = server.received.map(({ headers }) => headers.authorization ?? headers['x-api-key'] ?? null);
  expect(said).toEqual([
    expect.stringContaining('key-of-anthropic'),
    expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIA/),
    'Bearer key-of-bedrock',
    'Bearer key-of-openai',
    null,
  ]);
  expect(JSON.stringify(server.received)).not.toContain('s'.repeat(40)); // the secret signs and does not travel
});

test('Claude is told what to keep at hand, and not made to call the tool, which newer models refuse', async () => {
  server.script({ does: 'tool', input: facts });
  await hear(createAnthropic({ key: 'key-of-anthropic', gate: gate() }));
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
    system: [{ text: 'Read the pages.', cache_control: { type: 'ephemeral' } }],
    tool_choice: { type: 'auto' },
  });
});

test('offline answers in the same form, and sends nothing', async () => {
  const offline = createOffline({ facts: (question) => Promise.resolve({ facts: [question] }) }, 'what was asked');
  expect(await hear(offline)).toMatchObject({ json: '{"facts":["what was asked"]}', stop: 'done', usage: { input: 0, output: 0 } });
  expect(await hear(createOffline({}, null))).toMatchObject({ json: '', stop: 'done' });
  expect(server.received).toEqual([]);
});

test('a key of Amazon is told from one of Bedrock', () => {
  expect(readAwsKey(aws)).toMatchObject({ session: null });
  expect(readAwsKey(`${aws}:token/of+session=`)).toMatchObject({ session: 'token/of+session=' });
  expect(readAwsKey('bedrock-api-key-abc')).toBe(null);
});
