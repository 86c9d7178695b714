import { afterEach, expect, test } from 'vitest';
import type { CollaborationId, LetterId } from '../../../src/shared/ids.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { insertParagraph } from '../../../src/main/sync/letter-edit.ts';
import { must } from '../../support/laptop.ts';
import { placeOfWords } from '../../support/letter-place.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
afterEach(() => t.stop());

async function aLetter(text: string, role: 'Attorney' | 'Paralegal' | 'Viewer' = 'Attorney'): Promise<LetterId> {
  t = await startTestSeat(role);
  const [letterId, matterId] = [freshId(), freshId()];
  const { raw } = t.seat.store;
  raw.prepare(`insert into matter (matter_id, title, status, revision) values (?, 'Ames', 'Open', 1)`).run(matterId);
  raw
    .prepare(`insert into letter (letter_id, matter_id, title, letter_date, status) values (?, ?, 'Ames', '2024-06-01', 'Draft')`)
    .run(letterId, matterId);
  const body = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text }] }]);
  raw.prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
  return letterId as LetterId;
}
const findings = (letterId: LetterId) => must(t.seat.letters.findings(letterId));
const finalize = (letterId: LetterId) => must(t.seat.letters.finalize(letterId));

test('what blocks keeps a letter from being finalized, until it is muted with a reason; what only asks does not', async () => {
  const letterId = await aLetter('Please pay pay [AMOUNT] at once.');
  expect(findings(letterId).map(({ rule, severity }) => [rule, severity])).toEqual([
    ['doubled_word', 'asks'],
    ['placeholder', 'blocks'],
  ]);
  expect(finalize(letterId)).toMatchObject({ status: 'Draft', blockers: [{ kind: 'finding' }] });
  const [, placeholder] = findings(letterId);
  const mute = { letterId, key: placeholder?.key ?? '', isMuted: true };
  expect(t.seat.letters.mute({ ...mute, note: '' })).toMatchObject({ error: { code: 'invalid_input' } });
  must(t.seat.letters.mute({ ...mute, note: 'The clerk fills it in.' }));
  expect(findings(letterId)[1]?.muted).toMatchObject({ note: 'The clerk fills it in.' });
  expect(finalize(letterId)).toEqual({ status: 'Finalized', blockers: [] });
  // what went out is not found fault with any more
  expect(findings(letterId)).toEqual([]);
});

test('a mute holds while the thing stays, wherever it stands, and is taken back', async () => {
  const letterId = await aLetter('Please pay [AMOUNT] at once.');
  const key = findings(letterId)[0]?.key ?? '';
  must(t.seat.letters.mute({ letterId, key, isMuted: true, note: 'Later.' }));
  const { state } = must(t.seat.letters.body(letterId));
  must(t.seat.letters.edit(letterId, insertParagraph(state, '', 'Dear Counsel, see [PAGE].')));
  expect(findings(letterId).map(({ quote, muted }) => [quote, muted?.note ?? null])).toEqual([
    ['[AMOUNT]', 'Later.'],
    ['[PAGE]', null],
  ]);
  must(t.seat.letters.mute({ letterId, key, isMuted: false, note: '' }));
  expect(findings(letterId).every(({ muted }) => muted === null)).toBe(true);
});

test('a suggestion that nobody decided keeps a letter from being finalized', async () => {
  const letterId = await aLetter('Please pay at once.');
  const place = placeOfWords(must(t.seat.letters.body(letterId)).state, 'at once');
  const { collaborationId } = must(t.seat.collaboration.suggest({ letterId, anchor: { place, quote: '' }, becomes: 'today', why: '' }));
  expect(must(t.seat.letters.open(letterId)).blockers).toMatchObject([{ kind: 'suggestion' }]);
  expect(finalize(letterId)).toMatchObject({ status: 'Draft', blockers: [{ kind: 'suggestion' }] });
  must(t.seat.collaboration.decide({ collaborationId, outcome: 'rejected', seen: false }));
  expect(finalize(letterId)).toEqual({ status: 'Finalized', blockers: [] });
});

test('names of another matter do not stand in this one’s letter; those that somebody turned down are nobody’s', async () => {
  const letterId = await aLetter('Our client demands that Ms. Adaeze Okafor pay.');
  const { raw } = t.seat.store;
  const put =
    raw.prepare(`insert into fact (fact_id, matter_id, document_id, kind, value, normal, confidence, page, start_offset, end_offset, quote, method, state)
    values (?, ?, ?, 'client_name', 'Adaeze Okafor', 'adaeze okafor', 90, 1, 0, 1, 'x', 'rule:x', ?)`);
  put.run(freshId(), freshId(), freshId(), 'rejected');
  expect(findings(letterId)).toEqual([]);
  put.run(freshId(), freshId(), freshId(), 'approved');
  expect(findings(letterId)).toMatchObject([
    { rule: 'other_matter', severity: 'blocks', quote: expect.stringContaining('Okafor') as string },
  ]);
});

