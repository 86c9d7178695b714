import { PDFiumLibrary } from '@hyzyla/pdfium';
import mammoth from 'mammoth';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCents } from '../../src/shared/money.ts';

const sample = path.join(import.meta.dirname, '..', '..', 'sample');
const folder = path.join(sample, 'okafor-v-lakeside-market');

async function ledgerLines(): Promise<string[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(readFileSync(path.join(folder, 'Billing/billing-ledger.pdf')));
  const lines = [...document.pages()].flatMap((page) => page.getText().split(/\r?\n/));
  document.destroy();
  library.destroy();
  return lines;
}

/** Billed, paid and balance at the end of a line. */
function amountsOf(line: string): number[] | null {
  const found = /\$[\d,.]+\s+\$[\d,.]+\s+\$[\d,.]+\s*$/.exec(line)?.[0].trim().split(/\s+/).map(parseCents) ?? [];
  return found.length === 3 ? found.map((cents) => cents ?? Number.NaN) : null;
}

function add(rows: number[][]): number[] {
  return [0, 1, 2].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? Number.NaN), 0));
}

describe('the sample case', () => {
  test('its bill adds up: lines to subtotals, subtotals to the total, and all of it to the README', async () => {
    const lines = await ledgerLines();
    const items = lines
      .filter((line) => /^[A-Z]?\d{4,5}\s/.test(line))
      .map(amountsOf)
      .filter((row) => row !== null);
    const subtotals = lines
      .filter((line) => line.startsWith('Subtotal'))
      .map(amountsOf)
      .filter((row) => row !== null);
    const total = lines.filter((line) => line.startsWith('Total past medical')).map(amountsOf)[0];
    expect([items.length, subtotals.length]).toEqual([14, 5]);
    for (const [billed = 0, paid = 0, balance] of items) expect(balance).toBe(billed - paid);
    expect(add(items)).toEqual(total);
    expect(add(subtotals)).toEqual(total);
    const stated = readFileSync(path.join(sample, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\|.*\$/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(2, 5)
          .map((cell) => parseCents(cell)),
      );
    expect(stated).toEqual([...subtotals, total]);
  });

  test('its lines add up to each subtotal', async () => {
    let group: number[][] = [];
    let checked = 0;
    for (const line of await ledgerLines()) {
      const row = amountsOf(line);
      if (!row || line.startsWith('Total past')) continue;
      if (line.startsWith('Subtotal')) {
        expect(row).toEqual(add(group));
        group = [];
        checked += 1;
      } else if (/^[A-Z]?\d{4,5}\s/.test(line)) group.push(row);
    }
    expect(checked).toBe(5);
  });

  test('every document says it is synthetic, and they are small', async () => {
    expect((await ledgerLines()).join('\n')).toContain('Synthetic sample');
    expect(readFileSync(path.join(folder, 'Incident/incident-report.txt'), 'utf8')).toContain('Synthetic sample');
    expect((await mammoth.extractRawText({ path: path.join(folder, 'Pleadings/complaint.docx') })).value).toContain('Synthetic sample');
    const files = readdirSync(sample, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
    expect(files).toHaveLength(5);
    expect(bytes).toBeLessThan(300_000);
  });
});
