import { formatCents } from '../../../shared/money.ts';
import { expectedTotal, type SumLine } from '../letter-sums.ts';
import { cellBelow, type LetterTable } from '../letter-tables.ts';
import type { LetterFound, LetterRule } from '../lint-rule.ts';

/** A row called total whose amount is not what the rows above it come to, column by column. */
export const tableSum: LetterRule = {
  id: 'table_sum',
  severity: 'blocks',
  inLetter: ({ tables }) => tables.filter(({ isComputed }) => !isComputed).flatMap(wrongTotals),
};

function wrongTotals({ rows }: LetterTable): LetterFound[] {
  return rows.flatMap((row, index): LetterFound[] => {
    if (!row.isTotal) return [];
    return row.cells.flatMap((cell, column): LetterFound[] => {
      if (!cell.isMoney || cell.cents === null) return [];
      const lines = columnLines(rows.slice(0, index), column, row);
      if (!lines || lines.filter(({ isTotal }) => !isTotal).length < 2) return [];
      const expected = expectedTotal([...lines, { cents: cell.cents, isTotal: true, isLess: false }]);
      if (expected === null) return [];
      return [
        {
          block: row.block,
          start: cell.start,
          end: cell.end,
          about: [row.label, String(cell.cents), String(expected)].join('\n'),
          reason: `The rows above add up to ${formatCents(expected)}, not ${cell.text}.`,
          mend: { replace: formatCents(expected) },
        },
      ];
    });
  });
}

/** The amounts of a column; null where one of its cells says something that is no amount. */
function columnLines(rows: LetterTable['rows'], column: number, total: LetterTable['rows'][number]): SumLine[] | null {
  const lines: SumLine[] = [];
  for (const row of rows) {
    const cell = cellBelow(row, column, total);
    if (!cell || cell.isBlank || !row.cells.some(({ isMoney }) => isMoney)) continue;
    if (cell.cents === null) return null;
    lines.push({ cents: cell.cents, isTotal: row.isTotal, isLess: row.isLess });
  }
  return lines;
}
