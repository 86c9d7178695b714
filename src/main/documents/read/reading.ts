import type { AppError } from '../../../shared/errors.ts';
import type { DocumentKind, Oddity, PageWord } from '../../../shared/documents.ts';
import type { Attachment } from './attachments.ts';

/** What the worker task `read` is given. `fileName` may be the path inside the case folder: its folders help to tell the kind. */
export interface ReadInput {
  bytes: Uint8Array;
  fileName: string;
  /** The media types of what it came in, from the inside out: a mail, an archive. */
  within?: readonly string[];
}

export interface ReadPage {
  /** Counts from 1. */
  page: number;
  text: string;
  /** Empty for DOCX and plain text, which have no boxes. `text.slice(start, end)` is the word. */
  words: PageWord[];
  /** The page is an image (or has next to no text over one). */
  needsOcr: boolean;
  /** Words of the text that nobody sees on the page; only of PDFs. */
  oddities?: Oddity[];
}

export interface ReadPages {
  pages: ReadPage[];
  /** What of the file is not in them, in sentences for the person, a line each; null where all is. */
  note: string | null;
}

/** What a reader makes of a file. */
export interface ReadFile extends ReadPages {
  attachments: Attachment[];
}

export interface ReadDocument extends ReadFile {
  mediaType: string;
  kind: DocumentKind;
  /** One short reason for the kind, for the person. */
  kindWhy: string;
  /** 0 to 100. */
  kindConfidence: number;
}

/** What the worker task `read` answers: a document without the places of its words. */
export type ReadText = Omit<ReadDocument, 'pages'> & { pages: Omit<ReadPage, 'words'>[] };

export interface RenderInput {
  bytes: Uint8Array;
  mediaType: string;
  page: number;
  widthPx: number;
  /** Names the file's content: a worker keeps the document of the last key open for the next page. */
  key?: string;
}

export type SizesInput = Pick<RenderInput, 'bytes' | 'mediaType' | 'key'>;

/** Of a page as it is displayed, in points. */
export interface PageSize {
  widthPt: number;
  heightPt: number;
}

export interface RenderedPage {
  /** null for DOCX and plain text. */
  image: { mediaType: 'image/png' | 'image/jpeg'; base64: string; widthPx: number; heightPx: number } | null;
  text: string;
  words: PageWord[];
}

export const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  rtf: 'application/rtf',
  text: 'text/plain',
  csv: 'text/csv',
  eml: 'message/rfc822',
  msg: 'application/vnd.ms-outlook',
  zip: 'application/zip',
  png: 'image/png',
  jpeg: 'image/jpeg',
  tiff: 'image/tiff',
  webp: 'image/webp',
} as const;

export const limits = {
  bytes: 200 * 1024 * 1024,
  pages: 5000,
  unzippedBytes: 400 * 1024 * 1024,
  zipEntries: 10_000,
  /** One part of an Office file: text, which is in memory several times while it is read. */
  xmlBytes: 60 * 1024 * 1024,
  /** Of an archive, or of the attachments of a mail. */
  archiveFiles: 1_000,
  archiveBytes: 200 * 1024 * 1024,
  picturePages: 1_000,
  textCharsPerFile: 20_000_000,
  pixels: 40_000_000,
};

/** Refusals as the list of documents shows them. `file` is the name without folders. */
export const refuse = {
  unsupported: (file: string, reason: string): AppError => ({ code: 'unsupported', what: `the file ${file}`, reason }),
  corrupt: (file: string, reason: string): AppError => ({ code: 'corrupt', what: `the file ${file}`, reason }),
};
