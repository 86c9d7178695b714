import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AppState } from '../../shared/setup.ts';
import { useCommand, useCoreEvent } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { Wordmark } from './Wordmark.tsx';
import './setup.css';

/** The first run: look around in a demo firm, or connect to the firm's own server. */
export function SetupScreen({ app }: { app: AppState }) {
  const [connecting, setConnecting] = useState(false);
  const demo = useCommand('setup.startDemoFirm');
  const [progress, setProgress] = useState<string | null>(null);
  useCoreEvent('setup.progress', ({ text }) => {
    setProgress(text);
  });

  return (
    <main className="door">
      <header>
        <Wordmark />
        <p className="quiet">Demand letters whose every fact opens its page and whose every sum adds up. Works without a network.</p>
      </header>
      {connecting ? (
        <ConnectForm
          progress={progress}
          onBack={() => {
            setConnecting(false);
          }}
        />
      ) : (
        <div className="choices">
          <section>
            <h2>Try it with a demo firm</h2>
            <p>
              Steno sets up a small firm on this computer with one sample case. Nothing leaves the machine, and you can connect to your own
              firm later.
            </p>
            {demo.error && <ErrorNotice error={demo.error} />}
            <Button
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
          <section>
            <h2>Connect to your firm</h2>
            <p>You need the sheet from your IT: the firm’s short name, the server’s name, and the password of the connection.</p>
            <Button
              variant="default"
              disabled={demo.busy}
              onClick={() => {
                setConnecting(true);
              }}
            >
              Connect to your firm
            </Button>
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
