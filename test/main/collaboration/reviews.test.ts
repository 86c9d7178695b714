import { afterEach, expect, test } from 'vitest';
import type { LetterId, ReviewId, UserId } from '../../../src/shared/ids.ts';
import type { Role } from '../../../src/shared/session.ts';
import { freshId } from '../../../src/main/host/ids.ts';
import { letterBodyFromBlocks } from '../../../src/main/sync/letter-doc.ts';
import { must } from '../../support/laptop.ts';
import { startTestSeat, type TestSeat } from '../../support/local-seat.ts';

let t: TestSeat;
afterEach(() => t.stop());

const raw = () => t.seat.store.raw;
function somebody(firstName: string, role: Role, isActive = true): UserId {
  const id = freshId() as UserId;
  raw()
    .prepare(`insert into user (user_id, email, first_name, last_name, role, is_active) values (?, ?, ?, 'Marsh', ?, ?)`)
    .run(id, `${firstName}@marsh.example`, firstName, role, Number(isActive));
  return id;
}
async function aLetter(role: 'Attorney' | 'Paralegal' | 'Viewer' = 'Attorney'): Promise<LetterId> {
  t = await startTestSeat(role);
  const [letterId, matterId] = [freshId() as LetterId, freshId()];
  raw().prepare(`insert into matter (matter_id, title, status, revision) values (?, 'Ames', 'Open', 1)`).run(matterId);
  raw()
    .prepare(
      `insert into letter (letter_id, matter_id, title, letter_date, status, revision) values (?, ?, 'Ames', '2024-06-01', 'Draft', 1)`,
    )
    .run(letterId, matterId);
  const body = letterBodyFromBlocks([{ type: 'paragraph', content: [{ type: 'text', text: 'Please pay.' }] }]);
  raw().prepare('insert into letter_update (update_id, letter_id, payload) values (?, ?, ?)').run(freshId(), letterId, Buffer.from(body));
  return letterId;
}
/** A request as the firm sent it. */
function asked(letterId: LetterId, by: string, of: string, dueOn: string | null = null): ReviewId {
  const id = freshId() as ReviewId;
  raw()
    .prepare(
      `insert into review (review_id, letter_id, asked_of, note, due_on, revision, created_by, created_at) values (?, ?, ?, 'The wages', ?, 1, ?, ?)`,
    )
    .run(id, letterId, of, dueOn, by, Date.now());
  return id;
}
const me = () => t.seat.account.userId;
const statusOf = (letterId: LetterId) => must(t.seat.letters.open(letterId)).status;
const outbox = () =>
  (raw().prepare('select entity, op from outbox order by sequence').all() as { entity: string; op: string }[]).map(
    ({ entity, op }) => `${entity} ${op}`,
  );
const ask = (letterId: LetterId, of: UserId | null) => t.seat.reviews.ask({ letterId, of, note: 'The wages', dueOn: '2026-02-03' });

test('asked of a person, the letter goes to review with it, in one change; of nobody, it only goes to review', async () => {
  const letterId = await aLetter();
  const his = somebody('Piet', 'Paralegal');
  must(ask(letterId, his));
  expect(statusOf(letterId)).toBe('In_Review');
  expect(outbox()).toEqual(['review insert', 'letter_version insert', 'letter patch']);
  expect(must(t.seat.reviews.list(letterId)).reviews).toMatchObject([
    { ofName: 'Piet Marsh', isMine: true, isToMe: false, note: 'The wages', dueOn: '2026-02-03', outcome: null },
  ]);
  expect(ask(letterId, his)).toMatchObject({ error: { code: 'conflict' } });
  must(ask(letterId, null));
  expect(must(t.seat.reviews.list(letterId)).reviews).toHaveLength(1);
});

test('only who may write letters and is still with the firm can be asked', async () => {
  const letterId = await aLetter();
  const [viewer, left] = [somebody('Vera', 'Viewer'), somebody('Leo', 'Attorney', false)];
  const can = somebody('Ada', 'Attorney');
  expect(must(t.seat.reviews.list(letterId)).people.map(({ userId }) => userId)).toEqual([can]);
  for (const of of [viewer, left, freshId() as UserId]) expect(ask(letterId, of)).toMatchObject({ error: { code: 'not_found' } });
  expect(statusOf(letterId)).toBe('Draft');
});

test('she answers: approved leaves the letter in review, changes make it a draft again, nobody answers for her or twice', async () => {
  const letterId = await aLetter('Paralegal');
  const boss = somebody('Ada', 'Attorney');
  must(ask(letterId, null));
  const [mine, hers] = [asked(letterId, boss, me()), asked(letterId, me(), boss)];
  expect(t.seat.reviews.answer({ reviewId: hers, outcome: 'approved', answer: '' })).toMatchObject({ error: { code: 'forbidden' } });
  must(t.seat.reviews.answer({ reviewId: mine, outcome: 'approved', answer: '' }));
  expect(statusOf(letterId)).toBe('In_Review');
  expect(t.seat.reviews.answer({ reviewId: mine, outcome: 'changes', answer: 'No.' })).toMatchObject({ error: { code: 'conflict' } });
  const again = asked(letterId, boss, me());
  must(t.seat.reviews.answer({ reviewId: again, outcome: 'changes', answer: 'The wages are wrong.' }));
  expect(statusOf(letterId)).toBe('Draft');
  const [waiting, ...answered] = must(t.seat.reviews.list(letterId)).reviews;
  expect(waiting).toMatchObject({ reviewId: hers, outcome: null });
  expect(answered.map(({ outcome, answer }) => [outcome, answer])).toContainEqual(['changes', 'The wages are wrong.']);
});

test('who asked takes it back; a colleague does not, an attorney may', async () => {
  const letterId = await aLetter('Paralegal');
  const [boss, other] = [somebody('Ada', 'Attorney'), somebody('Olga', 'Paralegal')];
  expect(t.seat.reviews.withdraw(asked(letterId, other, boss))).toMatchObject({ error: { code: 'forbidden' } });
  must(t.seat.reviews.withdraw(asked(letterId, me(), boss)));
  await t.stop();
  const second = await aLetter('Attorney');
  must(t.seat.reviews.withdraw(asked(second, somebody('Olga', 'Paralegal'), me())));
});

test('what waits for her: the soonest due first, of letters that are open', async () => {
  const letterId = await aLetter();
  const other = somebody('Piet', 'Paralegal');
  const [whenever, late, soon] = [null, '2026-03-01', '2026-02-01'].map((dueOn) => asked(letterId, other, me(), dueOn));
  asked(letterId, me(), other);
  expect(t.seat.reviews.asked().map(({ reviewId }) => reviewId)).toEqual([soon, late, whenever]);
  raw().prepare(`update letter set status = 'Finalized'`).run();
  expect(t.seat.reviews.asked()).toEqual([]);
});

test('who may only read asks nobody', async () => {
  const letterId = await aLetter('Viewer');
  expect(ask(letterId, somebody('Ada', 'Attorney'))).toMatchObject({ error: { code: 'forbidden' } });
  expect(outbox()).toEqual([]);
});
