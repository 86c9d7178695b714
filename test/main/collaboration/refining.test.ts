import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { offlinePolicy, type FirmPolicy } from '../../../src/shared/ai.ts';
import type { LetterId } from '../../../src/shared/ids.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import { must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { startModelServer } from '../../support/model-server.ts';

const server = await startModelServer();
afterAll(() => server.stop());
let t: TestSeat;
afterEach(async () => {
  server.received.length = 0;
  await t.stop();
});

const closing = 'We ask that you pay within thirty days. We hope to hear from you. Please call us if you like.';

async function aLetter(policy: Partial<FirmPolicy> = {}): Promise<LetterId> {
  t = await startTestSeat('Admin');
  writeFileSync(
    join(t.folder, 'report.txt'),
    'INCIDENT REPORT\nPatient: Maria Rivera\nDate of loss: February 15, 2024\nClaim No. CLM-2024-88\n',
  );
  const { matterId } = must(await t.seat.matters.create({ folder: t.folder, title: 'Rivera v. BestValue' }));
  t.seat.watch(matterId, t.folder);
  await t.seat.ingest.settled(matterId);
  await t.seat.jobs.idle();
  const letterId = freshId();
  const { raw } = t.seat.store;
  raw
    .prepare(`insert into letter (letter_id, matter_id, title, letter_date, status) values (?, ?, 'x', '2024-06-01', 'Draft')`)
    .run(letterId, matterId);
  const body = letterBodyFromBlocks([
    { type: 'heading', level: 1, content: [{ type: 'text', text: 'Demand' }] },
    {
      type: 'paragraph',
      content: [
        { type: 'variable', name: 'client_name' },
        { type: 'text', text: ' fell on ' },
        { type: 'variable', name: 'date_of_loss' },
        { type: 'text', text: '.' },
      ],
    },
    { type: 'paragraph', content: [{ type: 'text', text: closing }] },
  ]);
  raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
  must(
    t.seat.settings.setAssistant({
      ...offlinePolicy,
      provider: 'openai',
      model: 'a-model',
      baseUrl: `${server.origin}/v1`,
      leaves: 'redacted',
      ...policy,
    }),
  );
  return letterId as LetterId;
}
const textOf = (letterId: string): string => {
  const { blocks, values } = must(t.seat.letters.body(letterId));
  return letterText(blocks, values);
};
async function refine(letterId: LetterId, instruction: string, blocks: number[] | null = null) {
  must(t.seat.refining.refine({ letterId, blocks, instruction }));
  await t.until('it was answered', () => t.seat.refining.state(letterId).state !== 'asking');
  return t.seat.refining.state(letterId);
}
const tool = (...changes: { paragraph: number; quote: string; becomes: string; why?: string }[]) => ({
  does: 'tool' as const,
  name: 'refine',
  input: { changes: changes.map((one) => ({ why: '', ...one })) },
});
const suggestions = (letterId: string) => must(t.seat.collaboration.list(letterId)).suggestions;

test('a firmer closing: three suggestions, two accepted; values stay computed, and are not even sent', async () => {
  const letterId = await aLetter();
  server.script(
    tool(
      { paragraph: 3, quote: 'We ask that you pay', becomes: 'We require payment', why: 'Firmer.' },
      { paragraph: 3, quote: 'We hope to hear from you.', becomes: 'We expect your answer by then.' },
      {
        paragraph: 2,
        quote: '{{client_name}} fell on {{date_of_loss}}.',
        becomes: 'On {{date_of_loss}}, {{client_name}} fell {{cite:date_of_loss}}.',
      },
    ),
  );
  expect(await refine(letterId, 'Make the closing firmer for Maria Rivera')).toEqual({
    state: 'done',
    made: 3,
    refused: [],
    problem: null,
  });
  const sent = server.received.map(({ body }) => body).join();
  expect(sent).toContain('{{client_name}} fell on {{date_of_loss}}.');
  expect(sent).toContain('Make the closing firmer for ⟦PERSON-1');
  expect(sent).not.toMatch(/rivera|February 15/i);
  const [first, second, third] = suggestions(letterId);
  expect(first).toMatchObject({
    was: 'We ask that you pay',
    becomes: 'We require payment',
    why: 'Firmer.',
    model: 'model-that-answered',
    byName: 'Dana Marsh',
    cautions: [],
  });
  expect(third).toMatchObject({
    was: 'Maria Rivera fell on February 15, 2024.',
    becomes: 'On February 15, 2024, Maria Rivera fell (exhibit).',
  });
  for (const one of [first, third])
    must(t.seat.collaboration.decide({ collaborationId: one?.collaborationId as never, outcome: 'accepted', seen: false }));
  must(t.seat.collaboration.decide({ collaborationId: second?.collaborationId as never, outcome: 'rejected', seen: false }));
  expect(textOf(letterId)).toContain('We require payment within thirty days. We hope to hear from you.');
  expect(textOf(letterId)).toContain('On February 15, 2024, Maria Rivera fell (Ex. A at 1).');
  expect(JSON.stringify(must(t.seat.letters.body(letterId)).blocks)).toContain('"name":"date_of_loss"');
});

