import { Button } from '@mantine/core';
import type { CasesView, DecideCase } from '../../shared/matters.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';
import { count } from '../ui/values.tsx';

const shown = 3;

/** New folders that may be matters which are here already: only a person knows. */
export function AskedFolders() {
  const { data } = useCall('cases.view', {});
  const decide = useCommand('cases.decide');
  const asked = data?.asked ?? [];
  if (asked.length === 0) return null;
  const say = (decision: DecideCase) => {
    void decide.run(decision);
  };
  return (
    <div className="cases-asked">
      {asked.slice(0, shown).map((one) => (
        <AskedFolder key={one.path} asked={one} busy={decide.busy} onDecide={say} />
      ))}
      {asked.length > shown && <p className="quiet">And {count(asked.length - shown, 'more folder')}.</p>}
      {decide.error && <ErrorNotice error={decide.error} />}
    </div>
  );
}

interface AskedFolderProps {
  asked: CasesView['asked'][number];
  busy: boolean;
  onDecide: (decision: DecideCase) => void;
}

function AskedFolder({ asked: { path, name, like }, busy, onDecide }: AskedFolderProps) {
  return (
    <Notice
      tone="ask"
      title={like ? `Is the new folder “${name}” the matter “${like.title}”?` : `Is the new folder “${name}” a new matter?`}
      actions={
        <>
          {like && (
            <Button
              size="compact-sm"
              disabled={busy}
              onClick={() => {
                onDecide({ path, decision: 'same', matterId: like.matterId });
              }}
            >
              It is that matter
            </Button>
          )}
          <Button
            size="compact-sm"
            variant={like ? 'default' : 'filled'}
            disabled={busy}
            onClick={() => {
              onDecide({ path, decision: 'new' });
            }}
          >
            Make a new matter
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={busy}
            onClick={() => {
              onDecide({ path, decision: 'leave' });
            }}
          >
            No matter
          </Button>
        </>
      }
    >
      {like
        ? 'A matter of that name is here and has no folder on this laptop. If it is the same client, its files are read from this folder.'
        : 'Steno cannot tell whether it is a matter that is here already. Nothing in it is read until you say.'}
    </Notice>
  );
}
