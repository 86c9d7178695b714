import { and, asc, eq, isNull, ne } from 'drizzle-orm';
import type { z } from 'zod';
import type { LetterId, MatterId, ReviewId, UserId } from '../../shared/ids.ts';
import { isOpen } from '../../shared/letters.ts';
import { err, ok, type Nothing, type Outcome } from '../../shared/result.ts';
import type { AnswerReview, AskReview, AskedReview, ReviewsView, ReviewView } from '../../shared/reviews.ts';
import { mayFinalize, mayWrite, Role, type AccountView } from '../../shared/session.ts';
import { freshId } from '../host/ids.ts';
import type { Letters } from '../letters/letters.ts';
import { letter, user } from '../store/schema.ts';
import { review } from '../store/review-schema.ts';
import type { Store } from '../store/store.ts';
import type { Write } from '../sync/outbox.ts';

/** Asking a person to look at a letter, and her answer; offline too. The letter's status goes with it. */
export interface Reviews {
  list(letterId: string): Outcome<ReviewsView>;
  /** Letters that wait for this person's answer: the soonest due first. */
  asked(): AskedReview[];
  /** The letter goes to review. Errors: forbidden, conflict (it is closed, or that person is asked already), not_found. */
  ask(input: z.output<typeof AskReview>): Outcome<Nothing>;
  /** Who was asked answers; where she wants changes the letter is a draft again. Errors: forbidden, conflict, not_found. */
  answer(input: z.output<typeof AnswerReview>): Outcome<Nothing>;
  /** Who asked takes it back, or whoever may close the letter. */
  withdraw(reviewId: string): Outcome<Nothing>;
}

interface ReviewsInput {
  store: Store;
  write: Write;
  letters: Pick<Letters, 'setStatus'>;
  account: AccountView;
}
type Row = typeof review.$inferSelect;
const gone = 'Somebody who left the firm';

export function createReviews({ store, write, letters, account }: ReviewsInput): Reviews {
  const { db } = store;
  const notFound = err({ code: 'not_found' as const, what: 'the review' });
  const answered = err({ code: 'conflict' as const, what: 'the review', reason: 'It was answered or taken back already.' });
  const find = (id: string): Row | undefined =>
    db
      .select()
      .from(review)
      .where(and(eq(review.reviewId, id), isNull(review.deletedAt)))
      .get();
  const letterOf = (id: string) =>
    db
      .select()
      .from(letter)
      .where(and(eq(letter.letterId, id), isNull(letter.deletedAt)))
      .get();

  function names(): Map<string, string> {
    const rows = db.select({ id: user.userId, first: user.firstName, last: user.lastName }).from(user).all();
    return new Map([
      [account.userId, `${account.firstName} ${account.lastName}`],
      ...rows.map(({ id, first, last }): [string, string] => [id, `${first} ${last}`]),
    ]);
  }
  const viewOf = (row: Row, known: Map<string, string>): ReviewView => ({
    reviewId: row.reviewId as ReviewId,
    byName: known.get(row.createdBy ?? '') ?? gone,
    ofName: known.get(row.askedOf ?? '') ?? gone,
    isMine: row.createdBy === account.userId,
    isToMe: row.askedOf === account.userId,
    at: row.createdAt ?? 0,
    note: row.note,
    dueOn: row.dueOn,
    outcome: row.outcome,
    answer: row.answer,
    answeredAt: row.outcome === null ? null : (row.answeredAt ?? row.updatedAt),
  });
  const newest = (a: ReviewView, b: ReviewView): number => b.at - a.at;

  /** One row and the letter's status in one change. */
  function note(row: Row, fields: Pick<Row, 'outcome' | 'answer'>, status: 'Draft' | null): Outcome<Nothing> {
    if (status !== null)
      return letters.setStatus(row.letterId, status, (change) => {
        change.patch('review', row.reviewId, fields);
        return ok({});
      });
    return write((change) => {
      change.patch('review', row.reviewId, fields);
      return ok({});
    });
  }

  return {
    list(letterId) {
      if (!letterOf(letterId)) return err({ code: 'not_found', what: 'the letter' });
      const known = names();
      const rows = db
        .select()
        .from(review)
        .where(and(eq(review.letterId, letterId), isNull(review.deletedAt)))
        .all();
      const views = rows.map((row) => viewOf(row, known)).sort(newest);
      const people = db
        .select()
        .from(user)
        .where(and(isNull(user.deletedAt), eq(user.isActive, true), ne(user.userId, account.userId)))
        .orderBy(asc(user.firstName), asc(user.lastName))
        .all()
        .filter(({ role }) => mayWrite(Role.catch('Guest').parse(role)))
        .map(({ userId, firstName, lastName, role }) => ({ userId: userId as UserId, name: `${firstName} ${lastName}`, role }));
      return ok({
        reviews: [...views.filter(({ outcome }) => outcome === null), ...views.filter(({ outcome }) => outcome !== null)],
        people,
      });
    },

    asked() {
      const rows = db
        .select({ row: review, matterId: letter.matterId, title: letter.title, status: letter.status })
        .from(review)
        .innerJoin(letter, and(eq(letter.letterId, review.letterId), isNull(letter.deletedAt)))
        .where(and(eq(review.askedOf, account.userId), isNull(review.outcome), isNull(review.deletedAt)))
        .all();
      const known = rows.length === 0 ? new Map<string, string>() : names();
      return (
        rows
          // a letter that was closed meanwhile asks nobody any more
          .filter(({ status }) => isOpen(status))
          .map(({ row, matterId, title }) => ({
            ...viewOf(row, known),
            matterId: matterId as MatterId,
            letterId: row.letterId as LetterId,
            letterTitle: title,
          }))
          .sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999') || newest(a, b))
      );
    },

    ask({ letterId, of, note: words, dueOn }) {
      const open = db
        .select({ of: review.askedOf })
        .from(review)
        .where(and(eq(review.letterId, letterId), isNull(review.outcome), isNull(review.deletedAt)))
        .all();
      if (of !== null && open.some((row) => row.of === of))
        return err({ code: 'conflict', what: 'the review', reason: 'That person is asked to look at this letter already.' });
      const person = of === null ? null : db.select().from(user).where(eq(user.userId, of)).get();
      if (of !== null && (person?.isActive !== true || person.deletedAt !== null || !mayWrite(Role.catch('Guest').parse(person.role))))
        return err({ code: 'not_found', what: 'somebody who can review it' });
      return letters.setStatus(letterId, 'In_Review', (change) => {
        if (of !== null) change.insert('review', { reviewId: freshId(), letterId, askedOf: of, note: words === '' ? null : words, dueOn });
        return ok({});
      });
    },

    answer({ reviewId, outcome, answer }) {
      const row = find(reviewId);
      if (!row) return notFound;
      if (row.askedOf !== account.userId) return err({ code: 'forbidden', what: 'the review', reason: 'Only who was asked can answer.' });
      if (row.outcome !== null) return answered;
      const status = outcome === 'changes' ? ('Draft' as const) : null;
      return note(row, { outcome, answer: answer === '' ? null : answer }, status);
    },

    withdraw(reviewId) {
      const row = find(reviewId);
      if (!row) return notFound;
      if (row.createdBy !== account.userId && !mayFinalize(account.role))
        return err({ code: 'forbidden', what: 'the review', reason: 'Only who asked can take it back, or an attorney.' });
      if (row.outcome !== null) return answered;
      return note(row, { outcome: 'withdrawn', answer: null }, null);
    },
  };
}
