import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CollaborationId, LetterId, UserId } from '../../../src/shared/ids.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { outbox } from '../../../src/main/store/schema.ts';
import { letterBodyFromBlocks, mergeLetterUpdates } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { suggestEdit } from '../../../src/main/sync/letter-suggestion.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import { must } from '../../support/laptop.ts';
import { placeOfWords } from '../../support/letter-place.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
afterEach(() => t.stop());

const words = 'Each statement of fact names the exhibit and page where it can be checked.';

async function aLetter(): Promise<LetterId> {
  t = await startTestSeat();
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
    .prepare(
      `insert into letter (letter_id, matter_id, title, letter_date, status) values (?, ?, 'Rivera v. BestValue', '2024-06-01', 'Draft')`,
    )
    .run(letterId, matterId);
  const body = letterBodyFromBlocks([
    { type: 'heading', level: 1, content: [{ type: 'text', text: 'Facts' }] },
    {
      type: 'paragraph',
      content: [
        { type: 'variable', name: 'client_name' },
        { type: 'text', text: ' fell. ' + words },
      ],
    },
  ]);
  raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
  return letterId as LetterId;
}
const textOf = (letterId: string): string => {
  const { blocks, values } = must(t.seat.letters.body(letterId));
  return letterText(blocks, values);
};
const anchorOn = (letterId: string, words: string) => ({
  place: placeOfWords(must(t.seat.letters.body(letterId)).state, words),
  quote: words,
});
const suggest = (letterId: LetterId, words: string, becomes: string): CollaborationId =>
  must(t.seat.collaboration.suggest({ letterId, anchor: anchorOn(letterId, words), becomes, why: '' })).collaborationId;
const view = (letterId: string) => must(t.seat.collaboration.list(letterId));

test('a comment has a place and answers; resolved it stands below, answered again it is open', async () => {
  const letterId = await aLetter();
  const { collaboration } = t.seat;
  const anchor = anchorOn(letterId, words);
  const { collaborationId } = must(collaboration.comment({ letterId, parentId: null, anchor, text: 'Is that so?', mentions: [] }));
  const reply = { letterId, parentId: collaborationId, anchor: null, mentions: [] };
  must(collaboration.comment({ ...reply, text: 'It is.' }));
  expect(view(letterId).threads).toMatchObject([
    {
      anchor,
      resolved: null,
      comments: [{ text: 'Is that so?', byName: 'Dana Marsh', isMine: true, wasEdited: false }, { text: 'It is.' }],
    },
  ]);
  must(collaboration.resolve(collaborationId, true));
  expect(view(letterId).threads[0]?.resolved).toMatchObject({ byName: 'Dana Marsh' });
  expect(collaboration.editComment({ collaborationId, text: 'Was it?', mentions: [] })).toMatchObject({ error: { code: 'conflict' } });
  must(collaboration.comment({ ...reply, text: 'No, it is not.' }));
  expect(view(letterId).threads).toMatchObject([{ resolved: null, comments: [{}, {}, { text: 'No, it is not.' }] }]);
  must(collaboration.editComment({ collaborationId, text: 'Was it?', mentions: [] }));
  expect(view(letterId).threads[0]?.comments[0]).toMatchObject({ text: 'Was it?', wasEdited: true });
  // a reply has no thread of its own
  const [, answer] = view(letterId).threads[0]?.comments ?? [];
  expect(collaboration.comment({ ...reply, parentId: answer?.collaborationId ?? null, text: 'x' })).toMatchObject({
    error: { code: 'not_found' },
  });
});

test('who is named in an open comment is told where', async () => {
  const letterId = await aLetter();
  const { collaboration, account } = t.seat;
  const { collaborationId } = must(
    collaboration.comment({
      letterId,
      parentId: null,
      anchor: null,
      text: 'Please look, @Dana',
      mentions: [account.userId, 'f3b0c442-98fc-4c14-9afb-f4c8996fb924' as UserId],
    }),
  );
  expect(collaboration.mentions()).toEqual([]); // this laptop knows nobody: names come with the firm's people
  t.seat.store.raw
    .prepare(
      `insert into user (user_id, email, first_name, last_name, role, is_active, revision) values (?, 'd@marsh.example', 'Dana', 'Marsh', 'Attorney', 1, 1)`,
    )
    .run(account.userId);
  must(collaboration.editComment({ collaborationId, text: 'Please look, @Dana', mentions: [account.userId] }));
  expect(collaboration.mentions()).toMatchObject([{ letterId, letterTitle: 'Rivera v. BestValue', text: 'Please look, @Dana' }]);
  must(collaboration.resolve(collaborationId, true));
  expect(collaboration.mentions()).toEqual([]);
});

