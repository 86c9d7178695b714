import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { IngestProgress } from '../../shared/documents.ts';
import type { SessionView } from '../../shared/session.ts';
import { useCall, useCommand, useCoreEvent } from '../client.ts';
import { SyncPanel } from '../sync/SyncPanel.tsx';
import { syncTone, syncWords } from '../sync/words.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';

/** One line at the bottom that says where the work stands. */
export function StatusBar({ session }: { session: SessionView }) {
  const status = useCall('sync.status', {});
  const syncNow = useCommand('sync.now');
  const [open, setOpen] = useState(false);
  const { account, signedInOffline } = session;
  const sync = async () => {
    const outcome = await syncNow.run({});
    if (!outcome.ok) tell(sentenceOf(outcome.error));
  };
  return (
    <footer className="status" aria-label="Status">
      {status.data && (
        <>
          <button
            type="button"
            className="status-button"
            aria-expanded={open}
            aria-controls="sync-panel"
            onClick={() => {
              setOpen(!open);
            }}
          >
            <span className={`tag tag-${syncTone(status.data)}`}>{syncWords(status.data)}</span>
          </button>
          <span className="sr-only" role="status">
            {syncWords(status.data)}
          </span>
          {status.data.phase !== 'local' && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-xs"
              leftSection={<IconRefresh size={13} />}
              loading={syncNow.busy}
              onClick={() => {
                void sync();
              }}
            >
              Sync now
            </Button>
          )}
        </>
      )}
      <IngestLine />
      <span className="push cut quiet">
        {account.firstName} {account.lastName}, {account.firmName}
        {signedInOffline ? ' (signed in offline)' : ''}
      </span>
      {open && status.data && (
        <SyncPanel
          status={status.data}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </footer>
  );
}

/** How far the reading of case folders has come; gone when all is read. */
function IngestLine() {
  const [progress, setProgress] = useState<IngestProgress | null>(null);
  useCoreEvent('ingest.progress', setProgress);
  if (!progress) return null;
  if (progress.problem !== null) return <span className="tag tag-ask cut">{progress.problem}</span>;
  if (progress.done >= progress.total) return null;
  return (
    <span className="row cut" role="status">
      <progress className="ingest-bar" max={progress.total} value={progress.done} aria-label="Reading documents" />
      <span className="quiet cut">
        Reading {progress.done + 1} of {count(progress.total, 'document')}
        {progress.current === null ? '' : `: ${progress.current}`}
      </span>
    </span>
  );
}
