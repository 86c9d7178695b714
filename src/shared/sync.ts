import { z } from 'zod';
import { AppError } from './errors.ts';
import { ConflictId, LetterId, MatterId, MutationId, ProposalId, UserId } from './ids.ts';

/** A copy of what the firm has for this person, on its way: rows fetched so far, of so many. */
export const CopyProgress = z.object({
  /** first: there is none yet. away: this laptop was away longer than the firm remembers what is gone. view: what the person may see has changed. */
  why: z.enum(['first', 'away', 'view']),
  done: z.number().int(),
  total: z.number().int(),
  /** Begun before Steno was started, or before the line was lost. */
  isResumed: z.boolean(),
});
export type CopyProgress = z.infer<typeof CopyProgress>;

export const SyncStatus = z.object({
  /** local: this store has no firm (command line). stopped: cannot go on without a person, see `problem`. */
  phase: z.enum(['local', 'offline', 'syncing', 'synced', 'stopped']),
  /** Mutations in the outbox that the firm has not confirmed. */
  waiting: z.number().int(),
  /** Of those, how many are on their way at this moment. */
  inFlight: z.number().int(),
  conflicts: z.number().int(),
  /** Mutations the firm refused; each keeps what the user wrote until they decide. */
  deadLetters: z.number().int(),
  /** Things proposed by others, or by oneself, that this person may decide. */
  proposals: z.number().int(),
  lastSyncedAt: z.number().int().nullable(),
  offlineSince: z.number().int().nullable(),
  problem: AppError.nullable(),
  /** Since Steno was started: how many changes of this laptop a server that was restored from a backup had forgotten. Null: it was not. */
  restored: z.number().int().nullable(),
  copy: CopyProgress.nullish(),
  /** Until the first copy is published: of the firm only the matters last worked on are here, or nothing yet. */
  isPartial: z.boolean().optional(),
});
export type SyncStatus = z.infer<typeof SyncStatus>;

/** Two people changed the same field of the same thing while apart; both values are kept until a person chooses. */
export const ConflictView = z.object({
  conflictId: ConflictId,
  what: z.string(),
  /** The title of its matter. */
  where: z.string().nullable(),
  field: z.string(),
  mine: z.string(),
  /** False: both are of others, and this person may choose between them. */
  isMine: z.boolean(),
  mineByName: z.string().nullable(),
  theirs: z.string(),
  theirsByName: z.string().nullable(),
  at: z.number().int(),
});
export type ConflictView = z.infer<typeof ConflictView>;

export const DeadLetterView = z.object({
  mutationId: MutationId,
  what: z.string(),
  where: z.string().nullable(),
  reason: z.string(),
  kept: z.string(),
  at: z.number().int(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** What waits for the firm, by matter, in words: "3 edits of Rivera demand". */
export const WaitingGroup = z.object({
  matterId: MatterId.nullable(),
  matter: z.string(),
  items: z.array(z.object({ what: z.string(), count: z.number().int(), since: z.number().int() })),
  /** How many of them wait behind a change the firm refused. */
  held: z.number().int(),
});
export const WaitingView = z.object({ total: z.number().int(), files: z.number().int(), groups: z.array(WaitingGroup) });
export type WaitingView = z.infer<typeof WaitingView>;

export const VerdictView = z.object({
  verdictId: z.number().int(),
  at: z.number().int(),
  verdict: z.enum(['applied', 'merged', 'conflict', 'proposed', 'rejected']),
  what: z.string(),
  where: z.string().nullable(),
  reason: z.string().nullable(),
});
export type VerdictView = z.infer<typeof VerdictView>;

/** One person's changes to one letter, or to the rows of one matter, that came too late or that she may no longer make. */
export const ProposalView = z.object({
  /** Names the group while it stays as it is. */
  key: z.string(),
  proposalIds: z.array(ProposalId),
  letterId: LetterId.nullable(),
  matterId: MatterId.nullable(),
  /** "Rivera demand", or the matter's title. */
  title: z.string(),
  where: z.string().nullable(),
  authorId: UserId.nullable(),
  authorName: z.string(),
  isMine: z.boolean(),
  /** Why it waits: "It was finalized by Elena Pardo on Nov 20, 2026." */
  why: z.string(),
  /** Edits of the letter's text; the words themselves come as a redline. */
  edits: z.number().int(),
  changes: z.array(z.object({ proposalId: ProposalId, what: z.string(), proposed: z.string(), current: z.string().nullable() })),
  at: z.number().int(),
  state: z.enum(['open', 'accepted', 'dismissed']),
  decidedByName: z.string().nullable(),
  decidedAt: z.number().int().nullable(),
  /** Decided on this laptop and on its way to the firm. */
  isOnItsWay: z.boolean(),
  mayDismiss: z.boolean(),
  /** What accepting will do, and why it cannot be done by this person (or at all). */
  accepting: z.string(),
  mayNotAccept: z.string().nullable(),
  /** Who is likely to decide, for its author. */
  waitsFor: z.string(),
  /** The firm's answer to this laptop's last decision about it, where that was refused. */
  lastRefusal: z.string().nullable(),
});
export type ProposalView = z.infer<typeof ProposalView>;
export const ProposalLists = z.object({
  toDecide: z.array(ProposalView),
  /** One's own that wait for somebody else. */
  mine: z.array(ProposalView),
  decided: z.array(ProposalView),
});
export type ProposalLists = z.infer<typeof ProposalLists>;

/** A text against another, word by word, in paragraphs. */
export const RedlinePiece = z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() });
export type RedlinePiece = z.infer<typeof RedlinePiece>;
export const ProposalText = z.object({
  paragraphs: z.array(z.array(RedlinePiece)),
  /** Words that no longer have a place in the letter, because the text around them is gone. */
  loose: z.string().nullable(),
});
export type ProposalText = z.infer<typeof ProposalText>;

/** Where refused changes were saved as files: readable ones, and the same for programs. */
export const KeptFiles = z.object({ folder: z.string(), files: z.array(z.string()), shown: z.boolean() });
export type KeptFiles = z.infer<typeof KeptFiles>;
