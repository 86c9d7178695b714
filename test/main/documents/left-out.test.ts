import PDFDocument from 'pdfkit';
import { expect, test } from 'vitest';
import { readPdfPages } from '../../../src/main/documents/read/read-pdf.ts';
import { read } from '../../../src/main/documents/read/read-worker.ts';
import { inLines, isSaid, replacedReason, sayOf } from '../../../src/main/documents/said.ts';
import { must } from '../../support/laptop.ts';
import { makeXlsx, makeZip } from '../../support/make-zip.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const noteOf = async (bytes: Uint8Array, fileName: string): Promise<string | null> => must(await read({ bytes, fileName })).note;
const textOf = async (bytes: Uint8Array, fileName: string): Promise<string> =>
  must(await read({ bytes, fileName }))
    .pages.map(({ text }) => text)
    .join('\f');

const cell = (column: string): string => `<c r="${column}1" t="str"><v>x</v></c>`;

test('a workbook that is read in part says which sheets are', async () => {
  // IV is the 256th column
  expect(await noteOf(makeXlsx({ Ledger: `<row>${cell('A')}${cell('IV')}</row>` }), 'a.xlsx')).toBeNull();
  expect(await noteOf(makeXlsx({ Ledger: `<row>${cell('A')}${cell('IW')}</row>`, Short: `<row>${cell('B')}</row>` }), 'a.xlsx')).toBe(
    'Only the first 256 columns of sheet “Ledger” were read.',
  );
  const many = Object.fromEntries(Array.from({ length: 1_003 }, (_, n) => [`S${String(n)}`, `<row>${cell('A')}</row>`]));
  expect(await noteOf(makeXlsx(many), 'a.xlsx')).toBe('Only the first 1000 of its 1003 sheets were read.');
});

test('sheets that hold no table, comments, text boxes and large pictures of a workbook are said to be unread', async () => {
  const main = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const workbook = makeZip([
    {
      name: '[Content_Types].xml',
      bytes:
        '<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    },
    {
      name: 'xl/workbook.xml',
      bytes: `<workbook ${main}><sheets><sheet name="Bills" r:id="a"/><sheet name="Graph" r:id="b"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes:
        '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="chartsheets/sheet1.xml"/></Relationships>',
    },
    { name: 'xl/worksheets/sheet1.xml', bytes: `<worksheet><sheetData><row>${cell('A')}</row></sheetData></worksheet>` },
    { name: 'xl/comments1.xml', bytes: '<comments><text><t>Denied</t></text></comments>' },
    { name: 'xl/drawings/drawing1.xml', bytes: '<xdr:wsDr><a:t>See below</a:t></xdr:wsDr>' },
    { name: 'xl/media/image1.png', bytes: 'p'.repeat(70_000) },
    { name: 'xl/media/logo.png', bytes: 'p' },
  ]);
  expect((await noteOf(workbook, 'a.xlsx'))?.split('\n')).toEqual([
    'No table could be read of sheet “Graph”.',
    'Comments on its cells were not read.',
    'Text boxes on its sheets were not read.',
    'It holds a picture whose words were not read.',
  ]);
});

test('RTF: the words of text boxes are read once; pictures, comments and embedded objects are said to be left out', async () => {
  const box = String.raw`{\shp{\*\shpinst\shpleft0{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard Balance due $410.00\par}}{\shprslt{\*\do\dptxbx{\dptxbxtext \pard Balance due $410.00\par}}}}`;
  expect(await textOf(bytesOf(String.raw`{\rtf1 Dear Ms. Rivera,\par ${box}Thank you.}`), 'a.rtf')).toBe(
    'Dear Ms. Rivera,\n\nBalance due $410.00\nThank you.',
  );
  // of an older program there is no other
  const old = String.raw`{\*\do\dptxbx{\dptxbxtext Old box\par}}`;
  expect(await textOf(bytesOf(String.raw`{\rtf1 Text ${old}}`), 'a.rtf')).toBe('Text\nOld box');
  // what is in nobody's sight stays there
  const unseen = String.raw`{\*\annotation {\shptxt a comment}}{\nonshppict{\shptxt again}}{\*\generator {x}}`;
  expect(await textOf(bytesOf(String.raw`{\rtf1 Text${unseen}}`), 'a.rtf')).toBe('Text');
  expect(await noteOf(bytesOf(String.raw`{\rtf1 Text ${box}${old}{\pict 00ff}}`), 'a.rtf')).toBeNull();
  const rich = String.raw`{\rtf1 Text{\*\annotation a comment}{\object{\objdata 00}}{\*\shppict{\pict\pngblip ${'00'.repeat(70_000)}}}{\nonshppict{\pict ${'00'.repeat(70_000)}}}}`;
  expect((await noteOf(bytesOf(rich), 'a.rtf'))?.split('\n')).toEqual([
    'It holds a picture whose words were not read.',
    'Comments in it were not read.',
    'What was embedded in it from other programs was not read.',
  ]);
});

test('Word: what runs at the head and foot of its pages is read; comments, pictures and words taken out are said to be left out', async () => {
  const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
  const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
  const docx = makeZip([
    {
      name: '[Content_Types].xml',
      bytes: `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${type}.document.main+xml"/></Types>`,
    },
    {
      name: '_rels/.rels',
      bytes:
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    },
    {
      name: 'word/document.xml',
      bytes: `<w:document ${w}><w:body><w:p><w:r><w:t>Office visit</w:t></w:r><w:del w:id="1"><w:r><w:delText>none</w:delText></w:r></w:del></w:p></w:body></w:document>`,
    },
    {
      name: 'word/header1.xml',
      bytes: `<w:hdr ${w}><w:p><w:r><w:t>Harris</w:t></w:r><w:r><w:tab/><w:t>Ortho &amp; Spine</w:t></w:r></w:p></w:hdr>`,
    },
    {
      name: 'word/header2.xml',
      bytes: `<w:hdr ${w}><w:p><w:r><w:t>Harris</w:t></w:r><w:r><w:tab/><w:t>Ortho &amp; Spine</w:t></w:r></w:p></w:hdr>`,
    },
    { name: 'word/footer1.xml', bytes: `<w:ftr ${w}><w:p><w:r><w:t>3</w:t></w:r></w:p></w:ftr>` },
    { name: 'word/comments.xml', bytes: `<w:comments ${w}><w:comment><w:p><w:r><w:t>check</w:t></w:r></w:p></w:comment></w:comments>` },
    { name: 'word/media/image1.png', bytes: 'p'.repeat(70_000) },
  ]);
  expect(await textOf(docx, 'a.docx')).toBe('Harris\tOrtho & Spine\n\nOffice visit');
  expect((await noteOf(docx, 'a.docx'))?.split('\n')).toEqual([
    'It holds tracked changes; the words that they take out were not read.',
    'Comments in it were not read.',
    'It holds a picture whose words were not read.',
  ]);
});

async function pdfOf(draw: (pdf: PDFKit.PDFDocument) => void): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'LETTER', margin: 0, compress: false });
  const pieces: Buffer[] = [];
  pdf.on('data', (piece: Buffer) => pieces.push(piece));
  const done = new Promise<void>((resolve) => pdf.on('end', resolve));
  pdf.font('Helvetica').fontSize(6);
  draw(pdf);
  pdf.end();
  await done;
  return new Uint8Array(Buffer.concat(pieces));
}

