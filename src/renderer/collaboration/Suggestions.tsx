import { Button, Textarea, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { CollaborationView, SuggestionView } from '../../shared/collaboration.ts';
import type { CollaborationId, LetterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { SourceLink } from '../facts/source.tsx';
import { Folded } from '../ui/Folded.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';
import { CommentForm, remarkId, Said } from './Said.tsx';
import type { Selected } from './selected.ts';

interface SuggestionsProps {
  letterId: LetterId;
  view: CollaborationView;
  held: CollaborationId | null;
  /** Words that were selected to be written otherwise; undefined: nobody is suggesting. */
  about: Selected | null | undefined;
  onHold: (id: CollaborationId) => void;
  onShow: (place: string) => void;
  onDone: () => void;
  onBegin: () => void;
}

/** Changes that somebody suggests, each to be accepted or rejected by itself. */
export function Suggestions({ letterId, view, held, about, onHold, onShow, onDone, onBegin }: SuggestionsProps) {
  const open = view.suggestions.filter(({ outcome }) => outcome === null);
  const decided = view.suggestions.filter(({ outcome }) => outcome !== null);
  return (
    <div className="stack">
      {view.locked === null && about !== undefined && (
        <NewSuggestion key={about?.anchor.place} letterId={letterId} about={about} onDone={onDone} />
      )}
      {about === undefined && view.locked === null && (
        <div className="row">
          <Button variant="default" onClick={onBegin}>
            Suggest a change of the selection
          </Button>
        </div>
      )}
      {open.length === 0 && about === undefined && <p className="quiet">No change is suggested.</p>}
      <ul className="said-list">
        {open.map((suggestion) => (
          <Suggestion
            key={suggestion.collaborationId}
            {...{ letterId, suggestion, view, onHold, onShow }}
            isHeld={suggestion.collaborationId === held}
          />
        ))}
      </ul>
      <Folded amount={decided.length} what="decided">
        <ul className="said-list">
          {decided.map((suggestion) => (
            <li key={suggestion.collaborationId} className="said-thread">
              <Change was={suggestion.was} becomes={suggestion.becomes} />
              <p className="quiet">
                Suggested by {suggestion.byName}, {suggestion.outcome} by {suggestion.decided?.byName},{' '}
                {suggestion.decided && <MomentText at={suggestion.decided.at} />}
              </p>
            </li>
          ))}
        </ul>
      </Folded>
    </div>
  );
}

function Change({ was, becomes }: { was: string; becomes: string }) {
  return (
    <p className="change">
      {was !== '' && <del>{was}</del>}
      {was !== '' && becomes !== '' && ' '}
      {becomes !== '' && <ins>{becomes}</ins>}
    </p>
  );
}

function NewSuggestion({ letterId, about, onDone }: { letterId: LetterId; about: Selected | null; onDone: () => void }) {
  const [becomes, setBecomes] = useState(about?.text ?? '');
  const [why, setWhy] = useState('');
  const suggest = useCommand('collaboration.suggest');
  if (!about?.isOneBlock)
    return (
      <section aria-label="New suggestion" className="said-thread said-new">
        <p>Select words within one paragraph first.</p>
        <div className="row">
          <Button variant="subtle" color="gray" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </section>
    );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const outcome = await suggest.run({ letterId, anchor: about.anchor, becomes, why });
    if (outcome.ok) onDone();
  };
  return (
    <section aria-label="New suggestion" className="said-thread said-new">
      <form
        className="said-form"
        onSubmit={(event) => {
          void submit(event);
        }}
      >
        <Textarea
          label="Write instead"
          description="Values that stay as they are stay computed."
          autosize
          minRows={3}
          maxRows={12}
          autoFocus
          value={becomes}
          onChange={(event) => {
            setBecomes(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onDone();
          }}
        />
        <TextInput
          label="Why"
          value={why}
          maxLength={5000}
          onChange={(event) => {
            setWhy(event.currentTarget.value);
          }}
        />
        <div className="row">
          <Button type="submit" loading={suggest.busy} disabled={becomes === about.text}>
            Suggest
          </Button>
          <Button variant="subtle" color="gray" onClick={onDone}>
            Cancel
          </Button>
        </div>
        {suggest.error && <ErrorNotice error={suggest.error} />}
      </form>
    </section>
  );
}

interface SuggestionProps extends Pick<SuggestionsProps, 'letterId' | 'view' | 'onHold' | 'onShow'> {
  suggestion: SuggestionView;
  isHeld: boolean;
}

function Suggestion({ letterId, suggestion, view, isHeld, onHold, onShow }: SuggestionProps) {
  const { collaborationId, anchor, was, becomes, why, isBlock, sources, cautions, blocked, replies } = suggestion;
  const [seen, setSeen] = useState(false);
  const decide = useCommand('collaboration.decide');
  const reply = useCommand('collaboration.comment');
  const run = (outcome: 'accepted' | 'rejected') => {
    void decide.run({ collaborationId, outcome, seen });
  };
  return (
    <li id={remarkId(collaborationId)} className="said-thread" data-held={isHeld || undefined}>
      <p className="said-by">
        <strong>{suggestion.byName}</strong> <MomentText at={suggestion.at} />
        {suggestion.model !== null && <span className="quiet"> with {suggestion.model}</span>}
      </p>
      {isBlock && <p className="quiet said-small">A new paragraph</p>}
      <Change was={was} becomes={becomes} />
      {sources.length > 0 && (
        <p className="said-sources">
          {sources.map((source) => (
            <SourceLink key={`${source.documentId}:${String(source.page)}:${String(source.start)}`} source={source} />
          ))}
        </p>
      )}
      {why !== null && <p className="quiet">{why}</p>}
      {cautions.length > 0 && (
        <div className="said-cautions">
          <ul>
            {cautions.map((caution) => (
              <li key={caution}>{caution}</li>
            ))}
          </ul>
          {view.locked === null && (
            <label className="row">
              <input
                type="checkbox"
                checked={seen}
                onChange={(event) => {
                  setSeen(event.currentTarget.checked);
                }}
              />
              I have looked at this
            </label>
          )}
        </div>
      )}
      {blocked !== null && <p className="asked-problem">{blocked}</p>}
      {replies.map((comment) => (
        <Said key={comment.collaborationId} comment={comment} />
      ))}
      <div className="row wrap">
        {view.locked === null && (
          <>
            <Button
              loading={decide.busy}
              disabled={blocked !== null || (cautions.length > 0 && !seen)}
              onClick={() => {
                run('accepted');
              }}
            >
              Accept
            </Button>
            <Button
              variant="default"
              loading={decide.busy}
              onClick={() => {
                run('rejected');
              }}
            >
              Reject
            </Button>
          </>
        )}
        {anchor !== null && (
          <Button
            variant="subtle"
            onClick={() => {
              onHold(collaborationId);
              onShow(anchor.place);
            }}
          >
            Show
          </Button>
        )}
      </div>
      {isHeld && view.locked === null && (
        <CommentForm
          label="Reply"
          submit="Reply"
          people={view.people}
          isBusy={reply.busy}
          onSubmit={async (text, mentions) => (await reply.run({ letterId, parentId: collaborationId, anchor: null, text, mentions })).ok}
        />
      )}
      {(decide.error ?? reply.error) && <ErrorNotice error={(decide.error ?? reply.error) as never} />}
    </li>
  );
}
