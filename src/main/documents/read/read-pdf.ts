import type { PDFiumPage } from '@hyzyla/pdfium';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { encodePage } from './encode-page.ts';
import { layOutPage } from './page-layout.ts';
import { hasUnreadAsides } from './pdf-asides.ts';
import { unseen, type Picture } from './pdf-oddities.ts';
import { mostCharsPerPage, readPageWords, type Word } from './pdf-words.ts';
import type { OpenPdf } from './pdfium.ts';
import { openPdf, withMemory } from './pdfium.ts';
import { inLines } from '../said.ts';
import { pagesListed } from './left-out.ts';
import type { PageSize, ReadPage, ReadPages, RenderedPage, RenderInput } from './reading.ts';
import { limits, refuse } from './reading.ts';

/** Pages are drawn to see what can be seen on them for so long: that takes longer than reading, and a file has a minute. */
const drawingMs = 25_000;

/**
 * Text and word boxes of every page. Refuses encrypted, damaged and overlong files with a reason. `mayDraw` says whether there is time to draw one more page.
 */
export async function readPdfPages(bytes: Uint8Array, file: string, mayDraw = within(drawingMs)): Promise<Outcome<ReadPages>> {
  return withPdf(bytes, file, async (pdf) => {
    if (pdf.pageCount === 0)
      return err(refuse.corrupt(file, 'The PDF has no pages that can be opened. It is damaged; ask for a new copy.'));
    if (pdf.pageCount > limits.pages) {
      return err(
        refuse.unsupported(
          file,
          `The PDF has ${String(pdf.pageCount)} pages; the limit is ${String(limits.pages)}. Split it and put the parts in the folder.`,
        ),
      );
    }
    const pages: ReadPage[] = [];
    const [cut, unchecked, filled]: [number[], number[], number[]] = [[], [], []];
    for (let index = 0; index < pdf.pageCount; index += 1) {
      const { placed, isCut, isCrowded, hasAsides, ...page } = readPage(pdf, index);
      const isSuspected = placed.some(({ suspicion }) => suspicion);
      const isDrawn = isSuspected && mayDraw();
      if (isDrawn) page.oddities = unseen(placed, page.words, await pictureOf(pdf, index));
      if (isCut) cut.push(page.page);
      if (hasAsides && !page.needsOcr) filled.push(page.page);
      if (isCrowded || (isSuspected && !isDrawn)) unchecked.push(page.page);
      pages.push(page);
    }
    const carried = pdf.raw._FPDFDoc_GetAttachmentCount(pdf.documentIdx);
    const note = inLines([
      attachedNote(carried),
      filled.length > 0 ? `What was filled in or noted on ${pagesListed(filled)} is shown, but was not read.` : null,
      cut.length > 0 ? `Only the first ${mostCharsPerPage.toLocaleString('en-US')} characters of ${pagesListed(cut)} were read.` : null,
      unchecked.length > 0
        ? `Whether words on ${pagesListed(unchecked)} are hidden or covered was not looked at: there is too much on them.`
        : null,
    ]);
    return ok({ pages, note });
  });
}

function attachedNote(count: number): string | null {
  if (count === 0) return null;
  return count === 1
    ? '1 file is attached inside the PDF and was not taken out. Save it from a PDF program into the folder.'
    : `${String(count)} files are attached inside the PDF and were not taken out. Save them from a PDF program into the folder.`;
}

/** One page as a picture of the given width (its height follows), with its text and boxes. */
export async function renderPdfPage({ bytes, page: pageNumber, widthPx, key }: RenderInput): Promise<Outcome<RenderedPage>> {
  return withPdf(
    bytes,
    'this PDF',
    async (pdf) => {
      if (pageNumber < 1 || pageNumber > pdf.pageCount) return err({ code: 'not_found', what: `page ${String(pageNumber)}` });
      const { text, words } = readPage(pdf, pageNumber - 1);
      const page = pdf.document.getPage(pageNumber - 1);
      const { originalWidth, originalHeight } = page.getOriginalSize();
      const width = Math.min(widthPx, Math.floor(Math.sqrt((limits.pixels * originalWidth) / Math.max(1, originalHeight))));
      const height = Math.max(1, Math.round((width * originalHeight) / Math.max(1, originalWidth)));
      const { default: sharp } = await import('sharp');
      let mediaType: 'image/png' | 'image/jpeg' = 'image/png';
      const rendered = await page.render({
        width,
        height,
        renderFormFields: true,
        render: async ({ data, width: w, height: h }) => {
          const encoded = await encodePage(sharp(data, { raw: { width: w, height: h, channels: 4 } }).removeAlpha());
          mediaType = encoded.mediaType;
          return new Uint8Array(encoded.bytes);
        },
      });
      const base64 = Buffer.from(rendered.data).toString('base64');
      return ok({ image: { mediaType, base64, widthPx: rendered.width, heightPx: rendered.height }, text, words });
    },
    key,
  );
}