test('PDF: a page with more characters than are read says so', async () => {
  const crowded = (lines: number) => (pdf: PDFKit.PDFDocument) => {
    for (let n = 0; n < lines; n += 1) pdf.text('word '.repeat(200), 10, 10 + (n % 70) * 11, { lineBreak: false });
  };
  expect(await noteOf(await pdfOf(crowded(10)), 'a.pdf')).toBeNull();
  expect(await noteOf(await pdfOf(crowded(230)), 'a.pdf')).toBe('Only the first 200,000 characters of page 1 were read.');
});

test('PDF: suspected pages that there was no time to draw are said to be unchecked', async () => {
  const bytes = await pdfOf((pdf) => {
    for (let page = 0; page < 8; page += 1) {
      if (page > 0) pdf.addPage({ size: 'LETTER', margin: 0 }).fontSize(12);
      pdf.fillColor('black').text('An office visit.', 72, 72).fillColor('white').text('Prior injury 2019', 72, 100);
    }
  });
  const all = must(await readPdfPages(bytes, 'a.pdf'));
  expect([all.note, all.pages.filter(({ oddities }) => oddities?.length).length]).toEqual([null, 8]);
  let room = 2;
  const some = must(await readPdfPages(bytes, 'a.pdf', () => (room -= 1) >= 0));
  expect(some.pages.filter(({ oddities }) => oddities?.length).map(({ page }) => page)).toEqual([1, 2]);
  expect(some.note).toBe(
    'Whether words on pages 3, 4, 5, 6, 7 and 1 more are hidden or covered was not looked at: there is too much on them.',
  );
});

test('PDF: filled-in fields, notes and attached files are said to be unread', async () => {
  const bytes = await pdfOf((pdf) => {
    pdf.file(Buffer.from('x'), { name: 'bill.txt' });
    pdf.fontSize(12).text('Intake form', 72, 72);
    pdf.initForm();
    pdf.formText('name', 72, 120, 200, 20, { value: 'Maria Rivera' });
    pdf.addPage({ size: 'LETTER', margin: 0 }).text('No fields are filled in here', 72, 72);
    pdf.formText('empty', 72, 120, 200, 20);
  });
  expect((await noteOf(bytes, 'a.pdf'))?.split('\n')).toEqual([
    '1 file is attached inside the PDF and was not taken out. Save it from a PDF program into the folder.',
    'What was filled in or noted on page 1 is shown, but was not read.',
  ]);
});

test('what is said of a document is a line for each subject; a new line takes the place of the one about the same', () => {
  const cut = 'Only the first 256 columns of sheet “A” were read.';
  let said = inLines(['2 of 3 pages are pictures; the others are read.', null, cut, replacedReason]);
  said = sayOf(said, 'amounts', 'Amounts that cannot be read without guessing, enter them by hand: page 1.');
  said = sayOf(said, 'pictures', 'Page 2 is a picture that could not be turned into text.');
  expect(said?.split('\n').toSorted()).toEqual(
    [
      'Page 2 is a picture that could not be turned into text.',
      'Amounts that cannot be read without guessing, enter them by hand: page 1.',
      cut,
      replacedReason,
    ].toSorted(),
  );
  said = sayOf(sayOf(sayOf(said, 'amounts', null), 'pictures', null), 'replaced', null);
  expect([said, isSaid(said, 'replaced'), sayOf(null, 'pictures', null)]).toEqual([cut, false, null]);
});
