import { z } from 'zod';
import { LetterStyle } from './letter-style.ts';
import { SourceRef } from './documents.ts';
import { LedgerAmounts, ProviderTotals } from './facts.ts';
import { CollaborationId, LetterId, MatterId, TemplateId } from './ids.ts';
import { Letterhead } from './letterhead.ts';
import { Cents } from './money.ts';
import { EnteredValue, EnteredValues, TemplateVariable, VariableName } from './template-content.ts';

export const LetterStatus = z.enum(['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived']);
export type LetterStatus = z.infer<typeof LetterStatus>;
/** Whether its text and figures may still change. */
export const isOpen = (status: LetterStatus): boolean => status === 'Draft' || status === 'In_Review';

/**
 * What a chip in the letter stands for. The letter's body holds the variable's name only; its text is computed from
 * facts and bill lines each time, so a corrected fact changes every place at once.
 * missing: nothing known yet, blocks Finalize. proposed: found but not approved by a person, blocks Finalize.
 */
export const LetterVariable = z.object({
  name: z.string(),
  label: z.string(),
  text: z.string(),
  state: z.enum(['missing', 'proposed', 'approved', 'computed', 'entered']),
  sources: z.array(SourceRef),
  /** How a computed amount came about, "sum of 24 bill lines"; null otherwise. */
  working: z.string().nullable(),
});
export type LetterVariable = z.infer<typeof LetterVariable>;

export const Exhibit = z.object({ mark: z.string(), documentId: z.string(), name: z.string() });
export type Exhibit = z.infer<typeof Exhibit>;

/** A sentence of fact that cites nothing, and went out on an attorney's word. */
export const Attested = z.object({
  sentence: z.string(),
  byName: z.string().nullable(),
  at: z.number().int(),
  note: z.string().nullable(),
});
export type Attested = z.infer<typeof Attested>;

export const LetterValues = z.object({
  variables: z.record(z.string(), LetterVariable),
  specials: z.object({ providers: z.array(ProviderTotals), totals: LedgerAmounts }),
  /** Cited documents in order of first citation: Exhibit A, B, ... */
  exhibits: z.array(Exhibit),
  /** Of what Finalize froze. */
  attested: z.array(Attested).optional(),
});
export type LetterValues = z.infer<typeof LetterValues>;

/** One reason why a letter cannot be finalized yet, with the chip or field it points to, or what somebody said. */
export const Blocker = z.object({
  kind: z.enum(['missing', 'proposed', 'unread_total', 'role', 'finding', 'suggestion', 'comment', 'lost_words']),
  text: z.string(),
  variable: z.string().nullable(),
  collaborationId: CollaborationId.optional(),
});
export type Blocker = z.infer<typeof Blocker>;

/** Words that somebody typed in a paragraph while a colleague, who did not know of them, deleted it. */
export const LostWords = z.object({ key: z.string(), text: z.string(), byName: z.string().nullable(), at: z.number().int().nullable() });
export type LostWords = z.infer<typeof LostWords>;
export const DecideLostWords = z.object({
  letterId: LetterId,
  key: z.string().regex(/^swallowed:[0-9a-f]{32}$/),
  /** As a paragraph of their own, where they stood; or they stay out. */
  decision: z.enum(['put_back', 'leave_out']),
});

/** Which template a letter was drafted from. */
export const LetterOrigin = z.object({
  templateId: TemplateId,
  name: z.string().max(255),
  /** Of a template without versions, or of one that the firm had not numbered yet: null. */
  versionId: z.string().nullable(),
  number: z.number().int().nullable(),
});
export type LetterOrigin = z.infer<typeof LetterOrigin>;

