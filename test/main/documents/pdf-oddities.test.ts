import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readPdfPages } from '../../../src/main/documents/read/read-pdf.ts';
import { must } from '../../support/laptop.ts';

/** What the reader says of one page, in the words of the page: kind and text. */
async function odd(draw: (pdf: PDFKit.PDFDocument) => void, options: { rotate?: number } = {}): Promise<string[]> {
  const pdf = new PDFDocument({ size: 'LETTER', margin: 0, compress: false });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  if (options.rotate) (pdf.page.dictionary.data as Record<string, unknown>)['Rotate'] = options.rotate;
  pdf.font('Helvetica').fontSize(12);
  pdf.text('The patient was seen in the emergency department.', 72, 60, { lineBreak: false });
  draw(pdf);
  pdf.end();
  await done;
  const [page] = must(await readPdfPages(new Uint8Array(Buffer.concat(pieces)), 'x.pdf')).pages;
  return (page?.oddities ?? []).map(({ kind, start, end }) => `${kind}: ${page?.text.slice(start, end) ?? ''}`);
}
const secret = 'Prior back injury 2019';
const write = (pdf: PDFKit.PDFDocument, text = secret): PDFKit.PDFDocument => pdf.text(text, 72, 100, { lineBreak: false });

test('a redaction that only covers is told, with the words under it, on a turned page too', async () => {
  const bar = (pdf: PDFKit.PDFDocument): void => void write(pdf).rect(70, 95, 200, 20).fill('black');
  expect(await odd(bar)).toEqual([`covered: ${secret}`]);
  // a text that runs down the page is read word by word
  expect((await odd(bar, { rotate: 90 })).toSorted()).toEqual(['covered: 2019', 'covered: Prior', 'covered: back', 'covered: injury']);
  const whiteOut = (pdf: PDFKit.PDFDocument): void => void write(pdf).rect(70, 95, 30, 20).fill('white');
  expect(await odd(whiteOut)).toEqual(['covered: Prior']);
});

test.each([
  ['as light as the paper', (pdf: PDFKit.PDFDocument) => void write(pdf.fillColor('#fefefe'))],
  ['drawn invisibly', (pdf: PDFKit.PDFDocument) => void write(pdf.addContent('3 Tr'))],
  ['too small to be seen', (pdf: PDFKit.PDFDocument) => void write(pdf.fontSize(0.8))],
  ['transparent', (pdf: PDFKit.PDFDocument) => void write(pdf.fillOpacity(0))],
])('words %s are told', async (_what, draw) => {
  expect(await odd(draw)).toEqual([`hidden: ${secret}`]);
});

test('words that can be seen are not: on a coloured ground, under a marker, white on black, in a table with a grid', async () => {
  const seen: ((pdf: PDFKit.PDFDocument) => void)[] = [
    (pdf) => void write(pdf.rect(70, 95, 200, 20).fill('#ffee88').fillColor('black')),
    (pdf) => void write(pdf).rect(70, 95, 200, 20).fillOpacity(0.3).fill('yellow'),
    (pdf) => void write(pdf.rect(70, 95, 200, 20).fill('black').fillColor('white')),
    (pdf) => void write(pdf).rect(70, 95, 200, 20).stroke(),
    (pdf) => void write(pdf.fillColor('#888888')),
    (pdf) => void write(pdf.fontSize(5)),
  ];
  for (const draw of seen) expect(await odd(draw)).toEqual([]);
});

test('the recognised text under a scan is none: the picture shows its words; where the picture is blacked out, it is told', async () => {
  const scan = (blackedOut: boolean): Promise<Buffer> => {
    const bar = blackedOut ? '<rect x="140" y="190" width="420" height="44"/>' : '';
    const svg = `<svg width="1224" height="1584"><rect width="1224" height="1584" fill="white"/><text x="144" y="224" font-size="24" font-family="Helvetica">${secret}</text>${bar}</svg>`;
    return sharp(Buffer.from(svg)).png().toBuffer();
  };
  const on = (picture: Buffer) => (pdf: PDFKit.PDFDocument) => void write(pdf.image(picture, 0, 0, { width: 612 }).addContent('3 Tr'));
  const withText = (await odd(on(await scan(false)))).filter((one) => one.includes('Prior'));
  expect(withText).toEqual([]);
  expect((await odd(on(await scan(true)))).some((one) => one.includes('Prior'))).toBe(true);
});
