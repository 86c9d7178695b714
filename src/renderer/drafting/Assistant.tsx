import type { LetterId, MatterId } from '../../shared/ids.ts';
import { useCall, useCommand } from '../client.ts';
import { AskToRefine } from '../collaboration/AskToRefine.tsx';
import { showSettings } from '../route.ts';
import { privacyWords } from '../settings/words.ts';
import { Loaded } from '../ui/states.tsx';
import { AskFile } from './AskFile.tsx';
import { DraftForm } from './DraftForm.tsx';
import './drafting.css';
import { Requests } from './Requests.tsx';

interface AssistantProps {
  letterId: LetterId;
  matterId: MatterId;
  /** Null: nothing may be suggested now, only asked. */
  selectedBlocks: (() => number[] | null) | null;
  caretBlock: () => number | null;
  onSuggestions: () => void;
}

/** Everything the assistant can be asked about the open letter: to draft, to rewrite, to answer; and what it was asked. */
export function Assistant({ letterId, matterId, selectedBlocks, caretBlock, onSuggestions }: AssistantProps) {
  const assistant = useCall('settings.matterAssistant', { matterId });
  const state = useCall('drafting.state', { letterId });
  const stop = useCommand('drafting.stop');
  const onStop = () => {
    void stop.run({ letterId });
  };
  const view = assistant.data;
  return (
    <Loaded answer={state} text="Reading what the assistant is at">
      {(drafting) => (
        <div className="stack assistant">
          {view?.provider === 'offline' && (
            <p className="quiet">
              No model is set up for this matter. Drafts are the template’s own words, questions are answered by passages of the file, and
              nothing leaves this laptop.{' '}
              <button type="button" className="link" onClick={showSettings}>
                Settings
              </button>
            </p>
          )}
          {selectedBlocks !== null && <DraftForm {...{ letterId, drafting, caretBlock, onSuggestions, onStop }} />}
          {selectedBlocks !== null && view !== undefined && view.provider !== 'offline' && (
            <AskToRefine {...{ letterId, selectedBlocks, onSuggestions }} />
          )}
          <AskFile {...{ letterId, drafting, onSuggestions, onStop }} caretBlock={selectedBlocks === null ? null : caretBlock} />
          {view !== undefined && view.provider !== 'offline' && (
            <details className="said-small">
              <summary>What leaves this laptop</summary>
              <p className="quiet">
                {privacyWords(view.leaves, view.goesTo)} Drafts and answers send the passages of the file that say most about them;
                rewriting sends passages only where you ask it to add something. Values of the letter go as names, never as amounts.
              </p>
            </details>
          )}
          <Requests letterId={letterId} />
        </div>
      )}
    </Loaded>
  );
}
