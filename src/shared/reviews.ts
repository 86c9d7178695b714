import { z } from 'zod';
import { Day } from './days.ts';
import { LetterId, MatterId, ReviewId, UserId } from './ids.ts';

/** What became of asking somebody to look at a letter. */
export const ReviewOutcome = z.enum(['approved', 'changes', 'withdrawn']);

export const ReviewView = z.object({
  reviewId: ReviewId,
  /** Who asked, and whom. */
  byName: z.string(),
  ofName: z.string(),
  isMine: z.boolean(),
  isToMe: z.boolean(),
  at: z.number().int(),
  note: z.string().nullable(),
  /** ISO day. */
  dueOn: z.string().nullable(),
  outcome: ReviewOutcome.nullable(),
  answer: z.string().nullable(),
  answeredAt: z.number().int().nullable(),
});
export type ReviewView = z.infer<typeof ReviewView>;

export const ReviewsView = z.object({
  /** Those that wait for an answer first, then the newest. */
  reviews: z.array(ReviewView),
  /** Who can be asked: all who may write letters, but for oneself. */
  people: z.array(z.object({ userId: UserId, name: z.string(), role: z.string() })),
});
export type ReviewsView = z.infer<typeof ReviewsView>;

/** A letter that somebody asked this person to look at. */
export const AskedReview = ReviewView.extend({ matterId: MatterId, letterId: LetterId, letterTitle: z.string() });
export type AskedReview = z.infer<typeof AskedReview>;

/** Sends a letter to review: to somebody, or to whoever looks. */
export const AskReview = z.object({
  letterId: LetterId,
  of: UserId.nullable(),
  note: z.string().trim().max(2_000).default(''),
  dueOn: Day.nullable().default(null),
});
export const AnswerReview = z.object({
  reviewId: ReviewId,
  outcome: z.enum(['approved', 'changes']),
  answer: z.string().trim().max(5_000).default(''),
});
