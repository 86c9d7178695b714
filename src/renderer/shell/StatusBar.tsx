import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { IngestProgress } from '../../shared/documents.ts';
import type { SessionView } from '../../shared/session.ts';
import type { SyncStatus } from '../../shared/sync.ts';
import { useCall, useCommand, useCoreEvent } from '../client.ts';
import { useDoings } from '../presence/context.ts';
import { hereWords } from '../presence/words.ts';
import { showSync } from '../route.ts';
import { spokenWords, syncTone, syncWords } from '../sync/words.ts';
import { sentenceOf, tell } from '../ui/undo.tsx';
import { count } from '../ui/values.tsx';

/** One line at the bottom that says where the work stands. */
export function StatusBar({ session }: { session: SessionView }) {
  const { data: line } = useCall('sync.status', {}, { select: lineOf });
  const syncNow = useCommand('sync.now');
  const { account, signedInOffline } = session;
  const sync = async () => {
    const outcome = await syncNow.run({});
    if (!outcome.ok) tell(sentenceOf(outcome.error));
  };
  return (
    <footer className="status" aria-label="Status">
      {line && (
        <>
          <button
            type="button"
            className="status-button"
            title="Show what waits, what needs you, and what the firm said"
            onClick={() => {
              showSync();
            }}
          >
            <span className={`tag tag-${line.tone}`}>
              <span className="cut">{line.words}</span>
            </span>
          </button>
          <span className="sr-only" role="status">
            {line.spoken}
          </span>
          {line.hasFirm && (
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
      <HereLine />
      <span className="push cut quiet">
        {signedInOffline ? 'Signed in offline: ' : ''}
        {account.firstName} {account.lastName}, {account.firmName}
      </span>
    </footer>
  );
}

/** What the line shows: while somebody types, a status comes several times a second, and says the same. */
const lineOf = (status: SyncStatus) => ({
  tone: syncTone(status),
  words: syncWords(status),
  spoken: spokenWords(status),
  hasFirm: status.phase !== 'local',
});

/** Who else is in the letter on screen; aloud it is said beside the matter's name. */
function HereLine() {
  const words = hereWords(useDoings());
  return words === null ? null : <span className="quiet cut">{words}</span>;
}

/** How far the reading of case folders has come; gone when all is read. */
function IngestLine() {
  const [progress, setProgress] = useState<IngestProgress | null>(null);
  useCoreEvent('ingest.progress', setProgress);
  if (!progress) return null;
  if (progress.problem !== null) return <span className="tag tag-ask cut">{progress.problem}</span>;
  const { ocr } = progress;
  if (progress.done >= progress.total && ocr.done >= ocr.total) return null;
  if (progress.done >= progress.total)
    return (
      <span className="row cut" role="status">
        <progress className="ingest-bar" max={ocr.total} value={ocr.done} aria-label="Recognizing text" />
        <span className="quiet cut">
          Recognizing text: page {ocr.done + 1} of {ocr.total}
        </span>
      </span>
    );
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
