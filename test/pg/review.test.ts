import { expect, test } from 'vitest';
import { freshId } from '../../src/main/host/ids.ts';
import type { Mutation } from '../../src/main/sync/outbox.ts';
import type { Remote } from '../../src/main/sync/remote.ts';
import { inserting, patching } from '../support/mutations.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();
const { admin } = world;
const [attorney, paralegal, other, viewer] = await Promise.all([
  world.connect('one', 'Attorney', freshId()),
  world.connect('one', 'Paralegal', freshId()),
  world.connect('one', 'Admin', freshId()),
  world.connect('one', 'Viewer', freshId()),
]);
const idOfUser = async (remote: Remote): Promise<string> => (await remote.whoami()).userId;
const [ofAttorney, ofParalegal] = [await idOfUser(attorney), await idOfUser(paralegal)];
const matter = inserting('matter', { title: 'Rivera', status: 'Open' });
const letter = inserting('letter', {
  matter_id: matter.entityId,
  title: 'Demand',
  letter_date: '2026-01-12',
  status: 'Draft',
  metadata: {},
});

/** Verdict, or why it was refused. */
async function verdictOf(remote: Remote, mutation: Mutation): Promise<string> {
  const [answer] = await remote.push([mutation]);
  return answer?.verdict === 'rejected' ? (answer.reason ?? '') : (answer?.verdict ?? '');
}
/** A paralegal asks the attorney. */
async function aRequest(): Promise<string> {
  const asking = inserting('review', { letter_id: letter.entityId, asked_of: ofAttorney, note: 'The wages', due_on: '2026-02-03' });
  expect(await verdictOf(paralegal, asking)).toBe('applied');
  return asking.entityId;
}
const answer = (id: string, outcome: string, words: string | null = null): Mutation =>
  patching('review', id, 1, { outcome, answer: words });

test('asked, and answered by whom it was asked of; who and when the firm says itself', async () => {
  expect(await verdictOf(paralegal, matter)).toBe('applied');
  expect(await verdictOf(paralegal, letter)).toBe('applied');
  const id = await aRequest();
  for (const remote of [paralegal, other]) expect(await verdictOf(remote, answer(id, 'approved'))).toBe('not_asked');
  expect(await verdictOf(viewer, answer(id, 'approved'))).toBe('forbidden');
  expect(await verdictOf(attorney, answer(id, 'changes', 'The wages are wrong.'))).toBe('applied');
  const { rows } = await admin.query(
    'select created_by, answered_by, answered_at is not null as is_timed, outcome from steno.review where review_id = $1',
    [id],
  );
  expect(rows).toEqual([{ created_by: ofParalegal, answered_by: ofAttorney, is_timed: true, outcome: 'changes' }]);
});

test('what was answered stays, and so does what was asked', async () => {
  const id = await aRequest();
  expect(await verdictOf(paralegal, patching('review', id, 1, { note: 'Something else' }))).toBe('append_only');
  expect(await verdictOf(paralegal, patching('review', id, 1, { asked_of: ofParalegal }))).toBe('append_only');
  expect(await verdictOf(attorney, answer(id, 'approved'))).toBe('applied');
  expect(await verdictOf(attorney, patching('review', id, 2, { outcome: 'changes' }))).toBe('review_answered');
  const settled = inserting('review', { letter_id: letter.entityId, asked_of: ofAttorney, outcome: 'approved' });
  expect(await verdictOf(paralegal, settled)).toBe('status_transition');
});

test('who asked takes it back, or whoever may close the letter; what she answered meanwhile, apart, stands, whichever comes first', async () => {
  expect(await verdictOf(paralegal, answer(await aRequest(), 'withdrawn'))).toBe('applied');
  expect(await verdictOf(other, answer(await aRequest(), 'withdrawn'))).toBe('applied');
  const id = await aRequest();
  const outcomeOf = async (of: string): Promise<unknown> =>
    (await admin.query<{ outcome: string }>('select outcome from steno.review where review_id = $1', [of])).rows[0]?.outcome;
  expect(await verdictOf(paralegal, answer(id, 'withdrawn'))).toBe('applied');
  expect(await verdictOf(attorney, answer(id, 'changes', 'The wages.'))).toMatch(/^(?:applied|merged)$/);
  expect(await outcomeOf(id)).toBe('changes');
  const second = await aRequest();
  expect(await verdictOf(attorney, answer(second, 'approved'))).toBe('applied');
  expect(await verdictOf(paralegal, answer(second, 'withdrawn'))).toMatch(/^(?:applied|merged)$/);
  expect(await outcomeOf(second)).toBe('approved');
});

test('a sentence without a source stands on an attorney’s word alone; what else is found anybody who writes may mute', async () => {
  const attesting = (key = `lint:unsupported_sentence:${'0'.repeat(32)}`, settled = true): Mutation =>
    inserting('question', { matter_id: matter.entityId, question_key: key, is_settled: settled, note: 'I saw it.' });
  expect(await verdictOf(paralegal, attesting())).toBe('attest_needs_attorney');
  expect(await verdictOf(paralegal, attesting(`lint:placeholder:${'0'.repeat(32)}`))).toBe('applied');
  const taken = attesting(undefined, false);
  expect(await verdictOf(paralegal, taken)).toBe('applied');
  expect(await verdictOf(paralegal, patching('question', taken.entityId, 1, { is_settled: true }))).toBe('attest_needs_attorney');
  // an answer to something else does not become one
  const elsewhere = attesting(`lint:doubled_word:${'1'.repeat(32)}`);
  expect(await verdictOf(paralegal, elsewhere)).toBe('applied');
  expect(
    await verdictOf(
      paralegal,
      patching('question', elsewhere.entityId, 1, { question_key: `lint:unsupported_sentence:${'1'.repeat(32)}` }),
    ),
  ).toBe('attest_needs_attorney');
  expect(await verdictOf(attorney, attesting())).toBe('applied');
  // and what an attorney attested nobody else takes over with other words; to take it back anybody may
  const hers = attesting(`lint:unsupported_sentence:${'2'.repeat(32)}`);
  expect(await verdictOf(attorney, hers)).toBe('applied');
  expect(await verdictOf(paralegal, patching('question', hers.entityId, 1, { note: 'So they say.' }))).toBe('attest_needs_attorney');
  expect(await verdictOf(paralegal, patching('question', hers.entityId, 1, { is_settled: false }))).toBe('applied');
});