export const LetterView = z.object({
  letterId: LetterId,
  matterId: MatterId,
  title: z.string(),
  status: LetterStatus,
  demandCents: Cents.nullable(),
  /** The Yjs document of the body, whole, as base64; the ProseMirror tree is in its XmlFragment "body". */
  body: z.string(),
  values: LetterValues,
  blockers: z.array(Blocker),
  /** Why this window may not edit ("finalized", a viewer); null when it may. */
  readOnlyReason: z.string().nullable(),
  /** Whether this person may let a sentence of fact stand that cites nothing. */
  mayAttest: z.boolean(),
  /** Whether it is finalized and this person may make it a draft again, or archive it. */
  mayReopen: z.boolean(),
  lostWords: z.array(LostWords),
  /** What is printed above the first page. */
  letterhead: Letterhead,
  authors: z.array(z.object({ name: z.string(), lastEditAt: z.number().int() })),
  origin: LetterOrigin.nullable(),
  /** What its template asked a person for, and what was entered. */
  asked: z.array(TemplateVariable),
  entered: EnteredValues,
  /** How it looks; null: as Steno's own letters. */
  style: LetterStyle.nullable(),
});
export type LetterView = z.infer<typeof LetterView>;
/** What stands around a letter's words: all but these and who typed them last, which change with each key. */
export type LetterOnDesk = Omit<LetterView, 'body' | 'authors'>;

export const DraftLetter = z.object({
  matterId: MatterId,
  templateId: TemplateId.optional(),
  entered: EnteredValues.default({}),
  /** Optional sections that this letter does without. */
  leaveOut: z.array(z.string().max(100)).max(200).default([]),
});
/** A value for what the template asked, or null to take it back. */
export const EnterValue = z.object({ letterId: LetterId, name: VariableName, value: EnteredValue.nullable() });
export const AsksRequest = z.object({ matterId: MatterId, templateId: TemplateId });
/** What a person is asked before a letter is drafted. */
export const AsksView = z.object({
  variables: z.array(TemplateVariable),
  sections: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Names of the matter's people and firms, to choose a party from. */
  parties: z.array(z.string()),
});
export type AsksView = z.infer<typeof AsksView>;
export const EditLetter = z.object({ letterId: LetterId, update: z.base64().max(20_000_000) });
export const SetDemand = z.object({ letterId: LetterId, demandCents: Cents.min(0).nullable() });

export const TemplateRow = z.object({ templateId: TemplateId, name: z.string(), category: z.string().nullable(), isDefault: z.boolean() });

/**
 * The letter as plain blocks, what exports and the command line read; made from the Yjs body on the main side.
 * The editor's ProseMirror schema uses the same node names: heading, paragraph, bulletList, orderedList, listItem, blockquote,
 * variable (attrs: name), citation (attrs: of = a variable's name), footnote, specialsTable, exhibitList, pageBreak, table, tableRow, tableHeader, tableCell;
 * a paragraph has the attribute numbered; marks bold, italic, underline.
 */
export type Inline =
  | { type: 'text'; text: string; bold?: boolean; italic?: boolean; underline?: boolean }
  | { type: 'variable'; name: string }
  | { type: 'citation'; of: string }
  | { type: 'break' }
  /** Stands at the foot of the page under the number that comes of its order in the letter; none inside another. */
  | { type: 'footnote'; content: Inline[] };
export type Block =
  | { type: 'heading'; level: 1 | 2 | 3; content: Inline[] }
  /** numbered: counts on through the whole letter, across headings; of paragraphs outside lists, quotations and tables only. */
  | { type: 'paragraph'; content: Inline[]; numbered?: true }
  | { type: 'list'; ordered: boolean; items: Block[][] }
  | { type: 'quote'; content: Block[] }
  | { type: 'specialsTable' }
  | { type: 'exhibitList' }
  | LetterTable
  | { type: 'pageBreak' };

/**
 * A table a person wrote, with as many cells in each row. Tables and page breaks stand between the letter's other blocks, never in a list, a quotation or
 * another table; cells hold paragraphs and lists.
 */
export interface LetterTable {
  type: 'table';
  rows: { isHead: boolean; cells: Block[][] }[];
}
/** Wider than any page; beyond it a row's cells are one. */
export const mostColumns = 64;
export const mostRows = 5_000;
