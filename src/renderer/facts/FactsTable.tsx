import { Button } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { moneyKinds, type FactView } from '../../shared/facts.ts';
import { formatCents } from '../../shared/money.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Empty } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { FactEditor } from './FactEditor.tsx';
import { groupFacts, reviewTones, reviewWords } from './rows.ts';
import { Decide, ReviewKeysLine, SourceLink } from './source.tsx';
import { useReview } from './use-review.ts';

interface FactsTableProps {
  facts: FactView[];
  canDecide: boolean;
  switcher: ReactNode;
}

export function FactsTable({ facts, canDecide, switcher }: FactsTableProps) {
  const decide = useCommand('facts.decide');
  const [editing, setEditing] = useState<string | null>(null);
  const groups = groupFacts(facts);
  const rows = groups.flatMap((group) => group.facts);
  const open = rows.filter((fact) => fact.state === 'proposed');
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
              void decide.run({ factIds: open.map((fact) => fact.factId), decision: 'approved' });
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
        <Empty title="No facts found yet">
          <p>Facts appear here as documents are read. See the Evidence tab for what is still waiting.</p>
        </Empty>
      ) : (
        <div className="scroll" style={{ flex: 1 }}>
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
              <tbody key={group.kind}>
                <tr className="group">
                  <td colSpan={canDecide ? 5 : 4}>
                    {group.label}
                    {group.disagree && (
                      <span className="tag tag-ask" style={{ marginLeft: 10, fontWeight: 400 }}>
                        {count(
                          new Set(group.facts.filter((fact) => fact.state !== 'rejected').map((fact) => fact.normal)).size,
                          'different value',
                        )}
                        : approve the right one
                      </span>
                    )}
                  </td>
                </tr>
                {group.facts.map((fact) => {
                  const index = rows.indexOf(fact);
                  return (
                    <tr
                      key={fact.factId}
                      aria-selected={index === cursor}
                      data-rejected={fact.state === 'rejected' || undefined}
                      onClick={() => {
                        take(index);
                      }}
                    >
                      <td>
                        {editing === fact.factId ? (
                          <FactEditor
                            fact={fact}
                            onDone={() => {
                              setEditing(null);
                            }}
                          />
                        ) : (
                          <span className="fact-value" title={`Found by ${fact.method}`}>
                            {moneyKinds.includes(fact.kind) && /^\d+$/.test(fact.normal) ? formatCents(Number(fact.normal)) : fact.value}
                          </span>
                        )}
                      </td>
                      <td>
                        <SourceLink source={fact.source} />
                      </td>
                      <td className="number">
                        <Confidence value={fact.confidence} />
                      </td>
                      <td>
                        <span
                          className={`tag ${reviewTones[fact.state]}`}
                          title={fact.decidedByName === null ? undefined : `By ${fact.decidedByName}`}
                        >
                          {reviewWords[fact.state]}
                        </span>
                      </td>
                      {canDecide && (
                        <td className="decide">
                          <Decide
                            label="Approve (a)"
                            disabled={fact.state === 'approved' || fact.state === 'corrected'}
                            onClick={() => {
                              decideOne(fact, 'approved');
                            }}
                          >
                            <IconCheck size={15} />
                          </Decide>
                          <Decide
                            label="Correct (e)"
                            onClick={() => {
                              setEditing(fact.factId);
                            }}
                          >
                            <IconPencil size={15} />
                          </Decide>
                          <Decide
                            label="Reject (x)"
                            disabled={fact.state === 'rejected'}
                            onClick={() => {
                              decideOne(fact, 'rejected');
                            }}
                          >
                            <IconX size={15} />
                          </Decide>
                        </td>
                      )}
                    </tr>
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

function Confidence({ value }: { value: number }) {
  return (
    <span className={value < 70 ? 'unsure' : undefined} title={value < 70 ? 'Unsure: read the page' : undefined}>
      {value}%
    </span>
  );
}
