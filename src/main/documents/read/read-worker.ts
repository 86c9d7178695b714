import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { classifyDocument } from '../classify.ts';
import { readDocxPages } from './read-docx.ts';
import { readImagePages, renderImage } from './read-image.ts';
import { readPdfPages, renderPdfPage } from './read-pdf.ts';
import { readTextPages } from './read-text.ts';
import type { ReadDocument, ReadInput, ReadPage, RenderInput, RenderedPage } from './reading.ts';
import { limits, mediaTypes, refuse } from './reading.ts';
import { sniff } from './sniff.ts';

/** Reads a file's bytes into pages. Every expected failure is an AppError with a reason for the person; nothing here throws for a bad file. */
export async function read(input: ReadInput): Promise<Outcome<ReadDocument>> {
  const file = input.fileName.split(/[\\/]/).at(-1) ?? input.fileName;
  if (input.bytes.length > limits.bytes)
    return err(refuse.unsupported(file, 'The file is larger than 200 MB. Split it and put the parts in the folder.'));
  const sniffed = await sniff(input.bytes, file);
  if (sniffed.type === 'unsupported') return err(refuse.unsupported(file, sniffed.reason));
  if (sniffed.type === 'corrupt') return err(refuse.corrupt(file, sniffed.reason));
  const pages = await readPages(sniffed.type, input.bytes, file);
  if (!pages.ok) return pages;
  const chars = pages.value.reduce((total, page) => total + page.text.length, 0);
  if (chars > limits.textCharsPerFile)
    return err(refuse.unsupported(file, 'The file holds more text than Steno reads at once. Split it and put the parts in the folder.'));
  const mediaType = mediaTypes[sniffed.type];
  return ok({
    mediaType,
    pages: pages.value,
    ...classifyDocument({ path: input.fileName, mediaType, text: pages.value.map((page) => page.text).join('\n') }),
  });
}

/** Draws one page. DOCX and text have no picture: `image` is null and the text stands alone. */
export async function renderPage(input: RenderInput): Promise<Outcome<RenderedPage>> {
  switch (input.mediaType) {
    case mediaTypes.pdf:
      return renderPdfPage(input.bytes, input.page, input.widthPx);
    case mediaTypes.png:
    case mediaTypes.jpeg:
      return renderImage(input.bytes, input.widthPx);
    case mediaTypes.docx:
    case mediaTypes.text: {
      const pages = await readPages(input.mediaType === mediaTypes.docx ? 'docx' : 'text', input.bytes, 'this document');
      if (!pages.ok) return pages;
      const page = pages.value[input.page - 1];
      return page ? ok({ image: null, text: page.text, words: [] }) : err({ code: 'not_found', what: `page ${String(input.page)}` });
    }
    default:
      return err(refuse.unsupported('', 'Steno cannot draw this type of file.'));
  }
}

function readPages(type: keyof typeof mediaTypes, bytes: Uint8Array, file: string): Promise<Outcome<ReadPage[]>> {
  switch (type) {
    case 'pdf':
      return readPdfPages(bytes, file);
    case 'docx':
      return readDocxPages(bytes, file);
    case 'png':
    case 'jpeg':
      return readImagePages(bytes, file);
    case 'text':
      return Promise.resolve(ok(readTextPages(bytes)));
  }
}

/** The worker's table of tasks. */
export const tasks = { read, renderPage };
