import { z } from 'zod';
import { DocumentId, MatterId } from './ids.ts';

export const QuestionKind = z.enum([
  'bill_without_record',
  'record_without_bill',
  'treatment_gap',
  'charged_twice',
  'blank_page',
  'turned_page',
  'hidden_text',
  'covered_text',
]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** A place to look at; `start` to `end` is what to look for in the page's text, null for the whole page. */
export const QuestionPlace = z.object({
  documentId: DocumentId,
  documentName: z.string(),
  page: z.number().int().min(1),
  start: z.number().int().min(0).nullable(),
  end: z.number().int().min(0).nullable(),
});
export type QuestionPlace = z.infer<typeof QuestionPlace>;

/** Something missing or odd in a matter's evidence, for a person to look into. */
export const QuestionView = z.object({
  /** The same on every laptop of the firm, for as long as it is about the same. */
  key: z.string(),
  kind: QuestionKind,
  /** One sentence, and what to make of it. */
  title: z.string(),
  advice: z.string(),
  places: z.array(QuestionPlace),
  /** Charges that two statements hold: a person may also say that they are charges of their own, and then both count. */
  mayBeOwn: z.boolean().default(false),
  /** Set where somebody looked into it: by whom, when (ms), what they noted, and whether the charges are said to be charges of their own. */
  settled: z
    .object({ byName: z.string().nullable(), at: z.number().int(), note: z.string().nullable(), areOwn: z.boolean().default(false) })
    .nullable(),
});
export type QuestionView = z.infer<typeof QuestionView>;

export const SettleQuestion = z.object({
  matterId: MatterId,
  key: z.string().min(1).max(400),
  /** False: it is open again. */
  isSettled: z.boolean(),
  /** That the charges it is about are charges of their own, with a note that says why. */
  areOwn: z.boolean().default(false),
  note: z.string().trim().max(1000).default(''),
});
export type SettleQuestion = z.infer<typeof SettleQuestion>;
