import { PDFiumLibrary } from '@hyzyla/pdfium';
import mammoth from 'mammoth';
import { describe, expect, test } from 'vitest';
import type { Block, Inline } from '../../../src/shared/letters.ts';
import { renderDocx } from '../../../src/main/export/docx.ts';
import { openPdf } from '../../../src/main/documents/read/pdfium.ts';
import { readPageWords } from '../../../src/main/documents/read/pdf-words.ts';
import { renderPdf } from '../../../src/main/export/pdf.ts';
import { printableLetter, type PrintModel } from '../../../src/main/export/printable.ts';
import { noValues } from '../../support/letter-values.ts';
import { docxParts } from '../../support/docx-parts.ts';
import { letterhead } from './letter-fixture.ts';

const print = (...blocks: Block[]): PrintModel =>
  printableLetter({ blocks, values: noValues, letterhead, title: 'Demand letter', finalized: true });
const say = (text: string): Inline => ({ type: 'text', text });
const note = (text: string): Inline => ({ type: 'footnote', content: [say(text)] });
const paragraph = (...content: (string | Inline)[]): Block => ({
  type: 'paragraph',
  content: content.map((inline) => (typeof inline === 'string' ? say(inline) : inline)),
});
const numbered = (text: string): Block => ({ type: 'paragraph', content: [say(text)], numbered: true });
const heading = (text: string): Block => ({ type: 'heading', level: 2, content: [say(text)] });
const tableOf = (...rows: (string | Inline)[][]): Block => ({
  type: 'table',
  rows: rows.map((cells, at) => ({ isHead: at === 0, cells: cells.map((cell) => [paragraph(cell)]) })),
});
const filler = (lines: number): Block[] => Array.from({ length: lines }, (_, n) => paragraph(`Filling line ${String(n)}.`));

/** The text of each page of the PDF, its lines in one. */
async function textOfPages(...blocks: Block[]): Promise<string[]> {
  const bytes = await renderPdf(print(...blocks));
  await expectNothingOverAnother(bytes);
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const texts = [...document.pages()].map((page) => page.getText().replaceAll('\u00a0', ' ').replace(/\s+/g, ' '));
  document.destroy();
  library.destroy();
  return texts;
}

/** No word of a page is printed over another, nor below its last line. */
async function expectNothingOverAnother(bytes: Uint8Array): Promise<void> {
  const opened = await openPdf(bytes);
  if (!opened.ok) throw new Error(opened.why);
  const { raw, document, documentIdx, pageCount } = opened.pdf;
  for (let at = 0; at < pageCount; at += 1) {
    const page = raw._FPDF_LoadPage(documentIdx, at);
    const { words } = readPageWords(raw, page);
    raw._FPDF_ClosePage(page);
    const inOrder = words.toSorted((a, b) => a.y - b.y);
    for (const [n, word] of inOrder.entries()) {
      // between the text and the page's number nothing stands
      if (word.y < 740) expect(word.y + word.h).toBeLessThan(724);
      for (const other of inOrder.slice(n + 1)) {
        if (other.y > word.y + word.h) break;
        const [wide, high] = [overlap(word.x, word.w, other.x, other.w), overlap(word.y, word.h, other.y, other.h)];
        if (wide > 1 && high > 1) expect(`page ${String(at + 1)}: “${word.text}” over “${other.text}”`).toBe('');
      }
    }
  }
  document.destroy();
}
const overlap = (a: number, lengthA: number, b: number, lengthB: number): number => Math.min(a + lengthA, b + lengthB) - Math.max(a, b);

describe('a footnote in the PDF', () => {
  test('stands at the foot of its page, below all its text, with the number of its place in the letter', async () => {
    const [first = '', second = ''] = await textOfPages(
      paragraph('One', note('First note.'), ' and two', note('Second note.'), '.'),
      { type: 'pageBreak' },
      paragraph('On the next page', note('Third note.'), '.'),
      paragraph('Last words.'),
    );
    expect(first).toMatch(/One1 and two2 ?\..*1 First note\. 2 Second note\./);
    expect(first).not.toContain('Third note');
    expect(second).toMatch(/On the next page3 ?\. Last words\. 3 Third note\./);
  });

  test('goes with its line: no page has one without the other, wherever the line falls', async () => {
    for (const before of [20, 21, 22, 23, 24, 25, 26, 27, 28]) {
      const texts = await textOfPages(
        ...filler(before),
        paragraph('The mark', note('The note of the mark. '.repeat(12)), ' is here.'),
        ...filler(3),
      );
      const at = texts.findIndex((text) => text.includes('The mark1'));
      expect(texts.map((text) => text.includes('The note of the mark.'))).toEqual(texts.map((_, n) => n === at));
    }
  });

  test('a very long one runs over, and no word of it or of the letter is lost', async () => {
    const words = Array.from({ length: 1_500 }, (_, n) => `word${String(n)}`);
    const texts = await textOfPages(
      paragraph('Before', note(words.join(' ')), ' it.'),
      ...filler(60),
      paragraph('Another', note('Short.'), '.'),
    );
    const all = texts.join(' ');
    expect(words.filter((word) => !all.includes(`${word} `))).toEqual([]);
    for (let n = 0; n < 60; n += 1) expect(all).toContain(`Filling line ${String(n)}.`);
    expect(texts.filter((text) => /word\d+/.test(text)).length).toBeGreaterThan(1);
    const at = texts.findIndex((text) => text.includes('Another2'));
    expect(texts[at]).toContain('2 Short.');
  });

  test('of a cell stands below the page of its row', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => [`Row ${String(n)}.`, n === 50 ? note('Of row fifty.') : '']);
    const texts = await textOfPages(tableOf(['Item', 'Note'], ...rows));
    const at = texts.findIndex((text) => text.includes('Row 50.'));
    expect(at).toBeGreaterThan(0);
    expect(texts.map((text) => text.includes('Of row fifty.'))).toEqual(texts.map((_, n) => n === at));
  });
});

