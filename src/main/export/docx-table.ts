import {
  AlignmentType,
  BorderStyle,
  type FootnoteReferenceRun,
  type IRunOptions,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import type { PrintBlock, PrintTable, TypedTable } from './printable.ts';

/** Twentieths of a point; together 6.5 inches, what lies between one-inch margins. */
const specialsWidths = [2140, 1440, 1240, 1040, 1240, 1160, 1100];
const fullWidth = 9360;

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
const thin = { style: BorderStyle.SINGLE, size: 4, color: '6B6B6B' } as const;
const thick = { style: BorderStyle.SINGLE, size: 8, color: '6B6B6B' } as const;

export type Run = TextRun | FootnoteReferenceRun;

/** TextRun also takes a string, which makes linters read `bold` as the long dead String.prototype.bold. */
export function styledRun(options: IRunOptions): TextRun {
  return new TextRun(options);
}

/** A real table: the head is repeated on each page, no row is split, money stands right. */
/** `width`: of the text, twentieths of a point. */
export function docxTable({ columns, rows, totals }: PrintTable, width: number): Table {
  const widths =
    columns.length === specialsWidths.length
      ? specialsWidths.map((own) => Math.floor((own * width) / fullWidth))
      : columns.map(() => Math.floor(width / columns.length));
  const row = (texts: readonly string[], kind: 'head' | 'body' | 'totals', keepNext = false): TableRow =>
    new TableRow({
      cantSplit: true,
      tableHeader: kind === 'head',
      children: columns.map(({ align }, index) => {
        const text = styledRun({ text: texts[index] ?? '', size: 16, bold: kind !== 'body' });
        return new TableCell({
          width: { size: widths[index] ?? 0, type: WidthType.DXA },
          margins: { top: 50, bottom: 50, left: 40, right: 80 },
          borders: {
            top: kind === 'body' ? none : kind === 'head' ? thick : thin,
            bottom: kind === 'head' ? thin : kind === 'totals' ? thick : none,
            left: none,
            right: none,
          },
          children: [
            new Paragraph({
              alignment: align === 'right' ? AlignmentType.RIGHT : AlignmentType.LEFT,
              spacing: { after: 0, line: 240 },
              keepNext,
              children: [text],
            }),
          ],
        });
      }),
    });
  return new Table({
    width: { size: width, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    rows: [
      row(
        columns.map(({ title }) => title),
        'head',
        true,
      ),
      ...rows.map((texts, index) => row(texts, 'body', index === rows.length - 1)),
      row(totals, 'totals'),
    ],
  });
}

/** A table a person wrote: the rows of its head are repeated on each page, no row is split, amounts stand right. */
export function docxTypedTable(
  { columns, rows }: TypedTable,
  paragraphs: (cell: PrintBlock[], align: 'left' | 'right') => (Paragraph | Table)[],
  width: number,
): Table {
  const widths = columns.map(({ share }) => Math.floor(width * share));
  return new Table({
    width: { size: width, type: WidthType.DXA },
    columnWidths: widths,
    layout: TableLayoutType.FIXED,
    rows: rows.map(
      ({ isHead, cells }, at) =>
        new TableRow({
          cantSplit: true,
          // Word repeats rows only from the first on
          tableHeader: isHead && rows.slice(0, at).every((before) => before.isHead),
          children: columns.map(({ align }, column) => {
            const written = paragraphs(cells[column] ?? [], align);
            return new TableCell({
              width: { size: widths[column] ?? 0, type: WidthType.DXA },
              margins: { top: 50, bottom: 50, left: 80, right: 80 },
              borders: { top: thin, bottom: thin, left: thin, right: thin },
              // a cell without a paragraph makes Word call the file damaged
              children: written.length > 0 ? written : [new Paragraph({ spacing: { after: 0, line: 240 }, children: [] })],
            });
          }),
        }),
    ),
  });
}
