import PDFDocument from 'pdfkit';

export interface TextAt {
  text: string;
  x: number;
  y: number;
  size?: number;
}

/** A PDF whose pages hold the given words at the given places (points from the top left of a letter page). */
export async function makePdf(
  pages: readonly (readonly TextAt[])[],
  options: PDFKit.PDFDocumentOptions & { rotate?: number } = {},
): Promise<Uint8Array> {
  const { rotate, ...rest } = options;
  const pdf = new PDFDocument({ autoFirstPage: false, size: 'LETTER', margin: 0, compress: false, ...rest });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  for (const page of pages) {
    pdf.addPage();
    if (rotate) (pdf.page.dictionary.data as Record<string, unknown>)['Rotate'] = rotate;
    for (const { text, x, y, size } of page)
      pdf
        .font('Helvetica')
        .fontSize(size ?? 10)
        .text(text, x, y, { lineBreak: false });
  }
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(pieces));
}
