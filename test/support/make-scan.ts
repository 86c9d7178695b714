import PDFDocument from 'pdfkit';
import { renderPage } from '../../src/main/documents/read/read-worker.ts';
import { makePdf } from './make-pdf.ts';

/** A picture of a page with these lines, as a scanner makes it. */
export async function makeScan(lines: readonly string[], widthPx = 1275): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await makePdf([lines.map((text, n) => ({ text, x: 72, y: 90 + n * 24, size: 13 }))]);
  const drawn = await renderPage({ bytes, mediaType: 'application/pdf', page: 1, widthPx });
  if (!drawn.ok || !drawn.value.image) throw new Error('the page was not drawn');
  return new Uint8Array(Buffer.from(drawn.value.image.base64, 'base64'));
}

/** A PDF of pages that are text (a string) and pages that are pictures with a stamp on them (lines). */
export async function makeMixedPdf(pages: readonly (string | readonly string[])[]): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = new PDFDocument({ autoFirstPage: false, size: 'LETTER', margin: 0 });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  for (const page of pages) {
    pdf.addPage();
    if (typeof page === 'string') pdf.fontSize(11).text(page, 72, 72, { width: 460 });
    else {
      pdf.image(Buffer.from(await makeScan(page)), 0, 0, { width: 612 });
      pdf.fontSize(9).text('RIVERA 000123', 500, 770, { lineBreak: false });
    }
  }
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(pieces));
}
