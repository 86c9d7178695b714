import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { CollaborationId, LetterId, MatterId, UserId } from './ids.ts';
import { Place } from './presence.ts';

const mostChars = 5_000;
const Words = z.string().trim().min(1, 'Write something first.').max(mostChars, 'That is too long for a comment.');

/** What stands in a comment's row. */
export const CommentData = z.object({
  text: z.string().max(mostChars),
  mentions: z.array(UserId).max(50).catch([]),
  wasEdited: z.boolean().catch(false),
});
export type CommentData = z.infer<typeof CommentData>;
/**
 * What stands in a suggestion's row: an edit of the letter that nobody has made yet (`update`, a Yjs update as base64), what it replaces and what would stand
 * there, chips by name. `model` and `prompt`: who wrote it for the author; without a prompt the firm's own template did.
 */
export const SuggestionData = z.object({
  update: z.base64().max(900_000),
  was: z.string().max(100_000),
  becomes: z.string().max(100_000),
  why: z.string().max(mostChars).nullable(),
  model: z.string().max(200).nullable(),
  prompt: z.string().max(200).nullable(),
  /** It brings in a block of its own; an older Steno, which does not read this, takes it for words and refuses to make it. */
  isBlock: z.boolean().catch(false),
  /** What was found against it when it was made, such as a source that does not stand on its page. */
  doubts: z.array(z.string().max(1_000)).max(50).catch([]),
});
export type SuggestionData = z.infer<typeof SuggestionData>;
/** Where it is about: see `Place`; `quote` is what stood there. */
export const Anchor = z.object({ place: Place, quote: z.string().max(2_000) });
export type Anchor = z.infer<typeof Anchor>;

const said = {
  collaborationId: CollaborationId,
  byName: z.string(),
  isMine: z.boolean(),
  at: z.number().int(),
};
const decided = z.object({ byName: z.string(), at: z.number().int() }).nullable();

export const CommentView = z.object({ ...said, text: z.string(), mentions: z.array(z.string()), wasEdited: z.boolean() });
export type CommentView = z.infer<typeof CommentView>;

/** The first comment and its replies, oldest first. */
export const ThreadView = z.object({
  collaborationId: CollaborationId,
  anchor: Anchor.nullable(),
  comments: z.array(CommentView),
  resolved: decided,
});
export type ThreadView = z.infer<typeof ThreadView>;

export const SuggestionView = z.object({
  ...said,
  anchor: Anchor.nullable(),
  was: z.string(),
  becomes: z.string(),
  why: z.string().nullable(),
  /** Null: the author wrote it. */
  model: z.string().nullable(),
  outcome: z.enum(['accepted', 'rejected']).nullable(),
  decided,
  /** Whether it is a paragraph of its own, and not words of one. */
  isBlock: z.boolean(),
  /** The places its new words cite. */
  sources: z.array(SourceRef),
  /** What of it no document and no computed value supports: to be looked at before it is accepted. */
  cautions: z.array(z.string()),
  /** Why it cannot be accepted now, or null. */
  blocked: z.string().nullable(),
  replies: z.array(CommentView),
});
export type SuggestionView = z.infer<typeof SuggestionView>;

export const CollaborationView = z.object({
  threads: z.array(ThreadView),
  suggestions: z.array(SuggestionView),
  /** Who can be mentioned. */
  people: z.array(z.object({ userId: UserId, name: z.string() })),
  /** Why this person may not write here, or null. */
  locked: z.string().nullable(),
});
export type CollaborationView = z.infer<typeof CollaborationView>;

/** An open comment that names this person. */
export const Mention = z.object({ ...said, matterId: MatterId, letterId: LetterId, letterTitle: z.string(), text: z.string() });
export type Mention = z.infer<typeof Mention>;

/** `parentId`: a reply, which has no place of its own. */
export const AddComment = z.object({
  letterId: LetterId,
  parentId: CollaborationId.nullable(),
  anchor: Anchor.nullable(),
  text: Words,
  mentions: z.array(UserId).max(50),
});
export const EditComment = z.object({ collaborationId: CollaborationId, text: Words, mentions: z.array(UserId).max(50) });

/** What shall stand in the place of what stands there; '' takes it out. */
export const Suggest = z.object({
  letterId: LetterId,
  anchor: Anchor,
  becomes: z.string().max(20_000, 'That is too long for one suggestion.'),
  why: z.string().trim().max(mostChars).default(''),
});
/** `seen`: what is accepted has cautions, and the person has looked at them. */
export const DecideSuggestion = z.object({
  collaborationId: CollaborationId,
  outcome: z.enum(['accepted', 'rejected']),
  seen: z.boolean().default(false),
});

/** What the assistant shall do with a letter, in a person's words; with some of its paragraphs (counted from 1, headings too), or all of them. */
export const Refine = z.object({
  letterId: LetterId,
  blocks: z.array(z.number().int().min(1)).min(1).max(2_000).nullable(),
  instruction: z.string().trim().min(1, 'Say what it shall do.').max(2_000),
});
/** What became of asking; `refused`: changes of its answer that could not be made. */
export const RefiningView = z.object({
  state: z.enum(['idle', 'asking', 'done', 'failed']),
  made: z.number().int(),
  refused: z.array(z.object({ quote: z.string(), becomes: z.string(), why: z.string() })),
  problem: z.string().nullable(),
});
export type RefiningView = z.infer<typeof RefiningView>;
