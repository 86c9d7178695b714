import { Button } from '@mantine/core';
import type { ConflictView } from '../../shared/sync.ts';
import { useCommand } from '../client.ts';
import { useKeys } from '../ui/keys.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';

/** Two values for one field, side by side, until a person chooses. */
export function ConflictDetail({ conflict }: { conflict: ConflictView }) {
  const resolve = useCommand('sync.resolve');
  const keep = (side: 'mine' | 'theirs') => {
    if (!resolve.busy) void resolve.run({ conflictId: conflict.conflictId, keep: side });
  };
  const keepMine = () => {
    keep('mine');
  };
  const keepTheirs = () => {
    keep('theirs');
  };
  useKeys({ m: keepMine, t: keepTheirs });
  return (
    <>
      <header>
        <h2>{conflict.where ?? conflict.what}</h2>
        <p className="quiet">
          {conflict.what}: two people changed the {conflict.field} while apart, <MomentText at={conflict.at} />. Both values are kept until
          somebody chooses.
        </p>
      </header>
      <div className="sides">
        <Side
          who={conflict.mineByName ?? (conflict.isMine ? 'You' : 'A colleague')}
          value={conflict.mine}
          label={conflict.isMine ? 'Keep mine' : 'Keep this one'}
          hint="m"
          busy={resolve.busy}
          onKeep={keepMine}
        />
        <Side
          who={conflict.theirsByName ?? 'A colleague'}
          value={conflict.theirs}
          label={conflict.isMine ? 'Keep theirs' : 'Keep this one'}
          hint="t"
          busy={resolve.busy}
          onKeep={keepTheirs}
        />
      </div>
      {resolve.error && <ErrorNotice error={resolve.error} />}
    </>
  );
}

/** From about here on a value is scrolled, and its scroller must be reached by keyboard. */
const longValue = 500;

interface SideProps {
  who: string;
  value: string;
  label: string;
  hint: string;
  busy: boolean;
  onKeep: () => void;
}

function Side({ who, value, label, hint, busy, onKeep }: SideProps) {
  return (
    <div className="side">
      <p className="quiet">{who}</p>
      <p className="side-value" tabIndex={value.length > longValue ? 0 : undefined}>
        {value === '' ? <span className="quiet">empty</span> : value}
      </p>
      <Button variant="default" disabled={busy} onClick={onKeep}>
        {label} ({hint})
      </Button>
    </div>
  );
}
