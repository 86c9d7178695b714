import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { LetterId } from './ids.ts';

/** What the assistant can be asked about a letter. */
export const RequestKind = z.enum(['refine', 'section', 'letter', 'question']);
export type RequestKind = z.infer<typeof RequestKind>;

/** A section of a letter: `block` is the number of its heading among paragraphs and headings, from 1. */
export const SectionView = z.object({ block: z.number().int().min(1), title: z.string(), isInTemplate: z.boolean() });
export type SectionView = z.infer<typeof SectionView>;

/** A sentence of an answer, with the places it rests on; `doubts`: what of it nothing supports. */
export const AnswerSentence = z.object({ text: z.string(), sources: z.array(SourceRef), doubts: z.array(z.string()) });
export type AnswerSentence = z.infer<typeof AnswerSentence>;
export const AnswerParagraph = z.object({
  sentences: z.array(AnswerSentence),
  /** As a letter would hold it, citations by name. */
  named: z.string(),
  /** Of the whole paragraph. */
  doubts: z.array(z.string()),
});
export type AnswerParagraph = z.infer<typeof AnswerParagraph>;
/** An answer to a question about the file. `isExtract`: passages of the file as they stand, found without a model. */
export const AnswerView = z.object({ isExtract: z.boolean(), note: z.string().nullable(), paragraphs: z.array(AnswerParagraph) });
export type AnswerView = z.infer<typeof AnswerView>;

/** What the assistant is at with a letter, for as long as Steno runs. */
export const DraftingView = z.object({
  state: z.enum(['idle', 'asking', 'done', 'failed', 'stopped']),
  kind: RequestKind.nullable(),
  /** The section that is being drafted, and of how many which. */
  section: z.string().nullable(),
  sectionsDone: z.number().int(),
  sections: z.number().int(),
  /** What has come of the answer, as it came: nothing of it was checked yet. */
  coming: z.array(z.string()),
  /** Suggestions it made. */
  made: z.number().int(),
  /** Paragraphs of its answers that could not be used. */
  refused: z.array(z.object({ text: z.string(), why: z.string() })),
  /** What a person should know about how it was done. */
  notes: z.array(z.string()),
  problem: z.string().nullable(),
  /** Of a question: the answer, and the request it belongs to. */
  question: z.string().nullable(),
  answer: AnswerView.nullable(),
  refinementId: z.string().nullable(),
});
export type DraftingView = z.infer<typeof DraftingView>;

/** Some sections by their headings' blocks, or all of them. `after`: the block behind which it comes; null: at the section's end. */
export const DraftSections = z.object({
  letterId: LetterId,
  sections: z.array(z.number().int().min(1)).min(1).max(200).nullable(),
  after: z.number().int().min(1).nullable(),
  instruction: z.string().trim().max(2_000),
});
export const AskFile = z.object({ letterId: LetterId, question: z.string().trim().min(3, 'Write your question.').max(1_000) });
/** A paragraph of an answer (from 0) as a suggestion behind a block; null: at the letter's end. */
export const SuggestAnswer = z.object({
  letterId: LetterId,
  refinementId: z.uuid(),
  paragraph: z.number().int().min(0).max(100),
  after: z.number().int().min(1).nullable(),
});

/** One request as the history tells it. What is null was removed after its time, or never was. */
export const RequestView = z.object({
  refinementId: z.string(),
  kind: z.string(),
  instruction: z.string().nullable(),
  /** Which sections or paragraphs it was about, or null. */
  about: z.string().nullable(),
  byName: z.string(),
  at: z.number().int(),
  model: z.string().nullable(),
  promptVersion: z.string(),
  state: z.enum(['asking', 'done', 'failed']),
  problem: z.string().nullable(),
  /** The suggestions it made, and what became of them. */
  made: z.number().int(),
  accepted: z.number().int(),
  rejected: z.number().int(),
  refused: z.number().int(),
  calls: z.number().int(),
  tokens: z.number().int(),
  /** Of its calls together; null: a model was asked, and nobody knows what it costs. */
  costMicrodollars: z.number().int().nullable(),
  answer: AnswerView.nullable(),
});
export type RequestView = z.infer<typeof RequestView>;
/** The newest first. */
export const HistoryView = z.object({
  requests: z.array(RequestView),
  calls: z.number().int(),
  costMicrodollars: z.number().int(),
  unknownCost: z.number().int(),
});
export type HistoryView = z.infer<typeof HistoryView>;
