import { useState } from 'react';
import type { StatedTotal } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { showSource } from '../route.ts';
import { count } from '../ui/values.tsx';

/** Totals that documents print, held against our own sums: those that differ first, the provider totals that agree as a number. */
export function StatedTotals({ totals }: { totals: StatedTotal[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const wrong = totals.filter((total) => !total.agrees);
  const whole = totals.filter((total) => total.agrees && total.provider === null);
  const agreeing = totals.filter((total) => total.agrees && total.provider !== null);
  if (totals.length === 0) return null;
  return (
    <ul className="stated" aria-label="Totals the documents state">
      {[...wrong, ...whole, ...(showsAll ? agreeing : [])].map((total) => (
        <Stated key={`${total.source.documentId}:${String(total.source.page)}:${String(total.source.start)}`} total={total} />
      ))}
      {agreeing.length > 0 && (
        <li className={showsAll ? undefined : 'tag tag-done'}>
          <button
            type="button"
            className="link stated-link"
            aria-expanded={showsAll}
            onClick={() => {
              setShowsAll(!showsAll);
            }}
          >
            {showsAll
              ? 'Show fewer'
              : `${count(agreeing.length, 'provider total')} in the documents ${agreeing.length === 1 ? 'agrees' : 'agree'}`}
          </button>
        </li>
      )}
    </ul>
  );
}

function Stated({ total }: { total: StatedTotal }) {
  const named = total.label === total.provider ? '' : ` (${total.label})`;
  const name = total.provider === null ? `The ledger’s own total (${total.label})` : `The total of ${total.provider}${named}`;
  const figures = total.says.map((figure) => `${formatCents(total[`${figure}Cents`])} ${figure}`);
  const says = total.agrees ? `agrees: ${figures[0] ?? ''}` : `does not agree: it says ${figures.join(', ')}`;
  return (
    <li className={`tag ${total.agrees ? 'tag-done' : 'tag-block'}`}>
      <button
        type="button"
        className="link stated-link"
        onClick={() => {
          showSource(total.source);
        }}
      >
        {name} {says}
      </button>
    </li>
  );
}
