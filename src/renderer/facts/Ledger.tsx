import { useState, type ReactNode } from 'react';
import type { BillLineView, LedgerView } from '../../shared/facts.ts';
import { useCommand } from '../client.ts';
import { Empty } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { Amounts, BillLineRow } from './BillLineRow.tsx';
import { ReviewBar } from './ReviewBar.tsx';
import { linesByProvider } from './rows.ts';
import { StatedTotals } from './StatedTotals.tsx';
import { useReview } from './use-review.ts';

interface LedgerProps {
  ledger: LedgerView;
  canDecide: boolean;
  switcher: ReactNode;
  /** Below the bar. */
  panel: ReactNode;
}

/** Every line of every bill under its provider. All sums come from core, which adds integer cents. */
export function Ledger({ ledger, canDecide, switcher, panel }: LedgerProps) {
  const decide = useCommand('facts.decideBillLines');
  const [editing, setEditing] = useState<string | null>(null);
  const groups = linesByProvider(ledger.lines);
  const rows = groups.flatMap((group) => group.lines);
  const open = rows.filter((line) => line.state === 'proposed');
  const decideOne = (line: BillLineView | undefined, decision: 'approved' | 'rejected') => {
    if (line) void decide.run({ billLineIds: [line.billLineId], decision });
  };
  const { cursor, take } = useReview(rows, {
    canDecide,
    onApprove: (index) => {
      decideOne(rows[index], 'approved');
    },
    onReject: (index) => {
      decideOne(rows[index], 'rejected');
    },
    onEdit: (index) => {
      setEditing(rows[index]?.billLineId ?? null);
    },
  });
  const columns = canDecide ? 10 : 9;

  return (
    <div className="review">
      <ReviewBar
        switcher={switcher}
        canDecide={canDecide}
        openCount={open.length}
        busy={decide.busy}
        error={decide.error}
        onApproveAll={() => {
          void decide.run({ billLineIds: open.map((line) => line.billLineId), decision: 'approved' });
        }}
      />
      {panel}
      {rows.length === 0 ? (
        <Empty title="No bill lines yet">
          <p>Lines appear here as bills and ledgers are read.</p>
        </Empty>
      ) : (
        <>
          <StatedTotals totals={ledger.statedTotals} />
          <div className="scroll fill">
            <table className="grid ledger">
              <thead>
                <tr>
                  <th>Service</th>
                  <th className="squeezed">Code</th>
                  <th>Description</th>
                  <th className="number">Billed</th>
                  <th className="number">Adjusted</th>
                  <th className="number">Paid</th>
                  <th className="number">Owed</th>
                  <th className="squeezed">Page</th>
                  <th>
                    <span className="tag-text">State</span>
                  </th>
                  {canDecide && (
                    <th>
                      <span className="sr-only">Decide</span>
                    </th>
                  )}
                </tr>
              </thead>
              {groups.map(({ provider, lines }) => {
                const totals = ledger.providers.find((candidate) => candidate.provider === provider);
                return (
                  <tbody key={provider}>
                    <tr className="group">
                      <td colSpan={3}>
                        {provider} <span className="quiet">{count(lines.length, 'line')}</span>
                      </td>
                      {totals ? <Amounts of={totals} /> : <td colSpan={4} />}
                      <td colSpan={columns - 7} />
                    </tr>
                    {lines.map((line) => {
                      const index = rows.indexOf(line);
                      return (
                        <BillLineRow
                          key={line.billLineId}
                          line={line}
                          isInHand={index === cursor}
                          isEditing={editing === line.billLineId}
                          columns={columns}
                          onTake={() => {
                            take(index);
                          }}
                          onDone={() => {
                            setEditing(null);
                          }}
                          decisions={
                            canDecide
                              ? {
                                  onApprove: () => {
                                    decideOne(line, 'approved');
                                  },
                                  onEdit: () => {
                                    setEditing(line.billLineId);
                                  },
                                  onReject: () => {
                                    decideOne(line, 'rejected');
                                  },
                                }
                              : null
                          }
                        />
                      );
                    })}
                  </tbody>
                );
              })}
              <tfoot>
                <tr>
                  <td colSpan={3}>
                    Total of {count(rows.filter((line) => line.state !== 'rejected').length, 'line')},{' '}
                    {count(ledger.providers.length, 'provider')}
                  </td>
                  <Amounts of={ledger.totals} />
                  <td colSpan={columns - 7} />
                </tr>
              </tfoot>
            </table>
          </div>
        </>
      )}
    </div>
  );
}
