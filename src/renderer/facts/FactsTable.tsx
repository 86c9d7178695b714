import { Button, NativeSelect } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { factLabels, moneyKinds, type FactView } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { useCommand } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { Empty } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { DecideCell, ReviewTag, type Decisions } from './decide.tsx';
import { FactEditor } from './FactEditor.tsx';
import { ReviewBar } from './ReviewBar.tsx';
import { factOrders, orderFacts, type FactGroup, type FactOrder } from './rows.ts';
import { SourceLink } from './source.tsx';
import { useReview } from './use-review.ts';

interface FactsTableProps {
  facts: FactView[];
  canDecide: boolean;
  switcher: ReactNode;
  /** Below the bar. */
  panel: ReactNode;
}

const orderWords: Record<FactOrder, string> = { kind: 'By kind', unsure: 'Least sure first', source: 'By document' };

export function FactsTable({ facts, canDecide, switcher, panel }: FactsTableProps) {
  const decide = useCommand('facts.decide');
  const [editing, setEditing] = useState<string | null>(null);
  const [order, setOrder] = useState<FactOrder>('kind');
  const groups = orderFacts(facts, order);
  const rows = groups.flatMap((group) => group.facts);
  const undisputed = groups.flatMap((group) => group.undisputed);
  const disputedCount = rows.filter((fact) => fact.state === 'proposed').length - undisputed.length;
  const decideOne = (fact: FactView | undefined, decision: 'approved' | 'rejected') => {
    if (fact) void decide.run({ factIds: [fact.factId], decision });
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
      setEditing(rows[index]?.factId ?? null);
    },
  });
  const approve = (those: readonly FactView[]) => {
    if (canDecide && those.length > 0) void decide.run({ factIds: those.map((fact) => fact.factId), decision: 'approved' });
  };
  useKeys({
    o: () => {
      setOrder(factOrders[(factOrders.indexOf(order) + 1) % factOrders.length] ?? 'kind');
    },
    d: () => {
      const documentId = rows[cursor]?.source.documentId;
      approve(undisputed.filter(({ source }) => source.documentId === documentId));
    },
  });
  const columns = canDecide ? 5 : 4;

  return (
    <div className="review">
      <ReviewBar
        switcher={switcher}
        order={
          <NativeSelect
            aria-label="Order"
            value={order}
            onChange={(event) => {
              setOrder(factOrders.find((one) => one === event.currentTarget.value) ?? 'kind');
            }}
            data={factOrders.map((one) => ({ value: one, label: orderWords[one] }))}
          />
        }
        canDecide={canDecide}
        openCount={undisputed.length}
        leftOut={disputedCount}
        busy={decide.busy}
        error={decide.error}
        onApproveAll={() => {
          approve(undisputed);
        }}
      />
      {panel}
      {rows.length === 0 ? (
        <Empty title="No facts found yet">
          <p>Facts appear here as documents are read. See the Evidence tab for what is still waiting.</p>
        </Empty>
      ) : (
        <div className="scroll fill">
          <table className="grid">
            <thead>
              <tr>
                <th>Value</th>
                <th>Found on</th>
                <th className="number">Confidence</th>
                <th>State</th>
                {canDecide && (
                  <th>
                    <span className="sr-only">Decide</span>
                  </th>
                )}
              </tr>
            </thead>
            {groups.map((group) => (
              <tbody key={group.key}>
                {group.opens !== null && (
                  <tr className="part">
                    <th scope="rowgroup" colSpan={columns}>
                      {group.opens}
                    </th>
                  </tr>
                )}
                <tr className="group">
                  <td colSpan={columns}>
                    {group.label}
                    {group.facts.length > 4 && <span className="quiet how-many">{group.facts.length}</span>}
                    <Disagreement group={group} />
                    {order === 'source' && canDecide && group.undisputed.length > 0 && (
                      <Button
                        className="approve-source"
                        size="compact-xs"
                        variant="default"
                        leftSection={<IconCheck size={13} />}
                        onClick={() => {
                          approve(group.undisputed);
                        }}
                      >
                        Approve {group.undisputed.length} undisputed
                      </Button>
                    )}
                  </td>
                </tr>
                {group.facts.map((fact) => {
                  const index = rows.indexOf(fact);
                  return (
                    <FactRow
                      key={fact.factId}
                      fact={fact}
                      showsKind={order !== 'kind'}
                      isInHand={index === cursor}
                      columns={columns}
                      isEditing={editing === fact.factId}
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
                                decideOne(fact, 'approved');
                              },
                              onEdit: () => {
                                setEditing(fact.factId);
                              },
                              onReject: () => {
                                decideOne(fact, 'rejected');
                              },
                            }
                          : null
                      }
                    />
                  );
                })}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </div>
  );
}

function Disagreement({ group }: { group: FactGroup }) {
  if (group.differentValues < 2) return null;
  return <span className="tag tag-ask disagreement">{count(group.differentValues, 'different value')}: approve the right one</span>;
}

interface FactRowProps {
  fact: FactView;
  /** No heading above says it. */
  showsKind: boolean;
  isInHand: boolean;
  isEditing: boolean;
  columns: number;
  onTake: () => void;
  onDone: () => void;
  decisions: Decisions | null;
}

function FactRow({ fact, showsKind, isInHand, isEditing, columns, onTake, onDone, decisions }: FactRowProps) {
  if (isEditing) {
    return (
      <tr aria-selected={isInHand}>
        <td colSpan={columns}>
          <FactEditor fact={fact} onDone={onDone} />
        </td>
      </tr>
    );
  }
  const isUnsure = fact.confidence < 70;
  return (
    <tr aria-selected={isInHand} data-rejected={fact.state === 'rejected' || undefined} onClick={onTake}>
      <td className="fact-value" title={fact.model === null ? `Found by ${fact.method}` : `Proposed by the assistant (${fact.model})`}>
        {showsKind && <span className="quiet fact-kind">{factLabels[fact.kind]}</span>}
        {moneyKinds.includes(fact.kind) && /^\d+$/.test(fact.normal) ? formatCents(Number(fact.normal)) : fact.value}
        {fact.state === 'corrected' && fact.readValue !== null && <span className="quiet read-value">read as “{fact.readValue}”</span>}
        {fact.problem !== null && fact.state === 'proposed' && <div className="fact-problem">{fact.problem}</div>}
      </td>
      <td>
        <SourceLink source={fact.source} />
      </td>
      <td className={isUnsure ? 'number unsure' : 'number'} title={isUnsure ? 'Unsure: read the page' : undefined}>
        {fact.confidence}%
      </td>
      <td>
        <ReviewTag state={fact.state} by={fact.decidedByName} />
      </td>
      {decisions && <DecideCell state={fact.state} {...decisions} />}
    </tr>
  );
}
