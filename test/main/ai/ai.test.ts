import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { factsPrompt } from '../../../src/main/ai/ai.ts';
import { outbox } from '../../../src/main/store/schema.ts';
import { anAssistant, asking, type TestAssistant } from '../../support/an-assistant.ts';
import { startModelServer, type Reply } from '../../support/model-server.ts';

const server = await startModelServer();
afterAll(() => server.stop());
let made: TestAssistant;
beforeEach(async () => {
  server.received.length = 0;
  made = await anAssistant(server.origin);
});

const fact = { kind: 'client_name', value: 'Maria Rivera', page: 1, quote: 'Maria Rivera fell' };
const known = [{ kind: 'PERSON' as const, value: 'Maria Rivera' }];
const evidence = [{ label: 'page 1', text: 'Maria Rivera fell. SSN 123-45-6789.' }];
const ask = (over: Partial<Parameters<typeof asking>[0]> = {}) =>
  made.ai.ask(asking({ prompt: factsPrompt, evidence, known, matterId: made.matterId, ...over }));
const sent = (): string => server.received.map(({ body }) => body).join('\n');
const usage = { input: 1000, output: 200, cached: 0 };

describe('what leaves the laptop', () => {
  test('redacted: neither name nor number is in the bytes that were sent, and the answer has them again', async () => {
    server.script(({ body }) => {
      const token = /⟦PERSON-1⟧/.exec(body)?.[0] ?? '';
      return { does: 'tool', input: { facts: [{ ...fact, value: token, quote: `${token} fell` }] } };
    });
    expect(await ask()).toMatchObject({
      ok: true,
      value: {
        value: { facts: [fact] },
        provider: 'anthropic',
        model: 'model-that-answered',
        promptVersion: expect.stringMatching(/^facts\/1 [0-9a-f]{12}$/) as string,
      },
    });
    expect(sent()).toContain('⟦PERSON-1⟧ fell. SSN ⟦SSN-1⟧.');
    expect(sent()).not.toMatch(/maria|rivera|6789/i);
  });

  test('text: where firm and matter let it, it goes as it is', async () => {
    made.decide({ leaves: 'text' });
    server.script({ does: 'tool', input: { facts: [] } });
    await ask();
    expect(sent()).toContain('Maria Rivera fell. SSN 123-45-6789.');
  });

  test.each([
    ['the firm', () => made.decide({ leaves: 'nothing' })],
    ['the matter', () => made.decideForMatter({ leaves: 'nothing' })],
  ])('nothing: %s lets nothing leave, and rules answer', async (_who, decide) => {
    decide();
    expect(await ask()).toMatchObject({ ok: false, error: { outcome: 'no_answer' } });
    expect(server.received).toEqual([]);
    expect(made.calls()).toEqual([]);
  });

  test('a matter is never laxer than its firm, whatever its row says', async () => {
    made.decideForMatter({ leaves: 'text' });
    server.script({ does: 'tool', input: { facts: [] } });
    await ask();
    expect(sent()).not.toMatch(/maria/i);
  });

  test('a key goes to the address it was entered for, and to no other', async () => {
    const other = await startModelServer();
    try {
      made.decide({ baseUrl: other.origin });
      expect(await ask()).toMatchObject({
        ok: false,
        error: { outcome: 'not_set_up', error: { reason: expect.stringContaining('another address') as string } },
      });
      expect(other.received).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test('without a key, a model, or leave to ask, nothing is sent', async () => {
    await made.keys.forget('anthropic');
    expect(await ask()).toMatchObject({ error: { outcome: 'not_set_up', error: { reason: expect.stringContaining('no key') as string } } });
    made.decide({ model: null });
    expect(await ask()).toMatchObject({ error: { outcome: 'not_set_up' } });
    made = await anAssistant(server.origin, { mayNotAsk: 'Your role may read.' });
    expect(await ask()).toMatchObject({ error: { error: { code: 'forbidden' } } });
    expect(server.received).toEqual([]);
  });
});

describe('an answer that is none', () => {
  test.each<[string, Reply, string]>([
    ['words', { does: 'text', text: 'There is one fact.' }, 'no_answer'],
    ['half an answer', { does: 'tool-json', json: '{"facts": [{"kind": "cli', stop: 'max_tokens' }, 'cut_short'],
    ['half an answer that says it is whole', { does: 'tool-json', json: '{"facts": [{"kind": "cli' }, 'wrong_schema'],
    ['another form', { does: 'tool', input: { found: 3 } }, 'wrong_schema'],
    ['a wrong value inside', { does: 'tool', input: { facts: [fact, { ...fact, page: 'one' }] } }, 'wrong_schema'],
    ['a number', { does: 'tool-json', json: '7' }, 'wrong_schema'],
    ['a refusal', { does: 'decline' }, 'declined'],
    ['a wrong key', { does: 'status', status: 401 }, 'unauthorized'],
    ['an unknown model', { does: 'status', status: 404 }, 'refused'],
    ['a cut stream', { does: 'cut' }, 'cut_stream'],
    ['an end without an end', { does: 'stop-short' }, 'cut_stream'],
    ['another address', { does: 'redirect', to: 'https://elsewhere.example/v1/messages' }, 'redirected'],
  ])('%s is shown as what it is, asked for once, and written down', async (_what, reply, outcome) => {
    server.script(reply);
    const answer = await ask();
    expect(answer).toMatchObject({ ok: false, error: { outcome } });
    expect(JSON.stringify(answer)).not.toContain('secret words');
    expect(server.received).toHaveLength(1);
    expect(made.calls().map((call) => call.outcome)).toEqual([outcome]);
  });

  test('cancelled while it is asked: the call is on record, and nothing else', async () => {
    server.script({ does: 'hang' });
    const stopping = new AbortController();
    const asked = ask({ signal: stopping.signal });
    await server.asked(1);
    stopping.abort();
    expect(await asked).toMatchObject({ ok: false, error: { outcome: 'cancelled' } });
    // it may have cost something: what was sent counts
    expect(made.calls()).toMatchObject([{ outcome: 'cancelled', isEstimate: true, costMicrodollars: expect.any(Number) as number }]);
    expect(made.calls()[0]?.costMicrodollars).toBeGreaterThan(0);
  });
});

describe('tried again', () => {
  test('what passes by itself: each attempt on record, longer and longer apart, as long as the provider asks', async () => {
    server.script(
      { does: 'status', status: 503 },
      { does: 'break-before' },
      { does: 'status', status: 429, headers: { 'retry-after': '9' } },
      { does: 'tool', input: { facts: [] }, usage },
    );
    expect(await ask()).toMatchObject({ ok: true });
    expect(made.waits).toEqual([1000, 2000, 9000]);
    expect(made.calls().map(({ attempt, outcome, costMicrodollars }) => [attempt, outcome, costMicrodollars])).toEqual([
      [1, 'overloaded', 0],
      [2, 'unreachable', 0],
      [3, 'rate_limited', 0],
      [4, 'answered', 6000],
    ]);
  });

  test('four times, and not for who asks to wait longer than a person does', async () => {
    server.script({ does: 'status', status: 529 });
    expect(await ask()).toMatchObject({ error: { outcome: 'overloaded' } });
    expect(server.received).toHaveLength(4);
    server.script({ does: 'status', status: 429, headers: { 'retry-after': '3000' } });
    expect(await ask()).toMatchObject({ error: { outcome: 'rate_limited' } });
    expect(server.received).toHaveLength(5);
  });
});

describe('what it costs', () => {
  test('a call is written down with its tokens, cost, time, outcome and prompt, and no word of it', async () => {
    server.script({ does: 'tool', input: { facts: [fact] }, usage: { input: 1000, output: 200, cached: 500 } });
    await ask();
    expect(made.calls()).toMatchObject([
      {
        matterId: made.matterId,
        task: 'facts',
        provider: 'anthropic',
        model: 'model-that-answered',
        promptId: 'facts',
        promptVersion: 1,
        promptHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        inputTokens: 1000,
        outputTokens: 200,
        cachedTokens: 500,
        costMicrodollars: 1000 * 3 + 500 * 3 + 200 * 15,
        isEstimate: false,
        attempt: 1,
        outcome: 'answered',
        createdBy: made.laptop.userId,
      },
    ]);
    const travels = made.laptop.store.db
      .select()
      .from(outbox)
      .all()
      .filter(({ entity }) => entity === 'assistant_call');
    expect(JSON.stringify(travels)).not.toMatch(/Rivera|fell|PERSON|key-of/);
  });

  test('a model nobody knows the price of: unknown, not nothing; and no limit can be kept', async () => {
    made.decide({ price: null });
    server.script({ does: 'tool', input: { facts: [] }, usage });
    expect(await ask()).toMatchObject({ ok: true });
    expect(made.calls()[0]?.costMicrodollars).toBe(null);
    made.decide({ monthLimitMicrodollars: 100_000_000 });
    expect(await ask()).toMatchObject({
      error: { outcome: 'over_limit', error: { reason: expect.stringContaining('does not know what this model costs') as string } },
    });
    expect(server.received).toHaveLength(1);
  });

  test('a matter’s own model is asked, and the price of the firm’s is not taken for its', async () => {
    made.decideForMatter({ model: 'another-model' });
    server.script({ does: 'tool', input: { facts: [] }, usage });
    expect(await ask()).toMatchObject({ ok: true });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ model: 'another-model' });
    expect(made.calls()[0]?.costMicrodollars).toBe(null);
  });

  test('a limit is kept before anything is sent, of the matter and of the month, which ends', async () => {
    server.script({ does: 'tool', input: { facts: [] }, usage: { input: 100_000, output: 20_000 } }); // 60 cents
    made.decide({ matterLimitMicrodollars: 800_000 });
    expect(await ask()).toMatchObject({ ok: true });
    expect(made.calls()[0]?.costMicrodollars).toBe(600_000);
    // the worst it may cost is above what is left: 16,000 tokens of answer alone are 24 cents
    made.decide({ matterLimitMicrodollars: 700_000 });
    expect(await ask()).toMatchObject({
      error: { outcome: 'over_limit', error: { reason: expect.stringContaining('for this matter $0.60 is spent') as string } },
    });
    made.decide({ matterLimitMicrodollars: null, monthLimitMicrodollars: 700_000 });
    expect(await ask()).toMatchObject({
      error: { outcome: 'over_limit', error: { reason: expect.stringContaining('for the month $0.60 is spent') as string } },
    });
    made.decideForMatter({ limitMicrodollars: 1000 });
    made.decide({ monthLimitMicrodollars: null });
    expect(await ask()).toMatchObject({ error: { outcome: 'over_limit' } });
    made.decideForMatter({ limitMicrodollars: null });
    made.decide({ monthLimitMicrodollars: 700_000 });
    expect(server.received).toHaveLength(1);
    made.now.at = Date.UTC(2026, 1, 1);
    expect(await ask()).toMatchObject({ ok: true });
  });

  test('two at once do not both take the last of it', async () => {
    server.script({ does: 'tool', input: { facts: [] }, usage });
    made.decide({ monthLimitMicrodollars: 300_000 });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
    expect(server.received).toHaveLength(1);
  });
});

test('where rules answer, they do in the same form', async () => {
  made = await anAssistant(server.origin, { offline: { facts: (question) => Promise.resolve({ facts: question }) } });
  made.decide({ provider: 'offline' });
  expect(await ask({ question: [fact] })).toMatchObject({
    ok: true,
    value: { value: { facts: [fact] }, provider: 'offline', model: null },
  });
  expect(server.received).toEqual([]);
});