test('a suggestion changes nothing until it is accepted; then it is an edit like any other, once', async () => {
  const letterId = await aLetter();
  const before = textOf(letterId);
  const id = suggest(letterId, words, 'Each statement names its exhibit and page.');
  expect(textOf(letterId)).toBe(before);
  expect(view(letterId).suggestions).toMatchObject([
    {
      was: words,
      becomes: 'Each statement names its exhibit and page.',
      outcome: null,
      cautions: [],
      blocked: null,
      model: null,
      byName: 'Dana Marsh',
    },
  ]);
  must(t.seat.collaboration.decide({ collaborationId: id, outcome: 'accepted', seen: false }));
  expect(textOf(letterId)).toBe(before.replace(words, 'Each statement names its exhibit and page.'));
  must(t.seat.collaboration.decide({ collaborationId: id, outcome: 'accepted', seen: false }));
  expect(t.seat.collaboration.decide({ collaborationId: id, outcome: 'rejected', seen: false })).toMatchObject({
    error: { code: 'conflict' },
  });
  const edits = t.seat.store.db
    .select()
    .from(outbox)
    .all()
    .filter(({ entity }) => entity === 'letter_update');
  expect(edits).toHaveLength(1);
});

test('of three suggestions two are accepted, in any order; the third leaves no trace', async () => {
  const letterId = await aLetter();
  const before = textOf(letterId);
  const [first, second, third] = [
    suggest(letterId, 'Each statement of fact', 'Every factual statement'),
    suggest(letterId, 'the exhibit and page', 'its exhibit and page'),
    suggest(letterId, 'it can be checked', 'anybody can check it'),
  ] as const;
  must(t.seat.collaboration.decide({ collaborationId: third, outcome: 'rejected', seen: false }));
  must(t.seat.collaboration.decide({ collaborationId: second, outcome: 'accepted', seen: false }));
  must(t.seat.collaboration.decide({ collaborationId: first, outcome: 'accepted', seen: false }));
  expect(textOf(letterId)).toBe(before.replace(words, 'Every factual statement names its exhibit and page where it can be checked.'));
});

test('a figure that nothing supports cannot be accepted unseen; one that a fact states can', async () => {
  const letterId = await aLetter();
  const known = suggest(letterId, words, 'The loss was on February 15, 2024.');
  const invented = suggest(letterId, words, 'The demand is $200,000, which is 3 times the bills of 12/24/2023.');
  const [a, b] = view(letterId).suggestions;
  expect([a?.cautions, b?.cautions]).toEqual([
    [],
    [
      '“$200,000” stands in no fact, bill line or computed value of this matter.',
      '“12/24/2023” stands in no fact, bill line or computed value of this matter.',
    ],
  ]);
  must(t.seat.collaboration.decide({ collaborationId: known, outcome: 'rejected', seen: false }));
  expect(t.seat.collaboration.decide({ collaborationId: invented, outcome: 'accepted', seen: false })).toMatchObject({
    error: { code: 'invalid_input' },
  });
  expect(textOf(letterId)).not.toContain('$200,000');
  must(t.seat.collaboration.decide({ collaborationId: invented, outcome: 'accepted', seen: true }));
  expect(textOf(letterId)).toContain('$200,000');
});

test('nothing is suggested for a closed letter, or for no place; a viewer only reads', async () => {
  const letterId = await aLetter();
  const anchor = anchorOn(letterId, words);
  const { collaboration } = t.seat;
  expect(collaboration.suggest({ letterId, anchor, becomes: words, why: '' })).toMatchObject({ error: { code: 'invalid_input' } });
  expect(collaboration.suggest({ letterId, anchor: { ...anchor, place: 'AAAA.AAAA' }, becomes: 'x', why: '' })).toMatchObject({
    error: { code: 'invalid_input' },
  });
  const id = suggest(letterId, words, 'x');
  t.seat.store.raw.prepare(`update letter set status = 'Finalized' where letter_id = ?`).run(letterId);
  expect(collaboration.suggest({ letterId, anchor, becomes: 'y', why: '' })).toMatchObject({ error: { code: 'conflict' } });
  expect(collaboration.decide({ collaborationId: id, outcome: 'accepted', seen: true })).toMatchObject({ error: { code: 'conflict' } });
  expect(view(letterId).suggestions[0]?.blocked).toContain('closed');
  must(collaboration.comment({ letterId, parentId: null, anchor: null, text: 'It went out today.', mentions: [] }));
  await t.stop();
  t = await startTestSeat('Viewer');
  for (const refused of [
    t.seat.collaboration.comment({ letterId, parentId: null, anchor: null, text: 'x', mentions: [] }),
    t.seat.collaboration.suggest({ letterId, anchor, becomes: 'x', why: '' }),
    t.seat.collaboration.decide({ collaborationId: id, outcome: 'rejected', seen: false }),
    t.seat.collaboration.resolve(id, true),
  ])
    expect(refused).toMatchObject({ error: { code: 'forbidden' } });
});

