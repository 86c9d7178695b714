import { Popover } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { MatterId } from '../../shared/ids.ts';
import { showMatter } from '../route.ts';
import { useAttendant, useDoings } from './context.ts';
import { hueOf } from './hues.ts';
import { doingWords, initialsOf, nameOf, newsWords, sentenceFor, type Doing } from './words.ts';
import './presence.css';

const mostShown = 4;

/** Who else is in this matter: a few initials, all of them with what they do one press further. Nothing where nobody is. */
export function People({ matterId }: { matterId: MatterId }) {
  const doings = useDoings();
  const attendant = useAttendant();
  const [open, setOpen] = useState(false);
  const [first] = doings;
  return (
    <>
      <News doings={doings} />
      {first && (
        <Popover
          opened={open}
          onChange={setOpen}
          position="bottom-end"
          shadow="md"
          trapFocus
          returnFocus
          transitionProps={{ duration: 80 }}
        >
          <Popover.Target>
            <button
              type="button"
              className="people"
              aria-label={`Who is here: ${doings.map(sentenceFor).join(', ')}`}
              onClick={() => {
                setOpen(!open);
              }}
            >
              {doings.slice(0, mostShown).map((doing) => (
                <Initials key={doing.userId} doing={doing} />
              ))}
              {doings.length > mostShown && <span className="quiet">+{doings.length - mostShown}</span>}
              {doings.length === 1 && <span className="people-words cut">{`${first.firstName} ${doingWords(first, null)}`}</span>}
            </button>
          </Popover.Target>
          <Popover.Dropdown p={4}>
            <ul className="people-list" aria-label="Who is here">
              {doings.map((doing) => (
                <li key={doing.userId}>
                  <button
                    type="button"
                    title={doing.state === 'editing' || doing.state === 'reading' ? 'Show the place in the letter' : undefined}
                    onClick={() => {
                      setOpen(false);
                      attendant.find(doing.userId);
                      showMatter(matterId, 'letter');
                    }}
                  >
                    <Initials doing={doing} />
                    <span>
                      <strong>{nameOf(doing)}</strong> {doingWords(doing, doing.section)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}

function Initials({ doing }: { doing: Doing }) {
  return (
    <span className="initials" data-hue={hueOf(doing.userId)} data-state={doing.state} aria-hidden>
      {initialsOf(doing)}
    </span>
  );
}

/** A pause before it is said, so that a caret that only passes through a section is not announced. */
const settleMs = 1_500;

/** The same, said aloud to who does not see it: who came, who left, who went on to another section. */
function News({ doings }: { doings: readonly Doing[] }) {
  const said = useRef<readonly Doing[]>([]);
  const [words, setWords] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => {
      const news = newsWords(said.current, doings);
      said.current = doings;
      if (news !== null) setWords(news);
    }, settleMs);
    return () => {
      clearTimeout(timer);
    };
  }, [doings]);
  return (
    <span className="sr-only" role="status" data-news>
      {words}
    </span>
  );
}
