import { Button } from '@mantine/core';
import { useState } from 'react';
import type { CollaborationView, ThreadView } from '../../shared/collaboration.ts';
import type { CollaborationId, LetterId } from '../../shared/ids.ts';
import { useCommand } from '../client.ts';
import { Folded } from '../ui/Folded.tsx';
import { ErrorNotice } from '../ui/Notice.tsx';
import { MomentText } from '../ui/values.tsx';
import { CommentForm, Quoted, remarkId, Said } from './Said.tsx';
import type { Selected } from './selected.ts';

interface CommentsProps {
  letterId: LetterId;
  view: CollaborationView;
  held: CollaborationId | null;
  /** Words that were selected to say something about; undefined: nobody is writing. */
  about: Selected | null | undefined;
  onHold: (id: CollaborationId) => void;
  onShow: (place: string) => void;
  onDone: () => void;
  onBegin: () => void;
}

/** What people say about the letter, in threads. */
export function Comments({ letterId, view, held, about, onHold, onShow, onDone, onBegin }: CommentsProps) {
  const comment = useCommand('collaboration.comment');
  const open = view.threads.filter(({ resolved }) => resolved === null);
  const resolved = view.threads.filter((thread) => thread.resolved !== null);
  return (
    <div className="stack">
      {view.locked === null && about !== undefined && (
        <section aria-label="New comment" className="said-thread said-new">
          {about === null ? <p className="quiet">About the whole letter.</p> : <p className="said-quote">{about.text.slice(0, 160)}</p>}
          <CommentForm
            label="Comment"
            submit="Comment"
            people={view.people}
            isBusy={comment.busy}
            autoFocus
            onSubmit={async (text, mentions) => {
              const outcome = await comment.run({ letterId, parentId: null, anchor: about?.anchor ?? null, text, mentions });
              if (outcome.ok) onDone();
              return outcome.ok;
            }}
            onCancel={onDone}
          />
          {comment.error && <ErrorNotice error={comment.error} />}
        </section>
      )}
      {about === undefined && view.locked === null && (
        <div className="row">
          <Button variant="default" onClick={onBegin}>
            Comment on the selection
          </Button>
        </div>
      )}
      {open.length === 0 && about === undefined && <p className="quiet">Nobody has anything open to say about this letter.</p>}
      <ul className="said-list">
        {open.map((thread) => (
          <Thread key={thread.collaborationId} {...{ letterId, thread, view, onHold, onShow }} isHeld={thread.collaborationId === held} />
        ))}
      </ul>
      <Folded amount={resolved.length} what="resolved">
        <ul className="said-list">
          {resolved.map((thread) => (
            <Thread key={thread.collaborationId} {...{ letterId, thread, view, onHold, onShow }} isHeld={false} />
          ))}
        </ul>
      </Folded>
    </div>
  );
}

interface ThreadProps extends Pick<CommentsProps, 'letterId' | 'view' | 'onHold' | 'onShow'> {
  thread: ThreadView;
  isHeld: boolean;
}

function Thread({ letterId, thread, view, isHeld, onHold, onShow }: ThreadProps) {
  const { collaborationId, anchor, comments, resolved } = thread;
  const reply = useCommand('collaboration.comment');
  const edit = useCommand('collaboration.editComment');
  const resolve = useCommand('collaboration.resolve');
  const [editing, setEditing] = useState<CollaborationId | null>(null);
  const error = reply.error ?? edit.error ?? resolve.error;
  return (
    <li id={remarkId(collaborationId)} className="said-thread" data-held={isHeld || undefined}>
      {anchor !== null && (
        <Quoted
          quote={anchor.quote}
          onShow={() => {
            onHold(collaborationId);
            onShow(anchor.place);
          }}
        />
      )}
      {comments.map((comment) =>
        editing === comment.collaborationId ? (
          <CommentForm
            key={comment.collaborationId}
            label="Your comment"
            submit="Save"
            people={view.people}
            text={comment.text}
            isBusy={edit.busy}
            autoFocus
            onSubmit={async (text, mentions) => {
              const outcome = await edit.run({ collaborationId: comment.collaborationId, text, mentions });
              if (outcome.ok) setEditing(null);
              return outcome.ok;
            }}
            onCancel={() => {
              setEditing(null);
            }}
          />
        ) : (
          <div key={comment.collaborationId}>
            <Said comment={comment} />
            {comment.isMine && resolved === null && view.locked === null && (
              <button
                type="button"
                className="link said-small"
                onClick={() => {
                  setEditing(comment.collaborationId);
                }}
              >
                Edit
              </button>
            )}
          </div>
        ),
      )}
      {resolved !== null && (
        <p className="quiet">
          Resolved by {resolved.byName}, <MomentText at={resolved.at} />
        </p>
      )}
      {view.locked === null && isHeld && resolved === null && (
        <CommentForm
          label="Reply"
          submit="Reply"
          people={view.people}
          isBusy={reply.busy}
          onSubmit={async (text, mentions) => (await reply.run({ letterId, parentId: collaborationId, anchor: null, text, mentions })).ok}
        />
      )}
      {view.locked === null && (
        <div className="row">
          {!isHeld && resolved === null && (
            <Button
              variant="subtle"
              onClick={() => {
                onHold(collaborationId);
              }}
            >
              Reply
            </Button>
          )}
          <Button
            variant="subtle"
            loading={resolve.busy}
            onClick={() => {
              void resolve.run({ collaborationId, isResolved: resolved === null });
            }}
          >
            {resolved === null ? 'Resolve' : 'Open again'}
          </Button>
        </div>
      )}
      {error && <ErrorNotice error={error} />}
    </li>
  );
}
