import { Button, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { LetterOnDesk } from '../../shared/letters.ts';
import type { ReviewView } from '../../shared/reviews.ts';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { DayText, MomentText } from '../ui/values.tsx';

/** Above the letter: who is asked to look at it and has not answered, and, for her, how she answers. */
export function OpenReviews({ letter, isOpen }: { letter: LetterOnDesk; isOpen: boolean }) {
  const { data } = useCall('reviews.list', { letterId: letter.letterId });
  // a letter that was closed asks nobody any more
  const open = isOpen ? (data?.reviews ?? []).filter(({ outcome }) => outcome === null) : [];
  if (open.length === 0) return null;
  return (
    <div className="reviews">
      {open.map((review) =>
        review.isToMe ? <Answer key={review.reviewId} review={review} /> : <Waiting key={review.reviewId} {...{ review, letter }} />,
      )}
    </div>
  );
}

function Card({ tone, title, children }: { tone: 'ask' | 'tell'; title: ReactNode; children: ReactNode }) {
  return (
    <section className={`notice notice-${tone}`} aria-label="Review">
      <div className="stack review">
        <p>
          <strong>{title}</strong>
        </p>
        {children}
      </div>
    </section>
  );
}

function Due({ dueOn }: Pick<ReviewView, 'dueOn'>) {
  return dueOn === null ? null : (
    <>
      , by <DayText day={dueOn} />
    </>
  );
}

function Waiting({ review, letter }: { review: ReviewView; letter: LetterOnDesk }) {
  const withdraw = useCommand('reviews.withdraw');
  const { isMine, byName, ofName, note } = review;
  return (
    <Card
      tone="tell"
      title={
        <>
          {isMine ? 'You asked' : `${byName} asked`} {ofName} to look at this letter
          <Due dueOn={review.dueOn} />.
        </>
      }
    >
      {note !== null && <p className="said-text">{note}</p>}
      {(isMine || letter.mayAttest) && (
        <div className="row">
          <Button
            variant="subtle"
            loading={withdraw.busy}
            onClick={() => {
              void withdraw.run({ reviewId: review.reviewId });
            }}
          >
            Take it back
          </Button>
        </div>
      )}
      {withdraw.error && <ErrorNotice error={withdraw.error} />}
    </Card>
  );
}

function Answer({ review }: { review: ReviewView }) {
  const answering = useCommand('reviews.answer');
  const [answer, setAnswer] = useState('');
  const say = (outcome: 'approved' | 'changes') => void answering.run({ reviewId: review.reviewId, outcome, answer });
  return (
    <Card
      tone="ask"
      title={
        <>
          {review.byName} asks you to look at this letter
          <Due dueOn={review.dueOn} />.
        </>
      }
    >
      {review.note !== null && <p className="said-text">{review.note}</p>}
      <Textarea
        aria-label="Your answer"
        placeholder="Your answer. What to change, if something has to."
        autosize
        minRows={1}
        maxRows={6}
        maxLength={5000}
        value={answer}
        onChange={(event) => {
          setAnswer(event.currentTarget.value);
        }}
      />
      <div className="row">
        <Button
          loading={answering.busy}
          onClick={() => {
            say('approved');
          }}
        >
          Approve
        </Button>
        <Button
          variant="default"
          loading={answering.busy}
          disabled={answer.trim() === ''}
          title={answer.trim() === '' ? 'Say first what to change' : undefined}
          onClick={() => {
            say('changes');
          }}
        >
          Ask for changes
        </Button>
      </div>
      {answering.error && <ErrorNotice error={answering.error} />}
    </Card>
  );
}

const outcomeWords = { approved: 'approved it', changes: 'asked for changes', withdrawn: 'was not needed any more' } as const;

/** What people answered to earlier requests, beside the comments. */
export function AnsweredReviews({ letter }: { letter: LetterOnDesk }) {
  const { data } = useCall('reviews.list', { letterId: letter.letterId });
  const answered = (data?.reviews ?? []).filter(({ outcome }) => outcome !== null);
  if (answered.length === 0) return null;
  return (
    <section aria-label="Reviews" className="stack">
      <h2>Reviews</h2>
      <ul className="said-list">
        {answered.map(({ reviewId, ofName, byName, outcome, answer, answeredAt }) => (
          <li key={reviewId} className="said-thread">
            <p className="said-by">
              <strong>{outcome === 'withdrawn' ? `${byName} asked ${ofName}` : ofName}</strong>{' '}
              {outcome === 'withdrawn' ? 'and took it back' : outcomeWords[outcome ?? 'approved']}
              {answeredAt !== null && (
                <>
                  , <MomentText at={answeredAt} />
                </>
              )}
            </p>
            {answer !== null && <p className="said-text">{answer}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
