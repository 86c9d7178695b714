import { z } from 'zod';
import { SourceRef } from './documents.ts';
import { LedgerAmounts, ProviderTotals } from './facts.ts';
import { LetterId, MatterId, TemplateId } from './ids.ts';
import { Letterhead } from './letterhead.ts';
import { Cents } from './money.ts';

export const LetterStatus = z.enum(['Draft', 'In_Review', 'Finalized', 'Exported', 'Archived']);
export type LetterStatus = z.infer<typeof LetterStatus>;

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

export const LetterValues = z.object({
  variables: z.record(z.string(), LetterVariable),
  specials: z.object({ providers: z.array(ProviderTotals), totals: LedgerAmounts }),
  /** Cited documents in order of first citation: Exhibit A, B, ... */
  exhibits: z.array(Exhibit),
});
export type LetterValues = z.infer<typeof LetterValues>;

/** One reason why a letter cannot be finalized yet, with the chip or field it points to. */
export const Blocker = z.object({
  kind: z.enum(['missing', 'proposed', 'unread_total', 'role', 'finding', 'suggestion']),
  text: z.string(),
  variable: z.string().nullable(),
});
export type Blocker = z.infer<typeof Blocker>;

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
  /** Whether it is finalized and this person may make it a draft again. */
  mayReopen: z.boolean(),
  /** What is printed above the first page. */
  letterhead: Letterhead,
  authors: z.array(z.object({ name: z.string(), lastEditAt: z.number().int() })),
});
export type LetterView = z.infer<typeof LetterView>;

export const DraftLetter = z.object({ matterId: MatterId, templateId: TemplateId.optional() });
export const EditLetter = z.object({ letterId: LetterId, update: z.base64().max(20_000_000) });
export const SetDemand = z.object({ letterId: LetterId, demandCents: Cents.min(0).nullable() });

export const TemplateRow = z.object({ templateId: TemplateId, name: z.string(), category: z.string().nullable(), isDefault: z.boolean() });

/**
 * The letter as plain blocks, what exports and the command line read; made from the Yjs body on the main side.
 * The editor's ProseMirror schema uses the same node names: heading, paragraph, bulletList, orderedList, listItem, blockquote,
 * variable (attrs: name), citation (attrs: of = a variable's name), specialsTable, exhibitList; marks bold, italic, underline.
 */
export type Inline =
  | { type: 'text'; text: string; bold?: boolean; italic?: boolean; underline?: boolean }
  | { type: 'variable'; name: string }
  | { type: 'citation'; of: string }
  | { type: 'break' };
export type Block =
  | { type: 'heading'; level: 1 | 2 | 3; content: Inline[] }
  | { type: 'paragraph'; content: Inline[] }
  | { type: 'list'; ordered: boolean; items: Block[][] }
  | { type: 'quote'; content: Block[] }
  | { type: 'specialsTable' }
  | { type: 'exhibitList' };
