import { z } from 'zod';
import { DocumentKind } from './documents.ts';
import { DocumentId, LinkId } from './ids.ts';

/** How the first of two documents belongs to the second. */
export const LinkKind = z.enum(['offer_for', 'counter_offer', 'record_for', 'attachment_of', 'reply_to', 'supersedes', 'duplicate_of']);
export type LinkKind = z.infer<typeof LinkKind>;

/** How one document belongs to another, read from the first to the second and from the second to the first. */
export const linkWords: Record<LinkKind, [there: string, back: string]> = {
  record_for: ['Record behind the bill', 'Rests on the record'],
  offer_for: ['Offer for the request', 'Answered by the offer'],
  counter_offer: ['Counter-offer to the demand', 'Answered by the counter-offer'],
  attachment_of: ['Came with the mail', 'Brought along'],
  reply_to: ['Reply to', 'Answered by'],
  supersedes: ['Takes the place of', 'Replaced by'],
  duplicate_of: ['The same as', 'The same as'],
};

/** One link, as seen from one of its two documents. */
export const LinkView = z.object({
  linkId: LinkId,
  kind: LinkKind,
  /** Whether the document it is seen from is the first of the two. */
  isFrom: z.boolean(),
  /** 0 to 100; 100 for what a person linked. */
  confidence: z.number().int(),
  /** Why a rule proposed it; null where a person linked them. */
  why: z.string().nullable(),
  method: z.enum(['rule', 'person']),
  state: z.enum(['proposed', 'approved', 'rejected']),
  decidedByName: z.string().nullable(),
  other: z.object({ documentId: DocumentId, fileName: z.string(), relativePath: z.string(), kind: DocumentKind, missing: z.boolean() }),
});
export type LinkView = z.infer<typeof LinkView>;

export const AddLink = z.object({ fromDocumentId: DocumentId, toDocumentId: DocumentId, kind: LinkKind });
export type AddLink = z.infer<typeof AddLink>;

export const DecideLinks = z.object({ linkIds: z.array(LinkId).min(1).max(1_000), decision: z.enum(['approved', 'rejected']) });
export type DecideLinks = z.infer<typeof DecideLinks>;
