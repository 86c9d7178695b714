import { Button } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { Fragment, useState, type ReactNode } from 'react';
import type { BillLineView, LedgerAmounts, LedgerView } from '../../shared/facts.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Empty } from '../ui/states.tsx';
import { count, DayText, MoneyText } from '../ui/values.tsx';
import { BillLineEditor } from './BillLineEditor.tsx';
import { linesByProvider, reviewTones, reviewWords } from './rows.ts';
import { Decide, ReviewKeysLine, SourceLink } from './source.tsx';
import { StatedTotals } from './StatedTotals.tsx';
import { useReview } from './use-review.ts';

interface LedgerProps {
  ledger: LedgerView;
  canDecide: boolean;
  switcher: ReactNode;
}

/** Every line of every bill under its provider. All sums come from core, which adds integer cents. */
export function Ledger({ ledger, canDecide, switcher }: LedgerProps) {
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
      <header className="bar">
        {switcher}
        {canDecide && <ReviewKeysLine />}
        {canDecide && open.length > 0 && (
          <Button
            className="push"
            variant="default"
            leftSection={<IconCheck size={15} />}
            loading={decide.busy}
            onClick={() => {
              void decide.run({ billLineIds: open.map((line) => line.billLineId), decision: 'approved' });
            }}
          >
            Approve all {open.length}
          </Button>
        )}
      </header>
      {decide.error && (
        <div style={{ padding: 12 }}>
          <ErrorNotice error={decide.error} />
        </div>
      )}
      {rows.length === 0 ? (
        <Empty title="No bill lines yet">
          <p>Lines appear here as bills and ledgers are read.</p>
        </Empty>
      ) : (
        <>
          <StatedTotals totals={ledger.statedTotals} />
          <div className="scroll" style={{ flex: 1 }}>
            <table className="grid ledger">
              <thead>
                <tr>
                  <th>Service</th>
                  <th>Code</th>
                  <th>Description</th>
                  <th className="number">Billed</th>
                  <th className="number">Adjusted</th>
                  <th className="number">Paid</th>
                  <th className="number">Owed</th>
                  <th>Page</th>
                  <th>State</th>
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
                        {provider}{' '}
                        <span className="quiet" style={{ fontWeight: 400 }}>
                          {count(lines.length, 'line')}
                        </span>
                      </td>
                      {totals ? <Amounts of={totals} /> : <td colSpan={4} />}
                      <td colSpan={columns - 7} />
                    </tr>
                    {lines.map((line) => {
                      const index = rows.indexOf(line);
                      return (
                        <Fragment key={line.billLineId}>
                          <tr
                            aria-selected={index === cursor}
                            data-rejected={line.state === 'rejected' || undefined}
                            onClick={() => {
                              take(index);
                            }}
                          >
                            <td>
                              <DayText day={line.serviceFrom} />
                              {line.serviceTo !== null && line.serviceTo !== line.serviceFrom && (
                                <>
                                  {' '}
                                  – <DayText day={line.serviceTo} />
                                </>
                              )}
                            </td>
                            <td>{line.code ?? <span className="quiet">—</span>}</td>
                            <td className="description" title={line.description}>
                              {line.description}
                              {line.units !== null && line.units > 1 && <span className="quiet"> × {line.units}</span>}
                            </td>
                            <Amounts of={line} />
                            <td>
                              <SourceLink source={line.source} />
                            </td>
                            <td>
                              <span className={`tag ${reviewTones[line.state]}`}>{reviewWords[line.state]}</span>
                            </td>
                            {canDecide && (
                              <td className="decide">
                                <Decide
                                  label="Approve (a)"
                                  disabled={line.state === 'approved' || line.state === 'corrected'}
                                  onClick={() => {
                                    decideOne(line, 'approved');
                                  }}
                                >
                                  <IconCheck size={15} />
                                </Decide>
                                <Decide
                                  label="Correct (e)"
                                  onClick={() => {
                                    setEditing(line.billLineId);
                                  }}
                                >
                                  <IconPencil size={15} />
                                </Decide>
                                <Decide
                                  label="Reject (x)"
                                  disabled={line.state === 'rejected'}
                                  onClick={() => {
                                    decideOne(line, 'rejected');
                                  }}
                                >
                                  <IconX size={15} />
                                </Decide>
                              </td>
                            )}
                          </tr>
                          {editing === line.billLineId && (
                            <tr>
                              <td colSpan={columns} className="line-editor-cell">
                                <BillLineEditor
                                  line={line}
                                  onDone={() => {
                                    setEditing(null);
                                  }}
                                />
                              </td>
                            </tr>
                          )}
                        </Fragment>
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

function Amounts({ of }: { of: LedgerAmounts }) {
  return (
    <>
      <td className="number">
        <MoneyText cents={of.billedCents} />
      </td>
      <td className="number">
        <MoneyText cents={of.adjustedCents} />
      </td>
      <td className="number">
        <MoneyText cents={of.paidCents} />
      </td>
      <td className="number">
        <MoneyText cents={of.owedCents} />
      </td>
    </>
  );
}
