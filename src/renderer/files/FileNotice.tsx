import { Button } from '@mantine/core';
import { useState } from 'react';
import type { FileView } from '../../shared/files.ts';
import type { DocumentId } from '../../shared/ids.ts';
import { useCommand, useCoreEvent } from '../client.ts';
import { Notice } from '../ui/Notice.tsx';
import { bytesText, fileWords } from './words.ts';
import './files.css';

/** Above the text of a page whose file is not on this laptop: how far it is, and the person's say in it. */
export function FileNotice({ documentId, file }: { documentId: DocumentId; file: FileView }) {
  const [latest, setLatest] = useState(file);
  const fetch = useCommand('files.fetch');
  const cancel = useCommand('files.cancel');
  useCoreEvent('files.changed', (change) => {
    if (change.documentId === documentId) setLatest(change.file);
  });
  if (latest.state === 'here') return null; // the page is on its way to this window
  const { title, advice } = fileWords(latest);
  const isFetching = latest.state === 'fetching';
  const action = isFetching ? (
    <Button
      variant="default"
      loading={cancel.busy}
      onClick={() => {
        void cancel.run({ documentId });
      }}
    >
      Cancel
    </Button>
  ) : (
    <Button
      variant="default"
      loading={fetch.busy}
      onClick={() => {
        void fetch.run({ documentId });
      }}
    >
      {latest.problem ? 'Try again' : `Fetch ${bytesText(latest.sizeBytes)}`}
    </Button>
  );
  return (
    <div className="file-notice">
      <Notice
        tone={latest.problem && latest.problem.code !== 'offline' && latest.problem.code !== 'not_found' ? 'ask' : 'tell'}
        title={title}
        actions={action}
      >
        {advice}
        {isFetching && (
          <progress className="file-progress" aria-label="Fetched so far" value={latest.doneBytes} max={Math.max(1, latest.sizeBytes)} />
        )}
      </Notice>
    </div>
  );
}
