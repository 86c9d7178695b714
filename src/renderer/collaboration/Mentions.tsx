import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';
import { showMatter } from '../route.ts';
import { count, DayText, MomentText } from '../ui/values.tsx';
import './collaboration.css';

const shown = 3;

/** What waits for this person: letters she is asked to look at, and open comments that name her, each with a way to its letter; nothing where there are none. */
export function Mentions() {
  const { data: mentions = [] } = useCall('collaboration.mentions', {});
  const { data: asked = [] } = useCall('reviews.asked', {});
  const [isWhole, setWhole] = useState(false);
  const all = [
    ...asked.map(({ reviewId, matterId, letterTitle, byName, note, dueOn, at }) => (
      <ForYou key={reviewId} {...{ matterId, title: note ?? undefined, words: `${byName} asks you to review ${letterTitle}` }}>
        {dueOn === null ? (
          <MomentText at={at} />
        ) : (
          <>
            by <DayText day={dueOn} />
          </>
        )}
      </ForYou>
    )),
    ...mentions.map(({ collaborationId, matterId, letterTitle, byName, text, at }) => (
      <ForYou key={collaborationId} {...{ matterId, title: text, words: text }}>
        {byName}, {letterTitle}, <MomentText at={at} />
      </ForYou>
    )),
  ];
  if (all.length === 0) return null;
  const kinds = [asked.length > 0 && count(asked.length, 'review'), mentions.length > 0 && count(mentions.length, 'comment')];
  return (
    <section className="mentions" aria-label="For you">
      <h2>{kinds.filter(Boolean).join(' and ')} for you</h2>
      <ul>{all.slice(0, isWhole ? all.length : shown)}</ul>
      {all.length > shown && !isWhole && (
        <Button
          variant="subtle"
          onClick={() => {
            setWhole(true);
          }}
        >
          Show all
        </Button>
      )}
    </section>
  );
}

function ForYou({
  matterId,
  words,
  title,
  children,
}: {
  matterId: MatterId;
  words: string;
  title: string | undefined;
  children: ReactNode;
}) {
  return (
    <li className="row">
      <button
        type="button"
        className="link cut"
        title={title}
        onClick={() => {
          showMatter(matterId, 'letter');
        }}
      >
        {words}
      </button>
      <span className="quiet nowrap">{children}</span>
    </li>
  );
}
