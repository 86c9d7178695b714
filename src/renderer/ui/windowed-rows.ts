import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';

const rowHeightPx = 32;
const windowedAbove = 200;

interface WindowedRows<T> {
  /** Index of the first row shown. */
  first: number;
  shown: readonly T[];
  /** Height in px of the rows that are left out above and below. */
  before: number;
  after: number;
}

/** All rows of a short table; of a long one only those on screen, as all are 32 px high. */
export function useWindowedRows<T>(rows: readonly T[], scroller: RefObject<HTMLElement | null>): WindowedRows<T> {
  const isLong = rows.length > windowedAbove;
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called in this render only
  const virtualizer = useVirtualizer({
    count: isLong ? rows.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
  });
  if (!isLong) return { first: 0, shown: rows, before: 0, after: 0 };
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const end = (items.at(-1)?.index ?? -1) + 1;
  return { first, shown: rows.slice(first, end), before: first * rowHeightPx, after: (rows.length - end) * rowHeightPx };
}
