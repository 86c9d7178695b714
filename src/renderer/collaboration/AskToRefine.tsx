import { Button, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { LetterId, MatterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { showSettings } from '../route.ts';
import { privacyWords } from '../settings/words.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { count } from '../ui/values.tsx';

interface AskToRefineProps {
  letterId: LetterId;
  matterId: MatterId;
  /** The paragraphs that are selected, by number; null: none, so all of them are meant. */
  selectedBlocks: () => number[] | null;
}

/** Asks the assistant to write parts of the letter otherwise; what it answers is listed below as suggestions. */
export function AskToRefine({ letterId, matterId, selectedBlocks }: AskToRefineProps) {
  const [instruction, setInstruction] = useState('');
  const assistant = useCall('settings.matterAssistant', { matterId });
  const refining = useCall('collaboration.refining', { letterId });
  const refine = useCommand('collaboration.refine');
  const stop = useCommand('collaboration.stopRefining');
  const view = assistant.data;
  const state = refining.data;
  if (!view) return null;
  if (view.provider === 'offline')
    return (
      <p className="quiet">
        No model is set up, so nobody can be asked to rewrite.{' '}
        <button type="button" className="link" onClick={showSettings}>
          Settings
        </button>
      </p>
    );
  const isAsking = state?.state === 'asking';
  const ask = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await refine.run({ letterId, blocks: selectedBlocks(), instruction });
    if (outcome.ok) setInstruction('');
  };
  return (
    <section className="said-thread" aria-label="Ask the assistant">
      <form
        className="said-form"
        onSubmit={(event) => {
          void ask(event);
        }}
      >
        <TextInput
          label="Ask the assistant"
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
            Ask
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
            {state?.state === 'done' && (state.made === 0 ? 'It would change nothing.' : `${count(state.made, 'suggestion')} below.`)}
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
      <details>
        <summary>What leaves this laptop</summary>
        <p className="quiet">{privacyWords(view.leaves, view.goesTo)} Computed values go as names, never as amounts.</p>
      </details>
      {refine.error && <ErrorNotice error={refine.error} />}
    </section>
  );
}
