import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { AskedDocument, MatterAssistantView } from '../../shared/ai.ts';
import { DocumentId, type MatterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { showPage, showSettings } from '../route.ts';
import { ownWords, privacyWords, spentWords } from '../settings/words.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';
import { count } from '../ui/values.tsx';
import { askedWords } from './ask-words.ts';
import { MatterAssistant } from './MatterAssistant.tsx';

/** Asking the assistant about documents of a matter: what leaves for it, how far it is, and what of its answer did not stand. */
export function AskPanel({ matterId }: { matterId: MatterId }) {
  const assistant = useCall('settings.matterAssistant', { matterId });
  return (
    <section className="ask" aria-label="Ask the assistant">
      <Loaded answer={assistant} text="Looking up the assistant">
        {(view) => <Ask matterId={matterId} view={view} />}
      </Loaded>
    </section>
  );
}

function Ask({ matterId, view }: { matterId: MatterId; view: MatterAssistantView }) {
  const [chosen, setChosen] = useState('');
  const [decides, setDecides] = useState(false);
  const documents = useCall('documents.list', { matterId });
  const asked = useCall('facts.asked', { matterId });
  const ask = useCommand('facts.ask');
  const stop = useCommand('facts.stopAsking');
  const read = (documents.data ?? []).filter(({ state }) => state === 'read');
  const busy = (asked.data ?? []).some(({ state }) => state === 'waiting' || state === 'asking');
  const mayWait = (asked.data ?? []).filter((one) => one.mayWait && one.state === 'failed');
  const run = (documentIds: DocumentId[] | null, waits: boolean) => {
    void ask.run({ matterId, documentIds, waits });
  };
  return (
    <>
      <p>
        {privacyWords(view.leaves, view.goesTo)}{' '}
        {view.goesTo === null ? (
          <button type="button" className="link" onClick={showSettings}>
            Settings
          </button>
        ) : (
          <span className="quiet">
            {ownWords(view)}This matter so far: {spentWords(view)}.
          </span>
        )}
      </p>
      <div className="row wrap ask-row">
        <NativeSelect
          aria-label="About which documents"
          value={chosen}
          data={[
            {
              value: '',
              label: read.length === 1 ? 'The one document that is read' : `All ${count(read.length, 'document')} that are read`,
            },
            ...read.map(({ documentId, fileName }) => ({ value: documentId, label: fileName })),
          ]}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        />
        <Button
          loading={ask.busy}
          disabled={busy || read.length === 0}
          onClick={() => {
            run(chosen === '' ? read.map(({ documentId }) => documentId) : [DocumentId.parse(chosen)], false);
          }}
        >
          Ask for facts
        </Button>
        {busy && (
          <Button
            variant="default"
            onClick={() => {
              void stop.run({ matterId });
            }}
          >
            Stop
          </Button>
        )}
        {!busy && mayWait.length > 0 && (
          <Button
            variant="default"
            onClick={() => {
              run(
                mayWait.map(({ documentId }) => documentId),
                true,
              );
            }}
          >
            Ask once it can be reached
          </Button>
        )}
        {view.locked === null && view.firm.leaves !== 'nothing' && (
          <Button
            variant="subtle"
            className="push"
            aria-expanded={decides}
            onClick={() => {
              setDecides(!decides);
            }}
          >
            For this matter…
          </Button>
        )}
      </div>
      {decides && (
        <MatterAssistant
          key={JSON.stringify([view.own, view.firm])}
          matterId={matterId}
          view={view}
          onSaved={() => {
            setDecides(false);
          }}
        />
      )}
      {ask.error && <ErrorNotice error={ask.error} />}
      {(asked.data ?? []).length > 0 && (
        <ul className="asked" aria-label="What the assistant was asked">
          {(asked.data ?? []).map((one) => (
            <Asked key={one.documentId} asked={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function Asked({ asked }: { asked: AskedDocument }) {
  const { documentId, documentName, refused, problem } = asked;
  return (
    <li>
      <p className="row">
        <span className="cut asked-name" title={documentName}>
          {documentName}
        </span>
        <span role="status" className={asked.state === 'failed' ? 'asked-problem' : 'quiet'}>
          {askedWords(asked)}
        </span>
      </p>
      {problem !== null && <p className="asked-problem">{problem}</p>}
      {refused.length > 0 && (
        <details>
          <summary>{count(refused.length, 'value')} of its answer refused</summary>
          <table className="grid">
            <thead>
              <tr>
                <th>What it said</th>
                <th>Its place</th>
                <th>Why it was refused</th>
              </tr>
            </thead>
            <tbody>
              {refused.map(({ kind, value, page, quote, why }, index) => (
                <tr key={index}>
                  <td>
                    {kind}: {value}
                  </td>
                  <td>
                    {page !== null && page >= 1 && (
                      <button
                        type="button"
                        className="link"
                        title={`“${quote}”`}
                        onClick={() => {
                          showPage(documentId, page);
                        }}
                      >
                        p. {page}
                      </button>
                    )}
                  </td>
                  <td>{why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </li>
  );
}
