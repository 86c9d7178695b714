import { PDFiumLibrary } from '@hyzyla/pdfium';
import { describe, expect, test } from 'vitest';
import { renderPdf } from '../../../src/main/export/pdf.ts';
import { charactersWithoutGlyph } from '../../../src/main/export/pdf-fonts.ts';
import { wrapRuns } from '../../../src/main/export/pdf-lines.ts';
import { printableLetter } from '../../../src/main/export/printable.ts';
import { billLine, draft, letterhead, lines } from './letter-fixture.ts';

function render(more: { finalized?: boolean } & Parameters<typeof draft>[0] = {}): Promise<Uint8Array> {
  return renderPdf(printableLetter({ ...draft(more), letterhead, title: 'Demand letter, Okafor', finalized: more.finalized ?? true }));
}

async function pageTexts(bytes: Uint8Array): Promise<string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(bytes);
  const texts = [...document.pages()].map((page) => page.getText().replaceAll('\u00a0', ' ').replace(/\r\n?/g, '\n'));
  document.destroy();
  library.destroy();
  return texts;
}

describe('what a reader of the PDF sees', () => {
  test('figures, names with rare letters, exhibit marks and the exhibit list', async () => {
    const text = (await pageTexts(await render())).join('\n').replace(/\s+/g, ' ');
    expect(text).toContain('demands payment of $125,000.00.');
    expect(text).toContain('Our client: Grace Nguyễn-Okafor');
    expect(text).toContain(
      'Of $16,098.00 billed, $200.00 has been adjusted, $10,612.00 has been paid, and $5,286.00 remains owed (Ex. C at 1-2, 4).',
    );
    expect(text).toMatch(/Total \$16,098\.00 \$200\.00 \$10,612\.00 \$5,286\.00/);
    expect(text).toContain('Exhibit D wage-statement.pdf');
  });

  test('page numbers on all pages, claimant and date from the second on', async () => {
    const texts = await pageTexts(await render());
    expect(texts.length).toBeGreaterThan(1);
    for (const [index, text] of texts.entries()) {
      expect(text).toContain(`Page ${String(index + 1)} of ${String(texts.length)}`);
      expect(/Grace Nguyễn-Okafor\s+·\s+October 4, 2024/.test(text)).toBe(index > 0);
    }
  });

  test('a draft says so on every page, a finalized letter nowhere', async () => {
    const drafted = await pageTexts(await render({ finalized: false }));
    expect(drafted.every((text) => text.includes('DRAFT – not for service'))).toBe(true);
    expect((await pageTexts(await render())).join('')).not.toContain('DRAFT');
  });

  test('a long table repeats its head on each page, splits no row and loses none', async () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      billLine(`Clinic ${String(n)} of the Greater Fairhaven Regional Health System row${String(n)}end`, '2024-05-01', 100_000 + n, 0),
    );
    const texts = await pageTexts(await render({ lines: [...lines, ...many] }));
    const withRows = texts.filter((text) => /row\d+end/.test(text));
    expect(withRows.length).toBeGreaterThan(2);
    for (const text of withRows) {
      expect(text).toMatch(/Provider\s+Dates\s+Billed\s+Adjusted\s+Paid\s+Owed\s+Source/);
      // A row's first words, last word and amount stand on one page.
      for (const n of [...text.matchAll(/Clinic (\d+) of/g)].map(([, found]) => Number(found))) {
        expect(text).toContain(`row${String(n)}end`);
        expect(text).toContain(`$1,000.${String(n).padStart(2, '0')}`);
      }
    }
    const rows = texts.join('\n').match(/row\d+end/g) ?? [];
    expect(new Set(rows).size).toBe(60);
    const last = texts.find((text) => text.includes('row59end')) ?? '';
    expect(last).toContain('$76,115.70');
  });
});

describe('what the file tells about its maker', () => {
  test('a title and a language; no producer, creator, author, date or metadata stream', async () => {
    const raw = Buffer.from(await render()).toString('latin1');
    expect(raw).toMatch(/\/Title/);
    expect(raw).toContain('/Lang (en-US)');
    expect(raw).toContain('/Marked true');
    expect(raw).toContain('/StructTreeRoot');
    expect(raw).not.toMatch(/pdfkit|Producer|\/Creator|\/Author|CreationDate|ModDate|xmpmeta|\/Metadata/i);
  });

  test('the same letter gives the same bytes', async () => {
    const first = await render();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(Buffer.from(await render()).equals(Buffer.from(first))).toBe(true);
  });
});

test('characters the typeface has not are named before they print as boxes', () => {
  expect(charactersWithoutGlyph('Nguyễn Łukasz Müller Дмитрий Γιώργος “§” – — $1,234.00')).toEqual([]);
  expect(charactersWithoutGlyph('王 Li 王 明')).toEqual(['王', '明']);
});

test('a word wider than the line is broken, none of it lost', () => {
  const run = { text: `ab ${'x'.repeat(25)} cd`, bold: false, italic: false, underline: false, missing: false };
  const wrapped = wrapRuns([run], 10, (text) => text.length).map((line) => line.pieces.map(({ text }) => text).join(''));
  expect(wrapped).toEqual(['ab', 'xxxxxxxxxx', 'xxxxxxxxxx', 'xxxxx cd']);
});
