import { expect, test } from 'vitest';
import { readDocxStyle } from '../../../src/main/documents/read/docx-style.ts';

const headings = new Map([
  ['H1', 1],
  ['H2', 2],
]);
const paragraph = (words: string, { style = '', own = '', run = '' } = {}): string =>
  `<w:p><w:pPr>${style && `<w:pStyle w:val="${style}"/>`}${own}<w:rPr><w:sz w:val="72"/></w:rPr></w:pPr><w:r><w:rPr>${run}</w:rPr><w:t>${words}</w:t></w:r></w:p>`;
const long = 'She was taken to the emergency department, where imaging showed a strain. '.repeat(4);
const styles = `<w:styles>
  <w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:asciiTheme="minorHAnsi"/><w:sz w:val="22"/></w:rPr></w:rPrDefault>
    <w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
  <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:sz w:val="24"/></w:rPr></w:style>
  <w:style w:type="character" w:styleId="Loud"><w:rPr><w:rFonts w:ascii="Impact"/></w:rPr></w:style>
  <w:style w:type="paragraph" w:styleId="Body"><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:line="360"/><w:jc w:val="both"/></w:pPr></w:style>
  <w:style w:type="paragraph" w:styleId="H1"><w:basedOn w:val="Body"/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:caps/><w:sz w:val="28"/></w:rPr></w:style>
  <w:style w:type="paragraph" w:styleId="Ring"><w:basedOn w:val="Ring2"/></w:style>
  <w:style w:type="paragraph" w:styleId="Ring2"><w:basedOn w:val="Ring"/><w:rPr><w:rFonts w:ascii="Courier New"/></w:rPr></w:style>
</w:styles>`;
const theme =
  '<a:theme><a:majorFont><a:latin typeface="Cambria"/></a:majorFont><a:minorFont><a:latin typeface="Garamond"/></a:minorFont></a:theme>';
const read = (body: string, more: { styles?: string; theme?: string } = {}) => readDocxStyle({ body, styles, theme, ...more }, headings);

test('what a style says goes before what it is based on, and that before the document’s own; fonts by their theme', () => {
  const found = read(paragraph(long, { style: 'Body' }) + paragraph('The facts', { style: 'H1' }));
  expect(found).toMatchObject({ font: 'Garamond', size: 12, lines: 1.5, after: 8, justified: true });
  expect(found.headings).toEqual([{ size: 14, bold: true, italic: false, underline: false, caps: true, centred: true }, null, null]);
  // control: without its style it is the document's own
  expect(read(paragraph(long))).toMatchObject({ font: 'Garamond', size: 12, lines: 259 / 240, justified: false });
});

test('what most of the words carry themselves is how it looks; the mark at a paragraph’s end and words in tables are not', () => {
  const arial = paragraph(long, { run: '<w:rFonts w:ascii="Arial" w:hAnsi="Arial"/><w:sz w:val="21"/>' });
  expect(read(arial + paragraph('Short.'))).toMatchObject({ font: 'Arial', size: 10.5 });
  expect(read(`<w:tbl>${paragraph(long.repeat(3), { run: '<w:rFonts w:ascii="Arial"/>' })}</w:tbl>${paragraph('Short.')}`).font).toBe(
    'Garamond',
  );
});

test('a letter without styled headings has its lines in bold for them; margins are its last section’s', () => {
  const bold = paragraph('FACTS', { own: '<w:jc w:val="center"/>', run: '<w:b/><w:u w:val="single"/>' });
  const margins = '<w:sectPr><w:pgMar w:top="1440" w:right="1800" w:bottom="720" w:left="1800"/></w:sectPr>';
  const found = read(bold + paragraph(long) + margins);
  expect(found.headings[0]).toEqual({ size: 12, bold: true, italic: false, underline: true, caps: true, centred: true });
  expect(found.margins).toEqual({ top: 72, right: 90, bottom: 36, left: 90 });
});

test('styles in a ring, numbers that are none and no styles at all end in what there is', () => {
  expect(read(paragraph(long, { style: 'Ring' })).font).toBe('Courier New');
  expect(read(paragraph(long), { styles: '', theme: '' })).toMatchObject({ font: null, size: null, lines: null, margins: null });
  expect(read(paragraph(long, { run: '<w:sz/><w:sz w:val="large"/><w:sz w:val="-4"/>' })).size).toBe(12);
  expect(read('<w:p><w:r><w:t>', { styles: '<w:style w:type="paragraph" w:styleId="' })).toMatchObject({ font: null });
});
