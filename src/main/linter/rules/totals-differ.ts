import { formatCents, sumCents } from '../../../shared/money.ts';
import { expectedTotal } from '../letter-sums.ts';
import { cellBelow, type LetterTable } from '../letter-tables.ts';
import type { LetterRule } from '../lint-rule.ts';
import { statedTotals } from '../stated-totals.ts';

/**
 * The text says another total of the bills than the table, or than the text before it. Where the matter's bills are known they are the measure, and `amount_differs` holds the
 * text against them.
 */
export const totalsDiffer: LetterRule = {
  id: 'totals_differ',
  severity: 'blocks',
  inLetter({ blocks, tables, matter }) {
    if (matter && matter.ledger.lines.length > 0) return [];
    const totals = tables.flatMap(totalsOf);
    const billed = blocks.flatMap(statedTotals).filter(({ figure }) => figure === 'billed');
    if (totals.length === 0) {
      const [first] = billed;
      return billed
        .filter(({ cents }) => first !== undefined && cents !== first.cents)
        .map(({ block, start, end, text, cents }) => ({
          block,
          start,
          end,
          about: [first?.cents, cents].join('\n'),
          reason: `The total of the bills is ${first?.text ?? ''} above and ${text} here.`,
        }));
    }
    // a row's own amount may be called a total, too: that of a provider
    const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells.flatMap(({ cents }) => (cents === null ? [] : [cents]))));
    const known = new Set([...totals, ...cells, sumCents(totals)]);
    return billed
      .filter(({ cents }) => !known.has(cents))
      .map(({ block, start, end, text, cents }) => ({
        block,
        start,
        end,
        about: [...totals, cents].join('\n'),
        reason: `The table's total is ${totals.map(formatCents).slice(0, 4).join(', ')}; the text says ${text}.`,
      }));
  },
};

/** The totals a table prints, and what its rows come to where that is another sum (`table_sum` tells that). */
function totalsOf({ rows }: LetterTable): number[] {
  return rows.flatMap((row, index) =>
    row.isTotal
      ? row.cells.flatMap((cell, column) => {
          if (!cell.isMoney || cell.cents === null) return [];
          const above = rows.slice(0, index).flatMap((one) => {
            const cents = cellBelow(one, column, row)?.cents;
            return cents === null || cents === undefined ? [] : [{ cents, isTotal: one.isTotal, isLess: one.isLess }];
          });
          const expected = expectedTotal([...above, { cents: cell.cents, isTotal: true, isLess: false }]);
          return expected === null ? [cell.cents] : [cell.cents, expected];
        })
      : [],
  );
}
