import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { DraftingView } from '../../shared/drafting.ts';
import type { LetterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Answer } from './Answer.tsx';
import { Coming, Refused } from './Progress.tsx';

interface AskFileProps {
  letterId: LetterId;
  drafting: DraftingView;
  /** Null: nothing may be suggested now. */
  caretBlock: (() => number | null) | null;
  onSuggestions: () => void;
  onStop: () => void;
}

/** A question about the matter's file, answered with the pages it rests on. */
export function AskFile({ letterId, drafting, caretBlock, onSuggestions, onStop }: AskFileProps) {
  const [question, setQuestion] = useState('');
  const ask = useCommand('drafting.ask');
  const isBusy = drafting.state === 'asking';
  const isMine = drafting.kind === 'question';
  const run = async () => {
    const outcome = await ask.run({ letterId, question });
    if (outcome.ok) setQuestion('');
  };
  return (
    <section aria-label="Ask the file" className="assistant-part">
      <h2>Ask the file</h2>
      <form
        className="said-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Textarea
          label="Question"
          placeholder="When was surgery first recommended?"
          autosize
          minRows={1}
          maxRows={6}
          maxLength={1000}
          value={question}
          onChange={(event) => {
            setQuestion(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || question.trim().length < 3 || isBusy) return;
            event.preventDefault();
            void run();
          }}
        />
        <div className="row">
          <Button type="submit" variant="default" loading={ask.busy} disabled={isBusy || question.trim().length < 3}>
            Ask the file
          </Button>
        </div>
      </form>
      {isMine && drafting.question !== null && <p className="said-quote">{drafting.question}</p>}
      {isMine && isBusy && (
        <Coming texts={drafting.coming} onStop={onStop}>
          Reading the file…
        </Coming>
      )}
      {isMine && !isBusy && (
        <div className="stack" role="status">
          {drafting.state === 'stopped' && <p className="quiet">Stopped. Nothing of the answer was kept.</p>}
          {drafting.problem !== null && <p className="asked-problem">{drafting.problem}</p>}
          {drafting.answer && (
            <Answer {...{ letterId, caretBlock, onSuggestions }} answer={drafting.answer} refinementId={drafting.refinementId} />
          )}
          {drafting.notes.map((note) => (
            <p key={note} className="quiet">
              {note}
            </p>
          ))}
          <Refused refused={drafting.refused} />
        </div>
      )}
      {ask.error && <ErrorNotice error={ask.error} />}
    </section>
  );
}
