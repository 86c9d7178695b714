import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { FirmFileView } from '../../shared/provision.ts';
import { ErrorNotice, Notice } from '../ui/Notice.tsx';
import { DayText } from '../ui/values.tsx';
import { trustWords } from './firm-file.ts';

interface FirmFileReviewProps {
  view: FirmFileView;
  busy: boolean;
  error: AppError | null;
  onConnect: () => void;
  onBack: () => void;
}

/** What stands in the file, before anything is connected: a person compares the fingerprint and decides. */
export function FirmFileReview({ view, busy, error, onConnect, onBack }: FirmFileReviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // the keyboard lands before the choice, not on it: Enter must not connect what nobody has looked at
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const words = trustWords(view);
  const isChanged = view.trust === 'changed';
  return (
    <section className="card stack" aria-labelledby="firm-file">
      <h2 id="firm-file" ref={heading} tabIndex={-1}>
        {view.firmName}
      </h2>
      <dl className="file-facts">
        <dt>Sign-in name</dt>
        <dd>{view.firmSlug}</dd>
        <dt>Server</dt>
        <dd>{view.server}</dd>
        <dt>Issued</dt>
        <dd>
          <DayText day={view.issuedAt.slice(0, 10)} />
        </dd>
        {view.expiresAt !== null && (
          <>
            <dt>Good until</dt>
            <dd>
              <DayText day={view.expiresAt.slice(0, 10)} />
            </dd>
          </>
        )}
        <dt>Fingerprint</dt>
        <dd className="fingerprint">{view.fingerprint}</dd>
      </dl>
      <Notice tone={isChanged ? 'block' : view.trust === 'first' ? 'ask' : 'tell'} title={words.title}>
        {words.advice}
      </Notice>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        {isChanged && <Button onClick={onBack}>Do not connect</Button>}
        <Button variant={isChanged ? 'default' : 'filled'} loading={busy} onClick={onConnect}>
          {words.connect}
        </Button>
        {!isChanged && (
          <Button variant="subtle" color="gray" disabled={busy} onClick={onBack}>
            Back
          </Button>
        )}
        {busy && (
          <span role="status" className="quiet">
            Asking the server…
          </span>
        )}
      </div>
      <p className="quiet">The file holds the password of the connection. Delete it once you are connected.</p>
    </section>
  );
}
