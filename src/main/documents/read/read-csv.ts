import type { ReadPage } from './reading.ts';
import { readTextPages } from './read-text.ts';

const rowsPerPage = 1_000;

/** A table as text: a line per row, tabs between its cells, empty cells kept, so that columns stay columns. */
export function readCsvPages(bytes: Uint8Array): ReadPage[] {
  const text = readTextPages(bytes)
    .map((page) => page.text)
    .join('\n');
  return tablePages([{ name: null, rows: parseRows(text, delimiterOf(text)) }]);
}

export interface Table {
  /** Of the sheet; stands above its first row. */
  name: string | null;
  rows: string[][];
}

/** Long tables are cut into pages, so that a place in one can be shown. */
export function tablePages(tables: readonly Table[]): ReadPage[] {
  const pages: ReadPage[] = [];
  for (const { name, rows } of tables) {
    for (let from = 0; from === 0 || from < rows.length; from += rowsPerPage) {
      const lines = rows.slice(from, from + rowsPerPage).map((row) => row.map(flat).join('\t').replace(/\t+$/, ''));
      if (name !== null) lines.unshift(flat(name), '');
      pages.push({ page: pages.length + 1, text: lines.join('\n'), words: [], needsOcr: false });
    }
  }
  return pages;
}

const flat = (cell: string): string => cell.replace(/\s+/g, ' ').trim();

/** The sign that parts the most cells evenly in the first lines. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 10_000).split('\n').slice(0, 20).filter(Boolean);
  const counted = [',', ';', '\t', '|'].map((sign) => ({ sign, least: Math.min(...head.map((line) => line.split(sign).length)) }));
  const [best] = counted.toSorted((a, b) => b.least - a.least);
  const [first] = [',', ';', '\t', '|'].toSorted((a, b) => text.slice(0, 2000).split(b).length - text.slice(0, 2000).split(a).length);
  return best && best.least > 1 ? best.sign : (first ?? ',');
}

function parseRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const parts: string[] = [];
      for (at += 1; ;) {
        const quote = text.indexOf('"', at);
        parts.push(text.slice(at, quote < 0 ? text.length : quote));
        at = quote < 0 ? text.length : quote + 1;
        if (text[at] !== '"') break;
        parts.push('"');
        at += 1;
      }
      cell = parts.join('');
    } else cell = '';
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
    row.push(cell + text.slice(start, at));
    if (at >= text.length || text[at] === '\n') {
      rows.push(row);
      row = [];
    } else if (at === text.length - 1) row.push('');
    at++;
  }
  if (row.length > 0) rows.push(row);
  while (rows.at(-1)?.every((cell) => cell.trim() === '')) rows.pop();
  return rows;
}
