import PDFDocument from 'pdfkit';

/** A page whose second line ("Reserve set at 85000 dollars") is covered by a black bar and still in the file, and an empty page. */
export async function redactedPdf(): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'LETTER', margin: 72 });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  pdf.text('The claimant never had any trouble with her back before the fall.').text('Reserve set at 85000 dollars');
  pdf.rect(70, 86, 300, 14).fill('black').addPage();
  pdf.end();
  await done;
  return Buffer.concat(pieces);
}
