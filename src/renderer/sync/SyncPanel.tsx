import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConflictView, DeadLetterView, SyncStatus } from '../../shared/sync.ts';
import { useCall, useCommand } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { doUnlessUndone } from '../ui/undo.tsx';
import { MomentText } from '../ui/values.tsx';
import { syncWords } from './words.ts';
import './sync.css';

/** The inbox of everything sync needs a person for. Nothing in it is decided silently. */
export function SyncPanel({ status, onClose }: { status: SyncStatus; onClose: () => void }) {
  const conflicts = useCall('sync.conflicts', {});
  const deadLetters = useCall('sync.deadLetters', {});
  useKeys({ Escape: onClose });
  return (
    <section id="sync-panel" className="sync-panel" aria-label="Sync">
      <header className="row">
        <h2>{syncWords(status)}</h2>
        <ActionIcon className="push" aria-label="Close" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      {status.problem && <ErrorNotice error={status.problem} />}
      {status.waiting > 0 && (
        <p className="quiet">Your changes are saved on this computer and go to the firm as soon as it can be reached.</p>
      )}
      <Loaded answer={conflicts} text="Looking for conflicts">
        {(list) => list.map((conflict) => <Conflict key={conflict.conflictId} conflict={conflict} />)}
      </Loaded>
      <Loaded answer={deadLetters} text="Looking for refused changes">
        {(list) => list.map((letter) => <DeadLetter key={letter.mutationId} letter={letter} />)}
      </Loaded>
      {conflicts.data?.length === 0 && deadLetters.data?.length === 0 && <p className="quiet">Nothing needs you.</p>}
    </section>
  );
}

function Conflict({ conflict }: { conflict: ConflictView }) {
  const resolve = useCommand('sync.resolve');
  const keep = (side: 'mine' | 'theirs') => {
    void resolve.run({ conflictId: conflict.conflictId, keep: side });
  };
  return (
    <article className="sync-item">
      <h3>{conflict.what}</h3>
      <p className="quiet">
        Two people changed this while apart, <MomentText at={conflict.at} />. Both values are kept until you choose.
      </p>
      <div className="sides">
        <Side
          who={conflict.mineByName ?? 'You'}
          value={conflict.mine}
          label="Keep mine"
          busy={resolve.busy}
          onKeep={() => {
            keep('mine');
          }}
        />
        <Side
          who={conflict.theirsByName ?? 'A colleague'}
          value={conflict.theirs}
          label="Keep theirs"
          busy={resolve.busy}
          onKeep={() => {
            keep('theirs');
          }}
        />
      </div>
      {resolve.error && <ErrorNotice error={resolve.error} />}
    </article>
  );
}

function Side({ who, value, label, busy, onKeep }: { who: string; value: string; label: string; busy: boolean; onKeep: () => void }) {
  return (
    <div className="side">
      <p className="quiet">{who}</p>
      <p className="side-value">{value === '' ? <span className="quiet">empty</span> : value}</p>
      <Button variant="default" disabled={busy} onClick={onKeep}>
        {label}
      </Button>
    </div>
  );
}

function DeadLetter({ letter }: { letter: DeadLetterView }) {
  const decide = useCommand('sync.decideDeadLetter');
  const [discarding, setDiscarding] = useState(false);
  const discard = () => {
    setDiscarding(true);
    doUnlessUndone(
      'Discarded.',
      () => {
        void decide.run({ mutationId: letter.mutationId, decision: 'discard' });
      },
      () => {
        setDiscarding(false);
      },
    );
  };
  if (discarding) return null;
  return (
    <article className="sync-item">
      <h3>{letter.what}</h3>
      <p>
        The firm refused this change, <MomentText at={letter.at} />: {letter.reason}
      </p>
      <p className="kept">{letter.kept}</p>
      {decide.error && <ErrorNotice error={decide.error} />}
      <div className="row">
        <Button
          variant="default"
          loading={decide.busy}
          onClick={() => {
            void decide.run({ mutationId: letter.mutationId, decision: 'retry' });
          }}
        >
          Try again
        </Button>
        <Button variant="subtle" color="gray" onClick={discard}>
          Discard my change
        </Button>
      </div>
    </article>
  );
}
