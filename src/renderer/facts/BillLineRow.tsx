import type { BillLineView, LedgerAmounts } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { DayText, MoneyText } from '../ui/values.tsx';
import { BillLineEditor } from './BillLineEditor.tsx';
import { DecideCell, ReviewTag, type Decisions } from './decide.tsx';
import { SourceLink } from './source.tsx';

interface BillLineRowProps {
  line: BillLineView;
  isInHand: boolean;
  isEditing: boolean;
  columns: number;
  onTake: () => void;
  onDone: () => void;
  decisions: Decisions | null;
}

export function BillLineRow({ line, isInHand, isEditing, columns, onTake, onDone, decisions }: BillLineRowProps) {
  const isSpan = line.serviceTo !== null && line.serviceTo !== line.serviceFrom;
  return (
    <>
      <tr
        aria-selected={isInHand}
        data-rejected={line.state === 'rejected' || undefined}
        data-repeats={line.sameAs !== null || undefined}
        onClick={onTake}
      >
        <td>
          <DayText day={line.serviceFrom} />
          {isSpan && (
            <>
              {' '}
              – <DayText day={line.serviceTo} />
            </>
          )}
        </td>
        <td className="squeezed">{line.code ?? <span className="quiet">—</span>}</td>
        <td className="description" title={[line.description, line.problem].filter((part) => part !== null).join('. ')}>
          {line.sameAs !== null && (
            <span title="Another statement has the same charge; it is counted there. The Evidence tab asks about it.">Counted once: </span>
          )}
          {line.description}
          {line.units !== null && line.units > 1 && <span className="quiet"> × {line.units}</span>}
        </td>
        <Amounts of={line} paidBy={line.paidBy.map(({ payer, cents }) => `${payer} ${formatCents(cents)}`).join(', ')} />
        <td className="squeezed">
          <SourceLink source={line.source} />
          {line.alsoIn.map((source) => (
            <SourceLink key={`${source.documentId}:${String(source.start)}`} source={source} />
          ))}
        </td>
        <td>
          <ReviewTag state={line.state} />
        </td>
        {decisions && <DecideCell state={line.state} {...decisions} />}
      </tr>
      {isEditing && (
        <tr>
          <td colSpan={columns} className="line-editor-cell">
            <BillLineEditor line={line} onDone={onDone} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The four amount cells of a line, a provider or the whole ledger. */
export function Amounts({ of, paidBy }: { of: LedgerAmounts; paidBy?: string }) {
  return (
    <>
      <td className="number">
        <MoneyText cents={of.billedCents} />
      </td>
      <td className="number">
        <MoneyText cents={of.adjustedCents} />
      </td>
      <td className="number" title={paidBy === '' ? undefined : paidBy}>
        <MoneyText cents={of.paidCents} />
      </td>
      <td className="number">
        <MoneyText cents={of.owedCents} />
      </td>
    </>
  );
}
