import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { classifyDocument } from '../classify.ts';
import type { DocxStructure } from './docx-structure.ts';
import { inPages } from './flowing-pages.ts';
import { readCsvPages } from './read-csv.ts';
import { pdfSizes, readPdfPages, renderPdfPage } from './read-pdf.ts';
import { readRtfPages } from './read-rtf.ts';
import { readTextPages } from './read-text.ts';
import type { ReadDocument, ReadFile, ReadInput, ReadText, PageSize, ReadPages, RenderInput, RenderedPage, SizesInput } from './reading.ts';
import { limits, mediaTypes, refuse } from './reading.ts';
import { sniff } from './sniff.ts';

/** What is looked at page by page; all other text flows. */
const hasPages: ReadonlySet<keyof typeof mediaTypes> = new Set(['pdf', 'png', 'jpeg', 'tiff', 'webp']);

/** Reads a file's bytes into pages. Every expected failure is an AppError with a reason for the person; nothing here throws for a bad file. */
export async function read(input: ReadInput): Promise<Outcome<ReadDocument>> {
  const file = input.fileName.split(/[\\/]/).at(-1) ?? input.fileName;
  if (input.bytes.length > limits.bytes)
    return err(refuse.unsupported(file, 'The file is larger than 200 MB. Split it and put the parts in the folder.'));
  const sniffed = await sniff(input.bytes, file);
  if (sniffed.type === 'unsupported') return err(refuse.unsupported(file, sniffed.reason));
  if (sniffed.type === 'corrupt') return err(refuse.corrupt(file, sniffed.reason));
  const found = await readFile(sniffed.type, input.bytes, file, input.within ?? []);
  if (!found.ok) return found;
  const pages = hasPages.has(sniffed.type) ? found.value.pages : inPages(found.value.pages);
  if (pages.length > limits.pages)
    return err(refuse.unsupported(file, `The file has more than ${String(limits.pages)} pages. Split it and put the parts in the folder.`));
  const chars = pages.reduce((total, page) => total + page.text.length, 0);
  if (chars > limits.textCharsPerFile)
    return err(refuse.unsupported(file, 'The file holds more text than Steno reads at once. Split it and put the parts in the folder.'));
  const mediaType = mediaTypes[sniffed.type];
  return ok({
    mediaType,
    ...found.value,
    pages,
    ...classifyDocument({ path: input.fileName, mediaType, text: pages.map((page) => page.text).join('\n') }),
  });
}

/** A Word document with its structure, for what is no evidence. */
async function readStructure(input: { bytes: Uint8Array; fileName: string }): Promise<Outcome<DocxStructure>> {
  return (await import('./docx-structure.ts')).readDocxStructure(input);
}

/** Draws one page. Only PDFs and pictures have one; of everything else the text is all there is. */
export async function renderPage(input: RenderInput): Promise<Outcome<RenderedPage>> {
  if (input.mediaType === mediaTypes.pdf) return renderPdfPage(input);
  if (input.mediaType.startsWith('image/')) return (await import('./read-image.ts')).renderImage(input.bytes, input.page, input.widthPx);
  return err(refuse.unsupported('', 'Steno cannot draw this type of file.'));
}

/** How large each page is, without drawing any. */
export async function pageSizes({ bytes, mediaType, key }: SizesInput): Promise<Outcome<PageSize[]>> {
  if (mediaType === mediaTypes.pdf) return pdfSizes(bytes, key);
  if (mediaType.startsWith('image/')) return (await import('./read-image.ts')).imageSizes(bytes);
  return err(refuse.unsupported('', 'Steno cannot draw this type of file.'));
}

// A reader is loaded with the first file that needs it: most files are PDFs, and a worker that waits for no other library starts in a third of the time.

async function readFile(
  type: keyof typeof mediaTypes,
  bytes: Uint8Array,
  file: string,
  within: readonly string[],
): Promise<Outcome<ReadFile>> {
  if (type === 'zip') return (await import('./read-archive.ts')).readArchive(bytes, file, within);
  if (type === 'eml') return (await import('./read-mail.ts')).readEml(bytes, file, within);
  if (type === 'msg') return (await import('./read-mail.ts')).readMsg(bytes, file, within);
  const pages = await readPages(type, bytes, file);
  return pages.ok ? ok({ ...pages.value, attachments: [] }) : pages;
}

async function readPages(
  type: Exclude<keyof typeof mediaTypes, 'zip' | 'eml' | 'msg'>,
  bytes: Uint8Array,
  file: string,
): Promise<Outcome<ReadPages>> {
  switch (type) {
    case 'pdf':
      return readPdfPages(bytes, file);
    case 'docx':
      return (await import('./read-docx.ts')).readDocxPages(bytes, file);
    case 'xlsx':
      return (await import('./read-xlsx.ts')).readXlsxPages(bytes, file);
    case 'rtf':
      return readRtfPages(bytes, file);
    case 'csv':
      return ok({ pages: readCsvPages(bytes), note: null });
    case 'text':
      return ok({ pages: readTextPages(bytes), note: null });
    case 'png':
    case 'jpeg':
    case 'tiff':
    case 'webp':
      return (await import('./read-image.ts')).readImagePages(bytes, file);
  }
}

/** What core keeps of a file. Where each word stands it does not ask: the viewer looks that up in the page it opens, and thousands of boxes take longer to send than to find. */
async function readText(input: ReadInput): Promise<Outcome<ReadText>> {
  const found = await read(input);
  if (!found.ok) return found;
  return ok({ ...found.value, pages: found.value.pages.map(({ words: _boxes, ...page }) => page) });
}

/** The worker's table of tasks. */
export const tasks = { read: readText, readStructure, renderPage, pageSizes };
