import { Document, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import PDFDocument from 'pdfkit';

/** A text of paragraphs parted by empty lines, with rows of cells parted by tabs, as Word saves it. */
export async function asDocx(text: string): Promise<Uint8Array> {
  const children = text.split(/\n{2,}/).map((part) => {
    const lines = part.replace(/\n+$/, '').split('\n');
    if (lines.some((line) => line.includes('\t')))
      return new Table({
        rows: lines.map(
          (line) => new TableRow({ children: line.split('\t').map((cell) => new TableCell({ children: [new Paragraph(cell)] })) }),
        ),
      });
    return new Paragraph({ children: lines.map((line, n) => new TextRun(n === 0 ? { text: line } : { text: line, break: 1 })) });
  });
  return new Uint8Array(await Packer.toBuffer(new Document({ sections: [{ children }] })));
}

const margin = 72;
const lineHeight = 16;

/** The same as a PDF of letter pages: lines wrap, tables stand in columns, a page ends where it is full. */
export async function asPdf(text: string): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'LETTER', margin });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  pdf.font('Times-Roman').fontSize(11);
  for (const part of text.trimEnd().split(/\n{2,}/)) {
    const rows = part.split('\n').filter((line) => line.includes('\t'));
    if (rows.length === 0) pdf.text(part, margin, pdf.y);
    for (const row of rows) {
      const cells = row.split('\t');
      if (pdf.y + lineHeight > pdf.page.height - margin) pdf.addPage();
      const { y } = pdf;
      for (const [n, cell] of cells.entries()) pdf.text(cell, margin + ([0, 190, 350][Math.min(n, 2)] ?? 0) + Math.max(0, n - 2) * 60, y, { lineBreak: false }); // prettier-ignore
      pdf.y = y + lineHeight;
    }
    pdf.y += 11;
  }
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(pieces));
}
