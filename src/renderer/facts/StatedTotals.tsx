import type { StatedTotal } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { showSource } from '../route.ts';

/** Totals that documents print, held against our own sums. */
export function StatedTotals({ totals }: { totals: StatedTotal[] }) {
  if (totals.length === 0) return null;
  return (
    <ul className="stated" aria-label="Totals the documents state">
      {totals.map((total) => (
        <li
          key={`${total.source.documentId}:${String(total.source.page)}:${String(total.source.start)}`}
          className={`tag ${total.agrees ? 'tag-done' : 'tag-block'}`}
        >
          <button
            type="button"
            className="link stated-link"
            onClick={() => {
              showSource(total.source);
            }}
          >
            {total.agrees
              ? `${nameOf(total)} agrees: ${formatCents(total.billedCents)} billed`
              : `${nameOf(total)} does not agree: it says ${formatCents(total.billedCents)} billed, ${formatCents(total.paidCents)} paid, ${formatCents(total.owedCents)} owed`}
          </button>
        </li>
      ))}
    </ul>
  );
}

function nameOf(total: StatedTotal): string {
  return total.provider === null ? `The ledger’s own total (${total.label})` : `The total of ${total.provider}`;
}
