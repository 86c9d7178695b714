import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AppState } from '../../shared/setup.ts';
import { useCommand, useCoreEvent } from '../client.ts';
import { LostCopies } from '../session/LostCopies.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { useFileDrop, useFirmFile } from './firm-file.ts';
import { FirmChoice } from './FirmChoice.tsx';
import { FirmFileReview } from './FirmFileReview.tsx';
import { Wordmark } from './Wordmark.tsx';
import './setup.css';

/** The first run: connect to the firm's own server, or look around in a demo firm. */
export function SetupScreen({ app }: { app: AppState }) {
  const [isByHand, setIsByHand] = useState(false);
  const demo = useCommand('setup.startDemoFirm');
  const connect = useCommand('setup.connectFirmFile');
  const file = useFirmFile();
  const [progress, setProgress] = useState<string | null>(null);
  useCoreEvent('setup.progress', ({ text }) => {
    setProgress(text);
  });

  const openFile = (chosen: File) => {
    // a file dropped while something is under way would take the screen from under it
    if (demo.busy || connect.busy || file.busy) return;
    setIsByHand(false);
    connect.clearError();
    void file.open(chosen);
  };
  const drop = useFileDrop(openFile);
  const { opened } = file;

  return (
    <main className={drop.isOver ? 'door door-drop' : 'door'} {...drop.handlers}>
      <header>
        <Wordmark />
        <p className="quiet">Demand letters whose every fact opens its page and whose every sum adds up. Works without a network.</p>
      </header>
      <LostCopies app={app} />
      {opened ? (
        <FirmFileReview
          view={opened.view}
          busy={connect.busy}
          error={connect.error}
          onConnect={() => {
            void connect.run({ text: opened.text, isNewKey: opened.view.trust === 'changed' });
          }}
          onBack={file.putAway}
        />
      ) : isByHand ? (
        <ConnectForm
          progress={progress}
          onBack={() => {
            setIsByHand(false);
          }}
        />
      ) : (
        <div className="choices">
          <FirmChoice
            busy={file.busy}
            disabled={demo.busy}
            problem={file.problem}
            onFile={openFile}
            onByHand={
              app.isManaged
                ? null
                : () => {
                    file.putAway();
                    setIsByHand(true);
                  }
            }
          />
          <section>
            <h2>Try it with a demo firm</h2>
            <p>
              Steno sets up a small firm on this computer with one sample case. Nothing leaves the machine, and you can connect to your own
              firm later.
            </p>
            {demo.error && <ErrorNotice error={demo.error} />}
            <Button
              variant="default"
              loading={demo.busy}
              onClick={() => {
                void demo.run({});
              }}
            >
              Try it with a demo firm
            </Button>
            {demo.busy && (
              <p role="status" className="quiet">
                {progress ?? 'Starting'}…
              </p>
            )}
          </section>
        </div>
      )}
      {app.warnings.map((warning) => (
        <p key={warning} className="quiet">
          {warning}
        </p>
      ))}
    </main>
  );
}
