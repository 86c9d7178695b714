import { PDFiumLibrary } from '@hyzyla/pdfium';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LetterStyle, ownStyle } from '../../../src/shared/letter-style.ts';
import type { Block } from '../../../src/shared/letters.ts';
import { readDocxStructure } from '../../../src/main/documents/read/docx-structure.ts';
import { renderDocx } from '../../../src/main/export/docx.ts';
import { renderPdf } from '../../../src/main/export/pdf.ts';
import { printableLetter } from '../../../src/main/export/printable.ts';
import { importDocx } from '../../../src/main/templates/import-docx.ts';
import { docxParts } from '../../support/docx-parts.ts';
import { draft, letterhead } from '../export/letter-fixture.ts';

const seed = Number(process.env['STENO_SEED'] ?? Date.now() % 2 ** 31);
console.log(`letter style seed ${String(seed)} (repeat with STENO_SEED)`);

const { values } = draft();
const said = (text: string): Block => ({ type: 'paragraph', content: [{ type: 'text', text }] });
const blocks: Block[] = [
  { type: 'heading', level: 1, content: [{ type: 'text', text: 'Demand' }] },
  ...Array.from({ length: 30 }, () =>
    said('She was taken to the emergency department, where imaging showed a strain of the neck. '.repeat(3)),
  ),
  { type: 'heading', level: 3, content: [{ type: 'text', text: 'What follows' }] },
];
const printed = (style: LetterStyle | null) => printableLetter({ blocks, values, letterhead, title: 'Demand', finalized: true, style });

const half = (least: number, most: number) => fc.integer({ min: least * 2, max: most * 2 }).map((n) => n / 2);
const aHeading = fc.record({
  size: half(8, 36),
  bold: fc.boolean(),
  italic: fc.boolean(),
  underline: fc.boolean(),
  caps: fc.boolean(),
  centred: fc.boolean(),
});
const aStyle: fc.Arbitrary<LetterStyle> = fc
  .record({
    font: fc.constantFrom('Garamond', 'Times New Roman', 'Book Antiqua', 'Arial'),
    size: half(8, 16),
    lines: fc.integer({ min: 192, max: 720 }).map((n) => n / 240),
    after: half(0, 36),
    justified: fc.boolean(),
    margins: fc.record({ top: half(36, 144), right: half(36, 108), bottom: half(36, 144), left: half(36, 108) }),
    headings: fc.tuple(aHeading, aHeading),
  })
  // a template's sections look as the letter's first headings do, so these two are one here
  .map(({ headings: [main, third], ...style }) => ({ ...style, headings: [main, main, third] }));

test('property: a letter in any style, imported, gives that style again', async () => {
  await fc.assert(
    fc.asyncProperty(aStyle, async (style) => {
      expect(LetterStyle.safeParse(style).success).toBe(true);
      const read = await readDocxStructure({ bytes: await renderDocx(printed(style)), fileName: 'letter.docx' });
      if (!read.ok) throw new Error(read.error.code);
      expect(importDocx(read.value).style).toEqual(style);
    }),
    { seed, numRuns: 40 },
  );
});

test('a letter without a style of its own is set as all are; with one it is not', async () => {
  const other: LetterStyle = { ...ownStyle, font: 'Garamond', size: 14, margins: { top: 100, right: 100, bottom: 100, left: 100 } };
  expect(await renderDocx(printed(null))).toEqual(await renderDocx(printed(ownStyle)));
  expect(await renderPdf(printed(null))).toEqual(await renderPdf(printed(ownStyle)));
  const fonts = (style: LetterStyle | null) =>
    renderDocx(printed(style)).then((bytes) => docxParts(bytes).get('word/styles.xml')?.text ?? '');
  expect(await fonts(other)).toContain('w:ascii="Garamond"');
  expect(await fonts(other)).not.toContain('Source Serif');
  const pages = async (style: LetterStyle | null) =>
    Number(/\/Count (\d+)/.exec(Buffer.from(await renderPdf(printed(style))).toString('latin1'))?.[1]);
  expect(await pages(other)).toBeGreaterThan((await pages(null)) + 1);
});

test('a size between two that Word knows is the nearer one', async () => {
  const xml = docxParts(await renderDocx(printed({ ...ownStyle, size: 11.3 }))).get('word/styles.xml')?.text ?? '';
  expect(xml).toContain('<w:sz w:val="23"/>');
});

test('absurd looks become ones a letter can have', async () => {
  const sizes = { ...ownStyle, size: 16, lines: 3, after: 36 };
  const xml = await renderDocx(printed(sizes));
  const read = await readDocxStructure({ bytes: xml, fileName: 'letter.docx' });
  if (!read.ok) throw new Error(read.error.code);
  const mad = {
    ...read.value.style,
    font: 'x'.repeat(500),
    size: 400,
    lines: 900,
    after: -4,
    margins: { top: 1e9, right: Number.NaN, bottom: 0, left: 5 },
  };
  const { style } = importDocx({ ...read.value, style: mad });
  expect(LetterStyle.parse(style)).toMatchObject({
    font: ownStyle.font,
    size: 16,
    lines: 3,
    after: 0,
    margins: { top: 144, right: 72, bottom: 36, left: 36 },
  });
});

test('lines that are even on both sides hold the same words, and spaces between them', async () => {
  const library = await PDFiumLibrary.init();
  const words = async (justified: boolean): Promise<string[]> => {
    const document = await library.loadDocument(await renderPdf(printed({ ...ownStyle, justified })));
    const found = [...document.pages()].map((page) => page.getText()).join(' ');
    document.destroy();
    return found.split(/\s+/);
  };
  const [even, ragged] = [await words(true), await words(false)];
  library.destroy();
  expect(even).toEqual(ragged);
  expect(even.length).toBeGreaterThan(400);
  expect(await renderPdf(printed({ ...ownStyle, justified: true }))).not.toEqual(await renderPdf(printed(ownStyle)));
});
