import mammoth from 'mammoth';
import { describe, expect, test } from 'vitest';
import { renderDocx } from '../../../src/main/export/docx.ts';
import { printableLetter } from '../../../src/main/export/printable.ts';
import { docxParts } from '../../support/docx-parts.ts';
import { draft, letterhead } from './letter-fixture.ts';

function print(more: { finalized?: boolean; title?: string } & Parameters<typeof draft>[0] = {}) {
  return printableLetter({ ...draft(more), letterhead, title: more.title ?? 'Demand letter, Okafor', finalized: more.finalized ?? true });
}

describe('what a reader of the DOCX sees', () => {
  test('figures, exhibit marks and the exhibit list', async () => {
    const { value: html } = await mammoth.convertToHtml({ buffer: Buffer.from(await renderDocx(print())) });
    const text = html
      .replace(/<\/(?:p|td|th|li|h\d)>/g, '\n')
      .replace(/<br ?\/?>/g, '\n')
      .replace(/<[^>]+>/g, '')
      .replaceAll('&amp;', '&')
      .replaceAll('\u00a0', ' ');
    expect(text).toContain('demands payment of $125,000.00.');
    expect(text).toContain('Date of loss: February 15, 2024');
    expect(text).toContain('(Ex. C at 1-2, 4)');
    expect(text).toContain('Exhibit C   billing-ledger.pdf');
    const total = (html.match(/<tr>.*?<\/tr>/gs) ?? [])
      .at(-1)
      ?.replace(/<\/t[dh]>/g, '|')
      .replace(/<[^>]+>/g, '');
    expect(total).toBe('Total||$16,098.00|$200.00|$10,612.00|$5,286.00||');
    const row = (html.match(/<tr>.*?<\/tr>/gs) ?? [])
      .find((one) => one.includes('Physical'))
      ?.replace(/<\/t[dh]>/g, '|')
      .replace(/<[^>]+>/g, '')
      .replaceAll('\u00a0', ' ');
    expect(row).toBe('Lake County Physical Therapy|Apr 2, 2024 – Aug 9, 2024|$8,000.00|$0.00|$5,250.00|$2,750.00|Ex. C at 2, 4|');
  });

  test('the table repeats its head, splits no row and sets money right', async () => {
    const xml = docxParts(await renderDocx(print())).get('word/document.xml')?.text ?? '';
    const rows = xml.match(/<w:tr>.*?<\/w:tr>/gs) ?? [];
    expect(rows).toHaveLength(6);
    expect(rows.map((row) => row.includes('<w:tblHeader/>'))).toEqual([true, false, false, false, false, false]);
    expect(rows.every((row) => row.includes('<w:cantSplit/>'))).toBe(true);
    const cells = rows[1]?.match(/<w:tc>.*?<\/w:tc>/gs) ?? [];
    expect(cells.map((cell) => cell.includes('w:val="right"'))).toEqual([false, false, true, true, true, true, false]);
  });

  test('letterhead on the first page, claimant, date and page numbers after it', async () => {
    const files = docxParts(await renderDocx(print()));
    const headers = [...files].filter(([name]) => /^word\/header\d/.test(name)).map(([, { text }]) => text.replace(/<[^>]+>/g, ''));
    expect(headers.some((text) => text.includes('Marsh &amp; Oyelaran LLP418 Harbor Street'))).toBe(true);
    expect(headers.some((text) => text.includes('Grace Nguyễn-Okafor') && text.includes('October 4, 2024'))).toBe(true);
    expect([...files].filter(([name, { text }]) => /^word\/footer\d/.test(name) && text.includes('NUMPAGES'))).toHaveLength(2);
    expect(files.get('word/document.xml')?.text).toContain('<w:titlePg/>');
  });

  test('a draft says so on every page, a finalized letter nowhere', async () => {
    const drafted = docxParts(await renderDocx(print({ finalized: false })));
    const marked = [...drafted].filter(([name, { text }]) => /^word\/header\d/.test(name) && text.includes('DRAFT'));
    expect(marked).toHaveLength(2);
    expect([...docxParts(await renderDocx(print()))].filter(([, { text }]) => text.includes('DRAFT'))).toEqual([]);
  });
});

describe('what the file tells about its maker', () => {
  test('a title and a language, nothing more', async () => {
    const files = docxParts(await renderDocx(print({ title: 'Okafor & <Sons>' })));
    expect(files.get('docProps/core.xml')?.text.match(/<(?:dc|dcterms|cp):\w+>[^<]*</g)).toEqual([
      '<dc:title>Okafor &amp; &lt;Sons&gt;<',
      '<dc:language>en-US<',
    ]);
    expect(files.get('docProps/app.xml')?.text).not.toMatch(/<(?!\?xml|Properties)/);
    const all = [...files.values()].map(({ text }) => text).join('\n');
    expect(all).not.toMatch(/w:rsid|w:author|attachedTemplate|lastModifiedBy|dcterms:|Un-named|docx\.js|<cp:revision/i);
    expect(
      [...files.keys()].filter((name) => /comment/i.test(name)).map((name) => (files.get(name)?.text ?? '').includes('<w:comment ')),
    ).not.toContain(true);
  });

  test('no entry has a date, and a second run gives the same bytes', async () => {
    const first = await renderDocx(print());
    expect(new Set([...docxParts(first).values()].map(({ date }) => date))).toEqual(new Set([0x21]));
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(Buffer.from(await renderDocx(print())).equals(Buffer.from(first))).toBe(true);
  });
});

test('control characters from a damaged page do not break the file', async () => {
  const { blocks, values } = draft();
  const bad = 'A\u0000B\u0008C\ud800D';
  const letter = printableLetter({
    blocks: [{ type: 'paragraph', content: [{ type: 'text', text: bad }] }, ...blocks],
    values,
    letterhead,
    title: bad,
    finalized: true,
  });
  const { value } = await mammoth.extractRawText({ buffer: Buffer.from(await renderDocx(letter)) });
  expect(value.split('\n')[0]).toBe('ABC\ufffdD');
});

test('a draft with nothing known still opens, its gaps in brackets', async () => {
  const { value } = await mammoth.extractRawText({
    buffer: Buffer.from(await renderDocx(print({ facts: [], lines: [], demandCents: null, finalized: false }))),
  });
  expect(value).toContain('[Client]');
  expect(value).toContain('[Demand]');
  expect(value).not.toContain('$0.00 has been');
});
