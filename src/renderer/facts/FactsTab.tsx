import { Button, SegmentedControl } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import { mayWrite, type Role } from '../../shared/session.ts';
import { useCall } from '../client.ts';
import { Contradictions } from '../contradictions/Contradictions.tsx';
import { Loaded } from '../ui/states.tsx';
import { AskPanel } from './AskPanel.tsx';
import { Chronology } from './Chronology.tsx';
import { FactsTable } from './FactsTable.tsx';
import { Ledger } from './Ledger.tsx';
import { Losses } from './Losses.tsx';
import './facts.css';

const views = ['facts', 'ledger', 'losses', 'chronology', 'contradictions'] as const;
type View = (typeof views)[number];

/** What the evidence says, for a person to approve or correct: facts, the lines of every bill, the visits, and what does not agree. */
export function FactsTab({ matterId, role }: { matterId: MatterId; role: Role }) {
  const [view, setView] = useState<View>('facts');
  const [isAsking, setIsAsking] = useState(false);
  const facts = useCall('facts.list', { matterId });
  const ledger = useCall('facts.ledger', { matterId });
  const losses = useCall('facts.losses', { matterId }, { enabled: view === 'losses' });
  const chronology = useCall('facts.chronology', { matterId }, { enabled: view === 'chronology' });
  const contradictions = useCall('contradictions.list', { matterId });
  const canDecide = mayWrite(role);
  const openFacts = facts.data?.filter((fact) => fact.state === 'proposed').length ?? 0;
  const openLines = ledger.data?.lines.filter((line) => line.state === 'proposed').length ?? 0;
  const unsettled = contradictions.data?.filter(({ settled }) => !settled).length ?? 0;
  const label = (name: string, open: number) => (open > 0 ? `${name} · ${String(open)} to check` : name);
  const switcher = (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What to review"
        value={view}
        onChange={(value) => {
          setView(views.find((one) => one === value) ?? 'facts');
        }}
        data={[
          { value: 'facts', label: label('Facts', openFacts) },
          { value: 'ledger', label: label('Bill ledger', openLines) },
          { value: 'losses', label: 'Wages and care' },
          { value: 'chronology', label: 'Chronology' },
          { value: 'contradictions', label: unsettled > 0 ? `Contradictions · ${String(unsettled)}` : 'Contradictions' },
        ]}
      />
      {canDecide && (view === 'facts' || view === 'ledger') && (
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
  if (view === 'losses')
    return (
      <Loaded answer={losses} text="Working out wages and future care">
        {(found) => <Losses losses={found} switcher={switcher} />}
      </Loaded>
    );
  if (view === 'chronology')
    return (
      <Loaded answer={chronology} text="Putting the visits in order">
        {(found) => <Chronology chronology={found} switcher={switcher} />}
      </Loaded>
    );
  if (view === 'contradictions')
    return (
      <Loaded answer={contradictions} text="Holding the documents against each other">
        {(found) => <Contradictions matterId={matterId} contradictions={found} canDecide={canDecide} switcher={switcher} />}
      </Loaded>
    );
  return (
    <Loaded answer={ledger} text="Adding up the bills">
      {(found) => <Ledger ledger={found} canDecide={canDecide} switcher={switcher} panel={panel} />}
    </Loaded>
  );
}
