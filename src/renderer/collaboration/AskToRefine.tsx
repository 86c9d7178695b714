import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { LetterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { count } from '../ui/values.tsx';

interface AskToRefineProps {
  letterId: LetterId;
  /** The paragraphs that are selected, by number; null: none, so all of them are meant. */
  selectedBlocks: () => number[] | null;
  onSuggestions: () => void;
}

/** Asks the assistant to write parts of the letter otherwise; what it answers is suggestions. */
export function AskToRefine({ letterId, selectedBlocks, onSuggestions }: AskToRefineProps) {
  const [instruction, setInstruction] = useState('');
  const refining = useCall('collaboration.refining', { letterId });
  const refine = useCommand('collaboration.refine');
  const stop = useCommand('collaboration.stopRefining');
  const state = refining.data;
  const isAsking = state?.state === 'asking';
  const ask = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await refine.run({ letterId, blocks: selectedBlocks(), instruction });
    if (outcome.ok) setInstruction('');
  };
  return (
    <section className="assistant-part" aria-label="Rewrite">
      <h2>Rewrite</h2>
      <form
        className="said-form"
        onSubmit={(event) => {
          void ask(event);
        }}
      >
        <TextInput
          label="What to change"
          description="About the paragraphs that are selected, or the whole letter."
          placeholder="Firmer. Shorter. Mention the MRI."
          maxLength={2000}
          value={instruction}
          onChange={(event) => {
            setInstruction(event.currentTarget.value);
          }}
        />
        <div className="row">
          <Button type="submit" variant="default" loading={refine.busy} disabled={isAsking || instruction.trim() === ''}>
            Rewrite
          </Button>
          {isAsking && (
            <Button
              variant="subtle"
              color="gray"
              onClick={() => {
                void stop.run({ letterId });
              }}
            >
              Stop
            </Button>
          )}
          <span role="status" className="quiet">
            {isAsking && 'Asking…'}
            {state?.state === 'done' && state.made === 0 && 'It would change nothing.'}
            {state?.state === 'done' && state.made > 0 && (
              <button type="button" className="link" onClick={onSuggestions}>
                {count(state.made, 'suggestion')}
              </button>
            )}
          </span>
        </div>
      </form>
      {state !== undefined && state.problem !== null && <p className="asked-problem">{state.problem}</p>}
      {state !== undefined && state.refused.length > 0 && (
        <details>
          <summary>{count(state.refused.length, 'change')} of its answer refused</summary>
          <ul>
            {state.refused.map(({ quote, becomes, why }, index) => (
              <li key={index}>
                <del>{quote}</del> <ins>{becomes}</ins>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      {refine.error && <ErrorNotice error={refine.error} />}
    </section>
  );
}
