import { Button, Textarea } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import type { QuestionPlace, QuestionView } from '../../shared/questions.ts';
import { mayWrite } from '../../shared/session.ts';
import { useCall, useCommand } from '../client.ts';
import { closePage, showPage, showSource } from '../route.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { count, MomentText } from '../ui/values.tsx';
import './questions.css';

/** What is missing or odd in the evidence; while no page is in front. */
export function QuestionsPanel({ matterId }: { matterId: MatterId }) {
  const questions = useCall('questions.list', { matterId });
  const app = useCall('setup.state', {});
  const role = app.data?.session?.account.role;
  const open = questions.data?.filter(({ settled }) => settled === null) ?? [];
  const settled = questions.data?.filter((one) => one.settled !== null) ?? [];
  if (questions.error) return <ErrorNotice error={questions.error.error} />;
  if (open.length + settled.length === 0) return <div className="viewer-none quiet">Choose a document to see its pages.</div>;
  const list = (ones: QuestionView[]) => (
    <ul className="questions">
      {ones.map((one) => (
        <Question key={one.key} matterId={matterId} question={one} mayAnswer={role === undefined || mayWrite(role)} />
      ))}
    </ul>
  );
  return (
    <section className="questions-panel scroll" aria-label="Questions about the evidence">
      <h2>{open.length === 0 ? 'No open questions about the evidence' : `${count(open.length, 'question')} about the evidence`}</h2>
      {open.length > 0 && (
        <p className="quiet">
          Found by looking through what is here. Look into each, then settle it; everybody at the firm sees what you noted.
        </p>
      )}
      {list(open)}
      {settled.length > 0 && (
        <details>
          <summary>{count(settled.length, 'settled question')}</summary>
          {list(settled)}
        </details>
      )}
    </section>
  );
}

/** The way back to them while a page is in front. */
export function QuestionsButton({ matterId }: { matterId: MatterId }) {
  const { data } = useCall('questions.list', { matterId });
  const open = data?.filter(({ settled }) => settled === null).length ?? 0;
  if (open === 0) return null;
  return (
    <Button className="questions-button" variant="subtle" size="compact-sm" leftSection={<IconHelpCircle size={15} />} onClick={closePage}>
      {count(open, 'open question')}
    </Button>
  );
}

const shownPlaces = 4;

function Question({ matterId, question, mayAnswer }: { matterId: MatterId; question: QuestionView; mayAnswer: boolean }) {
  const { key, title, advice, places, mayBeOwn, settled } = question;
  const settle = useCommand('questions.settle');
  const [note, setNote] = useState<string | null>(null);
  const [areOwn, setAreOwn] = useState(false);
  const say = async (isSettled: boolean) => {
    if ((await settle.run({ matterId, key, isSettled, areOwn: isSettled && areOwn, note: isSettled ? (note ?? '') : '' })).ok)
      setNote(null);
  };
  return (
    <li className="question">
      <p>
        <strong>{title}</strong>
      </p>
      {!settled && <p className="quiet">{advice}</p>}
      {settled && (
        <p className="quiet">
          {settled.byName ?? 'Somebody who has left'}, <MomentText at={settled.at} />
          {settled.areOwn && ': charges of their own'}
          {settled.note !== null && `: “${settled.note}”`}
        </p>
      )}
      <div className="row wrap">
        {places.slice(0, shownPlaces).map((place, n) => (
          <PlaceButton key={`${place.documentId} ${String(place.page)} ${String(n)}`} place={place} />
        ))}
        {places.length > shownPlaces && <span className="quiet">and {count(places.length - shownPlaces, 'other place')}</span>}
        {mayAnswer && note === null && (
          <Button
            className="push"
            size="compact-sm"
            variant={settled ? 'subtle' : 'default'}
            loading={settle.busy}
            onClick={() => {
              setAreOwn(false);
              if (settled) void say(false);
              else setNote('');
            }}
          >
            {settled ? 'Open again' : mayBeOwn ? 'Each is one charge' : 'Settle'}
          </Button>
        )}
        {mayAnswer && note === null && mayBeOwn && !settled && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setAreOwn(true);
              setNote('');
            }}
          >
            They are charges of their own
          </Button>
        )}
      </div>
      {note !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void say(true);
          }}
        >
          <Textarea
            autoFocus
            autosize
            label={areOwn ? 'Why are they charges of their own? Both will be in the total.' : 'What did you find? (may stay empty)'}
            required={areOwn}
            maxLength={1000}
            value={note}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
          <div className="row">
            <Button type="submit" size="compact-sm" loading={settle.busy}>
              Settle
            </Button>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => {
                setNote(null);
              }}
            >
              Cancel
            </Button>
          </div>
        </form>
      )}
      {settle.error && <ErrorNotice error={settle.error} />}
    </li>
  );
}

function PlaceButton({ place: { documentId, documentName, page, start, end } }: { place: QuestionPlace }) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      className="question-place"
      title={`${documentName}, page ${String(page)}`}
      onClick={() => {
        if (start === null || end === null) showPage(documentId, page);
        else showSource({ documentId, documentName, page, start, end, quote: '' });
      }}
    >
      <span className="cut">{documentName}</span>, p. {page}
    </Button>
  );
}
