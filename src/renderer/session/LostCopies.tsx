import { Button } from '@mantine/core';
import type { LostCopy } from '../../shared/session.ts';
import type { AppState } from '../../shared/setup.ts';
import { useCommand } from '../client.ts';
import { Notice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';
import { lostCopyWords } from './lost-copy-words.ts';
import './session.css';

/** Copies that this laptop no longer has: what happened, what was kept and where, what to do. Each stays until somebody has read it. */
export function LostCopies({ app }: { app: AppState }) {
  return app.lostCopies.map((copy) => <Copy key={copy.accountKey} copy={copy} canReveal={app.hostKind === 'electron'} />);
}

function Copy({ copy, canReveal }: { copy: LostCopy; canReveal: boolean }) {
  const note = useCommand('setup.noteLostCopy');
  const reveal = useCommand('setup.revealLostCopy');
  const { accountKey, path, state, at } = copy;
  const { tone, title, advice } = lostCopyWords(copy);
  const hasPath = path !== null && state === 'done';
  return (
    <div className="lost-copy">
      <Notice
        tone={tone}
        title={
          <>
            {title} <MomentText at={at} />
          </>
        }
      >
        {advice}
        {hasPath && <code className="lost-copy-path">{path}</code>}
        {state === 'done' && (
          <span className="row lost-copy-actions">
            {hasPath && canReveal && (
              <Button
                variant="default"
                onClick={() => {
                  void reveal.run({ accountKey });
                }}
              >
                Show it
              </Button>
            )}
            <Button
              variant="default"
              loading={note.busy}
              onClick={() => {
                void note.run({ accountKey });
              }}
            >
              I have read this
            </Button>
          </span>
        )}
      </Notice>
    </div>
  );
}