describe('a table in the PDF', () => {
  test('repeats its head, loses no row and no word, and splits only what is longer than a page', async () => {
    const rows = Array.from({ length: 70 }, (_, n) => [
      `Clinic ${String(n)} of the Greater Fairhaven Health System end${String(n)}.`,
      `$${String(n)}.00`,
    ]);
    const texts = await textOfPages(tableOf(['Provider of care', 'Billed'], ...rows), paragraph('After the table.'));
    const withRows = texts.filter((text) => /end\d+\./.test(text));
    expect(withRows.length).toBeGreaterThan(1);
    for (const text of withRows) {
      expect(text).toContain('Provider of care Billed');
      for (const [, n = ''] of text.matchAll(/Clinic (\d+) of/g)) expect(text).toContain(`end${n}.`);
    }
    expect(new Set(texts.join(' ').match(/end\d+\./g)).size).toBe(70);
    const long = Array.from({ length: 2_000 }, (_, n) => `w${String(n)}`);
    const split = (await textOfPages(tableOf(['Head', 'Other'], [long.join(' '), '$1.00']), paragraph('After the table.'))).join(' ');
    expect(long.filter((word) => !split.includes(`${word} `))).toEqual([]);
    expect(split).toContain('After the table.');
  });
});

describe('page breaks and numbers', () => {
  test('the PDF begins a page where the letter does, and none that is empty', async () => {
    const texts = await textOfPages(
      { type: 'pageBreak' },
      paragraph('First.'),
      { type: 'pageBreak' },
      { type: 'pageBreak' },
      heading('Second'),
      {
        type: 'pageBreak',
      },
    );
    expect(texts.map((text) => [text.includes('First.'), text.includes('Second')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('paragraphs count on across headings and tables, as on screen', async () => {
    const text = (
      await textOfPages(numbered('Alpha.'), heading('Facts'), numbered('Beta.'), tableOf(['A'], ['B']), numbered('Gamma.'))
    ).join(' ');
    expect(text).toMatch(/1\. Alpha\..*2\. Beta\..*3\. Gamma\./);
  });
});

describe('the DOCX', () => {
  test('has real footnotes, whose numbers Word counts', async () => {
    const model = print(paragraph('One', note('First note.'), '.'), tableOf(['Head'], [note('In a cell.')]));
    const bytes = await renderDocx(model);
    const files = docxParts(bytes);
    expect(files.get('word/document.xml')?.text.match(/<w:footnoteReference w:id="\d+"\/>/g)).toEqual([
      '<w:footnoteReference w:id="1"/>',
      '<w:footnoteReference w:id="2"/>',
    ]);
    const notes = files.get('word/footnotes.xml')?.text ?? '';
    expect(
      [...notes.matchAll(/<w:footnote w:id="(\d+)">(.*?)<\/w:footnote>/gs)].map(([, id, xml = '']) => [
        id,
        xml.replace(/<[^>]+>/g, '').trim(),
      ]),
    ).toEqual([
      ['1', 'First note.'],
      ['2', 'In a cell.'],
    ]);
    const { value: html } = await mammoth.convertToHtml({ buffer: Buffer.from(bytes) });
    expect(html.match(/<li id="footnote-\d+">.*?<\/li>/g)?.map((one) => one.replace(/<[^>]+>|↑/g, '').trim())).toEqual([
      'First note.',
      'In a cell.',
    ]);
  });

  test('has a real table: its head repeated, amounts at the right', async () => {
    const xml =
      docxParts(await renderDocx(print(tableOf(['Item', 'Amount'], ['Towing', '$180.00'], ['Total', '$180.00'])))).get('word/document.xml')
        ?.text ?? '';
    const rows = xml.match(/<w:tr>.*?<\/w:tr>/gs) ?? [];
    expect(rows.map((row) => row.includes('<w:tblHeader/>'))).toEqual([true, false, false]);
    expect(rows.map((row) => (row.match(/<w:tc>.*?<\/w:tc>/gs) ?? []).map((cell) => cell.includes('w:val="right"')))).toEqual([
      [false, true],
      [false, true],
      [false, true],
    ]);
  });

  test('breaks pages and counts paragraphs on by its own numbering', async () => {
    const xml =
      docxParts(
        await renderDocx(
          print(
            numbered('Alpha.'),
            heading('Facts'),
            numbered('Beta.'),
            { type: 'pageBreak' },
            paragraph('Next.'),
            { type: 'pageBreak' },
            tableOf(['A'], ['B']),
          ),
        ),
      ).get('word/document.xml')?.text ?? '';
    const paragraphs = xml.match(/<w:p>.*?<\/w:p>/gs) ?? [];
    const of = (text: string): string => paragraphs.find((one) => one.includes(text)) ?? '';
    const numberOf = (text: string): string | undefined => /<w:numId w:val="(\d+)"\/>/.exec(of(text))?.[1];
    expect(numberOf('Alpha.')).toBeDefined();
    expect(numberOf('Beta.')).toBe(numberOf('Alpha.'));
    expect(of('Next.')).toContain('<w:pageBreakBefore/>');
    expect(xml.match(/<w:br w:type="page"\/>/g)).toHaveLength(1);
  });
});
