import { afterAll, afterEach, expect, test } from 'vitest';
import type { FirmPolicy } from '../../../src/shared/ai.ts';
import type { LetterId } from '../../../src/shared/ids.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import { passageNumber, says } from '../../support/cited-replies.ts';
import { aDraftingDesk, mriText } from '../../support/drafting-desk.ts';
import { must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';
import { startModelServer } from '../../support/model-server.ts';

const server = await startModelServer();
afterAll(() => server.stop());
let t: TestSeat;
let letterId: LetterId;
afterEach(async () => {
  server.received.length = 0;
  await t.stop();
});
async function desk(policy: Partial<FirmPolicy> = {}): Promise<void> {
  ({ t, letterId } = await aDraftingDesk(server.origin, policy));
}
const state = () => t.seat.drafting.state(letterId);
async function over() {
  await t.until('it is done', () => state().state !== 'asking');
  return state();
}
async function ask(question: string) {
  must(t.seat.drafting.ask({ letterId, question }));
  return over();
}
const textOf = (): string => {
  const { blocks, values } = must(t.seat.letters.body(letterId));
  return letterText(blocks, values);
};
const suggestions = () => must(t.seat.collaboration.list(letterId)).suggestions;
const history = () => t.seat.drafting.history(letterId);
const when = 'When was surgery first recommended?';

test('an answer has the page of each sentence; what no page says is marked; a paragraph of it comes into the letter as a suggestion', async () => {
  await desk();
  server.script(
    says('answer', {
      text: 'Surgery was first recommended on April 2, 2024 [[1]]. Dr. Lena Ortiz did it in May [[2]]. It went well. She fell in {{nowhere}} [[1]].',
      sources: [
        { mark: 1, words: 'Surgery was', quote: 'Surgery was first recommended on April 2, 2024.' },
        { mark: 2, words: 'Surgery was', quote: 'operated on in May' },
      ],
    }),
  );
  const { answer, refinementId, problem } = await ask(when);
  expect(problem).toBeNull();
  expect(answer).toMatchObject({ isExtract: false, note: null });
  const [paragraph] = answer?.paragraphs ?? [];
  expect(paragraph?.sentences.map(({ text, sources, doubts }) => [text, sources.length, doubts])).toEqual([
    ['Surgery was first recommended on April 2, 2024.', 1, []],
    ['Dr. Lena Ortiz did it in May.', 0, ['No page of the file was given for this.']],
    ['It went well.', 0, ['No page of the file was given for this.']],
    ['She fell in { {nowhere} }.', 1, []],
  ]);
  expect(paragraph?.doubts).toEqual(['Source 2 was left out: the words given for it do not stand on page 1.']);
  const [source] = paragraph?.sentences[0]?.sources ?? [];
  expect(mriText.slice(source?.start, source?.end)).toBe('Surgery was first recommended on April 2, 2024.');
  expect(server.received[0]?.body).toContain(when);
  expect(server.received[0]?.body).not.toMatch(/rivera|mri\.txt/i);

  must(t.seat.drafting.suggestAnswer({ letterId, refinementId: refinementId ?? '', paragraph: 0, after: 2 }));
  const [made] = suggestions();
  expect(made).toMatchObject({ isBlock: true, blocked: null, why: when });
  expect(made?.cautions).toEqual([
    'Source 2 was left out: the words given for it do not stand on page 1.',
    '“Dr. Lena Ortiz did it in May.” names no source.',
    '“It went well.” names no source.',
  ]);
  must(t.seat.collaboration.decide({ collaborationId: made?.collaborationId as never, outcome: 'accepted', seen: true }));
  expect(textOf()).toContain('Maria Rivera shopped there.\n\nSurgery was first recommended on April 2, 2024 (Ex. A at 1). Dr.');
  expect(t.seat.drafting.suggestAnswer({ letterId, refinementId: refinementId ?? '', paragraph: 7, after: 2 })).toMatchObject({
    error: { code: 'not_found' },
  });
});

test('without a model the file itself answers, and says so; nothing is sent; it never invents', async () => {
  await desk({ provider: 'offline' });
  const { answer, refinementId } = await ask(when);
  expect(answer).toMatchObject({
    isExtract: true,
    note: 'No model is set up for this matter: these passages of the file say most about it.',
  });
  const best = answer?.paragraphs[0]?.sentences[0];
  expect(best?.text).toContain('Surgery was first recommended on April 2, 2024.');
  expect(mriText.replace(/\s+/g, ' ')).toContain(best?.text);
  expect(server.received).toEqual([]);
  must(t.seat.drafting.suggestAnswer({ letterId, refinementId: refinementId ?? '', paragraph: 0, after: null }));
  expect(suggestions()[0]?.becomes).toBe(`“${String(best?.text)}” (exhibit)`);
  expect((await ask('xyzzy plugh')).answer).toEqual({
    isExtract: true,
    note: 'No page of the file says anything about it.',
    paragraphs: [],
  });
});

test('a model that finds nothing leaves the word to the file; a viewer cannot ask', async () => {
  await desk();
  server.script(says('answer'));
  expect((await ask(when)).answer).toMatchObject({
    isExtract: true,
    note: 'The assistant found no answer in the file. These passages say most about it.',
  });
  server.script({ does: 'status', status: 401 });
  expect(await ask(when)).toMatchObject({
    state: 'failed',
    answer: null,
    problem: expect.stringMatching(/did not accept the key/) as string,
  });
  await t.stop();
  t = await startTestSeat('Viewer');
  expect(t.seat.drafting.ask({ letterId, question: when })).toMatchObject({ error: { code: 'forbidden' } });
});

test('asked to add something, it may use the file: a sentence with its source, one whose source is invented is marked; else nothing of the file is sent', async () => {
  await desk();
  const quote = 'Impression: a herniated disc at L5-S1';
  server.script((request) => {
    const passage = passageNumber(request, 'herniated');
    const change = (becomes: string, said: string) => ({
      paragraph: 4,
      quote: 'doctor.',
      becomes,
      why: '',
      sources: [{ mark: 1, passage, quote: said }],
    });
    const changes = [
      change('doctor. The MRI showed a herniated disc at L5-S1 [[1]].', quote),
      change('doctor. The MRI showed 3,000 fractures [[1]].', 'three fractures'),
    ];
    return { does: 'tool', name: 'refine', input: { changes } };
  });
  must(t.seat.refining.refine({ letterId, blocks: [4], instruction: 'Add the MRI' }));
  await t.until('it was answered', () => t.seat.refining.state(letterId).state !== 'asking');
  const [good, bad] = suggestions();
  expect(good).toMatchObject({
    becomes: 'doctor. The MRI showed a herniated disc at L5-S1 (exhibit).',
    cautions: [],
    sources: [{ documentName: 'mri.txt', quote }],
  });
  expect(bad?.cautions).toEqual([
    'Source 1 was left out: the words given for it do not stand on page 1.',
    '“3,000” stands in no fact, bill line or computed value of this matter.',
    '“The MRI showed 3,000 fractures.” names no source.',
  ]);
  must(t.seat.collaboration.decide({ collaborationId: good?.collaborationId as never, outcome: 'accepted', seen: false }));
  expect(textOf()).toContain('She saw a doctor. The MRI showed a herniated disc at L5-S1 (Ex. A at 1).');
  server.received.length = 0;
  server.script({ does: 'tool', name: 'refine', input: { changes: [] } });
  await t.until('it may be asked again', () => t.seat.refining.refine({ letterId, blocks: [4], instruction: 'Firmer, about the MRI' }).ok);
  await t.until('it was answered', () => t.seat.refining.state(letterId).state !== 'asking');
  expect(server.received[0]?.body).not.toContain('passage 1>');
});

test('the history: who asked what in her words, how it ended, what became of its suggestions, and each cost once', async () => {
  await desk();
  server.script(
    says('draft', { text: 'One.' }, { text: 'Two.' }, { text: '{{no_such}}' }),
    says('answer', { text: 'Yes.' }),
    { does: 'decline' },
    {
      does: 'tool',
      name: 'refine',
      input: { changes: [{ paragraph: 6, quote: 'We hope to hear from you.', becomes: 'We expect your answer.', why: '' }] },
      usage: { input: 1_000, output: 200 },
    },
  );
  must(t.seat.drafting.draft({ letterId, sections: [3], after: null, instruction: 'For Maria Rivera, with the MRI' }));
  await over();
  await ask('Was there an MRI?');
  await ask('Was there a second MRI?');
  must(t.seat.refining.refine({ letterId, blocks: [6], instruction: 'Firmer' }));
  await t.until('it was answered', () => t.seat.refining.state(letterId).state !== 'asking');
  const [one, two] = suggestions();
  must(t.seat.collaboration.decide({ collaborationId: one?.collaborationId as never, outcome: 'accepted', seen: true }));
  must(t.seat.collaboration.decide({ collaborationId: two?.collaborationId as never, outcome: 'rejected', seen: false }));

  const told = history();
  expect(
    told.requests.map(({ kind, instruction, about, state: how, made, accepted, rejected, refused }) => ({
      kind,
      instruction,
      about,
      how,
      made,
      accepted,
      rejected,
      refused,
    })),
  ).toEqual([
    { kind: 'refine', instruction: 'Firmer', about: null, how: 'done', made: 1, accepted: 0, rejected: 0, refused: 0 },
    { kind: 'question', instruction: 'Was there a second MRI?', about: null, how: 'failed', made: 0, accepted: 0, rejected: 0, refused: 0 },
    { kind: 'question', instruction: 'Was there an MRI?', about: null, how: 'done', made: 0, accepted: 0, rejected: 0, refused: 0 },
    {
      kind: 'section',
      instruction: 'For Maria Rivera, with the MRI',
      about: 'Medical Treatment',
      how: 'done',
      made: 2,
      accepted: 1,
      rejected: 1,
      refused: 1,
    },
  ]);
  const section = told.requests.at(-1);
  // 1,000 tokens at $3 and 200 at $15 a million
  expect(section).toMatchObject({
    byName: 'Dana Marsh',
    model: 'a-model',
    promptVersion: 'draft/1',
    calls: 1,
    tokens: 1_200,
    costMicrodollars: 6_000,
  });
  const { raw } = t.seat.store;
  const all = raw.prepare('select sum(cost_microdollars) from assistant_call').pluck().get();
  expect(told.costMicrodollars).toBe(all);
  expect(told.calls).toBe(4);
  expect(raw.prepare('select count(cost_microdollars) from ai_refinement').pluck().get()).toBe(0);
  // what was given is on record in places, never in words of a document
  expect(raw.prepare('select group_concat(input_content) from ai_refinement').pluck().get()).not.toMatch(/herniated|wet/);
});

test('without a model a section is drafted from the template, with its values and lists, and says so; what stands there already is not said twice', async () => {
  await desk({ provider: 'offline' });
  must(t.seat.drafting.draft({ letterId, sections: [1], after: null, instruction: '' }));
  expect(await over()).toMatchObject({
    state: 'done',
    made: 2,
    notes: ['No model is set up for this matter: these are the template’s words, with the values that are known.'],
  });
  expect(suggestions().map(({ becomes, model, cautions, blocked }) => [becomes, model, cautions, blocked])).toEqual([
    ['On February 15, 2024 Maria Rivera fell (exhibit).', 'the template', [], null],
    ['- A first point\n- A second one', 'the template', [], null],
  ]);
  for (const { collaborationId } of suggestions()) must(t.seat.collaboration.decide({ collaborationId, outcome: 'accepted', seen: false }));
  expect(textOf()).toContain(
    'Maria Rivera shopped there.\n\nOn February 15, 2024 Maria Rivera fell (Ex. A at 1).\n\n- A first point\n- A second one\n\nMedical Treatment',
  );
  must(t.seat.drafting.draft({ letterId, sections: [1], after: null, instruction: '' }));
  expect((await over()).notes).toEqual(['What the template says under “Facts” stands in the letter already.']);
  const closing = must(t.seat.drafting.sections(letterId)).at(-1)?.block ?? 0;
  must(t.seat.drafting.draft({ letterId, sections: [closing], after: null, instruction: '' }));
  expect((await over()).notes[0]).toMatch(/no section “Closing”/);
  expect(server.received).toEqual([]);
  expect(history()).toMatchObject({ calls: 0, costMicrodollars: 0 });
});
