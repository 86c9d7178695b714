import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DraftingView } from '../../shared/drafting.ts';
import { count } from '../ui/values.tsx';

/** What has come of an answer so far, in grey: nothing of it was checked, and nothing of it is in the letter. */
export function Coming({ texts, onStop, children }: { texts: readonly string[]; onStop: () => void; children: ReactNode }) {
  return (
    <div className="assistant-coming">
      <div className="row">
        <span role="status" className="quiet">
          {children}
        </span>
        <Button variant="subtle" color="gray" onClick={onStop}>
          Stop
        </Button>
      </div>
      {texts.length > 0 && (
        <>
          <p className="quiet said-small">As it comes; its sources are looked up once it is whole.</p>
          {texts.map((text, index) => (
            <p key={index}>{text}</p>
          ))}
        </>
      )}
    </div>
  );
}

/** How drafting ended. */
export function Outcome({ drafting, onSuggestions }: { drafting: DraftingView; onSuggestions: () => void }) {
  const { state, made, notes, problem, refused } = drafting;
  return (
    <div className="stack" role="status">
      {made > 0 && (
        <p>
          <button type="button" className="link" onClick={onSuggestions}>
            {count(made, 'suggestion')}
          </button>{' '}
          to accept or reject.
        </p>
      )}
      {state === 'stopped' && <p className="quiet">Stopped. What had not come whole was dropped.</p>}
      {notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
      {problem !== null && <p className="asked-problem">{problem}</p>}
      <Refused refused={refused} />
    </div>
  );
}

export function Refused({ refused }: Pick<DraftingView, 'refused'>) {
  if (refused.length === 0) return null;
  return (
    <details className="said-small">
      <summary>{count(refused.length, 'paragraph')} of its answer refused</summary>
      <ul>
        {refused.map(({ text, why }, index) => (
          <li key={index}>
            <q>{text}</q> {why}
          </li>
        ))}
      </ul>
    </details>
  );
}
