import { z } from 'zod';
import { DocumentKind } from './documents.ts';
import { Day } from './days.ts';
import { DocumentId, MatterId, UserId } from './ids.ts';
import { LinkKind } from './links.ts';

/** What narrows a search; null: whatever it is. */
export const FindFilters = z.object({
  matterId: MatterId.nullable().default(null),
  documentId: DocumentId.nullable().default(null),
  kinds: z.array(DocumentKind).max(20).default([]),
  /** Of documents that a bill line names it in. */
  provider: z.string().max(200).nullable().default(null),
  /** Days of service on the document's bill lines. */
  from: Day.nullable().default(null),
  to: Day.nullable().default(null),
  /** A folder inside the case folder. */
  folder: z.string().max(1000).nullable().default(null),
  addedBy: UserId.nullable().default(null),
});
export type FindFilters = z.infer<typeof FindFilters>;

export const FindRequest = z.object({
  words: z.string().max(500),
  /** Whether the last word may go on: the person is typing. */
  isTyping: z.boolean().default(false),
  filters: FindFilters.prefault({}),
  most: z.number().int().min(1).max(100).default(20),
});
export type FindRequest = z.input<typeof FindRequest>;

/** Characters [start, end) of a text. */
export const TextRange = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) });
export type TextRange = z.infer<typeof TextRange>;

/** Why something was found that does not say what was asked: another word for it, a word spelled nearly so, or its meaning. */
export const FindWhy = z.object({ how: z.enum(['synonym', 'typo', 'name', 'meaning', 'without']), asked: z.string(), found: z.string() });
export type FindWhy = z.infer<typeof FindWhy>;

/** A document on the way to a hit, and how the next one belongs to it; null at the end of the way. */
export const FindStep = z.object({
  documentId: DocumentId,
  fileName: z.string(),
  page: z.number().int().min(1),
  link: z.object({ kind: LinkKind, isFrom: z.boolean() }).nullable(),
});
export type FindStep = z.infer<typeof FindStep>;

export const FindHit = z.object({
  documentId: DocumentId,
  matterId: MatterId,
  matterTitle: z.string(),
  fileName: z.string(),
  relativePath: z.string(),
  kind: DocumentKind,
  page: z.number().int().min(1),
  /** The sentence on the page; null where only the document's name says it. */
  sentence: TextRange.nullable(),
  /** The passage it lies in. */
  passage: TextRange.nullable(),
  /** What `sentence` spells. */
  quote: z.string(),
  /** Words around it as they stand on the page, and which of them to mark. */
  snippet: z.object({ text: z.string(), marks: z.array(TextRange) }),
  score: z.number(),
  why: z.array(FindWhy),
  /** By which documents it was reached, the hit's own last; empty where its own words are what found it. */
  path: z.array(FindStep),
  /** What this person said of it for this question: helpful, not, or nothing. */
  mine: z.boolean().nullable(),
});
export type FindHit = z.infer<typeof FindHit>;

export const FindAnswer = z.object({
  hits: z.array(FindHit),
  /** There are more than were asked for. */
  hasMore: z.boolean(),
  /** Pages that are here but not looked through yet. */
  waitingPages: z.number().int(),
});
export type FindAnswer = z.infer<typeof FindAnswer>;

/** A question, whose answer may stand in a document that is linked to the one that speaks of it. */
export const RetrieveRequest = z.object({
  words: z.string().max(500),
  filters: FindFilters.prefault({}),
  most: z.number().int().min(1).max(100).default(20),
  /** How often a link is followed. */
  linkSteps: z.number().int().min(0).max(2).default(2),
});
export type RetrieveRequest = z.input<typeof RetrieveRequest>;

/** Whether a passage was what a question asked for; null takes it back. */
export const FindVote = z.object({
  words: z.string().min(1).max(500),
  documentId: DocumentId,
  page: z.number().int().min(1),
  passage: TextRange,
  isHelpful: z.boolean().nullable(),
});
export type FindVote = z.infer<typeof FindVote>;
