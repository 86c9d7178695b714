import type { PDFiumPage } from '@hyzyla/pdfium';
import sharp from 'sharp';
import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { encodePage } from './encode-page.ts';
import { layOutPage } from './page-layout.ts';
import { unseen, type Picture } from './pdf-oddities.ts';
import { readPageWords, type Word } from './pdf-words.ts';
import type { OpenPdf } from './pdfium.ts';
import { openPdf, withMemory } from './pdfium.ts';
import type { PageSize, ReadPage, RenderedPage, RenderInput } from './reading.ts';
import { limits, refuse } from './reading.ts';

/** Text and word boxes of every page. Refuses encrypted, damaged and overlong files with a reason. */
export async function readPdfPages(bytes: Uint8Array, file: string): Promise<Outcome<ReadPage[]>> {
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
    let drawn = 0;
    for (let index = 0; index < pdf.pageCount; index += 1) {
      const { placed, ...page } = readPage(pdf, index);
      if (drawn < mostDrawn && placed.some(({ suspicion }) => suspicion)) {
        drawn += 1;
        page.oddities = unseen(placed, page.words, await pictureOf(pdf, index));
      }
      pages.push(page);
    }
    return ok(pages);
  });
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

function readPage(pdf: OpenPdf, index: number): ReadPage & { placed: Word[] } {
  const handle = pdf.raw._FPDF_LoadPage(pdf.documentIdx, index);
  if (!handle) return { page: index + 1, text: '', words: [], placed: [], needsOcr: true };
  try {
    const found = readPageWords(pdf.raw, handle);
    const { text, words, placed } = layOutPage(found.words, found.widthPt, found.heightPt);
    return { page: index + 1, text, words, placed, needsOcr: found.hasImage && text.replace(/\s/g, '').length < stampChars };
  } finally {
    pdf.raw._FPDF_ClosePage(handle);
  }
}

/** Pages of one file that are drawn to see what can be seen on them: drawing takes longer than reading. */
const mostDrawn = 200;
const pixelsPerPoint = 1.5;
const mostPixels = 4_000_000;

async function pictureOf(pdf: OpenPdf, index: number): Promise<Picture> {
  const page = pdf.document.getPage(index);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const scale = Math.min(pixelsPerPoint, Math.sqrt(mostPixels / Math.max(1, originalWidth * originalHeight)));
  const size = { width: Math.max(1, Math.round(originalWidth * scale)), height: Math.max(1, Math.round(originalHeight * scale)) };
  const { data, width, height } = await page.render({ ...size, renderFormFields: true, render: (drawn) => Promise.resolve(drawn.data) });
  return { data, width, height };
}