test('what it makes up is marked and not accepted unseen; what does not stand there is refused', async () => {
  const letterId = await aLetter();
  server.script(
    tool(
      { paragraph: 3, quote: 'We hope to hear from you.', becomes: 'Officer John Doe measured 45 feet. We demand $250,000.' },
      { paragraph: 3, quote: 'We beg you', becomes: 'x' },
      { paragraph: 9, quote: 'Demand', becomes: 'x' },
      { paragraph: 3, quote: 'thirty', becomes: '{{secret_number}}' },
    ),
  );
  const state = await refine(letterId, 'Add strength');
  expect(state).toMatchObject({ state: 'done', made: 1 });
  expect(state.refused.map(({ why }) => why)).toEqual([
    'The words it wants to replace do not stand in that paragraph, or would stay as they are.',
    'It was not asked about that paragraph.',
    'It names a value that the letter does not have: secret_number.',
  ]);
  const [made] = suggestions(letterId);
  expect(made?.cautions).toEqual([
    '“45” stands in no fact, bill line or computed value of this matter.',
    '“$250,000” stands in no fact, bill line or computed value of this matter.',
    '“Officer John Doe measured 45 feet.” names no source.',
    '“We demand $250,000.” names no source.',
  ]);
  const before = textOf(letterId);
  expect(t.seat.collaboration.decide({ collaborationId: made?.collaborationId as never, outcome: 'accepted', seen: false })).toMatchObject({
    error: { code: 'invalid_input' },
  });
  expect(textOf(letterId)).toBe(before);
});

test('only the paragraphs that were meant are sent; a refusal, nonsense and a stop change nothing', async () => {
  const letterId = await aLetter();
  const before = textOf(letterId);
  server.script({ does: 'decline' }, { does: 'text', text: 'Sure!' });
  expect(await refine(letterId, 'Shorter', [3])).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/would not answer/) as string,
  });
  expect(server.received[0]?.body).toContain('We hope to hear');
  expect(server.received[0]?.body).not.toContain('fell on');
  expect(await refine(letterId, 'Shorter')).toMatchObject({
    state: 'failed',
    problem: expect.stringMatching(/answered in words/) as string,
  });
  server.script({ does: 'hang' });
  must(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Shorter' }));
  await server.asked(3);
  expect(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Longer' })).toMatchObject({ error: { code: 'conflict' } });
  must(t.seat.refining.stop(letterId));
  expect(t.seat.refining.state(letterId).state).toBe('idle');
  expect(suggestions(letterId)).toEqual([]);
  expect(textOf(letterId)).toBe(before);
});

test('without a model it says so; a viewer cannot ask', async () => {
  const letterId = await aLetter({ provider: 'offline' });
  expect(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Shorter' })).toMatchObject({ error: { code: 'invalid_input' } });
  await t.stop();
  t = await startTestSeat('Viewer');
  expect(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Shorter' })).toMatchObject({ error: { code: 'forbidden' } });
});

test('stopped and asked again at once, the first answer takes nothing from the second', async () => {
  const letterId = await aLetter();
  server.script({ does: 'hang' });
  must(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Shorter' }));
  await server.asked(1);
  must(t.seat.refining.stop(letterId));
  must(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Longer' }));
  await server.asked(2);
  expect(t.seat.refining.refine({ letterId, blocks: null, instruction: 'Firmer' })).toMatchObject({ error: { code: 'conflict' } });
  must(t.seat.refining.stop(letterId));
  expect(t.seat.refining.state(letterId).state).toBe('idle');
});