test('a viewer reads findings and mutes none', async () => {
  const letterId = await aLetter('Please pay [AMOUNT].', 'Viewer');
  const key = findings(letterId)[0]?.key ?? '';
  expect(t.seat.letters.mute({ letterId, key, isMuted: true, note: 'x' })).toMatchObject({ error: { code: 'forbidden' } });
});

test('a thread that nobody resolved keeps a letter from being finalized; its replies do not count', async () => {
  const letterId = await aLetter('Please pay at once.');
  const comment = (parentId: CollaborationId | null, text: string) =>
    must(t.seat.collaboration.comment({ letterId, parentId, anchor: null, text, mentions: [] })).collaborationId;
  const thread = comment(null, 'Is that so?');
  comment(thread, 'It is.');
  expect(finalize(letterId)).toEqual({
    status: 'Draft',
    blockers: [{ kind: 'comment', text: 'A comment is not resolved: “Is that so?”', variable: null, collaborationId: thread }],
  });
  must(t.seat.collaboration.resolve(thread, true));
  expect(finalize(letterId)).toEqual({ status: 'Finalized', blockers: [] });
});

test('a sentence of fact without a source stands on an attorney’s word alone; what it says changed, she is asked anew', async () => {
  const letterId = await aLetter('The floor was wet. Please pay.');
  const [found] = findings(letterId);
  expect(found).toMatchObject({ rule: 'unsupported_sentence', severity: 'blocks', quote: 'The floor was wet.', mend: { replace: '' } });
  expect(finalize(letterId).status).toBe('Draft');
  must(t.seat.letters.mute({ letterId, key: found?.key ?? '', isMuted: true, note: 'I saw it myself.' }));
  const { state } = must(t.seat.letters.body(letterId));
  must(t.seat.letters.edit(letterId, insertParagraph(state, '', 'We write for our client.')));
  expect(findings(letterId)[0]?.muted).toMatchObject({ note: 'I saw it myself.' });
  must(t.seat.letters.edit(letterId, insertParagraph(must(t.seat.letters.body(letterId)).state, '', 'The floor was very wet.')));
  expect(finalize(letterId)).toMatchObject({ status: 'Draft', blockers: [{ kind: 'finding' }] });
});

test('what went out on an attorney’s word is kept with it', async () => {
  const letterId = await aLetter('The floor was wet.');
  must(t.seat.letters.mute({ letterId, key: findings(letterId)[0]?.key ?? '', isMuted: true, note: 'I saw it myself.' }));
  expect(finalize(letterId).status).toBe('Finalized');
  expect(must(t.seat.letters.open(letterId)).values.attested).toMatchObject([{ sentence: 'The floor was wet.', note: 'I saw it myself.' }]);
});

test('a paralegal attests nothing, but may mute the rest', async () => {
  const letterId = await aLetter('The floor was wet. Pay [AMOUNT].', 'Paralegal');
  const [sentence, placeholder] = findings(letterId);
  const mute = (key = '') => t.seat.letters.mute({ letterId, key, isMuted: true, note: 'So it is.' });
  expect(mute(sentence?.key)).toMatchObject({ error: { code: 'forbidden' } });
  expect(mute(placeholder?.key)).toMatchObject({ ok: true });
  expect(must(t.seat.letters.open(letterId)).mayAttest).toBe(false);
});

test('a letter that went out is archived by an attorney, and by nobody else', async () => {
  const letterId = await aLetter('Please pay at once.');
  expect(t.seat.letters.archive(letterId)).toMatchObject({ error: { code: 'conflict' } });
  finalize(letterId);
  must(t.seat.letters.archive(letterId));
  expect(must(t.seat.letters.open(letterId))).toMatchObject({ status: 'Archived', mayReopen: false });
  expect(t.seat.letters.archive(letterId)).toMatchObject({ error: { code: 'conflict' } });
  await t.stop();
  const second = await aLetter('Please pay at once.', 'Paralegal');
  t.seat.store.raw.prepare(`update letter set status = 'Finalized'`).run();
  expect(t.seat.letters.archive(second)).toMatchObject({ error: { code: 'forbidden' } });
});
