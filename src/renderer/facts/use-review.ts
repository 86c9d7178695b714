import { useEffect, useState } from 'react';
import type { SourceRef } from '../../shared/documents.ts';
import type { ReviewState } from '../../shared/facts.ts';
import { showSource, useRoute } from '../route.ts';
import { useKeys } from '../ui/keys.ts';
import { nextProposed } from './rows.ts';

interface ReviewRow {
  state: ReviewState;
  source: SourceRef;
}

interface ReviewKeys {
  canDecide: boolean;
  onApprove: (index: number) => void;
  onReject: (index: number) => void;
  onEdit: (index: number) => void;
}

interface Review {
  /** Index of the row in hand, -1 before the first key or click. */
  cursor: number;
  /** Puts a row in hand; its page follows when the viewer is open. */
  take: (index: number) => void;
}

/** Review by keyboard: j/k move, a approves and goes on to the next open one, x rejects, e edits, Enter shows the page. */
export function useReview(rows: readonly ReviewRow[], { canDecide, onApprove, onReject, onEdit }: ReviewKeys): Review {
  const { page } = useRoute();
  const [wanted, setCursor] = useState(-1);
  const cursor = Math.min(wanted, rows.length - 1);
  const take = (index: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(at);
    const row = rows[at];
    if (page && row) showSource(row.source);
  };
  const decide = (action: (index: number) => void) => () => {
    if (!canDecide || cursor < 0) return;
    action(cursor);
    take(nextProposed(rows, cursor));
  };
  useKeys({
    j: () => {
      take(cursor + 1);
    },
    ArrowDown: () => {
      take(cursor + 1);
    },
    k: () => {
      take(cursor - 1);
    },
    ArrowUp: () => {
      take(cursor - 1);
    },
    a: decide(onApprove),
    x: decide(onReject),
    e: () => {
      if (canDecide && cursor >= 0) onEdit(cursor);
    },
    Enter: () => {
      const row = rows[cursor];
      if (row) showSource(row.source);
    },
  });
  // The focus goes along, so that Enter means the row in hand and not a button pressed before.
  useEffect(() => {
    const row = document.querySelector('.review tr[aria-selected="true"]');
    row?.scrollIntoView({ block: 'nearest' });
    row?.querySelector<HTMLElement>('.source-link')?.focus({ preventScroll: true });
  }, [cursor]);
  return { cursor, take };
}