/** How large each page is as displayed. */
export function pdfSizes(bytes: Uint8Array, key?: string): Promise<Outcome<PageSize[]>> {
  return withPdf(
    bytes,
    'this PDF',
    ({ raw, documentIdx, pageCount }) =>
      ok(
        withMemory(raw, 16, (pointer) =>
          Array.from({ length: Math.min(pageCount, limits.pages) }, (_, index) => {
            const isKnown = raw._FPDF_GetPageSizeByIndex(documentIdx, index, pointer, pointer + 8) !== 0;
            const view = new DataView(raw.HEAPU8.buffer, pointer, 16);
            const [widthPt, heightPt] = [view.getFloat64(0, true), view.getFloat64(8, true)];
            return isKnown && widthPt > 0 && heightPt > 0 ? { widthPt, heightPt } : { widthPt: 612, heightPt: 792 };
          }),
        ),
      ),
    key,
  );
}

/** One page of a PDF, opened for `use` and closed again; its size is that of the page as displayed. */
export function withPdfPage<T>(
  bytes: Uint8Array,
  pageNumber: number,
  use: (page: PDFiumPage, widthPt: number, heightPt: number) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return withPdf(bytes, 'this PDF', async (pdf) => {
    if (pageNumber < 1 || pageNumber > pdf.pageCount) return err({ code: 'not_found', what: `page ${String(pageNumber)}` });
    const page = pdf.document.getPage(pageNumber - 1);
    const { originalWidth, originalHeight } = page.getOriginalSize();
    return use(page, originalWidth, originalHeight);
  });
}

/** The document that was drawn from last: whoever scrolls asks for the next page of the same one. */
let held: { key: string; pdf: OpenPdf; uses: number } | null = null;
/** Then it is opened anew: PDFium keeps parts of each page it has seen for as long as the document is open. */
const mostUses = 64;

function letGo(): void {
  held?.pdf.document.destroy();
  held = null;
}

async function withPdf<T>(
  bytes: Uint8Array,
  file: string,
  use: (pdf: OpenPdf) => Outcome<T> | Promise<Outcome<T>>,
  key?: string,
): Promise<Outcome<T>> {
  if (held && held.key === key && held.uses < mostUses) {
    held.uses += 1;
    return use(held.pdf);
  }
  letGo();
  // PDFium repairs a cut-off file by leaving pages out without a word; a missing page is worse than a refused file.
  if (!hasEnd(bytes))
    return err(refuse.corrupt(file, 'The PDF is cut off: its end is missing. It may still be copying, or the copy failed.'));
  const opened = await openPdf(bytes);
  if (!opened.ok) {
    return opened.why === 'encrypted'
      ? err(refuse.unsupported(file, 'The PDF is protected with a password. Save a copy without the password and put it in the folder.'))
      : err(refuse.corrupt(file, 'The PDF is cut off or damaged and could not be opened. Ask for a new copy.'));
  }
  if (key !== undefined) held = { key, pdf: opened.pdf, uses: 1 };
  try {
    return await use(opened.pdf);
  } finally {
    if (key === undefined) opened.pdf.document.destroy();
  }
}

function hasEnd(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - 8192));
  return Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).toString('latin1').includes('%%EOF');
}

/** A page over an image with fewer readable characters than this is a scan with a stamp on it. */
const stampChars = 60;

interface PlacedPage extends ReadPage {
  placed: Word[];
  isCut: boolean;
  isCrowded: boolean;
  hasAsides: boolean;
}

function readPage(pdf: OpenPdf, index: number): PlacedPage {
  const handle = pdf.raw._FPDF_LoadPage(pdf.documentIdx, index);
  if (!handle)
    return { page: index + 1, text: '', words: [], placed: [], needsOcr: true, isCut: false, isCrowded: false, hasAsides: false };
  try {
    const found = readPageWords(pdf.raw, handle);
    const { text, words, placed } = layOutPage(found.words, found.widthPt, found.heightPt);
    const { isCut, isCrowded } = found;
    const needsOcr = found.hasImage && text.replace(/\s/g, '').length < stampChars;
    return { page: index + 1, text, words, placed, isCut, isCrowded, needsOcr, hasAsides: hasUnreadAsides(pdf.raw, handle) };
  } finally {
    pdf.raw._FPDF_ClosePage(handle);
  }
}

const pixelsPerPoint = 1.5;
const mostPixels = 4_000_000;

function within(budgetMs: number): () => boolean {
  const end = performance.now() + budgetMs;
  return () => performance.now() < end;
}

async function pictureOf(pdf: OpenPdf, index: number): Promise<Picture> {
  const page = pdf.document.getPage(index);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = Math.min(pixelsPerPoint, Math.sqrt(mostPixels / Math.max(1, originalWidth * originalHeight)));
  const size = { width: Math.max(1, Math.round(originalWidth * scale)), height: Math.max(1, Math.round(originalHeight * scale)) };
  const { data, width, height } = await page.render({ ...size, renderFormFields: true, render: (drawn) => Promise.resolve(drawn.data) });
  return { data, width, height };
}
