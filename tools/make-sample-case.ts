/**
 * Writes the sample case the demo uses when no other folder is given: `node tools/make-sample-case.ts`.
 * The committed files in sample/ are what this program writes, so that anyone can see they are nobody's records.
 */
import { PDFiumLibrary } from '@hyzyla/pdfium';
import { Document, HeadingLevel, Packer, Paragraph, TextRun } from 'docx';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { ownStyle } from '../src/shared/letter-style.ts';
import { scrubbedParts, withFixedDates } from '../src/main/export/docx-scrub.ts';
import { fontBytes } from '../src/main/export/pdf-fonts.ts';
import { formatCents, sumCents } from '../src/shared/money.ts';
import { complaint, erRecord, incidentReport, mark, providers, type SampleProvider, wages } from './sample-case/okafor.ts';

const folder = path.join(import.meta.dirname, '..', 'sample', 'okafor-v-lakeside-market');

function write(name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function newPdf(title: string): { doc: PDFKit.PDFDocument; done: Promise<Buffer> } {
  const doc = new PDFDocument({ size: 'LETTER', margin: 72, info: { Title: title, CreationDate: new Date('2024-10-01T12:00:00Z') } });
  doc.registerFont('regular', fontBytes('latin regular')).registerFont('bold', fontBytes('latin bold'));
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { doc, done: new Promise((resolve) => doc.on('end', () => resolve(Buffer.concat(chunks)))) };
}

type Amounts = { billedCents: number; paidCents: number };
const columns = [72, 122, 300, 360, 425, 490];

function sumsOf(rows: readonly Amounts[]): string[] {
  const billed = sumCents(rows.map(({ billedCents }) => billedCents));
  const paid = sumCents(rows.map(({ paidCents }) => paidCents));
  return [formatCents(billed), formatCents(paid), formatCents(billed - paid)];
}

function tableRow(doc: PDFKit.PDFDocument, cells: readonly string[], font: 'regular' | 'bold'): void {
  const y = doc.y;
  doc.font(font, 10);
  for (const [index, cell] of cells.entries()) if (cell !== '') doc.text(cell, columns[index] ?? 72, y, { lineBreak: false });
  doc.x = 72;
  doc.y = y + 16;
}

function providerTable(doc: PDFKit.PDFDocument, number: number, { name, when, rows }: SampleProvider): void {
  if (doc.y + (rows.length + 4) * 16 > 720) doc.addPage();
  doc
    .font('bold', 11)
    .text(`${String(number)}. ${name} (${when})`)
    .moveDown(0.3);
  tableRow(doc, ['CPT', 'Description', 'Units', 'Billed', 'Paid', 'Balance'], 'bold');
  for (const row of rows) tableRow(doc, [row.code, row.description, String(row.units), ...sumsOf([row])], 'regular');
  tableRow(doc, ['Subtotal', '', '', ...sumsOf(rows)], 'bold');
  doc.moveDown(0.8);
}

async function billingLedger(): Promise<Buffer> {
  const { doc, done } = newPdf('Consolidated medical billing ledger (synthetic sample)');
  doc.font('bold', 15).text('CONSOLIDATED MEDICAL BILLING LEDGER - Ngozi Okafor');
  doc.font('regular', 9).text(mark).moveDown(0.5);
  doc
    .font('regular', 10)
    .text('Claim No. (plaintiff-side): MO-24-0117')
    .text('Compilation Date: 2024-09-30')
    .text('Compiled By: Marsh & Oyelaran LLP')
    .moveDown();
  for (const [index, provider] of providers.entries()) providerTable(doc, index + 1, provider);
  if (doc.y > 480) doc.addPage();
  doc.font('bold', 12).text('CONSOLIDATED TOTAL - PAST MEDICAL SPECIALS').moveDown(0.3);
  tableRow(doc, ['Provider', '', '', 'Billed', 'Paid', 'Balance'], 'bold');
  for (const { name, rows } of providers) tableRow(doc, [name, '', '', ...sumsOf(rows)], 'regular');
  tableRow(doc, ['Total past medical specials', '', '', ...sumsOf(providers.flatMap(({ rows }) => rows))], 'bold');
  doc.moveDown();
  doc.font('bold', 12).text('WAGE LOSS').moveDown(0.3).font('regular', 10);
  for (const line of wages) doc.text(line);
  doc.end();
  return done;
}

/** A page that is a picture, as a scanner makes it: its words are there for text recognition only. */
async function scannedPage(text: string): Promise<Buffer> {
  const { doc, done } = newPdf('scan');
  doc.font('regular', 12).text(text, { lineGap: 3 });
  doc.end();
  const library = await PDFiumLibrary.init();
  const pdf = await library.loadDocument(new Uint8Array(await done));
  const image = await pdf.getPage(0).render({
    scale: 150 / 72,
    render: ({ data, width, height }) =>
      sharp(data, { raw: { width, height, channels: 4 } })
        .flatten({ background: '#fff' })
        .greyscale()
        .png({ palette: true, colours: 8 })
        .toBuffer(),
  });
  pdf.destroy();
  library.destroy();
  return Buffer.from(image.data);
}

const pleading = new Document({
  sections: [
    {
      children: complaint.map(({ text, heading }) =>
        heading
          ? new Paragraph({ text, heading: HeadingLevel.HEADING_2 })
          : new Paragraph({ spacing: { after: 160 }, children: [new TextRun(text)] }),
      ),
    },
  ],
});

write('Incident/incident-report.txt', incidentReport);
write('Billing/billing-ledger.pdf', await billingLedger());
write(
  'Pleadings/complaint.docx',
  withFixedDates(await Packer.pack(pleading, 'uint8array', undefined, scrubbedParts('Complaint (synthetic sample)', ownStyle.font))),
);
write('Medical/er-record.png', await scannedPage(erRecord));
