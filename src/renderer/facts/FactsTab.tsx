import { Button, SegmentedControl } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import { mayWrite, type Role } from '../../shared/session.ts';
import { useCall } from '../client.ts';
import { Loaded } from '../ui/states.tsx';
import { AskPanel } from './AskPanel.tsx';
import { FactsTable } from './FactsTable.tsx';
import { Ledger } from './Ledger.tsx';
import './facts.css';

/** What the evidence says, for a person to approve or correct: facts, and the lines of every bill. */
export function FactsTab({ matterId, role }: { matterId: MatterId; role: Role }) {
  const [view, setView] = useState<'facts' | 'ledger'>('facts');
  const [isAsking, setIsAsking] = useState(false);
  const facts = useCall('facts.list', { matterId });
  const ledger = useCall('facts.ledger', { matterId });
  const canDecide = mayWrite(role);
  const openFacts = facts.data?.filter((fact) => fact.state === 'proposed').length ?? 0;
  const openLines = ledger.data?.lines.filter((line) => line.state === 'proposed').length ?? 0;
  const label = (name: string, open: number) => (open > 0 ? `${name} · ${String(open)} to check` : name);
  const switcher = (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What to review"
        value={view}
        onChange={(value) => {
          setView(value === 'ledger' ? 'ledger' : 'facts');
        }}
        data={[
          { value: 'facts', label: label('Facts', openFacts) },
          { value: 'ledger', label: label('Bill ledger', openLines) },
        ]}
      />
      {canDecide && (
        <Button
          size="xs"
          variant={isAsking ? 'light' : 'default'}
          leftSection={<IconMessageQuestion size={15} />}
          aria-expanded={isAsking}
          onClick={() => {
            setIsAsking(!isAsking);
          }}
        >
          Ask the assistant
        </Button>
      )}
    </>
  );
  const panel = isAsking && <AskPanel matterId={matterId} />;
  if (view === 'facts') {
    return (
      <Loaded answer={facts} text="Reading the facts">
        {(list) => <FactsTable facts={list} canDecide={canDecide} switcher={switcher} panel={panel} />}
      </Loaded>
    );
  }
  return (
    <Loaded answer={ledger} text="Adding up the bills">
      {(found) => <Ledger ledger={found} canDecide={canDecide} switcher={switcher} panel={panel} />}
    </Loaded>
  );
}
