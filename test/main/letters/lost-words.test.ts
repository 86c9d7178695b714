import { afterEach, expect, test } from 'vitest';
import type * as Y from 'yjs';
import type { LetterId } from '../../../src/shared/ids.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { changeOf, docFrom, letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { letterText } from '../../../src/main/sync/letter-text.ts';
import { must } from '../../support/laptop.ts';
import { placeOfWords } from '../../support/letter-place.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
afterEach(() => t.stop());

const paragraph = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const raw = () => t.seat.store.raw;
const open = (letterId: LetterId) => must(t.seat.letters.open(letterId));
const textOf = (letterId: LetterId): string => {
  const { blocks, values } = must(t.seat.letters.body(letterId));
  return letterText(blocks, values);
};

/** An edit of a letter as it stands, made apart. */
function apart(state: Uint8Array, work: (body: Y.XmlFragment) => void): Uint8Array {
  const doc = docFrom([state]);
  const update = changeOf(doc, () => {
    work(doc.getXmlFragment('body'));
  });
  doc.destroy();
  return update;
}

/** Ada deletes the middle paragraph and Olga writes in it, neither knowing of the other. */
async function aLetter(role: 'Attorney' | 'Viewer' = 'Attorney'): Promise<LetterId> {
  t = await startTestSeat(role);
  const [letterId, matterId, olga] = [freshId() as LetterId, freshId(), freshId()];
  raw()
    .prepare(
      `insert into user (user_id, email, first_name, last_name, role, is_active) values (?, 'o@marsh.example', 'Olga', 'Marsh', 'Paralegal', 1)`,
    )
    .run(olga);
  raw().prepare(`insert into matter (matter_id, title, status, revision) values (?, 'Ames', 'Open', 1)`).run(matterId);
  raw()
    .prepare(
      `insert into letter (letter_id, matter_id, title, letter_date, status, revision) values (?, ?, 'Ames', '2024-06-01', 'Draft', 1)`,
    )
    .run(letterId, matterId);
  const state = letterBodyFromBlocks([paragraph('We write to you.'), paragraph('We ask for an answer.'), paragraph('Please pay.')]);
  const deleted = apart(state, (body) => body.delete(1, 1));
  const written = apart(state, (body) => ((body.get(1) as Y.XmlElement).get(0) as Y.XmlText).insert(21, ' By Friday, if you can.'));
  for (const [payload, by] of [
    [state, null],
    [deleted, t.seat.account.userId],
    [written, olga],
  ] as const)
    raw()
      .prepare('insert into letter_update (update_id, letter_id, payload, revision, created_by) values (?, ?, ?, 1, ?)')
      .run(freshId(), letterId, Buffer.from(payload), by);
  return letterId;
}

test('words that a colleague’s deletion took along are told, by whom, and keep the letter from being finalized', async () => {
  const letterId = await aLetter();
  expect(textOf(letterId)).toBe('We write to you.\n\nPlease pay.');
  expect(open(letterId)).toMatchObject({
    lostWords: [{ text: ' By Friday, if you can.', byName: 'Olga Marsh' }],
    blockers: [{ kind: 'lost_words' }],
  });
  expect(must(t.seat.letters.finalize(letterId))).toMatchObject({ status: 'Draft', blockers: [{ kind: 'lost_words' }] });
});

test('put back they stand where they stood, once; the question is answered for everybody', async () => {
  const letterId = await aLetter();
  const [lost] = open(letterId).lostWords;
  must(t.seat.letters.decideLostWords({ letterId, key: lost?.key ?? '', decision: 'put_back' }));
  expect(textOf(letterId)).toBe('We write to you.\n\nBy Friday, if you can.\n\nPlease pay.');
  expect(open(letterId)).toMatchObject({ lostWords: [], blockers: [] });
  expect(t.seat.letters.decideLostWords({ letterId, key: lost?.key ?? '', decision: 'put_back' })).toMatchObject({
    error: { code: 'not_found' },
  });
  const waits = raw().prepare('select entity from outbox order by sequence').pluck().all();
  expect(waits.slice(0, 2)).toEqual(['question', 'letter_update']);
});

test('left out, the letter stays as it is and nobody is asked again', async () => {
  const letterId = await aLetter();
  const key = open(letterId).lostWords[0]?.key ?? '';
  must(t.seat.letters.decideLostWords({ letterId, key, decision: 'leave_out' }));
  expect(textOf(letterId)).toBe('We write to you.\n\nPlease pay.');
  expect(must(t.seat.letters.finalize(letterId)).status).toBe('Finalized');
});

test('who may only read is told, and decides nothing', async () => {
  const letterId = await aLetter('Viewer');
  const key = open(letterId).lostWords[0]?.key ?? '';
  expect(t.seat.letters.decideLostWords({ letterId, key, decision: 'leave_out' })).toMatchObject({ error: { code: 'forbidden' } });
  expect(open(letterId).lostWords).toHaveLength(1);
});

test('what comes from the firm later is looked at as well', async () => {
  const letterId = await aLetter();
  expect(open(letterId).lostWords).toHaveLength(1);
  const { state } = must(t.seat.letters.body(letterId));
  const more = apart(state, (body) => ((body.get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(16, ' Again and again.'));
  const less = apart(state, (body) => body.delete(0, 1));
  for (const payload of [more, less])
    raw()
      .prepare('insert into letter_update (update_id, letter_id, payload, revision) values (?, ?, ?, 1)')
      .run(freshId(), letterId, Buffer.from(payload));
  expect(open(letterId).lostWords.map(({ text }) => text)).toContain(' Again and again.');
});

test('what is put back, and a suggestion that is accepted, say nothing of other words that went down', async () => {
  const letterId = await aLetter();
  const { state } = must(t.seat.letters.body(letterId));
  const more = apart(state, (body) => ((body.get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(16, ' Again and again.'));
  const less = apart(state, (body) => body.delete(0, 1));
  for (const payload of [more, less])
    raw()
      .prepare('insert into letter_update (update_id, letter_id, payload, revision) values (?, ?, ?, 1)')
      .run(freshId(), letterId, Buffer.from(payload));
  const both = open(letterId).lostWords;
  expect(both.map(({ text }) => text).sort()).toEqual([' Again and again.', ' By Friday, if you can.']);
  must(t.seat.letters.decideLostWords({ letterId, key: both[0]?.key ?? '', decision: 'put_back' }));
  const place = placeOfWords(must(t.seat.letters.body(letterId)).state, 'pay');
  const { collaborationId } = must(t.seat.collaboration.suggest({ letterId, anchor: { place, quote: '' }, becomes: 'remit', why: '' }));
  must(t.seat.collaboration.decide({ collaborationId, outcome: 'accepted', seen: true }));
  raw().exec('update letter_update set revision = 1');
  expect(open(letterId).lostWords.map(({ key }) => key)).toEqual([both[1]?.key]);
});
