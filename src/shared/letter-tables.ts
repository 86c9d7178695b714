import { parseCents } from './money.ts';

interface TextRow {
  isHead: boolean;
  /** What each cell says, chips by their words. */
  cells: readonly string[];
}

/** Which columns of a table hold nothing but amounts below its head, and so stand right; a cell that says nothing, or a dash, is no other word. */
export function amountColumns(rows: readonly TextRow[]): boolean[] {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, column) => {
    const said = rows
      .flatMap(({ isHead, cells }) => (isHead ? [] : [(cells[column] ?? '').trim()]))
      .filter((text) => !/^[-–—]?$/.test(text));
    return said.length > 0 && said.every(isAmount);
  });
}

/** Written as money: with a sign, a comma or cents. "24" may be visits. */
const isAmount = (text: string): boolean => /[$.,]/.test(text) && parseCents(text) !== null;
