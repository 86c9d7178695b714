import type { Outcome } from '../../../shared/result.ts';
import { err, ok } from '../../../shared/result.ts';
import { attributeOf, decodeEntities, scanMarkup } from './markup.ts';
import type { Table } from './read-csv.ts';
import { tablePages } from './read-csv.ts';
import type { ReadPages } from './reading.ts';
import { listed, pictureNote } from './left-out.ts';
import { limits, refuse } from './reading.ts';
import { inLines } from '../said.ts';
import { formatNumber, readFormats, type NumberFormat } from './xlsx-format.ts';
import { isTooMuch, readZipDirectory, unzip } from './zip.ts';

/** More columns than a table for people has; what stands further right is left out, and that is said. */
const mostColumns = 256;
const mostSheets = 1_000;
const mostCells = 2_000_000;

/** Every sheet of a workbook as a table of text, numbers as the sheet shows them; formulas give the value they had when it was saved. */
export function readXlsxPages(bytes: Uint8Array, file: string): Outcome<ReadPages> {
  const entries = readZipDirectory(bytes);
  const damaged = err(
    refuse.corrupt(file, 'The Excel file is cut off or damaged. Open and save it again in Excel, or ask for a new copy.'),
  );
  if (!entries) return damaged;
  if (isTooMuch(entries))
    return err(refuse.unsupported(file, 'The Excel file would unpack to far more than a workbook needs, so it was not opened.'));
  const part = (name: string): string | null => {
    const entry = entries.find((one) => one.name.replace(/^\//, '') === name);
    const unpacked = entry && unzip(bytes, entry, limits.xmlBytes);
    return unpacked ? new TextDecoder().decode(unpacked) : null;
  };
  const workbook = part('xl/workbook.xml');
  if (workbook === null) return damaged;
  const targets = readTargets(part('xl/_rels/workbook.xml.rels') ?? '');
  const strings = readStrings(part('xl/sharedStrings.xml') ?? '');
  const formats = readFormats(part('xl/styles.xml') ?? '', /date1904\s*=\s*["'](1|true)/.test(workbook));
  const tables: Table[] = [];
  const [wide, unread]: [string[], string[]] = [[], []];
  let cells = 0;
  const sheets = readSheets(workbook);
  for (const { name, id } of sheets.slice(0, mostSheets)) {
    const sheet = part(targets.get(id) ?? '');
    if (sheet === null) {
      unread.push(name); // a chart, or a part that is damaged or not there
      continue;
    }
    const { rows, isCut } = readRows(sheet, strings, formats, () => (cells += 1) <= mostCells);
    if (isCut) wide.push(name);
    if (cells > mostCells)
      return err(
        refuse.unsupported(file, 'The workbook has more than 2 million cells. Save the sheets that matter as a file of their own.'),
      );
    if (rows.length > 0) tables.push({ name, rows });
  }
  if (tables.length === 0 && unread.length === Math.min(sheets.length, mostSheets)) return damaged;
  const aside = (folder: RegExp, said: RegExp): boolean =>
    entries.some(
      (entry) => folder.test(entry.name) && said.test(new TextDecoder().decode(unzip(bytes, entry, limits.xmlBytes) ?? undefined)),
    );
  const note = inLines([
    wide.length > 0 ? `Only the first ${String(mostColumns)} columns of ${listed('sheet', wide)} were read.` : null,
    sheets.length > mostSheets ? `Only the first ${String(mostSheets)} of its ${String(sheets.length)} sheets were read.` : null,
    unread.length > 0 ? `No table could be read of ${listed('sheet', unread)}.` : null,
    aside(/^xl\/(?:threadedC|c)omments/, /<(?:\w+:)?(?:t|text)\b/) ? 'Comments on its cells were not read.' : null,
    aside(/^xl\/drawings\/[^/]+\.xml$/, /<(?:\w+:)?t>\s*[^<\s]/) ? 'Text boxes on its sheets were not read.' : null,
    pictureNote(entries),
  ]);
  return ok({ pages: tables.length > 0 ? tablePages(tables) : [{ page: 1, text: '', words: [], needsOcr: false }], note });
}

function readSheets(workbook: string): { name: string; id: string }[] {
  const sheets: { name: string; id: string }[] = [];
  onTags(workbook, (name, attributes) => {
    if (name === 'sheet') sheets.push({ name: attributeOf(attributes, 'name') ?? '', id: attributeOf(attributes, '[a-z]+:id') ?? '' });
  });
  return sheets;
}

function readTargets(relations: string): Map<string, string> {
  const targets = new Map<string, string>();
  onTags(relations, (name, attributes) => {
    const target = attributeOf(attributes, 'Target') ?? '';
    if (name === 'Relationship')
      targets.set(attributeOf(attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`);
  });
  return targets;
}

function onTags(xml: string, open: (name: string, attributes: string) => void): void {
  scanMarkup(xml, { open: (name, attributes) => open(plainName(name), attributes), close: () => undefined, text: () => undefined });
}

/** Without the prefix that some programs write. */
const plainName = (name: string): string => name.slice(name.indexOf(':') + 1);

function readStrings(xml: string): string[] {
  const strings: string[] = [];
  let current: string | null = null;
  let isText = false;
  let isPhonetic = false;
  scanMarkup(xml, {
    open(name, _attributes, isEmpty) {
      const tag = plainName(name);
      if (tag === 'si') {
        if (isEmpty) strings.push('');
        else current = '';
      } else if (tag === 't') isText = !isEmpty;
      else if (tag === 'rPh') isPhonetic = true;
    },
    close(name) {
      const tag = plainName(name);
      if (tag === 't') isText = false;
      else if (tag === 'rPh') isPhonetic = false;
      else if (tag === 'si') {
        strings.push(current ?? '');
        current = null;
      }
    },
    text(text) {
      if (isText && !isPhonetic && current !== null) current += decodeEntities(text);
    },
  });
  return strings;
}

function readRows(xml: string, strings: string[], formats: NumberFormat[], mayGoOn: () => boolean): { rows: string[][]; isCut: boolean } {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = { column: 0, type: '', style: 0, value: '' };
  let isValue = false;
  let stopped = false;
  let isCut = false;
  scanMarkup(xml, {
    open(name, attributes, isEmpty) {
      const tag = plainName(name);
      if (tag === 'row') row = [];
      else if (tag === 'c') {
        stopped ||= !mayGoOn();
        const column = columnOf(attributeOf(attributes, 'r')) ?? row.length;
        cell = { column, type: attributeOf(attributes, 't') ?? '', style: Number(attributeOf(attributes, 's') ?? 0), value: '' };
      } else if (tag === 'v' || tag === 't') isValue = !isEmpty;
    },
    close(name) {
      const tag = plainName(name);
      if (tag === 'v' || tag === 't') isValue = false;
      else if (tag === 'c' && cell.column >= mostColumns) isCut ||= cell.value !== '';
      else if (tag === 'c' && cell.value !== '' && !stopped) {
        while (row.length < cell.column) row.push('');
        row[cell.column] = shown(cell, strings, formats);
      } else if (tag === 'row' && row.some((text) => text !== '')) rows.push(row);
    },
    text(text) {
      if (isValue && !stopped) cell.value += decodeEntities(text);
    },
  });
  return { rows, isCut };
}

function shown({ type, style, value }: { type: string; style: number; value: string }, strings: string[], formats: NumberFormat[]): string {
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== '' && type !== 'n') return value;
  return formatNumber(value, formats[style] ?? { kind: 'general' });
}

/** "AB12" is column 27, counting from 0. */
function columnOf(reference: string | null): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (!letters) return null;
  let column = 0;
  for (let at = 0; at < letters.length; at++) column = column * 26 + letters.charCodeAt(at) - 64;
  return column - 1;
}
