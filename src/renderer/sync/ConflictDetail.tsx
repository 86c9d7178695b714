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
        <Side who={conflict.mineByName ?? 'You'} value={conflict.mine} label="Keep mine" hint="m" busy={resolve.busy} onKeep={keepMine} />
        <Side
          who={conflict.theirsByName ?? 'A colleague'}
          value={conflict.theirs}
          label="Keep theirs"
          hint="t"
          busy={resolve.busy}
          onKeep={keepTheirs}
        />
      </div>
      {resolve.error && <ErrorNotice error={resolve.error} />}
    </>
  );
}

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
      <p className="side-value">{value === '' ? <span className="quiet">empty</span> : value}</p>
      <Button variant="default" disabled={busy} onClick={onKeep}>
        {label} ({hint})
      </Button>
    </div>
  );
}
