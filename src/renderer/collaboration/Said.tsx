import { Button, Textarea } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { CollaborationView, CommentView } from '../../shared/collaboration.ts';
import type { CollaborationId, UserId } from '../../shared/ids.ts';
import { MomentText } from '../ui/values.tsx';

/** One comment: who, when, what. */
export function Said({ comment }: { comment: CommentView }) {
  return (
    <div className="said">
      <p className="said-by">
        <strong>{comment.byName}</strong> <MomentText at={comment.at} />
        {comment.wasEdited && <span className="quiet"> edited</span>}
      </p>
      <p className="said-text">{comment.text}</p>
    </div>
  );
}

/** Who is named with an @ in a text: "@Elena Pardo". */
export function mentionsIn(text: string, people: CollaborationView['people']): UserId[] {
  return people.filter(({ name }) => text.toLowerCase().includes(`@${name.toLowerCase()}`)).map(({ userId }) => userId);
}

interface CommentFormProps {
  label: string;
  submit: string;
  people: CollaborationView['people'];
  text?: string;
  isBusy: boolean;
  autoFocus?: boolean;
  /** True once it is kept. */
  onSubmit: (text: string, mentions: UserId[]) => Promise<boolean>;
  onCancel?: () => void;
}

/** A field for words, with people to be named by an @. */
export function CommentForm({ label, submit, people, text: first = '', isBusy, autoFocus = false, onSubmit, onCancel }: CommentFormProps) {
  const [text, setText] = useState(first);
  const begun = /(?:^|\s)@([\p{L} ]{0,40})$/u.exec(text)?.[1];
  const meant = begun === undefined ? [] : people.filter(({ name }) => name.toLowerCase().startsWith(begun.toLowerCase())).slice(0, 5);
  const send = async () => {
    if (text.trim() !== '' && (await onSubmit(text, mentionsIn(text, people)))) setText('');
  };
  return (
    <form
      className="said-form"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={`${label}. Name somebody with @.`}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={5000}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          if (event.key === 'Escape') onCancel?.();
        }}
      />
      {meant.length > 0 && (
        <div className="row wrap" role="group" aria-label="People to name">
          {meant.map(({ userId, name }) => (
            <Button
              key={userId}
              variant="default"
              onClick={() => {
                setText(text.replace(/@[\p{L} ]{0,40}$/u, `@${name} `));
              }}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
      <div className="row">
        <Button type="submit" loading={isBusy} disabled={text.trim() === ''}>
          {submit}
        </Button>
        {onCancel && (
          <Button variant="subtle" color="gray" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

/** The quoted words a remark is about, a way to them. */
export function Quoted({ quote, onShow }: { quote: string; onShow: () => void }) {
  return (
    <button type="button" className="link said-quote" title="Show it in the letter" onClick={onShow}>
      {quote.length > 160 ? `${quote.slice(0, 160)}…` : quote}
    </button>
  );
}

export const remarkId = (id: CollaborationId): string => `remark-${id}`;
