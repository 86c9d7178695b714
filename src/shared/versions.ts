import { z } from 'zod';
import { LetterId, VersionId } from './ids.ts';
import { LetterStatus } from './letters.ts';
import { RedlinePiece } from './sync.ts';

/** A letter as it stood: who kept it, when and why. */
export const VersionView = z.object({
  versionId: VersionId,
  /** Given by the firm as versions arrive there; null until this one has. */
  number: z.number().int().nullable(),
  /** What a person called it; null: it was kept by itself, and goes when the firm's time for such versions is over. */
  name: z.string().nullable(),
  why: z.string(),
  /** What Finalize froze: it stays, and can be exported as it was. */
  isMajor: z.boolean(),
  at: z.number().int().nullable(),
  byName: z.string().nullable(),
});
export type VersionView = z.infer<typeof VersionView>;

export const VersionsView = z.object({
  versions: z.array(VersionView),
  status: LetterStatus,
  /** Why this person cannot keep or restore versions here; null where she can. */
  readOnlyReason: z.string().nullable(),
});
export type VersionsView = z.infer<typeof VersionsView>;

/** A run of a line's text as one of the two letters has it, or both. Chips stand for what they read then. */
export const ComparedPiece = RedlinePiece.extend({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  underline: z.boolean().optional(),
  chip: z.boolean().optional(),
  /** The number of a footnote, which is counted where it is shown. */
  note: z.boolean().optional(),
});
export type ComparedPiece = z.infer<typeof ComparedPiece>;

/**
 * One line of a letter: a heading, a paragraph, the beginning of a list item (or a numbered paragraph), a row of the specials table (six cells; head and total
 * among them), an exhibit (its mark and name), a row of a table a person wrote, a page break; behind all of them the footnotes, in order.
 */
export const ComparedLine = z.object({
  type: z.enum(['heading', 'paragraph', 'item', 'head', 'row', 'total', 'exhibit', 'tableHead', 'tableRow', 'pageBreak', 'footnote']),
  /** Of a heading 1 to 3; of everything else how deep it stands in lists and quotes. */
  level: z.number().int(),
  /** "•" or "2." before a list item, "2" before a footnote; null before everything else. */
  marker: z.string().nullable(),
  kind: z.enum(['same', 'removed', 'added', 'changed']),
  cells: z.array(z.array(ComparedPiece)),
});
export type ComparedLine = z.infer<typeof ComparedLine>;

export const ComparedLetters = z.object({
  lines: z.array(ComparedLine),
  /** Words that came and went. */
  added: z.number().int(),
  removed: z.number().int(),
});
export type ComparedLetters = z.infer<typeof ComparedLetters>;

export const SaveVersion = z.object({
  letterId: LetterId,
  name: z.string().trim().min(1).max(200),
  why: z.string().trim().max(2000).default(''),
});
/** Of two versions, or of one and what the letter says now (`to`: null). */
export const CompareVersions = z.object({ letterId: LetterId, from: VersionId, to: VersionId.nullable() });
export const VersionComparison = ComparedLetters.extend({ from: VersionView, to: VersionView.nullable() });
export type VersionComparison = z.infer<typeof VersionComparison>;
export const RestoreVersion = z.object({ letterId: LetterId, versionId: VersionId });
export const ReopenLetter = z.object({ letterId: LetterId, reason: z.string().trim().min(1).max(2000) });
