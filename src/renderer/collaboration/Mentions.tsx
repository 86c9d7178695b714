import { Button } from '@mantine/core';
import { useState } from 'react';
import { useCall } from '../client.ts';
import { showMatter } from '../route.ts';
import { count, MomentText } from '../ui/values.tsx';
import './collaboration.css';

const shown = 3;

/** Open comments that name this person, each with a way to its letter; nothing where there are none. */
export function Mentions() {
  const { data: mentions = [] } = useCall('collaboration.mentions', {});
  const [isWhole, setWhole] = useState(false);
  if (mentions.length === 0) return null;
  return (
    <section className="mentions" aria-label="You are named">
      <h2>{count(mentions.length, 'comment')} for you</h2>
      <ul>
        {mentions.slice(0, isWhole ? mentions.length : shown).map(({ collaborationId, matterId, letterTitle, byName, text, at }) => (
          <li key={collaborationId} className="row">
            <button
              type="button"
              className="link cut"
              title={text}
              onClick={() => {
                showMatter(matterId, 'letter');
              }}
            >
              {text}
            </button>
            <span className="quiet nowrap">
              {byName}, {letterTitle}, <MomentText at={at} />
            </span>
          </li>
        ))}
      </ul>
      {mentions.length > shown && !isWhole && (
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
