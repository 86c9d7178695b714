import { z } from 'zod';
import { FileView } from './files.ts';
import { DocumentId, MatterId } from './ids.ts';

export const DocumentKind = z.enum([
  'Medical_Record',
  'Bill',
  'Police_Report',
  'Correspondence',
  'Photo',
  'Insurance',
  'Pleading',
  'Testimony',
  'Incident_Report',
  'Contract',
  'Call_Sheet',
  'RFQ',
  'Offer',
  'Demand',
  'Other',
]);
export type DocumentKind = z.infer<typeof DocumentKind>;

/** A place in a page's text that nobody sees on the page: hidden (invisible, as light as paper, tiny) or covered (something was laid over it). */
export const Oddity = z.object({ kind: z.enum(['hidden', 'covered']), start: z.number().int().min(0), end: z.number().int().min(0) });
export type Oddity = z.infer<typeof Oddity>;

/**
 * waiting: found, not read yet. reading: in a worker. read: text is here. waiting_for_ocr: the pages are images and
 * keep until text recognition reads them. failed: tried and could not. unsupported: no reader for this type.
 */
export const DocumentState = z.enum(['waiting', 'reading', 'read', 'waiting_for_ocr', 'failed', 'unsupported']);
export type DocumentState = z.infer<typeof DocumentState>;

/** An exact place in a document: characters [start, end) of the page's text, which spell `quote`. Pages count from 1. */
export const SourceRef = z.object({
  documentId: DocumentId,
  documentName: z.string(),
  page: z.number().int().min(1),
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  quote: z.string(),
});
export type SourceRef = z.infer<typeof SourceRef>;

export const DocumentRow = z.object({
  documentId: DocumentId,
  matterId: MatterId,
  fileName: z.string(),
  /** Path inside the case folder, with forward slashes. */
  relativePath: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number().int(),
  pageCount: z.number().int().nullable(),
  kind: DocumentKind,
  /** Who told the kind; null: an older Steno, which did not say. */
  kindBy: z.enum(['rule', 'learned', 'person']).nullable(),
  /** 0 to 100. */
  kindConfidence: z.number().int().nullable(),
  /** Why it is taken for that, as the rest of a sentence. */
  kindWhy: z.string().nullable(),
  state: DocumentState,
  /** Why it is waiting, failed or unsupported, or what of it was not read, in words for the person; null where nothing is to be said. */
  reason: z.string().nullable(),
  /** The file is no longer in the folder; the document stays. */
  missing: z.boolean(),
  addedAt: z.number().int(),
  addedByName: z.string().nullable(),
  /** The file's bytes are on this laptop; false while they are only at the firm. */
  contentHere: z.boolean(),
});
export type DocumentRow = z.infer<typeof DocumentRow>;

/** One word of a page: characters [start, end) of the text, and its box as fractions (0..1) of the page, from top left. */
export const PageWord = z.object({
  start: z.number().int(),
  end: z.number().int(),
  x: z.number(),
  y: z.number(),
  w: z.number(),
  h: z.number(),
});
export type PageWord = z.infer<typeof PageWord>;

export const PageView = z.object({
  documentId: DocumentId,
  page: z.number().int().min(1),
  pageCount: z.number().int().min(1),
  text: z.string(),
  /** The page as a picture; null for documents that have text only (DOCX, TXT), or where the bytes are not here yet. */
  image: z
    .object({ mediaType: z.enum(['image/png', 'image/jpeg']), base64: z.string(), widthPx: z.number(), heightPx: z.number() })
    .nullable(),
  words: z.array(PageWord),
  /** Set where the page would be drawn but its file is not on this laptop. */
  file: FileView.nullable(),
  /** null: a picture that nobody has read yet, or read by an older Steno. */
  readBy: z.enum(['text', 'ocr']).nullable(),
  /** How sure text recognition was, 0 to 100. */
  confidence: z.number().int().nullable(),
  /** Degrees clockwise that turn the picture upright; the boxes of `words` lie on it as it is. */
  rotation: z.number().int(),
});
export type PageView = z.infer<typeof PageView>;

export const PageRequest = z.object({
  documentId: DocumentId,
  page: z.number().int().min(1).max(100_000),
  widthPx: z.number().int().min(100).max(3000),
});

const Degrees = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]);

/** How a document is laid out, before any of its pages is drawn. */
export const Outline = z.object({
  documentId: DocumentId,
  fileName: z.string(),
  pages: z.array(
    z.object({
      /** In points of 1/72 inch, as it is displayed before it is turned; null where the page has text only, or its file is not here yet. */
      size: z.object({ widthPt: z.number(), heightPt: z.number() }).nullable(),
      /** Degrees clockwise that turn a picture upright. */
      upright: z.number().int(),
      /** Degrees clockwise by which this person turned it further. */
      turn: z.number().int(),
      hasText: z.boolean(),
    }),
  ),
});
export type Outline = z.infer<typeof Outline>;

/** page null: all pages, and by 0 then means as they came. */
export const TurnPages = z.object({ documentId: DocumentId, page: z.number().int().min(1).max(100_000).nullable(), by: Degrees });

const Place = z.object({ page: z.number().int(), start: z.number().int(), end: z.number().int() });
/** Characters [start, end) of a page's text, which may go on on a page behind it. */
export const FoundPlace = Place.extend({ goesOn: Place.optional() });
export type FoundPlace = z.infer<typeof FoundPlace>;
export const FoundPlaces = z.object({ places: z.array(FoundPlace), hasMore: z.boolean() });
export type FoundPlaces = z.infer<typeof FoundPlaces>;

/** How far the reading of a matter's folder has come. */
export const IngestProgress = z.object({
  matterId: MatterId,
  total: z.number().int(),
  done: z.number().int(),
  failed: z.number().int(),
  /** File being read now, or null. */
  current: z.string().nullable(),
  /** Pages that are pictures: how many there are, and how many of them were turned into text. */
  ocr: z.object({ total: z.number().int(), done: z.number().int() }),
  /** Set when the case folder cannot be reached; reading resumes when it is back. */
  problem: z.string().nullable(),
});
export type IngestProgress = z.infer<typeof IngestProgress>;