test('a suggestion that changes words which are not here waits for them; one of bytes that are no edit is never made', async () => {
  const letterId = await aLetter();
  const { raw } = t.seat.store;
  const { state } = must(t.seat.letters.body(letterId));
  const longer = mergeLetterUpdates([state, insertParagraph(state, words, 'A paragraph of a colleague.')]);
  const edit = suggestEdit(longer, placeOfWords(longer, 'of a colleague'), 'of another', () => '');
  const put = (update: Uint8Array): CollaborationId => {
    const id = freshId() as CollaborationId;
    const data = {
      update: Buffer.from(update).toString('base64'),
      was: 'of a colleague',
      becomes: 'of another',
      why: null,
      model: null,
      prompt: null,
    };
    raw
      .prepare(
        `insert into collaboration (collaboration_id, letter_id, change_type, change_data, position) values (?, ?, 'Suggestion', ?, ?)`,
      )
      .run(id, letterId, JSON.stringify(data), JSON.stringify({ place: placeOfWords(longer, 'of a colleague'), quote: '' }));
    return id;
  };
  const early = put(edit?.update ?? new Uint8Array());
  const broken = put(new Uint8Array([1, 2, 3, 255]));
  const before = textOf(letterId);
  for (const collaborationId of [early, broken])
    expect(t.seat.collaboration.decide({ collaborationId, outcome: 'accepted', seen: true })).toMatchObject({
      error: { code: 'conflict' },
    });
  expect(
    view(letterId)
      .suggestions.map(({ blocked }) => blocked?.slice(0, 16))
      .toSorted(),
  ).toEqual(['It changes words', 'It is no change ']);
  expect(textOf(letterId)).toBe(before);
  raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(longer));
  must(t.seat.collaboration.decide({ collaborationId: early, outcome: 'accepted', seen: true }));
  expect(textOf(letterId)).toContain('A paragraph of another.');
});

test('a suggestion that says one thing and does another is not made', async () => {
  const letterId = await aLetter();
  const honest = suggest(letterId, words, 'Each statement names its exhibit.');
  const { raw } = t.seat.store;
  const of = (id: string) =>
    JSON.parse(String(raw.prepare('select change_data from collaboration where collaboration_id = ?').pluck().get(id))) as object;
  const lie = JSON.stringify({ ...of(honest), becomes: 'Each statement of fact names the exhibit and page.' });
  raw.prepare('update collaboration set change_data = ? where collaboration_id = ?').run(lie, honest);
  const before = textOf(letterId);
  expect(t.seat.collaboration.decide({ collaborationId: honest, outcome: 'accepted', seen: true })).toMatchObject({
    error: { code: 'conflict' },
  });
  expect(textOf(letterId)).toBe(before);
  must(t.seat.collaboration.decide({ collaborationId: honest, outcome: 'rejected', seen: false }));
});

test('a suggestion that cannot be read can be rejected, and does not keep the letter for ever', async () => {
  const letterId = await aLetter();
  const id = freshId() as CollaborationId;
  t.seat.store.raw
    .prepare(`insert into collaboration (collaboration_id, letter_id, change_type, change_data) values (?, ?, 'Suggestion', '{}')`)
    .run(id, letterId);
  expect(t.seat.collaboration.blockers(letterId)).toHaveLength(1);
  expect(view(letterId).suggestions[0]?.blocked).toContain('cannot read it');
  expect(t.seat.collaboration.decide({ collaborationId: id, outcome: 'accepted', seen: true })).toMatchObject({
    error: { code: 'unsupported' },
  });
  must(t.seat.collaboration.decide({ collaborationId: id, outcome: 'rejected', seen: false }));
  expect(t.seat.collaboration.blockers(letterId)).toEqual([]);
});

test('of two changes of the same words only the first is made', async () => {
  const letterId = await aLetter();
  const [first, second] = [
    suggest(letterId, 'the exhibit and page', 'its exhibit'),
    suggest(letterId, 'exhibit and page where', 'page at which'),
  ];
  must(t.seat.collaboration.decide({ collaborationId: first, outcome: 'accepted', seen: false }));
  const after = textOf(letterId);
  expect(t.seat.collaboration.decide({ collaborationId: second, outcome: 'accepted', seen: false })).toMatchObject({
    error: { code: 'conflict' },
  });
  expect(textOf(letterId)).toBe(after);
});
